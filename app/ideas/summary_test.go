package ideas_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ruche/models"
)

func TestAnAuthorsSummaryStandsWhereTheBeginningOfTheTextStood(t *testing.T) {
	h := openSurvey(t)
	form := h.proposal("summary", "  One scale\nper station. ")
	h.send(h.alice, "/ideas", form).Status(303)
	path := "/ideas/1-weigh-the-scrap"
	h.As(h.bob).Get(path).See(`<p class="idea-summary" lang`, "One scale per station.", `<meta name="description" content="One scale per station."`)
	h.As(h.bob).Get("/ideas").See("One scale per station.").NotSee("At each station.")
	h.Settle()
	h.As(h.bob).Get("/search?q=scale").See("Weigh the scrap")
	h.send(h.alice, "/ideas", h.proposal("summary", strings.Repeat("é", 301), "title", "x")).Status(422).See("at most 300 characters", `href="#summary"`)
	edit := url.Values{"title": {"Weigh the scrap"}, "body": {"At each station."}, "base": {"1"}, "summary": {"Two scales."}}
	h.send(h.alice, "/ideas/1", edit).Status(303)
	h.As(h.bob).Get("/ideas/1/versions/2").See("Summary", "<ins>Two scales</ins>")
	h.As(h.bob).Get("/ideas/1/versions/1").See("One scale per station.")
	draft(h.As(h.alice), "idea/1", `{"title":"Weigh the scrap","body":"At each station.","base":"2","summary":"Three, begun"}`).Status(200)
	h.As(h.alice).Get("/ideas/1/edit").See("Three, begun")

	h.As(h.bob).Get("/ideas/1/amendments/new").See(">Two scales.</textarea>")
	h.send(h.bob, "/ideas/1/amendments", url.Values{"title": {"Weigh the scrap"}, "summary": {"Four scales."}, "body": {"At each station."}, "base": {"2"}, "reason": {"More"}}).Status(303)
	h.As(h.alice).Get("/ideas/1/amendments/1").See("<ins>Four</ins>")
	h.send(h.alice, "/ideas/1/amendments/1/decision", url.Values{"decision": {"accept"}, "seen": {"2"}}).Status(303)
	h.As(h.bob).Get("/ideas").See("Four scales.")
	edit.Set("base", "3")
	edit.Del("summary")
	h.send(h.alice, "/ideas/1", edit).Status(303)
	h.As(h.bob).Get("/ideas").See("At each station.").NotSee("Four scales.")
}

func TestACampaignCanAskForASummary(t *testing.T) {
	h := openSurvey(t)
	h.propose()
	h.send(h.bob, "/campaigns/1/form/summary", url.Values{"asked": {"1"}}).Status(403)
	h.send(h.mona, "/campaigns/1/form/summary", url.Values{"asked": {"1"}}).Status(303)
	h.As(h.mona).Get("/campaigns/1/form").See(`name="asked" value="1" checked`)
	h.send(h.alice, "/ideas", h.proposal("asked", "1")).Status(422).See("Write a summary")
	h.send(h.alice, "/ideas", h.proposal("summary", "Short.")).Status(303)
	// Who has written none before it was asked need not do so now.
	h.send(h.alice, "/ideas/1", url.Values{"title": {"Weigh it"}, "body": {"At each station."}, "base": {"1"}}).Status(303)
	h.send(h.alice, "/ideas/2", url.Values{"title": {"Weigh it too"}, "body": {"At each station."}, "base": {"1"}}).Status(422).See("Write a summary")
	header := http.Header{"Authorization": {"Bearer " + h.Token(h.alice, models.ScopeWrite)}, "Content-Type": {"application/json"}}
	h.Visitor().Do("POST", "/api/v1/ideas", strings.NewReader(`{"campaign":1,"title":"Weigh","body":"Here."}`), header).Status(422).See("body.summary")
	h.Visitor().Do("POST", "/api/v1/ideas", strings.NewReader(`{"campaign":1,"title":"Weigh","summary":"In short.","body":"Here."}`), header).Status(201).See(`"summary":"In short."`, `"summary_written":true`)
	h.Visitor().Do("PATCH", "/api/v1/ideas/3", strings.NewReader(`{"summary":""}`), header).Status(422)
	h.Visitor().Do("PATCH", "/api/v1/ideas/3", strings.NewReader(`{"body":"There."}`), header).Status(200).See(`"summary":"In short."`)
}
