package accounts

import (
	"context"
	"fmt"

	"ruche/models"
	views "ruche/views/accounts"
)

// Correction is what a person says anew of themselves, by field; what is not in it stays.
type Correction map[string]string

// Correct changes what the actor has corrected of themselves. What a directory says is corrected there: it would say it
// again at the next sign-in.
func (f *Accounts) Correct(ctx context.Context, actor *models.Actor, correction Correction) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		user, err := tx.UserByID(ctx, actor.ID)
		if err != nil {
			return err
		}
		owners, err := f.owners(ctx, tx.Queries, user)
		if err != nil {
			return err
		}
		fields := map[string]*string{"name": &user.Name, "job": &user.Job, "site": &user.Site, "job_family": &user.JobFamily}
		if mayGiveEmail(actor) {
			fields["email"] = &user.Email
		}
		for name, field := range fields {
			text, given := correction[name]
			if !given || text == *field {
				continue
			}
			if owner := owners[name]; owner != "" {
				return fmt.Errorf("%s of person %d is said by %s: %w", name, user.ID, owner, models.ErrForbidden)
			}
			*field = text
		}
		if err := tx.Correct(user); err != nil {
			return err
		}
		return tx.Record(models.UserEdited, user, nil)
	})
}

// mayGiveEmail: an address that nobody has checked keeps its holder out, so only the owner's word is taken.
func mayGiveEmail(actor *models.Actor) bool {
	return actor.Role == models.RoleOwner && actor.Email == ""
}

// owners tells who says what of a person, by field: the company's directory, or the provider that they sign in with.
// What nobody says is the person's own.
func (f *Accounts) owners(ctx context.Context, q models.Queries, user *models.User) (views.Owners, error) {
	owners := views.Owners{}
	identities, err := q.Identities(ctx, user.ID)
	if err != nil {
		return nil, err
	}
	for i := range identities {
		if err := f.said(owners, &identities[i]); err != nil {
			return nil, fmt.Errorf("profile of person %d: %w", user.ID, err)
		}
	}
	if user.UserName != nil && user.RemovedAt == nil { // it says all of them, even that one is empty
		for _, field := range []string{"name", "job", "department"} {
			owners[field] = views.TheDirectory
		}
	}
	return owners, nil
}

// said adds what a provider last said. One that has not spoken yet will, and is not known to leave anything out.
func (f *Accounts) said(owners views.Owners, identity *models.Identity) error {
	known, err := identity.Known()
	if err != nil {
		return err
	}
	for _, p := range f.providers {
		if p.config.Issuer != identity.Issuer {
			continue
		}
		c := claims{all: known}
		c.read(&p.config)
		for field, text := range map[string]string{"name": c.name, "job": c.job, "site": c.site, "department": c.department, "job_family": c.jobFamily} {
			if text != "" || len(known) == 0 {
				owners[field] = f.providerName(identity.Issuer)
			}
		}
	}
	return nil
}
