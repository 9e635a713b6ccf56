package viewing_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// stage is a house with a campaign in a space, which Lena runs and Mona manages: it gathers ideas of a group from 3 December, refines
// them from the 10th and closes on the 20th. It is the 1st, and it is not published.
type stage struct {
	*apptest.Site
	lena, mona, paul, gus *models.User
	space                 *models.Space
	now                   time.Time
}

func set(t *testing.T, visibility models.Visibility) *stage {
	t.Helper()
	s := &stage{now: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}
	s.Site = apptest.Start(t, func(_ *app.Config, options *app.Options) { options.Clock = func() time.Time { return s.now } })
	s.lena, s.mona, s.paul, s.gus = s.Person("Lena", models.RoleEmployee), s.Person("Mona", models.RoleEmployee), s.Person("Paul", models.RoleEmployee), s.Person("Gus", models.RoleExternal)
	members := map[*models.User]models.SpaceRole{s.lena: models.SpaceManager}
	if visibility != models.Company && visibility != models.Public {
		members[s.mona] = models.SpaceMember
	}
	s.space = s.Space("plant", visibility, members)
	group := &models.Group{Kind: models.KindGroup, Name: "Night shift"}
	s.Tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		return tx.JoinGroup(group.ID, s.paul.ID)
	})
	lena := s.As(s.lena)
	lena.Post("/campaigns", apptest.Form{
		"space": "plant", "kind": "campaign", "title": "Less scrap", "question": "Where?", "sponsor": s.mona.Email, "manager": s.mona.Email, "answer_days": "30",
		"stage_gather": "2026-12-03", "stage_refine": "2026-12-10", "stage_closed": "2026-12-20",
	}).Status(http.StatusSeeOther)
	lena.Post("/campaigns/1/people", apptest.Form{"base": "1", "audience": "groups", "group": fmt.Sprint(group.ID)}).Status(http.StatusSeeOther)
	return s
}

// as begins a preview in a browser of its own.
func (s *stage) as(who *models.User, part models.Part, when models.StageKind) *apptest.Client {
	client := s.As(who)
	client.Post("/campaigns/1/preview", apptest.Form{"part": string(part), "stage": string(when)}).Status(http.StatusSeeOther)
	return client
}

func TestWhoRunsACampaignSeesItAsTheOthersWill(t *testing.T) {
	s := set(t, models.Company)
	const page = "/campaigns/1-less-scrap"
	s.As(s.mona).Get("/campaigns/1/preview").Status(200).See("An employee whom it asks", "Published, before it opens", `<option value="gather">Ideas</option>`)
	s.As(s.paul).Get(page).Status(404)

	// Mona, who manages it and nothing else, sees it as it will be.
	client := s.as(s.mona, models.PartAudience, models.BeforeOpening)
	client.Get(page).Status(200).See("You see “Less scrap” as: An employee whom it asks. Stage: Published, before it opens.", "Opens on 3 December 2026", `action="/view/end"`).NotSee("Propose an idea", "Before it is published", "Run the campaign")
	client.Post("/view/end", nil).Status(http.StatusSeeOther)
	if back := client.Get("/campaigns/1/preview").Status(200); back.Text == "" {
		t.Error("no way back")
	}

	client = s.as(s.mona, models.PartAudience, models.Gather)
	client.Get(page).Status(200).See("Propose an idea", "Stage: Ideas.")
	client.Get("/ideas/new?campaign=1").Status(200).See("Less scrap", "You see “Less scrap” as")
	client.Get("/campaigns/1/edit").Status(403)
	for _, path := range []string{"/ideas", "/campaigns/1", "/campaigns/1/publication", "/campaigns/1/preview", "/spaces/plant/follow", "/campaigns/1/banner/removal"} {
		client.Post(path, apptest.Form{"campaign": "1", "title": "Cheat", "body": "x"}).Status(http.StatusForbidden).See("You are only looking")
	}

	s.as(s.mona, models.PartAudience, models.Refine).Get(page).Status(200).NotSee("Propose an idea")
	s.as(s.mona, models.PartAudience, models.Closed).Get(page).Status(200).See("Closed").NotSee("Propose an idea")
	s.as(s.mona, models.PartOutside, models.Gather).Get(page).Status(200).NotSee("Propose an idea")
	s.as(s.mona, models.PartModerator, models.Gather).Get(page).Status(200).NotSee("Propose an idea", "/campaigns/1/edit")
	s.as(s.mona, models.PartEvaluator, models.Gather).Get(page).Status(200).NotSee("/campaigns/1/edit")
	team := s.as(s.mona, models.PartTeam, "")
	team.Get("/campaigns/1/brief").Status(200).See("/campaigns/1/edit", "You see “Less scrap” as: A member of its team.")
	team.Get("/campaigns/1/edit").Status(200)
	team.Post("/campaigns/1", apptest.Form{"base": "2", "title": "Cheat"}).Status(http.StatusForbidden)

	// Nothing was written, and nobody else sees anything of it.
	if rows := modelstest.Rows(t, s.Config.DatabaseURL)["campaigns"]; len(rows) != 1 {
		t.Errorf("there are %d campaigns", len(rows))
	}
	s.As(s.lena).Get(page).Status(200).See("Before it is published", "Less scrap")
	s.As(s.paul).Get(page).Status(404)
	owner := s.As(s.Person("Oona", models.RoleOwner))
	owner.Get("/audit").See("began to view Ruche as somebody else")
}

