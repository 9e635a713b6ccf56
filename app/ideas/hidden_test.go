package ideas_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

// promising is a survey whose campaign promises its authors something.
func promising(t *testing.T, level models.Anonymity) *survey {
	t.Helper()
	h := openSurvey(t)
	h.promise(level)
	return h
}

func (h *survey) promise(level models.Anonymity) {
	if level == models.Sealed {
		h.Keepers(h.mona, h.campaign.ID)
	}
	modelstest.Exec(h.t, h.Config.DatabaseURL, fmt.Sprintf("UPDATE campaigns SET anonymity = '%s' WHERE id = %d", level, h.campaign.ID))
}

// hidden is the form of an idea as the page for it gives it to somebody.
func (h *survey) hidden(client *apptest.Client) apptest.Form {
	h.t.Helper()
	page := client.Get(fmt.Sprintf("/ideas/new?campaign=%d", h.campaign.ID)).Status(200)
	form := apptest.Form{
		"campaign": fmt.Sprint(h.campaign.ID), "title": "Weigh the scrap", "body": "At each station.",
		"once": field(h.t, page, "once"), "anonymity": field(h.t, page, "anonymity"),
	}
	if form["anonymity"] == string(models.Sealed) {
		form["seal"] = field(h.t, page, "seal")
	}
	return form
}

var shownCode = regexp.MustCompile(`<code>([A-Z2-7-]{24})</code>`)

// secret posts an idea of whose author nothing is stored, and returns the code that its author gets.
func (h *survey) secret(client *apptest.Client, form apptest.Form) (path, code string) {
	h.t.Helper()
	path = client.Post("/ideas", form).Status(303).Header.Get("Location")
	match := shownCode.FindStringSubmatch(client.Get(path).Status(200).Text)
	if match == nil || !strings.HasSuffix(path, "/return-code") {
		h.t.Fatalf("%s shows no code", path)
	}
	return strings.TrimSuffix(path, "/return-code"), match[1]
}

func TestAHiddenAuthorActsOnTheirIdeaAndIsNamedToNobody(t *testing.T) {
	h := promising(t, models.HiddenAuthors)
	alice, mona := h.As(h.alice), h.As(h.mona)
	alice.Get(fmt.Sprintf("/ideas/new?campaign=%d", h.campaign.ID)).See("Nobody in Ruche sees your name", "Whoever operates the server can find it out").NotSee("<draft-keeper")
	mona.Get(fmt.Sprintf("/campaigns/%d-less-scrap", h.campaign.ID)).See("Nobody in Ruche sees your name")
	path := post(t, alice, h.hidden(alice))
	alice.Get(path).Status(200).See("This is your idea.", "Hidden author", "as Alice", "/ideas/1/edit")

	mona.Post("/ideas/1/supports", apptest.Form{"supported": "1"}).Status(303)
	mona.Post("/ideas/1/comments", apptest.Form{"body": "Which stations?"}).Status(303)
	h.Settle()
	alice.Get("/notifications").See("Mona supports", "Mona comments on")
	edit := alice.Get("/ideas/1/edit").Status(200).NotSee("<draft-keeper")
	alice.Post("/ideas/1", apptest.Form{"base": field(t, edit, "base"), "title": "Weigh all scrap", "body": "At every station."}).Status(303)
	alice.Post("/ideas/1/comments", apptest.Form{"body": "All of them.", "parent": "1", "once": "0123456789012345678901"}).Status(303)
	alice.Post("/ideas/1/comments", apptest.Form{"body": "I like it too.", "as": "self"}).Status(303)
	alice.Post("/ideas/1/withdrawal", nil).Status(303)
	h.As(h.bob).Get("/ideas/1").Status(404)
	alice.Get("/ideas/1-weigh-all-scrap").Status(200).See("This is your idea.")
	alice.Post("/ideas/1/restoration", nil).Status(303)
	h.Settle()

	mona.Get("/ideas/1-weigh-all-scrap").Status(200).See("Hidden author", "The author was promised", "I like it too.").NotSee("This is your idea", "/ideas/1/edit\"")
	mona.Get("/notifications").See("Hidden author answers you")
	mona.Get("/ideas/1/versions").NotSee("Alice")
	alice.Get("/ideas?mine=1").See("Weigh all scrap")
	h.As(h.bob).Get(fmt.Sprintf("/people/%d", h.alice.ID)).Status(200).NotSee("Weigh all scrap")
	h.As(h.bob).Post("/ideas/1/withdrawal", nil).Status(403)
	h.As(h.bob).Post("/ideas/1", apptest.Form{"base": "2", "title": "Mine now", "body": "Text"}).Status(403)
	for _, place := range []string{"ideas.author_id", "idea_versions.editor_id", "follows.user_id", "drafts.user_id", "stage_transitions.by_id"} {
		table, column, _ := strings.Cut(place, ".")
		for _, row := range modelstest.Rows(t, h.Config.DatabaseURL)[table] {
			if strings.Contains(" "+row+" ", fmt.Sprintf(" %s=%d ", column, h.alice.ID)) && table != "follows" { // she follows what she commented on in her name
				t.Errorf("%s names Alice: %s", place, row)
			}
		}
	}
	token := h.Token(h.alice, models.ScopeWrite)
	body := h.Visitor().Do(http.MethodGet, "/api/v1/ideas/1", nil, http.Header{"Authorization": {"Bearer " + token}}).Status(200)
	body.See(`"author":null`, `"anonymity":"hidden"`).NotSee("Alice")
}

