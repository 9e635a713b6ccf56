package parts

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"ruche/models"
	"ruche/views/i18n"
)

var now = time.Date(2026, 12, 3, 14, 32, 0, 0, time.UTC)

func rendered(t testing.TB, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func contains(t *testing.T, page string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(page, w) {
			t.Errorf("%q is missing in %s", w, page)
		}
	}
}

func camille() IdeaRow {
	return IdeaRow{
		ID: 7, URL: "/ideas/7-purge", Title: "Récupérer la purge <des extrudeuses>", Summary: "Près de la moitié est propre.", Lang: "fr",
		SpaceTitle: "Lyon", SpaceSlug: "lyon", AuthorID: 7, AuthorName: "Camille Ferrand", At: now.Add(-2 * time.Hour),
		Supports: 1234, Comments: 31, Supported: true, CanSupport: true, Stage: "evaluated", SupportURL: "/ideas/7/supports",
	}
}

func TestInitialsAreThoseOfTheFirstAndTheLastName(t *testing.T) {
	for name, want := range map[string]string{
		"Camille Ferrand": "CF", "Jean-Luc de La Tour": "JT", "Zoé": "Z", "étienne d’Alembert": "ÉD", "": "?", "😀": "?", "  \t": "?",
	} {
		if got := Initials(name); got != want {
			t.Errorf("%q has %q, want %q", name, got, want)
		}
	}
}

func TestEveryIDHasOneOfTheHuesOfTheSheet(t *testing.T) {
	seen := map[string]bool{}
	for id := int64(-30); id < 200; id++ {
		seen[hue(id)] = true
	}
	if len(seen) != 24 || !seen["0"] || !seen["23"] {
		t.Errorf("the hues are %v", seen)
	}
}

func TestMatchesAreMarkedAndTheRestIsEscaped(t *testing.T) {
	got := rendered(t, Highlight("l’<été> à Lyon", []Span{{0, 1}, {5, 10}, {6, 8}, {90, 99}, {-1, 2}}))
	if want := "<mark>l</mark>’&lt;<mark>été</mark>&gt; à Lyon"; got != strings.Replace(want, "’&lt;<mark>été", "’&lt;<mark>été", 1) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestARowShowsTheIdeaAndEscapesIt(t *testing.T) {
	page := rendered(t, IdeaList(i18n.For("fr"), now, []IdeaRow{camille()}))
	contains(t, page, `href="/ideas/7-purge"`, "&lt;des extrudeuses&gt;", "1\u202f234", `aria-pressed="true"`, "31 messages",
		"il y a 2\u202fh", `title="3 décembre 2026, 13:32"`, "Évaluation", `action="/ideas/7/supports"`, "<h2")
	nested := camille()
	nested.Nested, nested.CanSupport, nested.AuthorRole, nested.Lang = true, false, models.RoleExternal, "en"
	page = rendered(t, IdeaList(i18n.For("fr"), now, []IdeaRow{nested}))
	contains(t, page, "<h3", "Externe", `title="Écrit en anglais"`)
	if strings.Contains(page, "<form") {
		t.Error("who may not support is offered to")
	}
}

func TestTheTimelineSaysInWordsWhereTheIdeaStands(t *testing.T) {
	fr := i18n.For("fr")
	page := rendered(t, StageTimeline(fr, "refined", []Step{{"proposed", "12 nov."}, {"refined", "depuis 2 jours"}}))
	contains(t, page, "12 nov.", "depuis 2 jours", `aria-current="step"`)
	for words, want := range map[string]int{"étape terminée": 2, "étape en cours": 1, "étape à venir": 3} {
		if got := strings.Count(page, words); got != want {
			t.Errorf("%q is said %d times, want %d", words, got, want)
		}
	}
	declined := rendered(t, StageTimeline(fr, "declined", nil))
	if strings.Contains(declined, "Réalisation") || !strings.Contains(declined, "Non retenue") {
		t.Error("a declined idea still seems to be on its way")
	}
	if carried := rendered(t, StageTimeline(fr, "implemented", nil)); strings.Count(carried, "étape terminée") != 6 {
		t.Error("an idea that was carried out has stages left")
	}
}

func TestAFieldTiesItsLabelItsErrorAndItsHint(t *testing.T) {
	page := rendered(t, Field(i18n.For("en"), Input{Name: "end", Label: "End", Value: `"><script>`, Error: "Choose a later day.", Hint: "A day.", Required: true, MaxLength: 10}))
	contains(t, page, `<label for="end">`, `id="end"`, `aria-invalid="true"`, `aria-describedby="end-error end-hint"`,
		`id="end-error"`, `id="end-hint"`, "&#34;&gt;&lt;script&gt;", "required", `maxlength="10"`)
	if plain := rendered(t, Field(i18n.For("en"), Input{Name: "end", Label: "End"})); strings.Contains(plain, "aria-") {
		t.Errorf("a plain field points to nothing: %s", plain)
	}
}

func TestNoPartBringsStyleOrScriptOfItsOwn(t *testing.T) {
	l := i18n.For("fr")
	for name, c := range map[string]templ.Component{
		"row": IdeaList(l, now, []IdeaRow{camille()}), "avatar": Avatar(3, "A B", 32), "timeline": StageTimeline(l, "decided", nil),
		"ask":  ConfirmDialog(l, Ask{Trigger: "Retirer", Title: "Retirer ?", Text: "…", Action: "/x", Yes: "Retirer"}),
		"post": PostItem(l, now, &Post{ID: 1, AuthorName: "A", HTML: "<p>b</p>"}, nil), "progress": ProgressBar("a", 1, 2),
		"support": SupportButton(l, Support{URL: "/x", Supported: true}), "pager": Pager(l, "/n", "/s"),
	} {
		if found := regexp.MustCompile(`(?i)\sstyle=|<script|<style|\son\w+=|javascript:`).FindString(rendered(t, c)); found != "" {
			t.Errorf("%s brings %q, which the content security policy refuses", name, found)
		}
	}
}

func TestALinkDoesNotRunCode(t *testing.T) {
	page := rendered(t, templ.Join(LinkRows([]LinkRow{{URL: "/a?b=1&c=2", Title: "a"}}), MenuLink("/b", "link", "b")))
	contains(t, page, `href="/a?b=1&amp;c=2"`, `href="/b"`)
}

// Every icon that a page names must be in the sprite: a wrong name shows nothing, silently.
func TestEveryIconIsInTheSprite(t *testing.T) {
	root := filepath.Join("..", "..")
	sprite, err := os.ReadFile(filepath.Join(root, "static", "img", "icons.svg"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\bIcon\("([a-z0-9-]+)"|\bPillIcon\("[a-z]*", "([a-z0-9-]+)"|Icon: +"([a-z0-9-]+)"|Menu(?:Link|Button)\([^"]*"[^"]*", (?:"[^"]*", "[^"]*", )?"([a-z0-9-]+)"`)
	err = filepath.WalkDir(filepath.Join(root, "views"), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".templ" {
			return err
		}
		source, err := os.ReadFile(name)
		for _, m := range named.FindAllStringSubmatch(string(source), -1) {
			if icon := m[1] + m[2] + m[3] + m[4]; !strings.Contains(string(sprite), `<symbol id="`+icon+`"`) {
				t.Errorf("%s shows %q, which is not in the sprite", name, icon)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func BenchmarkThirtyRows(b *testing.B) {
	rows := make([]IdeaRow, 30)
	for i := range rows {
		rows[i] = camille()
	}
	l := i18n.For("fr")
	b.ReportAllocs()
	for b.Loop() {
		if err := IdeaList(l, now, rows).Render(context.Background(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
