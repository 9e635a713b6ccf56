package parts

import (
	"ruche/models"
	"ruche/views/i18n"
)

// Pledge is what those who propose an idea are promised about their name.
type Pledge struct {
	Level   models.Anonymity
	Keepers models.SealKeepers // who can open the seal together
	Problem string
}

// line words one thing that is said of a level. Who keeps the seals is named; nothing is sealed as long as they are not two.
func (v Pledge) line(l *i18n.Locale, line string) string {
	key := "anonymity." + string(v.Level) + "." + line
	if v.Level != models.Sealed || line != "opened" {
		return l.T(key)
	}
	if !v.Keepers.Ready() {
		return l.T("anonymity.sealed.nobody")
	}
	first, second := v.Keepers[0], v.Keepers[1]
	return l.T(key, "first", Name(l, first.Name), "first_role", first.Role, "second", Name(l, second.Name), "second_role", second.Role)
}

// promiseLines are what is said of each level, in the order in which it matters to whoever writes.
func promiseLines(level models.Anonymity) []string {
	switch level {
	case models.HiddenAuthors:
		return []string{"seen", "found"}
	case models.Sealed:
		return []string{"seen", "opened", "told", "code", "found"}
	case models.NotStored:
		return []string{"seen", "code", "found"}
	}
	return []string{"seen"}
}

// promiseMore is what is said of a level to those who want to know more.
func promiseMore(level models.Anonymity) []string {
	switch level {
	case models.HiddenAuthors:
		return []string{"kept", "conflict"}
	case models.Sealed:
		return []string{"kept", "closed", "ends", "cannot"}
	case models.NotStored:
		return []string{"kept", "cannot"}
	}
	return nil
}

func promiseIcon(level models.Anonymity) string {
	switch level {
	case models.Named:
		return "eye"
	case models.Sealed:
		return "lock"
	}
	return "eye-off"
}
