package app_test

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"ruche/models"
)

// reopen makes sure that a space is not archived.
func (w *world) reopen(visibility models.Visibility) {
	w.site.Tx(nil, func(tx *models.Tx) error { return tx.ReopenSpace(w.space(visibility)) })
}

// setJoining changes how people come into a space, with "" to the usual way. A restricted one that can be asked for is listed.
func (w *world) setJoining(visibility models.Visibility, joining models.Joining) {
	space := w.space(visibility)
	space.Joining, space.Listed = joining, visibility == models.Restricted && joining == models.JoinRequest
	w.site.Tx(nil, func(tx *models.Tx) error { return tx.SaveSpace(space) })
}

// asked has Paul ask to be let into a space and returns the number of his request.
func (w *world) asked(visibility models.Visibility) (id string) {
	space := w.space(visibility)
	w.site.Tx(w.site.Actor(w.paul), func(tx *models.Tx) error {
		request, err := tx.OwnRequest(w.t.Context(), tx.Actor(), space.ID)
		if err == nil && (request == nil || request.State != models.RequestOpen) {
			request, err = tx.AskToJoin(space, "Because I work on it.")
		}
		if err == nil {
			id = strconv.FormatInt(request.ID, 10)
		}
		return err
	})
	return id
}

// invited has the spaces' manager invite a customer into a space, and returns the number of the invitation.
func (w *world) invited(visibility models.Visibility) (id string) {
	w.serial++
	invitation := &models.Invitation{Email: fmt.Sprintf("customer-%d@customer.example", w.serial), Role: models.SpaceMember, SponsorID: w.sam.ID, AccessUntil: time.Now().Add(24 * time.Hour)}
	lead := w.lead().user
	w.site.Tx(w.site.Actor(lead), func(tx *models.Tx) error {
		_, err := tx.Invite(invitation, []int64{w.space(visibility).ID})
		return err
	})
	return strconv.FormatInt(invitation.ID, 10)
}

// setRegistration opens a space to registration, or closes it.
func (w *world) setRegistration(visibility models.Visibility, open bool) {
	space := w.space(visibility)
	w.site.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.SetRegistration(space, !open)
		if err == nil {
			_, err = tx.SetRegistration(space, open)
		}
		return err
	})
}

// registered has somebody from outside ask to be let into a space that is open to registration, and returns the number of what waits there.
func (w *world) registered(visibility models.Visibility) (id string) {
	if !visibility.AdmitsExternals() {
		return "999999" // nobody does
	}
	if w.registrant == nil {
		w.registrant = w.site.Person("registrant", models.RoleExternal)
	}
	w.reopen(visibility) // nobody asks to be let into what is archived
	w.setRegistration(visibility, true)
	space := w.space(visibility)
	w.site.Tx(w.site.Actor(w.registrant), func(tx *models.Tx) error {
		r, err := tx.Registered(w.t.Context(), tx.Actor(), space)
		if err == nil && r == nil {
			r = &models.Registration{Message: "We build the other half.", Locale: "en"}
			err = tx.RegisterSelf(space, r)
		}
		if err == nil {
			id = strconv.FormatInt(r.ID, 10)
		}
		return err
	})
	w.setRegistration(visibility, false)
	return id
}

// unask takes a player's request back.
func (w *world) unask(p *player, visibility models.Visibility) {
	if p.user == nil {
		return
	}
	space := w.space(visibility)
	w.site.Tx(w.site.Actor(p.user), func(tx *models.Tx) error {
		request, err := tx.OwnRequest(w.t.Context(), tx.Actor(), space.ID)
		if err != nil || request == nil {
			return err
		}
		return tx.CloseRequest(request, models.RequestWithdrawn, "")
	})
}

// restoreMember gives a player the role that they have had in a space from the beginning.
func (w *world) restoreMember(p *player, visibility models.Visibility) {
	if p.user == nil {
		return
	}
	space := w.space(visibility)
	w.site.Tx(nil, func(tx *models.Tx) error {
		switch {
		case p.name == "lead":
			return tx.SetMember(space, p.user, models.SpaceManager)
		case p.name == "external" && visibility == models.External:
			return tx.SetMember(space, p.user, models.SpaceMember)
		}
		if err := tx.RemoveMember(space, p.user.ID); !errors.Is(err, models.ErrNotFound) {
			return err
		}
		return nil
	})
}

// restoreLead makes the lead the manager of a space again, who has handed it over.
func (w *world) restoreLead(visibility models.Visibility) {
	lead := w.lead()
	w.restoreMember(lead, visibility)
	joined(visibility)(w)
}

// orphan is the number of a new restricted space that nobody runs.
func (w *world) orphan() string {
	w.serial++
	return strconv.FormatInt(w.site.Space(fmt.Sprintf("orphan-%d", w.serial), models.Restricted, nil).ID, 10)
}

// agree publishes an agreement in a space and returns its version.
func (w *world) agree(visibility models.Visibility) (version int) {
	w.serial++
	space := w.space(visibility)
	w.site.Tx(w.site.Actor(w.author), func(tx *models.Tx) error {
		newest, err := tx.AgreementVersion(w.t.Context(), space, 0)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		text := fmt.Sprintf("Agreement %d", w.serial)
		_, err = tx.PublishAgreement(space, &models.Agreement{Body: text, HTML: "<p>" + text + "</p>"}, newest.Version)
		version = newest.Version + 1
		return err
	})
	return version
}

// disagree lets no agreement hold in a space.
func (w *world) disagree(visibility models.Visibility) {
	w.site.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.WithdrawAgreement(w.space(visibility))
		return err
	})
}
