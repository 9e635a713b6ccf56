package models

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// HeldSkill is a skill that somebody declares, with who vouches for it, as far as the reader may know them.
type HeldSkill struct {
	ID        int64
	Name      string
	UserID    int64      // who declares it
	Endorsers int        // that the reader may know
	Mine      bool       // the reader vouches for it
	Named     []Endorser `gorm:"-"`
}

// Endorser is somebody who vouches for a skill.
type Endorser struct {
	SkillID int64
	UserID  int64 // whose skill it is
	ID      int64
	Name    string
	Role    Role
	Picture int64
	Total   int
}

// endorsersNamed is how many of those who vouch for a skill are named, the latest first.
const endorsersNamed = 5

// SkillsOf are what somebody whom the actor may know declares, by name, with who vouches for it. Nobody is told of people whom they may
// not know, not even how many they are.
func (q Queries) SkillsOf(ctx context.Context, actor *Actor, personID int64) (skills []HeldSkill, err error) {
	err = q.raw(ctx, &skills, `SELECT s.id, s.name, p.user_id, EXISTS (SELECT 1 FROM skill_endorsements e WHERE e.user_id = p.user_id AND e.skill_id = s.id AND e.endorser_id = ?) AS mine
		FROM person_skills p JOIN skills s ON s.id = p.skill_id WHERE p.user_id = ? ORDER BY s.key LIMIT `+strconv.Itoa(MaxSkills), actor.Person().ID, personID)
	if err == nil && len(skills) > 0 {
		err = q.nameEndorsers(ctx, actor, skills, personID)
	}
	if err != nil {
		return nil, fmt.Errorf("skills of person %d: %w", personID, err)
	}
	return skills, nil
}

func (q Queries) nameEndorsers(ctx context.Context, actor *Actor, skills []HeldSkill, personID int64) error {
	known, args := q.knows(actor)
	var endorsers []Endorser
	err := q.raw(ctx, &endorsers, `SELECT * FROM (SELECT e.skill_id, e.user_id, u.id, u.name, `+standing+` AS role, coalesce(u.picture_id, 0) AS picture,
		count(*) OVER (PARTITION BY e.skill_id) AS total, row_number() OVER (PARTITION BY e.skill_id ORDER BY e.created_at DESC, u.id) AS place
		FROM skill_endorsements e JOIN users u ON u.id = e.endorser_id WHERE e.user_id = ? AND e.endorser_id <> e.user_id AND `+known+`) n WHERE n.place <= `+strconv.Itoa(endorsersNamed)+" ORDER BY n.skill_id, n.place", append([]any{personID}, args...)...)
	if err != nil {
		return err
	}
	for i := range skills {
		for _, e := range endorsers {
			if e.SkillID == skills[i].ID {
				skills[i].Endorsers, skills[i].Named = e.Total, append(skills[i].Named, e)
			}
		}
	}
	return nil
}

// SkillCard is somebody who declares a skill, in the list of all who do.
type SkillCard struct {
	ID           int64
	Name         string
	Role         Role
	Picture      int64
	Job          string
	Site         string
	Organisation string
	Endorsers    int // of this skill, that the reader may know
}

