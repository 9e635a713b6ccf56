package members

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/mail"
	"ruche/app/web"
	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	views "ruche/views/members"
)

// inviteLife is how long the first link of a person serves: over a weekend and a day off.
const inviteLife = 7 * 24 * time.Hour

// Add opens an account for someone of the company, and lets them in by a one-time link: sent where there is a mail
// server, and otherwise returned to be handed over.
func (f *Members) Add(ctx context.Context, actor *models.Actor, user *models.User) (secret string, err error) {
	if !actor.LooksAfter(user.Role) || user.External() {
		if actor.Can(models.ManagePeople, nil) && (!user.Role.Valid() || user.External()) {
			return "", models.Invalid{"role": "users.role_invalid"}
		}
		return "", fmt.Errorf("add someone as %s: %w", user.Role, models.ErrForbidden)
	}
	problems := models.Invalid{}
	if strings.TrimSpace(user.Name) == "" {
		problems["name"] = "members.name_needed"
	}
	if strings.TrimSpace(user.Email) == "" {
		problems["email"] = "members.email_needed"
	}
	if len(problems) > 0 {
		return "", problems
	}
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.CreateUser(user); err != nil {
			return err
		}
		if secret, err = f.letIn(tx, user); err != nil {
			return err
		}
		return tx.Record(models.UserCreated, user, map[string]string{"by": "member"})
	})
	return secret, err
}

// LinkFor makes another link for someone who has never come in. Whoever has is nobody's to come in as.
func (f *Members) LinkFor(ctx context.Context, actor *models.Actor, id int64) (user *models.User, secret string, err error) {
	_, err = f.change(ctx, actor, id, func(tx *models.Tx, found *models.User) error {
		user = found
		awaited, err := tx.Awaited(ctx, id)
		if err != nil {
			return err
		}
		if !awaited {
			return fmt.Errorf("link for person %d, who has been in: %w", id, models.ErrConflict)
		}
		if secret, err = f.letIn(tx, user); err != nil {
			return err
		}
		return tx.Record(models.LinkCreated, user, map[string]string{"by": "member"})
	})
	return user, secret, err
}

// letIn makes a one-time link and sends it; the secret is returned only where it has to be handed over.
func (f *Members) letIn(tx *models.Tx, user *models.User) (secret string, err error) {
	if secret, err = tx.CreateLoginLink(user.ID, inviteLife); err != nil || !f.mails(user) {
		return secret, err
	}
	l, company := i18n.For(user.Locale), f.web.Company
	return "", f.mail.Send(tx, mail.Message{
		To: user.Email, Locale: user.Locale, Subject: l.T("members.mail.subject", "company", company),
		Paragraphs: []string{l.T("members.mail.text", "company", company, "name", tx.Actor().Name)},
		Action:     &mail.Action{Label: l.T("accounts.sign_in"), URL: f.link(secret)}, Notes: []string{l.T("members.mail.once")}, Until: tx.Now().Add(inviteLife),
	})
}

// letAllIn lets people in for whom a list made accounts: by a letter to each. Without a mail server their links wait to be
// fetched, and where there is a provider, people come in through it.
func (f *Members) letAllIn(tx *models.Tx, users []*models.User) error {
	if f.provided || !f.mail.On() {
		return nil
	}
	for _, user := range users {
		if _, err := f.letIn(tx, user); err != nil {
			return err
		}
	}
	return nil
}

// Handed is somebody with the link by which they come in.
type Handed struct{ Email, Name, URL string }

// LinksFor makes the links of those whom a list made accounts for and who have never come in: once, to be handed over.
func (f *Members) LinksFor(ctx context.Context, actor *models.Actor, rosterID int64) (links []Handed, err error) {
	err = f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		roster, err := tx.OwnRoster(ctx, actor, rosterID)
		if err != nil {
			return err
		}
		if f.provided || f.mail.On() {
			return fmt.Errorf("links of list %d, whose people come in otherwise: %w", rosterID, models.ErrConflict)
		}
		users, err := tx.FetchLinks(roster)
		if err != nil {
			return err
		}
		var events []models.Event
		for i := range users {
			if !actor.LooksAfter(users[i].Role) {
				continue // they have become more meanwhile
			}
			secret, err := tx.CreateLoginLink(users[i].ID, inviteLife)
			if err != nil {
				return err
			}
			event, err := tx.EventOf(actor.ID, models.LinkCreated, &users[i], byRoster)
			if err != nil {
				return err
			}
			links, events = append(links, Handed{users[i].Email, users[i].Name, f.link(secret)}), append(events, event)
		}
		return tx.RecordAll(events)
	})
	return links, err
}

func (f *Members) mails(user *models.User) bool { return f.mail.On() && user.Email != "" }

func (f *Members) link(secret string) string {
	return web.LinkURL(f.web.BaseURL.String(), secret)
}

func (f *Members) showNew(c echo.Context) error {
	if !web.Actor(c).Can(models.ManagePeople, nil) {
		return models.ErrForbidden
	}
	return f.form(c, http.StatusOK, views.Invited{Role: string(models.RoleEmployee)})
}

func (f *Members) form(c echo.Context, status int, view views.Invited) error {
	view.Actor, view.Mail, view.Provided = web.Actor(c), f.mail.On(), f.provided
	page, err := f.web.Page(c, "members", web.Locale(c).T("members.new.title"))
	if err != nil {
		return err
	}
	page.Path = "/members/new"
	return web.Render(c, status, views.New(page, view))
}

func (f *Members) postNew(c echo.Context) error {
	user := &models.User{Name: c.FormValue("name"), Email: c.FormValue("email"), Role: models.Role(c.FormValue("role")), Locale: web.Locale(c).Lang()}
	secret, err := f.Add(c.Request().Context(), web.Actor(c), user)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		return f.form(c, http.StatusUnprocessableEntity, views.Invited{Name: user.Name, Email: user.Email, Role: string(user.Role), Problems: invalid})
	}
	if err != nil {
		return err
	}
	return f.handOver(c, user, secret)
}

func (f *Members) postLink(c echo.Context) error {
	id, err := web.ID(c, "id")
	if err != nil {
		return err
	}
	user, secret, err := f.LinkFor(c.Request().Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return f.handOver(c, user, secret)
}

// handOver says that the link is on its way, or shows it.
func (f *Members) handOver(c echo.Context, user *models.User, secret string) error {
	l := web.Locale(c)
	if secret == "" {
		f.web.Toast(c, layout.Toast{Text: l.T("members.toast.sent")})
		return web.Redirect(c, address(user.ID))
	}
	page, err := f.web.Page(c, "members", l.T("members.link.title", "name", user.Name))
	if err != nil {
		return err
	}
	page.Path = address(user.ID) // what was shown once is not shown again
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return web.Render(c, http.StatusOK, views.Link(page, user, f.link(secret), f.web.DB.Now().Add(inviteLife)))
}
