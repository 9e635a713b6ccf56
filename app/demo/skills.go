package demo

import (
	"context"
	"slices"

	"ruche/models"
)

// Skill is something that a person says they know, and who vouches for it.
type Skill struct {
	By      string
	Name    string
	Ago     Age
	Vouched []string
}

// skills looks for who could not have said or vouched so.
func (k *checker) skills() {
	for _, s := range k.company.Skills {
		if p := k.company.person(s.By); p == nil || p.Joined < s.Ago {
			k.problem("skill %q: of %q", s.Name, s.By)
		}
		for i, by := range s.Vouched {
			if p := k.company.person(by); p == nil || p.Joined < s.Ago || by == s.By || slices.Contains(s.Vouched[:i], by) {
				k.problem("skill %q: %q vouches for it", s.Name, by)
			}
		}
	}
}

// tellSkills adds to the story what people say that they know, and who vouches for it later.
func (f *filler) tellSkills(tell func(Age, string, moving)) {
	for _, s := range f.company.Skills {
		skill := &models.Skill{}
		tell(s.Ago, s.By+" says they know "+s.Name, func(ctx context.Context, db *models.DB) error {
			actor, err := f.actor(ctx, s.By)
			if err != nil {
				return err
			}
			return db.Tx(ctx, actor, func(tx *models.Tx) error {
				declared, _, err := tx.DeclareSkill(s.Name)
				if err == nil {
					*skill = *declared
				}
				return err
			})
		})
		for n, by := range s.Vouched {
			tell(s.Ago*Age(len(s.Vouched)-n)/Age(len(s.Vouched)+1), by+" vouches for "+s.Name, func(ctx context.Context, db *models.DB) error {
				actor, err := f.actor(ctx, by)
				if err != nil {
					return err
				}
				return db.Tx(ctx, actor, func(tx *models.Tx) error {
					_, _, err := tx.Endorse(f.users[s.By].ID, skill.ID)
					return err
				})
			})
		}
	}
}