// SkillNamed is the term that a name means, if somebody whom the actor may know declares it.
func (q Queries) SkillNamed(ctx context.Context, actor *Actor, id int64) (*Skill, error) {
	known, args := q.knowsOfCompany(actor)
	skill := &Skill{}
	err := q.one(ctx, skill, `SELECT s.* FROM skills s WHERE s.id = (SELECT coalesce(k.merged_into, k.id) FROM skills k WHERE k.id = ?)
		AND EXISTS (SELECT 1 FROM person_skills p JOIN users u ON u.id = p.user_id WHERE p.skill_id = s.id AND `+known+")", append([]any{id}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("skill %d: %w", id, err)
	}
	return skill, nil
}

// knowsOfCompany is knows without those who have left and those who do not want to be found; the actor always finds themselves.
func (q Queries) knowsOfCompany(actor *Actor) (condition string, args []any) {
	known, args := q.knows(actor)
	here, now := q.here()
	return known + " AND " + here + " AND " + account, append(args, now)
}

// PeopleWith lists who declares a skill, whom the actor may know: in the order in which they came to the house, since people are not ranked.
func (q Queries) PeopleWith(ctx context.Context, actor *Actor, skillID, after int64, limit int) (cards []SkillCard, err error) {
	known, args := q.knowsOfCompany(actor)
	endorser, more := q.knowsAs(actor, "v")
	all := append(append(more, skillID, after), args...)
	err = q.raw(ctx, &cards, `SELECT u.id, u.name, `+standing+` AS role, coalesce(u.picture_id, 0) AS picture, u.job, u.site, u.organisation,
		(SELECT count(*) FROM skill_endorsements e JOIN users v ON v.id = e.endorser_id WHERE e.user_id = u.id AND e.skill_id = p.skill_id AND e.endorser_id <> e.user_id AND `+endorser+`) AS endorsers
		FROM person_skills p JOIN users u ON u.id = p.user_id WHERE p.skill_id = ? AND p.user_id > ? AND `+known+" ORDER BY p.user_id LIMIT "+strconv.Itoa(limit), all...)
	if err != nil {
		return nil, fmt.Errorf("people with skill %d: %w", skillID, err)
	}
	return cards, nil
}

// Bounds of what terms are suggested from: terms that begin so, and texts of the actor.
const (
	termsScanned = 500
	textsScanned = 50
)

// SuggestSkills are terms to choose from that begin in some way: the tags of what the actor has written lately, and those that others declare
// most. Who comes from outside is not offered these, which could tell of people whom they may not know.
func (q Queries) SuggestSkills(ctx context.Context, actor *Actor, beginning string, limit int) (names []string, err error) {
	key := nameKey(oneLine(beginning))
	if key != "" && !readable(key) {
		return nil, nil
	}
	var own []struct{ Tags Tags }
	texts := strconv.Itoa(textsScanned)
	err = q.raw(ctx, &own, "SELECT tags FROM (SELECT t.tags FROM threads t WHERE t.author_id = ? ORDER BY t.id DESC LIMIT "+texts+") t UNION ALL SELECT tags FROM (SELECT a.tags FROM articles a WHERE a.author_id = ? ORDER BY a.id DESC LIMIT "+texts+") a", actor.ID, actor.ID)
	var others []Skill
	if err == nil && actor.OfTheCompany() {
		// The range is read by key: few terms begin with a few letters.
		common, args := "SELECT s.* FROM skills s WHERE s.merged_into IS NULL AND s.people > 0 ORDER BY s.people DESC, s.id DESC", []any{}
		if key != "" {
			common = "SELECT * FROM (SELECT s.* FROM skills s WHERE s.merged_into IS NULL AND s.key >= ? AND s.key < ? ORDER BY s.key LIMIT " + strconv.Itoa(termsScanned) + ") s WHERE s.people > 0 ORDER BY s.people DESC, s.key"
			args = []any{key, key + wordEnd}
		}
		err = q.raw(ctx, &others, common+" LIMIT "+strconv.Itoa(limit), args...)
	}
	if err != nil {
		return nil, fmt.Errorf("suggest skills: %w", err)
	}
	taken := map[string]bool{}
	offer := func(name string) {
		if k := nameKey(name); len(names) < limit && !taken[k] && strings.HasPrefix(k, key) {
			taken[k], names = true, append(names, name)
		}
	}
	for i := range own {
		for _, tag := range own[i].Tags {
			offer(tag)
		}
	}
	for i := range others {
		offer(others[i].Name)
	}
	return names, nil
}

// CommonSkills are the terms that most people declare, for the company's people.
func (q Queries) CommonSkills(ctx context.Context, actor *Actor, limit int) (skills []Skill, err error) {
	if !actor.OfTheCompany() {
		return nil, nil
	}
	err = q.raw(ctx, &skills, "SELECT s.* FROM skills s WHERE s.merged_into IS NULL AND s.people > 0 ORDER BY s.people DESC, s.id DESC LIMIT "+strconv.Itoa(limit))
	if err != nil {
		return nil, fmt.Errorf("common skills: %w", err)
	}
	return skills, nil
}
