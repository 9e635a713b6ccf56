package projects_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"slices"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// comment has somebody say something about an idea.
func (h *house) comment(author *models.User, idea *models.Idea, body string) {
	h.t.Helper()
	h.As(author).Post(fmt.Sprintf("/ideas/%d/comments", idea.ID), apptest.Form{"body": body}).Status(http.StatusSeeOther)
}

// evaluated is an idea of Paul's in a campaign whose need is the sponsor's, which somebody has evaluated.
func (h *house) evaluated(by, sponsor *models.User) *models.Idea {
	h.t.Helper()
	campaign := &models.Campaign{SpaceID: h.space.ID, Kind: models.Channel, Title: "Scrap", Question: "Where?", SponsorID: &sponsor.ID, ManagerID: &h.lena.ID}
	idea := &models.Idea{SpaceID: h.space.ID, AuthorID: h.paul.ID, Title: "Less scrap", Body: "It", HTML: "It"}
	h.Tx(h.Actor(h.lena), func(tx *models.Tx) error {
		if err := tx.ImportCampaign(campaign); err != nil {
			return err
		}
		idea.CampaignID = &campaign.ID
		if err := tx.CreateIdea(idea); err != nil {
			return err
		}
		was, err := tx.LockScorecard(campaign.ID)
		if err != nil {
			return err
		}
		card := *was
		card.PerIdea, card.Minimum, card.Criteria = 1, 1, []models.Criterion{{NameEN: "Value", Lowest: 1, Highest: 5, Weight: 1}}
		if err := tx.SaveScorecard(was, &card); err != nil {
			return err
		}
		if err := tx.SetEvaluator(campaign, h.Actor(by), models.Evaluator{}); err != nil {
			return err
		}
		_, err = tx.Assign(&card)
		return err
	})
	h.Tx(h.Actor(by), func(tx *models.Tx) error {
		a, err := tx.LockEvaluation(idea.ID)
		if err != nil {
			return err
		}
		score := 4
		return tx.SubmitEvaluation(a, models.Judgement{Answers: models.Answers{a.Card.Criteria[0].ID: &score}, Version: a.Card.Version})
	})
	h.Tx(h.Actor(h.lena), func(tx *models.Tx) error { return tx.SetStage(idea, models.Decided) })
	return idea
}

// merge has Lena let an idea go on in another one.
func (h *house) merge(idea, into *models.Idea) {
	h.t.Helper()
	h.As(h.lena).Post(fmt.Sprintf("/ideas/%d/merge", idea.ID), apptest.Form{"address": fmt.Sprint(into.ID), "reason": "Both weigh what is thrown away."}).Status(http.StatusSeeOther)
	h.Tx(h.Actor(h.lena), func(tx *models.Tx) error {
		idea, merge, err := tx.LockOpenMerge(idea.ID)
		if err != nil {
			return err
		}
		into, err := tx.LockIdea(into.ID)
		if err != nil {
			return err
		}
		return tx.CarryOutMerge(merge, &idea.Idea, into)
	})
}

// picture has somebody upload one.
func (h *house) picture(client *apptest.Client) (id int64) {
	h.t.Helper()
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	part, err := form.CreateFormFile("file", "scale.png")
	if err == nil {
		err = png.Encode(part, image.NewRGBA(image.Rect(0, 0, 1200, 900)))
	}
	if err = errors.Join(err, form.Close()); err != nil {
		h.t.Fatal(err)
	}
	answer := client.Do(http.MethodPost, "/files", body, http.Header{"Content-Type": {form.FormDataContentType()}}).Status(http.StatusCreated)
	if _, err := fmt.Sscanf(answer.Header.Get("Location"), "/files/%d", &id); err != nil {
		h.t.Fatal(err)
	}
	return id
}

