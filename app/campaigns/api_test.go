package campaigns_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

// program calls the API with someone's token and decodes the answer into out, if there is one.
func (h *house) program(t *testing.T, user *models.User, scope models.Scope) func(method, path, body string, out any, headers ...string) *apptest.Answer {
	t.Helper()
	client, token := h.Visitor(), h.Token(user, scope)
	return func(method, path, body string, out any, headers ...string) *apptest.Answer {
		t.Helper()
		header := http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}}
		for i := 0; i < len(headers); i += 2 {
			header.Set(headers[i], headers[i+1])
		}
		answer := client.Do(method, "/api/v1"+path, strings.NewReader(body), header)
		if out != nil {
			if err := json.Unmarshal([]byte(answer.Text), out); err != nil {
				t.Fatalf("%s %s: %v\n%s", method, path, err, answer.Text)
			}
		}
		return answer
	}
}

const begun = `{"space": "plant", "title": "Less scrap", "question": "Where?", "body": "Because of *the bin*.", "manager": "mona@example.test", "answer_days": 30, "stages": [
	{"kind": "gather", "starts_at": "2026-12-03T00:00:00+01:00"}, {"kind": "refine", "starts_at": "2026-12-09T23:00:00Z", "posting": true, "max_days": 5, "answerer": "sophie@example.test"},
	{"kind": "closed", "starts_at": "2026-12-19T23:00:00Z"}]}`

func TestAProgramRunsACampaign(t *testing.T) {
	h := open(t)
	lena, paul := h.program(t, h.lena, models.ScopeManage), h.program(t, h.paul, models.ScopeManage)
	var campaign struct {
		ID              int
		Version         int
		State, Stage    string
		Lacks           []string
		Manager         struct{ Name string }
		Sponsor         *struct{ Name string }
		Paused          bool
		PauseReason     string `json:"pause_reason"`
		Question, Title string
		Stages          []struct {
			Kind     string
			StartsAt string `json:"starts_at"`
			Posting  bool
			MaxDays  int `json:"max_days"`
			Answerer *struct{ Name string }
		}
	}
	lena("POST", "/campaigns", begun, &campaign, "Idempotency-Key", "one").Status(http.StatusCreated)
	if campaign.State != "draft" || campaign.Manager.Name != "Mona" || strings.Join(campaign.Lacks, " ") != "sponsor" || len(campaign.Stages) != 3 ||
		campaign.Stages[0].StartsAt != "2026-12-02T23:00:00Z" || !campaign.Stages[1].Posting || campaign.Stages[1].MaxDays != 5 || campaign.Stages[1].Answerer.Name != "Sophie" {
		t.Errorf("the campaign is %+v", campaign)
	}
	id := campaign.ID
	lena("POST", "/campaigns", begun, &campaign, "Idempotency-Key", "one").Status(http.StatusCreated)
	if campaign.ID != id {
		t.Errorf("the same request made campaign %d", campaign.ID)
	}
	paul("GET", "/campaigns/1", "", nil).Status(404)
	lena("PUT", "/campaigns/1/publication", "", nil).Status(422).See("which sponsor owns the need")
	tag := lena("GET", "/campaigns/1", "", nil).Status(200).Header.Get("ETag")
	lena("PATCH", "/campaigns/1", `{"sponsor": "sophie@example.test"}`, &campaign, "If-Match", tag).Status(200)
	lena("PATCH", "/campaigns/1", `{"title": "Another"}`, nil, "If-Match", tag).Status(http.StatusPreconditionFailed)
	if campaign.Sponsor == nil || campaign.Question != "Where?" || campaign.Title != "Less scrap" || len(campaign.Lacks) != 0 {
		t.Errorf("changed it is %+v", campaign)
	}
	lena("PUT", "/campaigns/1/publication", "", nil).Status(200)
	lena("PUT", "/campaigns/1/publication", "", nil).Status(200)
	paul("GET", "/campaigns?state=coming&space=plant", "", nil).Status(200).See("Less scrap")
	lena("PUT", "/campaigns/1/stages", `{"kind": "channel", "stages": [{"kind": "gather", "starts_at": "2026-11-30T23:00:00Z"}, {"kind": "closed", "starts_at": "2026-12-19T23:00:00Z"}]}`, &campaign).Status(200)
	if campaign.State != "open" || campaign.Stage != "gather" || len(campaign.Stages) != 2 { // published it stays a campaign
		t.Errorf("arranged it is %+v", campaign)
	}
	lena("PUT", "/campaigns/1/pause", `{"reason": "Stocktaking"}`, nil).Status(200)
	paul("GET", "/campaigns/1", "", &campaign).Status(200).NotSee("@example.test")
	if !campaign.Paused || campaign.PauseReason != "Stocktaking" {
		t.Errorf("paused it is %+v", campaign)
	}
	lena("DELETE", "/campaigns/1/pause", "", &campaign).Status(200)
	if campaign.Paused {
		t.Error("it is still paused")
	}
}

func TestAProgramMayWhatItsPersonMayAndIsToldWhatIsWrong(t *testing.T) {
	h := open(t)
	h.asked(t)
	h.Space("cellar", models.Restricted, nil)
	lena, paul, narrow := h.program(t, h.lena, models.ScopeManage), h.program(t, h.paul, models.ScopeManage), h.program(t, h.lena, models.ScopeWrite)
	for _, one := range [][2]string{{"PATCH /campaigns/1", `{"title": "Mine"}`}, {"PUT /campaigns/1/stages", `{"stages": []}`}, {"PUT /campaigns/1/publication", ""}, {"PUT /campaigns/1/pause", `{"reason": "Mine"}`}, {"DELETE /campaigns/1/pause", ""}} {
		method, path, _ := strings.Cut(one[0], " ")
		paul(method, path, one[1], nil).Status(403)
		narrow(method, path, one[1], nil).Status(403).See("does not carry that far")
	}
	paul("POST", "/campaigns", begun, nil).Status(403)
	lena("POST", "/campaigns", strings.Replace(begun, "plant", "cellar", 1), nil).Status(404)
	lena("GET", "/campaigns?space=cellar", "", nil).Status(404)
	paul("GET", "/campaigns?state=draft", "", nil).Status(200).See(`"items":[]`)
	lena("GET", "/campaigns?cursor=x", "", nil).Status(422).See("query.cursor")
	for says, body := range map[string]string{
		"body.stages[1].starts_at": strings.Replace(begun, "2026-12-09", "2026-12-01", 1),
		"body.stages[2].starts_at": strings.Replace(begun, "2026-12-19T", "9026-12-19T", 1),
		"body.stages[1].max_days":  strings.Replace(begun, `"max_days": 5`, `"max_days": 5000000000`, 1),
		"body.stages[1].answerer":  strings.Replace(begun, "sophie@", "nobody@", 1),
		"body.manager":             strings.Replace(begun, "mona@", "nobody@", 1),
		"body.answer_days":         strings.Replace(begun, "30", "-1", 1),
		"body.stages":              strings.Replace(begun, `"closed"`, `"party"`, 1),
		"body.kind":                strings.Replace(begun, `"answer_days"`, `"kind": "party", "answer_days"`, 1),
		"body.title":               strings.Replace(begun, "Less scrap", `\u0000`, 1),
	} {
		lena("POST", "/campaigns", body, nil).Status(422).See(says)
	}
	lena("GET", "/campaigns/1", "", nil).Status(200).See("Less scrap")
	lena("GET", "/campaigns/2", "", nil).Status(404)
}
