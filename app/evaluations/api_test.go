package evaluations_test

import (
	"net/http"
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestAProgramEvaluatesAsItsPersonMay(t *testing.T) {
	h := open(t)
	idea := h.idea(h.paul, "Weigh the bins")
	h.evaluated(t, h.ada, h.ben)
	ask := func(who *models.User, method, path, body string) *apptest.Answer {
		return h.Visitor().Do(method, "/api/v1"+path, strings.NewReader(body), http.Header{"Authorization": {"Bearer " + h.Token(who, models.ScopeWrite)}, "Content-Type": {"application/json"}})
	}
	said := `{"version": 1, "submit": true, "note": "The bins pay for themselves.", "scores": [{"criterion": 1, "score": 5}, {"criterion": 2, "score": null}]}`
	ask(h.ada, http.MethodGet, "/evaluations", "").Status(200).See(`"title":"Weigh the bins"`, `"next":null`)
	ask(h.ada, http.MethodPut, path(idea), strings.Replace(said, "5", "6", 1)).Status(http.StatusUnprocessableEntity)
	ask(h.ada, http.MethodPut, path(idea), strings.Replace(said, "true", "false", 1)).Status(200).See(`"state":"assigned"`, `"together":null`)
	ask(h.ada, http.MethodPut, path(idea), said).Status(200).See(`"state":"submitted"`, `"people":1,"mean":1,`)
	ask(h.ben, http.MethodGet, path(idea), "").Status(200).See(`"together":null`, `"name_fr":"Valeur"`).NotSee("themselves", "Paul", "Ada")
	ask(h.lena, http.MethodGet, h.base+"/evaluations", "").Status(200).See(`"place":1`, `"mean":1,`)
	for _, user := range []*models.User{h.paul, h.mona, h.hr, h.auditor} {
		ask(user, http.MethodGet, path(idea), "").Status(http.StatusNotFound)
		ask(user, http.MethodPut, path(idea), said).Status(http.StatusNotFound)
		ask(user, http.MethodGet, h.base+"/evaluations", "").NotSee("bins")
		ask(user, http.MethodGet, "/evaluations", "").Status(200).NotSee("bins")
	}
}
