package imports_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
	"ruche/models/modelstest"
)

func (h *house) call(user *models.User, scope models.Scope, method, path string, body io.Reader, kind string) *apptest.Answer {
	return h.Visitor().Do(method, "/api/v1/imports"+path, body, http.Header{"Authorization": {"Bearer " + h.Token(user, scope)}, "Content-Type": {kind}})
}

// posted sends a file as a program does.
func (h *house) posted(user *models.User, scope models.Scope, content string, fields map[string]string) *apptest.Answer {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			h.t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", "ideas.csv")
	if err == nil {
		_, err = io.WriteString(part, content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return h.call(user, scope, http.MethodPost, "", &body, form.FormDataContentType())
}

func TestAProgramImportsChecksMendsAndUndoes(t *testing.T) {
	h := start(t)
	table := "id;title;text;stage\n1;Weigh the scrap;At each station.;decided\n2;Lights off;In the evening.;no stage\n"
	works := map[string]string{"space": "works"}
	h.posted(h.paul, models.ScopeWrite, table, works).Status(http.StatusForbidden)
	h.posted(h.emma, models.ScopeManage, table, works).Status(http.StatusForbidden)
	h.posted(h.paul, models.ScopeManage, table, map[string]string{"space": "club"}).Status(http.StatusNotFound)
	h.posted(h.paul, models.ScopeManage, table, map[string]string{"campaign": "99"}).Status(http.StatusNotFound)
	h.posted(h.paul, models.ScopeManage, "", works).Status(http.StatusUnprocessableEntity)
	sent := h.posted(h.paul, models.ScopeManage, table, works).Status(http.StatusCreated).See(`"state":"mapping"`, `"title":1`)
	var run struct{ ID int64 }
	if err := json.Unmarshal([]byte(sent.Text), &run); err != nil {
		t.Fatal(err)
	}
	at := fmt.Sprintf("/%d", run.ID)
	do := func(method, path, body string) *apptest.Answer {
		return h.call(h.paul, models.ScopeManage, method, at+path, strings.NewReader(body), "application/json")
	}
	h.call(h.emma, models.ScopeManage, http.MethodGet, at, nil, "").Status(http.StatusNotFound)
	do(http.MethodPost, "/run", "").Status(http.StatusConflict)
	do(http.MethodPut, "/mapping", `{"fields":{"text":1},"authors":"named","stages":{}}`).Status(http.StatusUnprocessableEntity)
	do(http.MethodPut, "/mapping", `{"fields":{"id":0,"title":1,"body":2,"stage":3},"authors":"named","stages":{}}`).Status(http.StatusAccepted).See(`"state":"working"`)
	h.Settle()
	do(http.MethodGet, "", "").See(`"state":"broken"`, `"broken":1`)
	do(http.MethodPost, "/run", "").Status(http.StatusConflict)
	do(http.MethodGet, "/problems", "").Status(http.StatusOK).See("This is no stage", "Lights off").NotSee("Weigh the scrap")
	do(http.MethodPut, "/mapping", `{"fields":{"id":0,"title":1,"body":2},"authors":"named","stages":{}}`).Status(http.StatusAccepted)
	h.Settle()
	do(http.MethodGet, "/problems", "").Status(http.StatusNotFound)
	do(http.MethodPost, "/run", "").Status(http.StatusAccepted)
	h.Settle()
	do(http.MethodGet, "", "").See(`"state":"imported"`, `"made":2`)
	h.As(h.paul).Get("/ideas").See("Weigh the scrap", "Lights off")
	do(http.MethodDelete, "", "").Status(http.StatusConflict)
	do(http.MethodPost, "/undo", "").Status(http.StatusAccepted)
	h.Settle()
	do(http.MethodGet, "", "").See(`"state":"undone"`)
	h.As(h.paul).Get("/ideas").NotSee("Weigh the scrap")
	h.call(h.paul, models.ScopeManage, http.MethodGet, "", nil, "").See(`"undone":2`)
}

func TestRowsNameTheirCampaignAndStage(t *testing.T) {
	h := start(t)
	campaigns := []*models.Campaign{{SpaceID: h.works.ID, Kind: models.Channel, Title: "Less scrap", ManagerID: &h.paul.ID}, {SpaceID: h.works.ID, Kind: models.Channel, Title: "Hidden here", ManagerID: &h.paul.ID}, {SpaceID: h.club.ID, Kind: models.Channel, Title: "Elsewhere"}}
	for _, campaign := range campaigns {
		h.Tx(nil, func(tx *models.Tx) error { return tx.ImportCampaign(campaign) })
	}
	modelstest.Exec(t, h.Config.DatabaseURL, fmt.Sprintf("UPDATE campaigns SET anonymity = 'hidden' WHERE id = %d", campaigns[1].ID))
	paul := h.As(h.paul)
	staged := func(content string) (address string, page *apptest.Answer) {
		t.Helper()
		address = h.send(paul, "plan.csv", content, nil).Status(http.StatusSeeOther).Header.Get("Location")
		chosen := form(paul.Get(address).See("Campaign", "Stage"))
		chosen["field-stage"], chosen["field-state"] = chosen["field-state"], ""
		paul.Post(address, chosen).Status(http.StatusSeeOther)
		h.Settle()
		return address, paul.Get(address)
	}
	_, page := staged("titre;texte;campagne;étape\nUn;a;Elsewhere;\nDeux;b;  LESS scrap ;en attente\nTrois;c;Hidden here;\nQuatre;d;99;\n")
	page.See("No campaign of this space", "This is no stage").NotSee(`/run"`)
	address, _ := staged("title;text;summary;campaign;stage\nOne;a long text;Short and good;less SCRAP;Retenue\nTwo;b;;" + fmt.Sprint(campaigns[0].ID) + ";implemented\nThree;c;;;\n")
	paul.Post(address+"/run", nil).Status(http.StatusSeeOther)
	h.Settle()
	paul.Get(fmt.Sprintf("/ideas?campaign=%d", campaigns[0].ID)).See("One", "Two", "Short and good", "Selected").NotSee("Three")
	if counted, err := h.DB.Campaign(t.Context(), h.Actor(h.paul), campaigns[0].ID); err != nil || counted.IdeaCount != 2 {
		t.Errorf("the campaign counts %d ideas, %v", counted.IdeaCount, err)
	}
	address, _ = h.checked(paul, "plan.csv", "title;text\nFour;d\n", apptest.Form{"place": fmt.Sprintf("campaign:%d", campaigns[0].ID)})
	paul.Get(address).NotSee("field-campaign") // all go into the one
}