func TestTheFormOfAHiddenAuthorSentTwiceMakesOneIdea(t *testing.T) {
	for _, level := range []models.Anonymity{models.HiddenAuthors, models.Sealed, models.NotStored} {
		h := promising(t, level)
		alice := h.As(h.alice)
		form := h.hidden(alice)
		first := post(t, alice, form)
		codes := alice.Get(first).Text
		if again := post(t, alice, form); again != first {
			t.Errorf("%s: sent again it leads to %s, not %s", level, again, first)
		}
		if level.Coded() && shownCode.FindString(alice.Get(first).Text) != shownCode.FindString(codes) {
			t.Error("sent again the form shows another code")
		}
		other := h.hidden(h.As(h.bob))
		other["once"] = form["once"] // which only a thief of the form could know
		other["body"] = "Something else."
		if path := post(t, h.As(h.bob), other); path == first {
			t.Errorf("%s: the number of another's form leads to their idea", level)
		}
	}
}

// TestNothingInTheDatabaseLeadsFromAnIdeaToAnAuthorWhoIsNotStored compares every row that names Alice before she posts, edits,
// comments, answers and withdraws with those after. Her number is one that nothing else has.
func TestNothingInTheDatabaseLeadsFromAnIdeaToAnAuthorWhoIsNotStored(t *testing.T) {
	for _, level := range []models.Anonymity{models.NotStored, models.Sealed} {
		t.Run(string(level), func(t *testing.T) { leadsNowhere(t, level) })
	}
}

