package models

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Skill is a term of the vocabulary in which the people of the house say what they know. One that went into another only leads to it.
type Skill struct {
	ID         int64
	Name       string
	Key        string // the name without case and accents, of which there is one
	People     int    // who say that they have it
	MergedInto *int64
	CreatedAt  time.Time
}

func (s *Skill) subject() (string, int64, int64) { return "skill", s.ID, 0 }

// Bounds of skills: how many one person declares, characters of a name, and how many people one person endorses in a day.
const (
	MaxSkills       = 20
	MaxSkill        = 40
	endorsementsDay = 50
)

// skillName is a name as it is kept and the key by which it is found. A mistake is at the field "skill".
func skillName(text string) (name, key string, err error) {
	name = oneLine(text)
	key = nameKey(name)
	if !fits(name, MaxSkill) || !strings.ContainsFunc(key, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) ||
		strings.ContainsFunc(name, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co) }) {
		return "", "", Invalid{"skill": "experts.skill_invalid"}
	}
	return name, key, nil
}

// DeclareSkill says that the actor knows something. A term that the house has is found whatever its case and accents; added is false if
// they had said so already.
func (tx *Tx) DeclareSkill(text string) (skill *Skill, added bool, err error) {
	name, key, err := skillName(text)
	if err != nil {
		return nil, false, err
	}
	if tx.actor.Service || !tx.actor.SignedIn() {
		return nil, false, ErrForbidden
	}
	if err := tx.lockPerson(tx.actorID()); err != nil {
		return nil, false, err
	}
	if skill, err = tx.term(name, key); err != nil {
		return nil, false, err
	}
	var mine []int64
	if err := tx.raw(tx.ctx, &mine, "SELECT skill_id FROM person_skills WHERE user_id = ?", tx.actorID()); err != nil {
		return nil, false, err
	}
	for _, id := range mine {
		if id == skill.ID {
			return skill, false, nil
		}
	}
	if len(mine) >= MaxSkills {
		return nil, false, Invalid{"skill": "experts.skills_enough"}
	}
	if _, err := tx.exec("INSERT INTO person_skills (user_id, skill_id, created_at) VALUES (?, ?, ?)", tx.actorID(), skill.ID, tx.now); err != nil {
		return nil, false, err
	}
	return skill, true, tx.countSkill(skill.ID)
}

// lockPerson lets one transaction at a time count what belongs to a person.
func (tx *Tx) lockPerson(id int64) error {
	if !tx.postgres() {
		return nil // where one writes at a time anyhow
	}
	_, err := tx.exec("SELECT 1 FROM users WHERE id = ? FOR UPDATE", id)
	return err
}

// term finds the term with a key, made if there is none, and held until the transaction ends.
func (tx *Tx) term(name, key string) (*Skill, error) {
	if _, err := tx.exec("INSERT INTO skills (name, key, created_at) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING", name, key, tx.now); err != nil {
		return nil, err
	}
	skill := &Skill{}
	err := tx.one(tx.ctx, skill, "SELECT s.* FROM skills s WHERE s.id = (SELECT coalesce(k.merged_into, k.id) FROM skills k WHERE k.key = ?)"+tx.forUpdate(), key)
	return skill, err
}

func (tx *Tx) forUpdate() string {
	if tx.postgres() {
		return " FOR UPDATE"
	}
	return ""
}

// DropSkill takes back that the actor knows something; dropped is false if they had not said so. Who vouched for it does so again if they
// declare it again. A term that nobody declares, vouches for or is led to by goes.
func (tx *Tx) DropSkill(id int64) (skill *Skill, dropped bool, err error) {
	skill = &Skill{}
	if err := tx.one(tx.ctx, skill, "SELECT s.* FROM skills s WHERE s.id = ? AND s.merged_into IS NULL"+tx.forUpdate(), id); err != nil {
		return nil, false, fmt.Errorf("skill %d: %w", id, err)
	}
	n, err := tx.exec("DELETE FROM person_skills WHERE user_id = ? AND skill_id = ?", tx.actorID(), id)
	if err != nil || n == 0 {
		return skill, false, err
	}
	return skill, true, tx.undeclared(id)
}

