package models

import (
	"errors"
	"maps"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWork is how long a line about somebody's work may be.
const maxWork = 100

// Correct stores what a person has corrected of themselves. Their department is not among it: it makes them a member of
// a unit, and units have roles in spaces.
func (tx *Tx) Correct(user *User) error {
	problems := Invalid{}
	for field, text := range map[string]*string{"job": &user.Job, "site": &user.Site, "job_family": &user.JobFamily} {
		*text = oneLine(*text)
		if *text != "" && !plainLine(*text) {
			problems[field] = "users.work_invalid"
		}
	}
	var more Invalid
	if err := tx.checkUser(user); errors.As(err, &more) {
		maps.Copy(problems, more)
	} else if err != nil {
		return err
	}
	if len(problems) > 0 {
		return problems
	}
	_, err := tx.exec("UPDATE users SET name = ?, name_key = ?, email = ?, job = ?, site = ?, job_family = ?, changed_at = ? WHERE id = ?",
		user.Name, user.NameKey, user.Email, user.Job, user.Site, user.JobFamily, tx.now, user.ID)
	if err == nil {
		err = tx.placeIdeas("i.author_id = ?", user.ID)
	}
	if err != nil {
		return err
	}
	return tx.saveWords(user)
}

// plainLine tells whether a text can stand in a line about somebody: short, and with no signs that show as nothing or
// turn the direction of what follows.
func plainLine(text string) bool {
	return utf8.RuneCountInString(text) <= maxWork && readable(text) && !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) })
}