func TestAPreviewShowsNoMoreThanItsViewerAndItsPartSee(t *testing.T) {
	s := set(t, models.Restricted)
	impossible := func(part models.Part, when models.StageKind, says string) {
		t.Helper()
		s.As(s.lena).Post("/campaigns/1/preview", apptest.Form{"part": string(part), "stage": string(when)}).Status(http.StatusUnprocessableEntity).See(says)
	}
	impossible("", "", "Choose as whom")
	impossible("owner", "", "Choose as whom")
	impossible(models.PartAudience, models.VoteStage, "no such stage")
	impossible(models.PartAudience, "", "does not see this campaign") // it is a draft
	for _, part := range []models.Part{models.PartOutside, models.PartExternal, models.PartVisitor} {
		impossible(part, models.Gather, "does not see this campaign")
	}
	s.Space("hall", models.Company, nil)
	s.Space("vault", models.Restricted, map[*models.User]models.SpaceRole{s.paul: models.SpaceManager})
	client := s.as(s.lena, models.PartAudience, models.Gather)
	client.Get("/spaces/hall").Status(200)
	client.Get("/spaces/vault").Status(404)
	client.Get("/spaces/plant/settings").Status(403)

	// Who does not run it is refused, and who no longer does has lost the preview with it.
	s.As(s.paul).Get("/campaigns/1/preview").Status(404)
	s.As(s.gus).Post("/campaigns/1/preview", apptest.Form{"part": "visitor"}).Status(404)
	s.Visitor().Post("/campaigns/1/preview", apptest.Form{"part": "visitor"}).Status(http.StatusSeeOther) // to the door
	guest := s.Person("Rita", models.RoleEmployee)
	s.Tx(nil, func(tx *models.Tx) error { return tx.SetMember(s.space, guest, models.SpaceMember) })
	s.As(s.lena).Post("/campaigns/1/publication", nil).Status(http.StatusSeeOther)
	s.As(guest).Get("/campaigns/1/preview").Status(403)
	s.As(guest).Post("/campaigns/1/preview", apptest.Form{"part": "audience"}).Status(403)
	mona := s.as(s.mona, models.PartTeam, "")
	mona.Get("/campaigns/1/edit").Status(200)
	s.As(s.lena).Post("/campaigns/1", apptest.Form{"base": "2", "title": "Less scrap", "question": "Where?", "sponsor": s.mona.Email, "manager": s.lena.Email, "answer_days": "30"}).Status(http.StatusSeeOther)
	mona.Get("/campaigns/1/edit").Status(403)
	mona.Get("/campaigns/1-less-scrap").Status(200).NotSee("You see “Less scrap” as")
}

