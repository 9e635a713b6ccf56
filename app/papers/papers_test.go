package papers_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// canteen is a house with a space that Paul runs, in which Rita writes on paper and Emma does not.
type canteen struct {
	*apptest.Site
	t                      *testing.T
	now                    time.Time
	paul, rita, emma, kurt *models.User
	works                  *models.Space
}

func open(t *testing.T, options ...apptest.Option) *canteen {
	t.Helper()
	h := &canteen{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	h.Site = apptest.Start(t, append(options, func(_ *app.Config, o *app.Options) { o.Clock = func() time.Time { return h.now } })...)
	h.paul, h.rita, h.emma = h.Person("Paul", models.RoleEmployee), h.Person("Rita", models.RoleEmployee), h.Person("Emma", models.RoleEmployee)
	h.kurt = h.Person("Kurt", models.RoleExternal)
	h.works = h.Space("works", models.Company, map[*models.User]models.SpaceRole{h.paul: models.SpaceManager})
	return h
}

// enter has Paul type an idea in, and returns its number.
func (h *canteen) enter(title, name string) (id string) {
	h.t.Helper()
	client := h.As(h.paul)
	client.Post("/spaces/works/papers", apptest.Form{"title": title, "body": "As the paper says.", "name": name, "once": title}).Status(http.StatusSeeOther)
	found := regexp.MustCompile(`name="idea" value="(\d+)"`).FindStringSubmatch(client.Get("/spaces/works/papers").Status(http.StatusOK).See(title).Text)
	if found == nil {
		h.t.Fatal("nothing waits for a slip")
	}
	return found[1]
}

var spaced = regexp.MustCompile(`[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}`)

// slip has Paul print the slip of an idea, and returns its code.
func (h *canteen) slip(id string) string {
	h.t.Helper()
	code := spaced.FindString(h.As(h.paul).Post("/spaces/works/papers/slips", apptest.Form{"idea": id}).Status(http.StatusOK).Text)
	if code == "" {
		h.t.Fatal("the slip has no code")
	}
	return code
}

func (h *canteen) claim(who *models.User, code string) *apptest.Answer {
	return h.As(who).Post("/claims", apptest.Form{"code": code})
}

func TestWhoeverWroteOnPaperBecomesTheAuthorByTheirSlip(t *testing.T) {
	h := open(t)
	id := h.enter("Hooks beside the press", "Rita, night shift")
	address := "/ideas/" + id + "-hooks-beside-the-press"
	h.As(h.emma).Get(address).Status(http.StatusOK).See("Written on paper by Rita, night shift, typed in by Paul", "Claim it", "On paper").NotSee(`>Author<`)
	h.As(h.paul).Get(address).Status(http.StatusOK).NotSee("Claim it")
	h.As(h.paul).Get("/ideas?mine=1").NotSee("Hooks beside the press")
	h.As(h.emma).Get("/ideas").See("Hooks beside the press", "On paper")
	h.As(h.emma).Get("/ideas/" + id + "/edit").Status(http.StatusForbidden)

	code := h.slip(id)
	h.As(h.paul).Get("/spaces/works/papers").See("Slip printed, serves until").NotSee(code)
	h.claim(h.rita, strings.ToLower(strings.ReplaceAll(code, "-", " "))).Status(http.StatusSeeOther)
	page := h.As(h.rita).Get(address).Status(http.StatusOK).See("Typed in from paper by Paul", "claimed by its author", ">Rita").NotSee("night shift", "On paper", "Claim it")
	page.See("Unfollow")
	h.As(h.rita).Get("/ideas?mine=1").See("Hooks beside the press")
	h.As(h.rita).Get("/ideas/" + id + "/edit").Status(http.StatusOK)
	h.As(h.emma).Get("/ideas/" + id + "/versions").See("Paul") // who typed it in stays named
	h.claim(h.emma, code).Status(http.StatusUnprocessableEntity).See("No idea waits for this code").NotSee("Hooks")
}

func TestACodeSaysNothingToWhomItIsNotFor(t *testing.T) {
	h := open(t)
	id := h.enter("Hooks beside the press", "")
	first := h.slip(id)
	code := h.slip(id) // the one before serves no more
	wrong := []string{first, "", "hello", strings.Repeat("A", 5000), "AAAA-AAAA-AAAA", code[:13], "\x00", "K7QF-3MXP-9TRW'--"}
	for _, text := range wrong {
		h.claim(h.emma, text).Status(http.StatusUnprocessableEntity).See("No idea waits for this code").NotSee("Hooks")
	}
	h.claim(h.kurt, code).Status(http.StatusUnprocessableEntity).See("No idea waits for this code").NotSee("Hooks", "works")
	h.Visitor().Post("/claims", apptest.Form{"code": code}).Status(http.StatusSeeOther) // to sign in
	h.claim(h.paul, code).Status(http.StatusUnprocessableEntity).See("you cannot claim it")
	h.now = h.now.Add(models.PaperCodeKept + time.Hour)
	h.claim(h.rita, code).Status(http.StatusUnprocessableEntity).See("No idea waits for this code")
	h.As(h.paul).Get("/spaces/works/papers").See("The slip ran out")
	code = h.slip(id)
	h.As(h.paul).Post("/ideas/"+id+"/withdrawal", nil).Status(http.StatusSeeOther)
	h.claim(h.rita, code).Status(http.StatusUnprocessableEntity)
	h.As(h.paul).Post("/ideas/"+id+"/restoration", nil).Status(http.StatusSeeOther)
	h.claim(h.rita, code).Status(http.StatusSeeOther)
}

func TestAPageOfSlipsThatIsLoadedAgainKeepsItsCodes(t *testing.T) {
	h := open(t)
	id := h.enter("Hooks beside the press", "Rita")
	once := regexp.MustCompile(`name="once" value="([^"]+)"`).FindStringSubmatch(h.As(h.paul).Get("/spaces/works/papers").Text)
	slip := func() string {
		t.Helper()
		page := h.As(h.paul).Post("/spaces/works/papers/slips", apptest.Form{"idea": id, "once": once[1]}).Status(http.StatusOK)
		return spaced.FindString(page.Text)
	}
	if first, again := slip(), slip(); first == "" || first != again {
		t.Errorf("the slip says %q, and then %q", first, again)
	}
	h.claim(h.rita, slip()).Status(http.StatusSeeOther)
}

func TestWhoIsErasedIsNotNamedByTheirPaper(t *testing.T) {
	h := open(t)
	id := h.enter("Hooks beside the press", "Rita, night shift")
	other := h.enter("Lights off", "Somebody else")
	h.claim(h.rita, h.slip(id)).Status(http.StatusSeeOther)
	for _, holding := range models.Holdings() {
		if holding.Table == "paper_ideas" {
			h.Tx(nil, func(tx *models.Tx) error {
				_, err := tx.EraseRows(&holding, h.rita.ID)
				return err
			})
		}
	}
	for _, paper := range []struct{ id, name string }{{id, ""}, {other, "Somebody else"}} {
		n, _ := strconv.ParseInt(paper.id, 10, 64)
		page, err := h.DB.IdeaPage(t.Context(), h.Actor(h.paul), n)
		if err != nil || page.Paper.Name != paper.name {
			t.Errorf("the paper of idea %s names %q, %v", paper.id, page.Paper.Name, err)
		}
	}
}

func TestGuessingCodesIsBounded(t *testing.T) {
	h := open(t, func(config *app.Config, _ *app.Options) { config.RateLimit = true })
	emma := h.As(h.emma)
	for range 40 {
		if emma.Post("/claims", apptest.Form{"code": "AAAA-AAAA-AAAA"}).StatusCode == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("forty wrong codes and no end")
}

func TestAnIdeaClaimedWronglyIsGivenBack(t *testing.T) {
	h := open(t)
	id := h.enter("Hooks beside the press", "Rita")
	code := h.slip(id)
	h.claim(h.emma, code).Status(http.StatusSeeOther)
	h.As(h.emma).Post("/ideas/"+id+"/claim/removal", nil).Status(http.StatusForbidden)
	h.As(h.kurt).Post("/ideas/"+id+"/claim/removal", nil).Status(http.StatusNotFound)
	h.As(h.paul).Get("/spaces/works/papers").See("Claimed by Emma", "Give back")
	h.As(h.paul).Post("/spaces/works/papers/slips", apptest.Form{"idea": id}).Status(http.StatusUnprocessableEntity).See("Choose at least one")
	h.As(h.paul).Post("/ideas/"+id+"/claim/removal", nil).Status(http.StatusSeeOther)
	h.As(h.paul).Post("/ideas/"+id+"/claim/removal", nil).Status(http.StatusConflict)
	h.As(h.emma).Get("/ideas/" + id + "-hooks-beside-the-press").See("Written on paper by Rita")
	h.As(h.emma).Get("/ideas/" + id + "/edit").Status(http.StatusForbidden)
	h.claim(h.emma, code).Status(http.StatusUnprocessableEntity)
	h.claim(h.rita, h.slip(id)).Status(http.StatusSeeOther)
	h.As(h.rita).Get("/ideas/" + id + "/edit").Status(http.StatusOK)
}

func TestWhoTypesIn(t *testing.T) {
	h := open(t)
	moderator := h.Person("Mo", models.RoleEmployee)
	h.Space("club", models.External, map[*models.User]models.SpaceRole{moderator: models.SpaceModerator, h.kurt: models.SpaceManager})
	h.As(h.emma).Get("/spaces/works/papers").Status(http.StatusForbidden)
	h.As(h.emma).Post("/spaces/works/papers", apptest.Form{"title": "A", "body": "B"}).Status(http.StatusForbidden)
	h.As(h.kurt).Get("/spaces/works/papers").Status(http.StatusNotFound)
	h.As(h.kurt).Get("/spaces/club/papers/new").Status(http.StatusForbidden) // who writes for others is of the company
	mo := h.As(moderator)
	mo.Get("/spaces/club").See("/spaces/club/papers")
	form := apptest.Form{"title": "From the workshop", "body": "Said aloud.", "once": "o", "next": "1"}
	for range 2 { // a double click
		mo.Post("/spaces/club/papers", form).Status(http.StatusSeeOther)
	}
	form["title"] = "Another"
	mo.Post("/spaces/club/papers", form).Status(http.StatusConflict).See("sent before")
	mo.Post("/spaces/club/papers", apptest.Form{"title": "", "body": " ", "name": strings.Repeat("é", 101), "tags": strings.Repeat("x", 99)}).Status(http.StatusUnprocessableEntity).See(`id="title-error"`, `id="body-error"`, `id="name-error"`, `id="tags-error"`)
	if listed := mo.Get("/spaces/club/papers").Text; strings.Count(listed, `name="idea"`) != 1 {
		t.Error("the form made more than one idea")
	}
	mo.Get("/spaces/club/papers?campaign=x").Status(http.StatusNotFound)
	mo.Post("/spaces/club/papers/slips", apptest.Form{"idea": "987654"}).Status(http.StatusUnprocessableEntity)
	mo.Post("/spaces/club/papers/slips", nil).Status(http.StatusUnprocessableEntity).See("Choose at least one")
}
