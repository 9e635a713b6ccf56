package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ruche/models"
)

// The use cases of this file are those of the command line: whoever runs it on the machine acts as the
// system, and asks for no right. Each works beside a running server.

// linkLife is how long a one-time link serves.
const linkLife = time.Hour

// ownerLinkLife is longer: the owner's link is printed at the first start, to be used when the rest is set up.
const ownerLinkLife = 24 * time.Hour

// CreateUser adds a person.
func CreateUser(ctx context.Context, db *models.DB, user *models.User) error {
	return db.Tx(ctx, nil, func(tx *models.Tx) error {
		if err := tx.CreateUser(user); err != nil {
			return err
		}
		return tx.Record(models.UserCreated, user, map[string]string{"by": "command"})
	})
}

// LoginLink returns the secret of a new one-time link for the account with an e-mail address;
// ErrNotFound if there is none or its person has left.
func LoginLink(ctx context.Context, db *models.DB, email string) (secret string, err error) {
	err = withUser(ctx, db, email, func(tx *models.Tx, user *models.User) error {
		if secret, err = tx.CreateLoginLink(user.ID, linkLife); err != nil {
			return err
		}
		return tx.Record(models.LinkCreated, user, nil)
	})
	return secret, err
}

// CreateToken returns the secret of a new API token for the account with an e-mail address, which serves for the given days.
func CreateToken(ctx context.Context, db *models.DB, email string, token *models.Token, days int) (secret string, err error) {
	err = withUser(ctx, db, email, func(tx *models.Tx, user *models.User) error {
		token.UserID = user.ID
		secret, err = createToken(tx, token, days)
		return err
	})
	return secret, err
}

// SetRole changes what a person is in the house. The last owner stays one, and so does whoever alone runs a space what
// lets them run it.
func SetRole(ctx context.Context, db *models.DB, email string, role models.Role) error {
	return withUser(ctx, db, email, func(tx *models.Tx, user *models.User) error {
		change, err := tx.ChangeRole(user, role)
		if err != nil {
			return fmt.Errorf("make %s %s: %w", user.Email, role, err)
		}
		return tx.Record(models.UserRoleChanged, user, change)
	})
}

// Disable ends a person's access: their sessions, links and tokens serve no more from the next request on. Unless it has
// to be anyway, it refuses to leave the house without an owner or a space without anyone who runs it.
func Disable(ctx context.Context, db *models.DB, email string, anyway bool) error {
	return withUser(ctx, db, email, func(tx *models.Tx, user *models.User) error {
		end := tx.Suspend
		if anyway {
			end = tx.Disable
		}
		if err := end(user.ID); err != nil {
			return fmt.Errorf("close the account %d: %w", user.ID, err)
		}
		return tx.Record(models.UserEdited, user, map[string]string{"disabled": "yes"})
	})
}

// Link binds the account with an e-mail address to a subject of the identity provider. It is the only
// way to do so for an account that was not made by signing in; the audit log names the subject of
// whoever was refused because of the address. ErrConflict if the subject is bound already.
func Link(ctx context.Context, db *models.DB, email, issuer, subject string) error {
	if issuer == "" || subject == "" {
		return errors.New("an identity is an issuer and a subject")
	}
	return withUser(ctx, db, email, func(tx *models.Tx, user *models.User) error {
		if err := tx.Bind(user.ID, issuer, subject); err != nil {
			return err
		}
		return tx.Record(models.UserLinked, user, map[string]string{"issuer": issuer, "subject": subject})
	})
}

func withUser(ctx context.Context, db *models.DB, email string, do func(*models.Tx, *models.User) error) error {
	return db.Tx(ctx, nil, func(tx *models.Tx) error {
		user, err := tx.UserByEmail(ctx, email)
		if err == nil && user.DisabledAt != nil {
			err = models.ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("find the account: %w", err)
		}
		return do(tx, user)
	})
}

// FirstOwner lets the first person in: where nobody has an account yet it makes the owner's, and returns the
// secret of a one-time link for it. Until the owner has been in, each start offers a new link.
func FirstOwner(ctx context.Context, db *models.DB, name string) (secret string, needed bool, err error) {
	err = db.Tx(ctx, nil, func(tx *models.Tx) error {
		owner, made, err := tx.FirstOwner(name)
		if errors.Is(err, models.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		needed = true
		if secret, err = tx.CreateLoginLink(owner.ID, ownerLinkLife); err != nil {
			return err
		}
		if made {
			return tx.Record(models.UserCreated, owner, map[string]string{"by": "start"})
		}
		return tx.Record(models.LinkCreated, owner, nil)
	})
	return secret, needed, err
}