func TestWhoHadAPartInAnIdeaIsThankedByNameAsFarAsTheReaderMayKnow(t *testing.T) {
	h := open(t)
	ed, sue, nora := h.Person("Ed Evaluator", models.RoleEmployee), h.Person("Sue Sponsor", models.RoleEmployee), h.Person("Nora Name", models.RoleEmployee)
	for _, person := range []*models.User{ed, sue, nora} {
		h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(h.space, person, models.SpaceMember) })
	}
	h.idea = h.evaluated(ed, sue)
	origin := h.post(nora, "Weigh the bins")
	h.comment(h.guest, h.idea, "We do so, too.")
	h.comment(h.guest, origin, "And here.")
	h.comment(h.connie, h.idea, "Said and taken back.")
	h.As(h.connie).Post(fmt.Sprintf("/ideas/%d/comments/3/removal", h.idea.ID), nil).Status(http.StatusSeeOther)
	for _, person := range []*models.User{h.guest, h.olaf} { // of whom the first supports both
		h.As(person).Post(fmt.Sprintf("/ideas/%d/supports", h.idea.ID), apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	}
	h.As(h.guest).Post(fmt.Sprintf("/ideas/%d/supports", origin.ID), apptest.Form{"supported": "1"}).Status(http.StatusSeeOther)
	h.merge(origin, h.idea)
	page, base := h.begun()
	olaf, paul, guest := h.As(h.olaf), h.As(h.paul), h.As(h.guest)
	olaf.Post(base+"/steps", apptest.Form{"kind": "task", "step_title": "Ask for offers", "assignee": h.paul.Email}).Status(http.StatusSeeOther)
	if to := olaf.Get(base + "/thanks").Status(http.StatusSeeOther).Header.Get("Location"); to != page { // it is not done
		t.Errorf("a project that is not done leads to %s", to)
	}
	olaf.Post(base+"/thanks", nil).Status(http.StatusConflict)
	olaf.Post(base+"/benefits", benefit("nature", "actual", "amount", "4,500", "on", "2026-12-01")).Status(http.StatusSeeOther)
	h.As(h.connie).Post(base+"/benefits/1/judgement", apptest.Form{"answer": "validated"}).Status(http.StatusSeeOther)
	h.now = time.Date(2026, 12, 11, 9, 0, 0, 0, time.UTC)
	olaf.Post(base+"/completion", nil).Status(http.StatusSeeOther)
	olaf.Get(page).See(base + "/thanks")

	told := paul.Get(base+"/thanks").Status(200).See("We did it", "10 days from an idea", "Paul Petit", "Nora Name", "Weigh the bins", "Gaston Guest", "2 comments", "2 people supported it",
		"Olaf Berg", "one task", "checked what it brings", "€4,500", "Evaluators looked at it closely")
	told.NotSee("Ed Evaluator", "Thank everyone", "3 comments")
	h.As(ed).Get(base+"/thanks").See("Ed Evaluator", "evaluated it") // their own eyes
	h.As(sue).Get(base + "/thanks").See("Ed Evaluator")
	guest.Get(base+"/thanks").Status(200).See("Paul Petit", "Gaston Guest", "Olaf Berg").NotSee("Connie", "one task", "Evaluators", "4,500", "Ed Evaluator")
	h.Visitor().Get(base + "/thanks").Status(404)
	h.As(h.Person("Stranger", models.RoleEmployee)).Get(base + "/thanks").Status(404)

	for _, client := range []*apptest.Client{paul, guest} {
		client.Post(base+"/thanks", nil).Status(403)
	}
	olaf.Post(base+"/thanks", nil).Status(http.StatusSeeOther)
	olaf.Post(base+"/thanks", nil).Status(http.StatusConflict) // once
	h.Settle()
	for _, person := range []*models.User{h.paul, nora, h.guest, ed, h.connie} {
		h.As(person).Get("/notifications").See("Olaf Berg thanks you for your part in it", base+"/thanks")
	}
	olaf.Get("/notifications").NotSee("thanks you")
	h.As(sue).Get("/notifications").NotSee("thanks you")
	guest.Get(base + "/thanks")
	guest.Get("/notifications").NotSee(`class="row has-icon unread"`)
}

func TestBeforeAndAfterAreToldByWhoeverLeadsTheProject(t *testing.T) {
	h := open(t)
	_, base := h.begun()
	olaf := h.As(h.olaf)
	for _, user := range []*models.User{h.paul, h.guest, h.connie} {
		h.As(user).Get(base + "/story").Status(403)
		h.As(user).Post(base+"/story", apptest.Form{"before": "Mine", "base": "0"}).Status(403)
	}
	picture := h.picture(olaf)
	olaf.Get(base+"/story").Status(200).See(`name="before"`, `name="base" value="0"`)
	olaf.Post(base+"/story", apptest.Form{"before": "A *heap*.", "after": fmt.Sprintf("![A scale](/files/%d)", picture), "base": "0"}).Status(http.StatusSeeOther)
	olaf.Post(base+"/story", apptest.Form{"before": "Another heap.", "base": "0"}).Status(http.StatusConflict).See("Somebody else has saved", "Another heap.", `value="1"`)
	olaf.Post(base+"/completion", nil).Status(http.StatusSeeOther)
	h.As(h.guest).Get(base+"/thanks").Status(200).See("<em>heap</em>", `alt="A scale"`, "srcset")
	h.As(h.guest).Get(fmt.Sprintf("/files/%d", picture)).Status(200) // it belongs to the idea now
	h.As(h.guest).Get(base + "/thanks?after=x").Status(422)
}