func leadsNowhere(t *testing.T, level models.Anonymity) {
	h := promising(t, level)
	const number = 918273645
	modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("INSERT INTO users (id, email, name, name_key, role, created_at) VALUES (%d, 'zenobia@example.test', 'Zenobia Quill', 'zenobia quill', 'employee', '2026-01-01 00:00:00')", number))
	author := h.As(&models.User{ID: number})
	form := h.hidden(author)
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE campaigns SET anonymity = 'named'") // while she began, it was another campaign: her draft is there
	draft(author, "idea/new", fmt.Sprintf(`{"title":"Weigh the scrap","body":"At","campaign":"%d"}`, h.campaign.ID)).Status(200)
	modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("UPDATE campaigns SET anonymity = '%s'", level))
	draft(author, "idea/new", fmt.Sprintf(`{"title":"Weigh the scrap","body":"At each","campaign":"%d"}`, h.campaign.ID)).Status(422)
	before := naming(t, h, fmt.Sprint(number), "zenobia", "quill")

	body, header := multipartForm(t, form, "Zenobia Quill.png", png(t))
	posted := author.Do(http.MethodPost, "/ideas", body, header).Status(303)
	code := shownCode.FindStringSubmatch(author.Get(posted.Header.Get("Location")).Text)[1]
	if n := naming(t, h, "zenobia quill.png"); len(n) > 0 {
		t.Errorf("the name of the picture is left: %v", n)
	}
	author.Get("/ideas/1-weigh-the-scrap").Status(200).See("/files/1", "This browser has shown the return code")
	edit := author.Get("/ideas/1/edit").Status(200).NotSee("<draft-keeper")
	author.Post("/ideas/1", apptest.Form{"base": field(t, edit, "base"), "title": "Weigh all scrap", "body": "Everywhere."}).Status(303)
	author.Post("/ideas/1/comments", apptest.Form{"body": "Soon.", "once": "0123456789012345678901"}).Status(303)
	author.Post("/ideas/1/comments/1", apptest.Form{"base": "1", "body": "Very soon."}).Status(303)
	h.As(h.mona).Get("/ideas/1/comments/1/versions").Status(200).See("Version 2", "Very", "Hidden author").NotSee("Zenobia")
	h.As(h.mona).Post("/ideas/1/comments", apptest.Form{"body": "When?", "parent": "1"}).Status(303)
	author.Post("/ideas/1/comments/1/removal", nil).Status(303)
	author.Post("/ideas/1/withdrawal", nil).Status(303)
	author.Post("/ideas/1/restoration", nil).Status(303)
	h.Settle()
	author.Post("/ideas/1/return-code/removal", nil).Status(303)
	author.Get("/ideas/1-weigh-all-scrap").Status(200).NotSee("This browser has shown", "/ideas/1/edit\"")
	author.Post("/ideas/1/withdrawal", nil).Status(403)

	after := naming(t, h, fmt.Sprint(number), "zenobia", "quill")
	before = slices.DeleteFunc(before, func(row string) bool { return strings.HasPrefix(row, "drafts:") }) // sent
	if !slices.Equal(before, after) {
		t.Errorf("rows that name the author:\nbefore\t%s\nafter\t%s", strings.Join(before, "\n\t"), strings.Join(after, "\n\t"))
	}
	if places := modelstest.Find(t, h.Config.DatabaseURL, code, strings.ReplaceAll(code, "-", "")); len(places) > 0 {
		t.Errorf("the code itself is stored: %v", places)
	}
	session := h.As(h.bob)
	session.Get("/ideas/return").Status(200)
	session.Post("/ideas/return", apptest.Form{"code": strings.ToLower(code)}).Status(303)
	session.Post("/ideas/1/withdrawal", nil).Status(303) // whoever has it
}

