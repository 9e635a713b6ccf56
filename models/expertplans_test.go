package models_test

import (
	"strconv"
	"testing"

	"ruche/models"
)

func TestFindingWhoKnowsCostsWhatItShows(t *testing.T) {
	b := buildLibrary(t)
	ctx := t.Context()
	ids := make([]int64, len(b.articles))
	for i, a := range b.articles {
		ids[i] = a.ID
	}
	var skill int64
	b.tx(nil, func(tx *models.Tx) error { _, err := tx.ShowExpertise(nil, ids); return err })
	for n, person := range b.people {
		b.tx(b.actor(person), func(tx *models.Tx) error {
			for i := range 6 {
				made, _, err := tx.DeclareSkill("skill " + strconv.Itoa((n+i)%12))
				if err != nil {
					return err
				}
				skill = made.ID
			}
			return nil
		})
	}
	if err := b.Analyze(ctx); err != nil {
		t.Fatal(err)
	}
	tag := b.articles[0].Tags[0]
	for name, actor := range map[string]*models.Actor{"usual": b.usual, "narrow": b.narrow} {
		asked := &models.Thread{Kind: models.Question, SpaceID: actor.Spaces[0].ID, State: models.Published, Title: "who knows " + tag, Tags: models.Tags{tag}}
		for what, read := range map[string]func() error{
			"words":    func() error { _, err := b.WhoKnows(ctx, actor, "who knows "+tag+" or a skill", nil); return err },
			"search":   func() error { _, err := b.Knowers(ctx, actor, "who knows "+tag+" or a skill", 3); return err },
			"propose":  func() error { _, err := b.ProposeExperts(ctx, actor, asked); return err },
			"asked":    func() error { _, err := b.AskedOfMe(ctx, actor); return err },
			"tag":      func() error { _, err := b.WhoKnows(ctx, actor, "", []string{tag}); return err },
			"shown":    func() error { _, err := b.ShownBy(ctx, actor, b.articles[0].AuthorID); return err },
			"skills":   func() error { _, err := b.SkillsOf(ctx, actor, b.people[3].ID); return err },
			"with":     func() error { _, err := b.PeopleWith(ctx, actor, skill, 0, 30); return err },
			"suggest":  func() error { _, err := b.SuggestSkills(ctx, actor, "sk", 100); return err },
			"commonly": func() error { _, err := b.SuggestSkills(ctx, actor, "", 100); return err },
		} {
			if what == "with" && name == "narrow" {
				continue // whom a guest may know is asked of each person: see knows
			}
			b.bounded(what+" "+name, read)
		}
	}
	if found, err := b.WhoKnows(ctx, b.usual, "", []string{tag}); err != nil || len(found) == 0 {
		t.Errorf("nobody is found: %v", err)
	}
}
