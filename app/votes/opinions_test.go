package votes_test

import (
	"net/http"
	"strings"
	"testing"

	"ruche/app/votes"
	"ruche/models"
)

func TestOpinionGroupsAreFoundAmongTheBallots(t *testing.T) {
	h := open(t)
	h.rule("method", "for_against", "opinions", "1")
	says := func(people []*models.User, first, second string) {
		for _, person := range people {
			h.As(person).Post(campaign+"/ballot", form("idea_1", first, "idea_2", second, "idea_3", "1")).Status(http.StatusSeeOther)
		}
	}
	lyon, metz := h.voters(7, "Press", "Lyon"), h.voters(6, "Press", "Metz")
	says(lyon, "1", "-1")
	says(metz, "-1", "1")
	says(h.voters(2, "Board", "Brest"), "1", "1") // who say the same of everything
	h.As(lyon[0]).Get(campaign + "/results").Status(http.StatusOK).NotSee("Groups of opinion")
	h.closed()
	h.As(lyon[0]).Get(campaign+"/results").Status(http.StatusOK).See("make 2 groups of opinion", "They stand clearly apart", "Group A", "7 people", "Group B", "6 people",
		"2 who said the same of all", "What most people think", "What the groups have in common").NotSee("Group C", "Metz")
	document := h.As(h.mona).Get(campaign+"/results.json").Status(http.StatusOK).See(`"opinions": {`, `"silhouette_millionths"`).Text
	again, err := votes.Recount(t.Context(), h.DB, 1, nil)
	if err != nil || !strings.Contains(document, strings.TrimSpace(string(again))) {
		t.Errorf("counted again the result differs: %v\n%s\n%s", err, again, document)
	}
	if before, _, _ := strings.Cut(document, `"opinions"`); !strings.Contains(document, `"consensus": [
      {
        "idea": 3,`) || strings.Contains(before, `"silhouette`) {
		t.Errorf("all groups agree with idea 3 first of all, and the result is %s", document)
	}
	bearer := http.Header{"Authorization": {"Bearer " + h.Token(h.mona, models.ScopeRead)}}
	h.Visitor().Do(http.MethodGet, "/api/v1"+campaign+"/results", nil, bearer).Status(http.StatusOK).See(`"opinions":{"people":13`, `"said_the_same_of_all":2`)
}

func TestVotesThatOnlyChooseHaveNoOpinionGroups(t *testing.T) {
	h := open(t)
	h.rule("method", "approval", "opinions", "1")
	for _, person := range h.voters(12, "Press", "Lyon") {
		choose(h, person, 0, int(person.ID%3)+1).Status(http.StatusSeeOther)
	}
	h.closed()
	h.As(h.mona).Get(campaign + "/results").Status(http.StatusOK).NotSee("Groups of opinion")
	h.As(h.mona).Get(campaign + "/results.json").Status(http.StatusOK).NotSee("opinions")
}