// naming are the rows that hold one of some words or, in whatever column, the number. What a session says is left out but for
// what an idea could be named by.
func naming(t *testing.T, h *survey, words ...string) (found []string) {
	t.Helper()
	for table, rows := range modelstest.Rows(t, h.Config.DatabaseURL, "sessions.expires_at", "sessions.seen_at", "sessions.data") {
		for _, row := range rows {
			for _, word := range words {
				if strings.Contains(strings.ToLower(row), word) {
					found = append(found, table+": "+row)
					break
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

func TestAReturnCodeLeadsToItsIdeaAloneAndOnlyWhereItCanBeRead(t *testing.T) {
	h := promising(t, models.NotStored)
	alice := h.As(h.alice)
	first, code := h.secret(alice, h.hidden(alice))
	second, other := h.secret(alice, h.hidden(alice))
	for _, wrong := range []string{"", "AAAA", "AAAA-AAAA-AAAA-AAAA-AAAA", code + "A", "\x00"} {
		h.As(h.bob).Post("/ideas/return", apptest.Form{"code": wrong}).Status(422).See("leads to no idea")
	}
	bob := h.As(h.bob)
	if to := bob.Post("/ideas/return", apptest.Form{"code": " " + strings.ReplaceAll(code, "-", " ")}).Status(303).Header.Get("Location"); !strings.HasPrefix(to, first) {
		t.Errorf("the code of %s leads to %s", first, to)
	}
	bob.Get(first + "/edit").Status(200)
	bob.Get(second + "/edit").Status(403)
	bob.Get(second + "/return-code").Status(404)
	bob.Do(http.MethodPost, second+"/withdrawal", nil, http.Header{"Cookie": {"return-2=" + url.QueryEscape(code)}}).Status(403)
	h.Visitor().Post("/ideas/return", apptest.Form{"code": other}).Status(422)
	h.As(h.Person("Gaston", models.RoleExternal)).Post("/ideas/return", apptest.Form{"code": other}).Status(422)
	modelstest.Exec(t, h.Config.DatabaseURL, "UPDATE spaces SET visibility = 'public'")
	visitor := h.Visitor()
	visitor.Post("/ideas/return", apptest.Form{"code": other}).Status(303)
	visitor.Get(second + "-weigh-the-scrap").Status(200).See("This browser has shown")
	visitor.Post(second+"/comments", apptest.Form{"body": "From home."}).Status(303)
	visitor.Post(second+"/comments", apptest.Form{"body": "From me.", "as": "self"}).Status(403)
	visitor.Post(second+"/supports", apptest.Form{"supported": "1"}).Status(303) // to the door
	visitor.Post(second+"/withdrawal", nil).Status(303)
	h.As(h.mona).Get(second + "-weigh-the-scrap").Status(404)
}

func TestAPromiseIsNeitherLoosenedNorBrokenWhileSomebodyWrites(t *testing.T) {
	h := promising(t, models.NotStored)
	alice, lena := h.As(h.alice), h.As(h.lena)
	form := h.hidden(alice)
	settings := fmt.Sprintf("/campaigns/%d", h.campaign.ID)
	change := func(level string) *apptest.Answer {
		page := lena.Get(settings + "/edit").Status(200)
		return lena.Post(settings, apptest.Form{"base": regexp.MustCompile(`name="base" value="(\d+)"`).FindStringSubmatch(page.Text)[1], "title": "Less scrap", "question": "Where?", "sponsor": h.sven.Email, "manager": h.mona.Email, "answer_days": "30", "anonymity": level})
	}
	change("named").Status(303)
	alice.Post("/ideas", form).Status(422).See("no longer what you were shown", "At each station.", "Your name stands under the idea")
	change("hidden").Status(303)
	alice.Post("/ideas", form).Status(422).See("no longer what you were shown", "At each station.", "Nobody in Ruche sees your name")
	delete(form, "anonymity")
	alice.Post("/ideas", form).Status(422)
	if n := len(modelstest.Rows(t, h.Config.DatabaseURL)["ideas"]); n != 0 {
		t.Fatalf("%d ideas were published", n)
	}
	form["anonymity"] = "hidden"
	post(t, alice, form)
	change("named").Status(422).See("under the promise as it is")
	change("secret").Status(422)
	change("hidden").Status(303)
	token := h.Token(h.alice, models.ScopeWrite)
	document := `{"campaign":` + strconv.FormatInt(h.campaign.ID, 10) + `,"title":"By program","body":"Text"`
	header := http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}}
	alice.Do(http.MethodPost, "/api/v1/ideas", strings.NewReader(document+"}"), header).Status(422).See("body.anonymity")
	alice.Do(http.MethodPost, "/api/v1/ideas", strings.NewReader(document+`,"anonymity":"hidden"}`), header).Status(201).See(`"author":null`)
}

func TestWhoIsErasedTakesTheirHiddenIdeasWithThemWhereTextsGo(t *testing.T) {
	h := promising(t, models.HiddenAuthors)
	alice := h.As(h.alice)
	post(t, alice, h.hidden(alice))
	alice.Post("/ideas/1/comments", apptest.Form{"body": "Said without a name."}).Status(303)
	h.Tx(nil, func(tx *models.Tx) error {
		_, err := tx.RemoveContributions(h.alice.ID)
		return err
	})
	h.As(h.mona).Get("/ideas/1").Status(404)
	if places := modelstest.Find(t, h.Config.DatabaseURL, "At each station", "Said without a name"); len(places) > 0 {
		t.Errorf("texts are left: %v", places)
	}
}