func TestAnswersAreShownToThePartsForWhomTheyAre(t *testing.T) {
	s := set(t, models.Company)
	lena := s.As(s.lena)
	for base, visibility := range []string{"everyone", "team", "evaluators"} {
		lena.Post("/campaigns/1/form", apptest.Form{"base": fmt.Sprint(base), "kind": "short", "label_en": "For " + visibility, "label_fr": "Pour " + visibility, "visibility": visibility}).Status(http.StatusSeeOther)
	}
	s.as(s.mona, models.PartAudience, models.Gather).Get("/ideas/new?campaign=1").Status(200).See("For everyone", "For team", "For evaluators")
	lena.Post("/campaigns/1/publication", nil).Status(http.StatusSeeOther)
	s.now = time.Date(2026, 12, 4, 9, 0, 0, 0, time.UTC)
	s.As(s.paul).Post("/ideas", apptest.Form{"campaign": "1", "title": "Weigh the bin", "body": "As it says.", "once": "once-00000000000000000001", "answer_1": "the first", "answer_2": "the second", "answer_3": "the third"}).Status(http.StatusSeeOther)
	const idea = "/ideas/1-weigh-the-bin"
	s.as(s.mona, models.PartAudience, "").Get(idea).Status(200).See("the first").NotSee("the second", "the third")
	s.as(s.mona, models.PartModerator, "").Get(idea).Status(200).See("the first").NotSee("the second", "the third")
	s.as(s.mona, models.PartEvaluator, "").Get(idea).Status(200).See("the first", "the third").NotSee("the second")
	s.as(s.mona, models.PartTeam, "").Get(idea).Status(200).See("the first", "the second", "the third")
	// What the stage does not allow is not offered, though it is allowed now.
	s.as(s.mona, models.PartAudience, "").Get(idea).See(`action="/ideas/1/comments"`)
	s.as(s.mona, models.PartAudience, models.Closed).Get(idea).Status(200).NotSee(`action="/ideas/1/comments"`)
}

func TestEveryPageOfACampaignCanBeLookedAtInEveryStage(t *testing.T) {
	s := set(t, models.Company)
	lena := s.As(s.lena)
	lena.Post("/campaigns/1/stages", apptest.Form{"base": "2", "kind": "campaign", "stage_gather": "2026-12-03", "posting_gather": "1", "stage_vote": "2026-12-10", "stage_evaluate": "2026-12-14", "stage_closed": "2026-12-20"}).Status(http.StatusSeeOther)
	lena.Post("/campaigns/1/vote", apptest.Form{"base": "0", "method": "approval"}).Status(http.StatusSeeOther)
	before := modelstest.Rows(t, s.Config.DatabaseURL)
	for _, part := range models.Parts() {
		for _, when := range []models.StageKind{"", models.BeforeOpening, models.Gather, models.VoteStage, models.Evaluate, models.Closed} {
			client := s.As(s.mona)
			client.Post("/campaigns/1/preview", apptest.Form{"part": string(part), "stage": string(when)})
			for _, path := range []string{"/campaigns/1-less-scrap", "/campaigns/1/brief", "/campaigns/1/ballot", "/campaigns/1/results", "/campaigns/1/figures", "/campaigns/1/vote", "/campaigns/1/evaluation", "/campaigns/1/form", "/ideas/new?campaign=1", "/ideas?campaign=1", "/campaigns", "/evaluations", "/"} {
				if page := client.Get(path); page.StatusCode >= 500 {
					t.Errorf("%s as %s in %q answers %d", path, part, when, page.StatusCode)
				}
			}
		}
	}
	after := modelstest.Rows(t, s.Config.DatabaseURL)
	for _, table := range []string{"campaigns", "voting_rules", "voting_options", "ballots", "exposures", "evaluations", "drafts", "house_notices"} {
		if fmt.Sprint(before[table]) != fmt.Sprint(after[table]) {
			t.Errorf("looking changed %s: %v", table, after[table])
		}
	}
}

func TestWhereCustomersAreACampaignIsSeenAsTheirs(t *testing.T) {
	s := set(t, models.External)
	s.as(s.lena, models.PartExternal, models.Gather).Get("/campaigns/1-less-scrap").Status(200).See("An external customer in its space").NotSee(`href="/people/`)
	s.As(s.lena).Post("/campaigns/1/preview", apptest.Form{"part": "visitor", "stage": "gather"}).Status(http.StatusUnprocessableEntity)
	s.As(s.lena).Post("/campaigns/1/people", apptest.Form{"base": "2", "audience": "all"}).Status(http.StatusSeeOther)
	s.as(s.lena, models.PartExternal, models.Gather).Get("/campaigns/1-less-scrap").See("Propose an idea")
	s.As(s.lena).Post("/campaigns/1/copies", apptest.Form{"space": "plant", "title": "As ever", "template": "1"}).Status(http.StatusSeeOther)
	s.As(s.lena).Get("/campaigns/2/preview").Status(200).See("Copy it, and look at the copy")
	s.As(s.lena).Post("/campaigns/2/preview", apptest.Form{"part": "audience"}).Status(http.StatusUnprocessableEntity)
}
