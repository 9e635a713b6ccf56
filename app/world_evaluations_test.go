package app_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// aboutEvaluations tells whether a route is about the evaluation of an idea.
func aboutEvaluations(pattern string) bool {
	return strings.HasPrefix(strings.TrimPrefix(pattern, "/api/v1"), "/ideas/:id/evaluation")
}

// scorecard is the form of one with a single criterion.
func scorecard(version string) url.Values {
	return values("base", version, "per_idea", "1", "minimum", "1", "blind", "1", "c0_name_en", "Value", "c0_lowest", "1", "c0_highest", "5", "c0_weight", "1")
}

// evaluated is a new campaign with a criterion, whose ideas go to the given people, and to Paul.
func (w *world) evaluated(visibility models.Visibility, evaluators ...*player) string {
	w.t.Helper()
	joined(visibility)(w)
	id := w.campaign(visibility)
	w.leads("/campaigns/"+id+"/evaluation", scorecard("0"))
	for _, p := range evaluators {
		if p.user != nil { // those who cannot read it are refused
			w.lead().client.Post("/campaigns/"+id+"/evaluators", apptest.Form{"email": p.user.Email})
		}
	}
	return id
}

// leads has the lead send a form that is right.
func (w *world) leads(path string, form url.Values) {
	w.t.Helper()
	sent := apptest.Form{}
	for name := range form {
		sent[name] = form.Get(name)
	}
	w.lead().client.Post(path, sent).Status(http.StatusSeeOther)
}

// judged is a new idea of Aline's that a player evaluates, if they may be given it, and that could be given to Paul instead.
func (w *world) judged(p *player, visibility models.Visibility) (idea string) {
	w.t.Helper()
	campaign := w.evaluated(visibility, p)
	idea = w.ideaIn(campaign, visibility)
	w.leads("/campaigns/"+campaign+"/assignments", nil)
	w.leads("/campaigns/"+campaign+"/evaluators", values("email", w.paul.Email))
	return idea
}

// ideaIn is a new idea of Aline's in a campaign.
func (w *world) ideaIn(campaign string, visibility models.Visibility) string {
	w.t.Helper()
	number, err := strconv.ParseInt(campaign, 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	made := &models.Idea{SpaceID: w.space(visibility).ID, AuthorID: w.author.ID, Title: "A judged idea", Body: "Text", HTML: "<p>Text</p>", Lang: "en", CampaignID: &number, Campaign: "A campaign", SupportCount: 4}
	w.site.Tx(w.site.Actor(w.author), func(tx *models.Tx) error { return tx.CreateIdea(made) })
	return strconv.FormatInt(made.ID, 10)
}

// ripe is a new campaign with an idea that has come far enough for its next stage.
func (w *world) ripe(visibility models.Visibility) string {
	w.t.Helper()
	id := w.campaign(visibility)
	w.graduates = w.ideaIn(id, visibility)
	w.leads("/campaigns/"+id+"/graduation", values("how_proposed", "propose", "supports_proposed", "4"))
	return id
}

// assessed is what a player says of an idea; they hand it in before the others' words are theirs to read.
func (w *world) assessed(idea, do string) url.Values {
	w.t.Helper()
	number, err := strconv.ParseInt(idea, 10, 64)
	if err != nil {
		w.t.Fatal(err)
	}
	a, err := w.site.DB.Idea(w.t.Context(), w.site.Actor(w.lead().user), number)
	if err != nil {
		w.t.Fatal(err)
	}
	card, err := w.site.DB.Scorecard(w.t.Context(), *a.CampaignID)
	if err != nil {
		w.t.Fatal(err)
	}
	return values("version", strconv.Itoa(card.Version), "do", do, card.Criteria[0].Field(), "4")
}

// handsIn has a player hand in what they say of an idea, if they may.
func handsIn(p *player, idea string) func(*world) {
	return func(w *world) {
		form := apptest.Form{}
		for name, said := range w.assessed(idea, "submit") {
			form[name] = said[0]
		}
		if p.user != nil {
			p.client.Post("/ideas/"+idea+"/evaluation", form)
		}
	}
}

// judgedFor is an idea that a route about evaluations can be asked about.
func (w *world) judgedFor(p *player, method, pattern string, visibility models.Visibility) string {
	w.t.Helper()
	idea := w.judged(p, visibility)
	if strings.Contains(pattern, "/publication") {
		w.publishable(p, idea, method == http.MethodGet || method == http.MethodDelete || strings.HasSuffix(pattern, "/removal"))
	}
	return idea
}

// publishable is that three people have judged an idea of a new campaign, and nobody has it to judge any more; what came of it may be
// published to its readers already.
func (w *world) publishable(p *player, idea string, published bool) {
	w.t.Helper()
	var own int64
	if p.user != nil {
		own = p.user.ID
	}
	statements := fmt.Sprintf(`DELETE FROM evaluations WHERE idea_id = %[1]s AND state = 'assigned';
		INSERT INTO evaluations (campaign_id, idea_id, user_id, state, answers, note, reason, score, assigned_at, saved_at, submitted_at)
		SELECT i.campaign_id, i.id, u.id, 'submitted', '{"' || c.id || '":4}', '', '', 0.75, i.published_at, i.published_at, i.published_at FROM ideas i JOIN criteria c ON c.campaign_id = i.campaign_id
		JOIN (SELECT id FROM users WHERE id <> %[2]d ORDER BY id LIMIT 3) u ON 1 = 1 WHERE i.id = %[1]s;`, idea, own)
	if published {
		statements += fmt.Sprintf("INSERT INTO evaluation_publications (idea_id, audience, figures, published_by, published_at) SELECT id, 'readers', '[]', author_id, published_at FROM ideas WHERE id = %s;", idea)
	}
	modelstest.Exec(w.t, w.site.Config.DatabaseURL, statements)
}

// passport is the address of a new link to Aline's passport, for colleagues.
func (w *world) passport() (path string) {
	w.t.Helper()
	w.site.Tx(w.site.Actor(w.author), func(tx *models.Tx) error {
		link, err := tx.CreatePassportLink([]models.PassportKind{models.Originated}, models.LinkHouse, 30)
		if errors.As(err, new(models.Invalid)) { // there are as many as one may have
			links, err := tx.PassportLinks(w.t.Context(), w.site.Actor(w.author))
			path = links[0].Path()
			return err
		}
		path = link.Path()
		return err
	})
	return path
}
