package privacy

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"ruche/app/mail"
	"ruche/models"
	"ruche/views/i18n"
)

// Hold keeps what stands at an address of the house as it is, until the hold is released.
func (f *Privacy) Hold(ctx context.Context, actor *models.Actor, address string, hold *models.Hold) error {
	if !actor.Can(models.HoldData, nil) {
		return models.ErrForbidden
	}
	subject, id, slug := heldAt(address)
	id, err := f.web.DB.HoldTarget(ctx, actor, subject, id, slug)
	unknown := errors.Is(err, models.ErrNotFound)
	if err != nil && !unknown {
		return fmt.Errorf("find what to hold: %w", err)
	}
	if !unknown {
		hold.On(subject, id)
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		problems := hold.Check(tx.Now())
		if unknown {
			problems["page"] = "holds.page_invalid"
		}
		if len(problems) > 0 {
			return problems
		}
		if err := tx.PlaceHold(hold); err != nil {
			return fmt.Errorf("place a hold: %w", err)
		}
		return tx.Record(models.HoldPlaced, hold, nil)
	})
}

// heldAt reads the address of a page: of what it is, and its number, or its name in the case of a space.
func heldAt(address string) (subject models.HoldSubject, id int64, slug string) {
	parsed, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return "", 0, ""
	}
	kind, rest, _ := strings.Cut(strings.Trim(parsed.Path, "/"), "/")
	name, _, _ := strings.Cut(rest, "/")
	subject = map[string]models.HoldSubject{"people": models.HoldPerson, "spaces": models.HoldSpace, "ideas": models.HoldIdea, "threads": models.HoldThread, "articles": models.HoldArticle}[kind]
	digits := name
	if subject != models.HoldSpace {
		digits, _, _ = strings.Cut(name, "-")
	}
	if id, err = strconv.ParseInt(digits, 10, 32); err != nil || id < 0 {
		id = 0
	}
	return subject, id, name
}

// Release ends a hold. What it kept goes with the next run of the periods; erasures that waited for it begin at once.
func (f *Privacy) Release(ctx context.Context, actor *models.Actor, id int64, reason string) error {
	if !actor.Can(models.HoldData, nil) {
		return models.ErrForbidden
	}
	card, err := f.web.DB.Hold(ctx, actor, id)
	if err != nil {
		return err
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.ReleaseHold(&card.Hold, reason); err != nil {
			return fmt.Errorf("release hold %d: %w", id, err)
		}
		return tx.Record(models.HoldReleased, &card.Hold, nil)
	})
	if err != nil {
		return err
	}
	return f.startDue(ctx)
}

// waits tells whether an erasure has to wait for a hold. Whoever asked for it is told so once, and not why.
func (f *Privacy) waits(ctx context.Context, e *models.Erasure) (bool, error) {
	waits, err := f.web.DB.ErasureWaits(ctx, *e.UserID)
	if err != nil || !waits || e.DelayToldAt != nil || e.StartedAt != nil {
		return waits, err
	}
	user, err := f.web.DB.UserByID(ctx, *e.UserID)
	if err != nil {
		return true, err
	}
	return true, f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error { return f.tellOfDelay(tx, e, user.Email, user.Locale) })
}

func (f *Privacy) tellOfDelay(tx *models.Tx, e *models.Erasure, email, locale string) error {
	if err := tx.NoteDelay(e); err != nil || email == "" {
		return err
	}
	l := i18n.For(locale)
	err := f.mail.Send(tx, mail.Message{
		To: email, Locale: locale, Subject: l.T("privacy.mail.delayed"),
		Paragraphs: []string{l.T("privacy.erasure.delayed"), l.T("privacy.mail.delayed_keep")},
		Action:     &mail.Action{Label: l.T("privacy.mail.action"), URL: f.web.BaseURL.JoinPath("/sign-in").String()},
	})
	if err != nil {
		return fmt.Errorf("tell of a delayed erasure: %w", err)
	}
	return nil
}