// undeclared counts a term anew that somebody declares no more.
func (tx *Tx) undeclared(id int64) error {
	if err := tx.countSkill(id); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM skills WHERE id = ? AND people = 0 AND NOT EXISTS (SELECT 1 FROM skill_endorsements e WHERE e.skill_id = skills.id)
		AND NOT EXISTS (SELECT 1 FROM skills k WHERE k.merged_into = skills.id)`, id)
	return err
}

// dropSkillsOf takes back all that a person says they know, with who vouches for it: a term that only they used goes with them.
func (tx *Tx) dropSkillsOf(userID int64) error {
	var ids []int64
	if err := tx.raw(tx.ctx, &ids, "SELECT skill_id FROM person_skills WHERE user_id = ? UNION SELECT skill_id FROM skill_endorsements WHERE user_id = ? ORDER BY 1", userID, userID); err != nil {
		return err
	}
	for _, table := range []string{"person_skills", "skill_endorsements"} {
		if _, err := tx.exec("DELETE FROM "+table+" WHERE user_id = ?", userID); err != nil {
			return err
		}
	}
	for _, id := range ids { // at most as many as one person declares, and has declared
		if err := tx.undeclared(id); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) countSkill(id int64) error {
	_, err := tx.exec("UPDATE skills SET people = (SELECT count(*) FROM person_skills p WHERE p.skill_id = skills.id) WHERE id = ?", id)
	return err
}

// Endorse vouches for a skill that somebody declares, whom the actor may know and who is not they; changed is false if they did so already.
func (tx *Tx) Endorse(personID, skillID int64) (person *User, changed bool, err error) {
	if person, err = tx.declares(personID, skillID); err != nil {
		return nil, false, err
	}
	if person.ID == tx.actorID() || tx.actor.Service {
		return nil, false, fmt.Errorf("endorse themselves: %w", ErrForbidden)
	}
	if err := tx.lockPerson(tx.actorID()); err != nil {
		return nil, false, err
	}
	var given int
	if err := tx.raw(tx.ctx, &given, "SELECT count(*) FROM skill_endorsements WHERE endorser_id = ? AND created_at > ?", tx.actorID(), tx.now.Add(-day)); err != nil {
		return nil, false, err
	}
	if given >= endorsementsDay {
		return nil, false, Invalid{"skill": "experts.endorsed_enough"}
	}
	n, err := tx.exec("INSERT INTO skill_endorsements (skill_id, user_id, endorser_id, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", skillID, person.ID, tx.actorID(), tx.now)
	return person, n > 0, err
}

// declares finds somebody whom the actor may know and who declares a skill.
func (tx *Tx) declares(personID, skillID int64) (*User, error) {
	person, err := tx.Person(tx.ctx, tx.actor, personID)
	if err != nil {
		return nil, fmt.Errorf("person %d: %w", personID, err)
	}
	var has bool
	err = tx.raw(tx.ctx, &has, "SELECT EXISTS (SELECT 1 FROM person_skills WHERE user_id = ? AND skill_id = ?)", person.ID, skillID)
	if err == nil && !has {
		err = fmt.Errorf("skill %d of person %d: %w", skillID, personID, ErrNotFound)
	}
	return person, err
}

// Unendorse takes back that the actor vouches for somebody's skill; changed is false if they did not.
func (tx *Tx) Unendorse(personID, skillID int64) (person *User, changed bool, err error) {
	if person, err = tx.declares(personID, skillID); err != nil {
		return nil, false, err
	}
	n, err := tx.exec("DELETE FROM skill_endorsements WHERE skill_id = ? AND user_id = ? AND endorser_id = ?", skillID, person.ID, tx.actorID())
	return person, n > 0, err
}

// skillTerm finds a term for whoever looks after the vocabulary, and holds it.
func (tx *Tx) skillTerm(id int64) (*Skill, error) {
	if !tx.actor.Can(ArrangeSkills, nil) {
		return nil, ErrForbidden
	}
	skill := &Skill{}
	if err := tx.one(tx.ctx, skill, "SELECT s.* FROM skills s WHERE s.id = ? AND s.merged_into IS NULL"+tx.forUpdate(), id); err != nil {
		return nil, fmt.Errorf("skill %d: %w", id, err)
	}
	return skill, nil
}

// RenameSkill gives a term another name. One that another term has is a mistake: the two can be made one.
func (tx *Tx) RenameSkill(id int64, text string) (*Skill, error) {
	skill, err := tx.skillTerm(id)
	if err != nil {
		return nil, err
	}
	name, key, err := skillName(text)
	if err != nil {
		return nil, err
	}
	if key != skill.Key {
		var taken bool
		if err := tx.raw(tx.ctx, &taken, "SELECT EXISTS (SELECT 1 FROM skills WHERE key = ?)", key); err != nil {
			return nil, err
		}
		if taken {
			return nil, Invalid{"skill": "experts.skill_taken"}
		}
	}
	skill.Name, skill.Key = name, key
	if _, err := tx.exec("UPDATE skills SET name = ?, key = ? WHERE id = ?", name, key, id); err != nil {
		return nil, err
	}
	return skill, tx.Record(SkillRenamed, skill, nil)
}

// MergeSkill makes a term and another one, named in a form, the same: who declares the first declares the second from now on, and who
// vouches for it does too. Whoever writes the old name means the second.
func (tx *Tx) MergeSkill(id int64, into string) (*Skill, error) {
	from, err := tx.skillTerm(id)
	if err != nil {
		return nil, err
	}
	_, key, err := skillName(into)
	if err != nil {
		return nil, err
	}
	to := &Skill{}
	err = tx.one(tx.ctx, to, "SELECT s.* FROM skills s WHERE s.id = (SELECT coalesce(k.merged_into, k.id) FROM skills k WHERE k.key = ?)"+tx.forUpdate(), key)
	if errors.Is(err, ErrNotFound) || err == nil && to.ID == from.ID {
		return nil, Invalid{"skill": "experts.skill_unknown"}
	}
	if err != nil {
		return nil, err
	}
	for _, statement := range []string{
		"INSERT INTO person_skills (user_id, skill_id, created_at) SELECT p.user_id, CAST(? AS BIGINT), p.created_at FROM person_skills p WHERE p.skill_id = ? ON CONFLICT DO NOTHING",
		"INSERT INTO skill_endorsements (skill_id, user_id, endorser_id, created_at) SELECT CAST(? AS BIGINT), e.user_id, e.endorser_id, e.created_at FROM skill_endorsements e WHERE e.skill_id = ? ON CONFLICT DO NOTHING",
		"UPDATE skills SET merged_into = ? WHERE merged_into = ?",
	} {
		if _, err := tx.exec(statement, to.ID, from.ID); err != nil {
			return nil, err
		}
	}
	for _, statement := range []string{"DELETE FROM person_skills WHERE skill_id = ?", "DELETE FROM skill_endorsements WHERE skill_id = ?", "UPDATE skills SET people = 0, merged_into = " + strconv.FormatInt(to.ID, 10) + " WHERE id = ?"} {
		if _, err := tx.exec(statement, from.ID); err != nil {
			return nil, err
		}
	}
	if err := tx.countSkill(to.ID); err != nil {
		return nil, err
	}
	return to, tx.Record(SkillsMerged, from, nil)
}

// SkillTerms are the terms of the vocabulary that somebody declares, by name after a key, for whoever looks after it.
func (q Queries) SkillTerms(ctx context.Context, actor *Actor, beginning, after string, limit int) (skills []Skill, err error) {
	if !actor.Can(ArrangeSkills, nil) {
		return nil, ErrForbidden
	}
	where, args := "", []any{after}
	if key := nameKey(oneLine(beginning)); key != "" {
		where, args = " AND s.key >= ? AND s.key < ?", append(args, key, key+wordEnd)
	}
	err = q.raw(ctx, &skills, "SELECT s.* FROM skills s WHERE s.merged_into IS NULL AND s.key > ?"+where+" ORDER BY s.key LIMIT "+strconv.Itoa(limit), args...)
	if err != nil {
		return nil, fmt.Errorf("list skills: %w", err)
	}
	return skills, nil
}
