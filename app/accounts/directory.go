package accounts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"ruche/models"
)

// Why the provider's word is not enough to let someone in.
var (
	errLeft       = errors.New("the account is closed")
	errEmailTaken = errors.New("another account has the e-mail address")
)

// enter finds or makes the account of whoever the provider says signed in. Only issuer and subject
// count: an e-mail address never opens an account, not even a verified one, since an address can be
// given to someone else. An operator binds such an account with Link; one that the directory has made is bound by the
// directory's own key, if the operator says which claim that is.
func (f *Accounts) enter(ctx context.Context, p *provider, c *claims, fallbackName string) (*models.User, error) {
	withheld := c.withheld(&p.config)
	if withheld {
		slog.WarnContext(ctx, "the identity provider withheld someone's groups, so that they keep what the rules gave before", "issuer", c.issuer)
	}
	user, refused, err := f.tryEnter(ctx, c, fallbackName, withheld)
	if errors.Is(err, models.ErrConflict) { // the same person's other tab made the account just now
		user, refused, err = f.tryEnter(ctx, c, fallbackName, withheld)
	}
	if err != nil {
		return nil, fmt.Errorf("enter from the directory: %w", err)
	}
	return user, refused
}

// tryEnter returns refused apart from err: a refusal is recorded, an error leaves nothing behind.
func (f *Accounts) tryEnter(ctx context.Context, c *claims, fallbackName string, withheld bool) (user *models.User, refused, err error) {
	err = f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		user, err = tx.UserByIdentity(ctx, c.issuer, c.subject)
		switch {
		case errors.Is(err, models.ErrNotFound):
			user, refused, err = f.welcome(ctx, tx, c, fallbackName)
		case err == nil && (user.DisabledAt != nil || user.Service):
			refused = errLeft
			return tx.Record(models.SignInRefused, user, map[string]string{"why": "left"})
		case err == nil:
			err = refresh(ctx, tx, user, c)
		}
		if err != nil || refused != nil {
			return err
		}
		return f.settle(ctx, tx, user, c, withheld)
	})
	return user, refused, err
}

// welcome finds the account that the directory has made for someone who comes for the first time, or makes one.
func (f *Accounts) welcome(ctx context.Context, tx *models.Tx, c *claims, fallbackName string) (user *models.User, refused, err error) {
	user, err = tx.AwaitedByDirectory(c.key)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return register(ctx, tx, c, fallbackName)
	case err != nil:
		return nil, nil, err
	case user.DisabledAt != nil:
		return nil, errLeft, tx.Record(models.SignInRefused, user, map[string]string{"why": "left"})
	}
	if err := tx.Bind(user.ID, c.issuer, c.subject); err != nil {
		return nil, nil, err
	}
	if err := refresh(ctx, tx, user, c); err != nil {
		return nil, nil, err
	}
	return user, nil, tx.RecordBy(user.ID, models.UserLinked, user, map[string]string{"by": "directory", "issuer": c.issuer, "subject": c.subject})
}

// register makes the account of someone new. The address is kept only if the provider vouches for it.
func register(ctx context.Context, tx *models.Tx, c *claims, fallbackName string) (user *models.User, refused, err error) {
	if c.email != "" {
		owner, err := tx.UserByEmail(ctx, c.email)
		if err == nil {
			// The subject is written down for the operator who may bind it to the account.
			return nil, errEmailTaken, tx.Record(models.SignInRefused, owner, map[string]string{"why": "email_taken", "issuer": c.issuer, "subject": c.subject})
		}
		if !errors.Is(err, models.ErrNotFound) {
			return nil, nil, err
		}
	}
	user = &models.User{Name: c.display(fallbackName), Role: models.RoleEmployee, Job: c.job, Site: c.site, Locale: c.locale}
	if c.verified && models.ValidEmail(c.email) {
		user.Email = c.email
	}
	if err := tx.CreateUser(user); err != nil {
		return nil, nil, err
	}
	if err := tx.Bind(user.ID, c.issuer, c.subject); err != nil {
		return nil, nil, err
	}
	return user, nil, tx.RecordBy(user.ID, models.UserCreated, user, map[string]string{"by": "oidc"})
}

// refresh takes over what the directory says now. A verified address is taken over unless someone else has it.
func refresh(ctx context.Context, tx *models.Tx, user *models.User, c *claims) error {
	before := *user
	if c.name != "" {
		user.Name = c.name
	}
	if c.job != "" {
		user.Job = c.job
	}
	if c.site != "" {
		user.Site = c.site
	}
	if c.verified && models.ValidEmail(c.email) {
		switch _, err := tx.UserByEmail(ctx, c.email); {
		case errors.Is(err, models.ErrNotFound):
			user.Email = models.NormalEmail(c.email)
		case err != nil:
			return err
		}
	}
	if *user == before {
		return nil
	}
	return tx.SaveProfile(user)
}

// settle takes over where a person works, and gives them what the rules give for what all their providers say of them.
func (f *Accounts) settle(ctx context.Context, tx *models.Tx, user *models.User, c *claims, withheld bool) error {
	if err := settleWork(ctx, tx, user, c); err != nil {
		return err
	}
	if err := askPicture(tx, user, c.picture); err != nil {
		return err
	}
	if withheld {
		return nil
	}
	if err := tx.SaveClaims(c.issuer, c.subject, c.all); err != nil {
		return err
	}
	said, err := tx.Said(ctx, user.ID)
	if err != nil {
		return err
	}
	said = slices.DeleteFunc(said, func(s models.Identified) bool { return !f.trusts(s.Issuer) })
	ruling, err := tx.SettleRules(user, said)
	if err != nil || !ruling.Changed() {
		return err
	}
	return tx.RecordBy(user.ID, models.UserRuled, user, ruling)
}

// trusts tells whether a provider's word counts still.
func (f *Accounts) trusts(issuer string) bool {
	return slices.ContainsFunc(f.providers, func(p *provider) bool { return p.config.Issuer == issuer })
}

func settleWork(ctx context.Context, tx *models.Tx, user *models.User, c *claims) error {
	if c.department != "" && c.department != user.Department {
		if err := tx.SetDepartment(user.ID, c.department); err != nil {
			return err
		}
	}
	if user.Locale == "" && c.locale != "" {
		user.Locale = c.locale
		if err := tx.SavePreferences(user.ID, user.Locale, user.Theme); err != nil {
			return err
		}
	}
	family, manager := cmp.Or(c.jobFamily, user.JobFamily), user.ManagerID
	if c.manager != "" {
		var err error
		if manager, err = managerOf(ctx, tx, user, c); err != nil {
			return err
		}
	}
	if family == user.JobFamily && (manager == user.ManagerID || manager != nil && user.ManagerID != nil && *manager == *user.ManagerID) {
		return nil
	}
	user.JobFamily, user.ManagerID = family, manager
	return tx.SaveJob(user)
}

// managerOf finds a person's manager by e-mail address or subject; nil while they have not been here themselves.
func managerOf(ctx context.Context, tx *models.Tx, user *models.User, c *claims) (*int64, error) {
	manager, err := tx.UserByIdentity(ctx, c.issuer, c.manager)
	if errors.Is(err, models.ErrNotFound) {
		manager, err = tx.UserByEmail(ctx, c.manager)
	}
	switch {
	case errors.Is(err, models.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case manager.ID == user.ID:
		return nil, nil
	}
	return &manager.ID, nil
}