func TestThoseWhoArguedComeInPagesAndNobodyIsForgotten(t *testing.T) {
	h := open(t)
	_, base := h.begun()
	h.As(h.olaf).Post(base+"/completion", nil).Status(http.StatusSeeOther)
	h.Tx(nil, func(tx *models.Tx) error {
		for n := range 61 {
			person := &models.User{Email: fmt.Sprintf("voice%d@example.test", n), Name: fmt.Sprintf("Voice %02d", n), Role: models.RoleEmployee}
			if err := tx.CreateUser(person); err != nil {
				return err
			}
			if err := tx.CreatePost(models.Place{Idea: h.idea}, &models.Post{IdeaID: &h.idea.ID, AuthorID: person.ID, Body: "Aye", HTML: "Aye"}); err != nil {
				return err
			}
		}
		return nil
	})
	first := h.As(h.paul).Get(base+"/thanks").See("Voice 00", "Voice 59", "after=60").NotSee("Voice 60")
	first.See("one comment")
	h.As(h.paul).Get(base + "/thanks?after=60").See("Voice 60").NotSee("Voice 59")
}

func TestWhoProposedAnIdeaHiddenIsThankedWithoutAName(t *testing.T) {
	h := open(t)
	nora := h.Person("Nora Name", models.RoleEmployee)
	h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(h.space, nora, models.SpaceMember) })
	h.Tx(h.Actor(nora), func(tx *models.Tx) error {
		if _, err := tx.Hide(models.HiddenAuthors, ""); err != nil {
			return err
		}
		h.idea = &models.Idea{SpaceID: h.space.ID, AuthorID: tx.Actor().ID, Title: "Less scrap", Body: "It", HTML: "It", Stage: models.Decided, Anonymity: models.HiddenAuthors}
		return tx.CreateIdea(h.idea)
	})
	_, base := h.begun()
	h.As(h.olaf).Post(base+"/completion", nil).Status(http.StatusSeeOther)
	h.As(h.olaf).Post(base+"/thanks", nil).Status(http.StatusSeeOther)
	h.Settle()
	h.As(nora).Get("/notifications").See("Olaf Berg thanks you for your part in it")
	for _, person := range []*models.User{h.olaf, h.lena, h.guest} {
		h.As(person).Get(base+"/thanks").Status(200).See("They had the idea", "had the idea").NotSee("Nora")
	}
}

func TestNobodyIsToldOfThanksWhoCannotReadThem(t *testing.T) {
	h := open(t)
	nora := h.Person("Nora Name", models.RoleEmployee)
	h.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(h.space, nora, models.SpaceMember) })
	actor := h.Actor(nora)
	h.Tx(nil, func(tx *models.Tx) error { return tx.Disable(nora.ID) })
	for _, level := range []models.Anonymity{models.HiddenAuthors, models.NotStored} {
		h.Tx(actor, func(tx *models.Tx) error {
			if _, err := tx.Hide(level, "seed"); err != nil {
				return err
			}
			h.idea = &models.Idea{SpaceID: h.space.ID, AuthorID: tx.Actor().ID, Title: "Less " + string(level), Body: "It", HTML: "It", Stage: models.Decided, Anonymity: level}
			return tx.CreateIdea(h.idea)
		})
		_, base := h.begun()
		h.As(h.olaf).Post(base+"/completion", nil).Status(http.StatusSeeOther)
		h.Settle()
		var before int64
		h.Tx(nil, func(tx *models.Tx) (err error) {
			before, err = tx.LastNoticeID(t.Context())
			return err
		})
		h.As(h.olaf).Post(base+"/thanks", nil).Status(http.StatusSeeOther)
		h.Settle()
		h.Tx(nil, func(tx *models.Tx) error {
			told, _, err := tx.NoticedSince(t.Context(), before)
			if slices.Contains(told, h.idea.AuthorID) || slices.Contains(told, nora.ID) {
				t.Errorf("%s: %v are told, the mask is %d and who has left %d", level, told, h.idea.AuthorID, nora.ID)
			}
			return err
		})
	}
}
