package layout

import (
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"ruche/views/i18n"
)

// camille reads her home page in French.
func camille() Page {
	return Page{
		L: i18n.For("fr"), Company: "Vaucelles", Title: "Accueil", Section: "home", Path: "/",
		Person: &Person{ID: 7, Name: "Camille Ferrand"}, Spaces: []SpaceLink{{ID: 2, Slug: "lyon", Title: "Lyon"}},
		Unread: 2, Contributes: true, Now: time.Date(2026, 12, 3, 14, 32, 0, 0, time.UTC),
	}
}

func page(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	ctx := templ.WithChildren(context.Background(), templ.Raw("<h1>Titre</h1>"))
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func expect(t *testing.T, page string, there []string, absent []string) {
	t.Helper()
	for _, want := range there {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, unwanted := range absent {
		if strings.Contains(page, unwanted) {
			t.Errorf("%q is shown", unwanted)
		}
	}
}

func TestEmployeesFindTheirPlaces(t *testing.T) {
	expect(t, page(t, Shell(camille(), nil)),
		[]string{`lang="fr"`, "<title>Accueil · Vaucelles</title>", `href="/ideas/new"`, `href="/spaces/lyon"`, `href="/notifications"`,
			`action="/sign-out"`, "<h1>Titre</h1>", `href="#main"`, "Camille Ferrand"},
		[]string{`href="/audit"`, `href="/sign-in"`, `href="/spaces/new"`, "<aside"})
}

func TestVisitorsAreOfferedToSignIn(t *testing.T) {
	p := camille()
	p.Person, p.Spaces, p.Contributes = nil, nil, false
	expect(t, page(t, Shell(p, nil)),
		[]string{`href="/sign-in"`, `action="/preferences"`},
		[]string{`href="/ideas/new"`, `href="/notifications"`, `action="/sign-out"`, "<live-counter", `href="/account"`})
}

func TestOnlyThoseWhoReadTheAuditLogAreShownIt(t *testing.T) {
	p := camille()
	p.Animates = true
	expect(t, page(t, Shell(p, nil)), []string{`href="/spaces/new"`}, []string{`href="/audit"`})
	p.ReadsAudit = true
	expect(t, page(t, Shell(p, nil)), []string{`href="/audit"`}, nil)
}

func TestTheCurrentPlaceIsSaid(t *testing.T) {
	p := camille()
	current := regexp.MustCompile(`<a href="(/[a-z]*)" aria-current="page">`)
	if got := current.FindStringSubmatch(page(t, Shell(p, nil))); len(got) != 2 || got[1] != "/" {
		t.Errorf("the current page is %v", got)
	}
	p.Section, p.Path = "ideas", "/ideas/7-purge"
	expect(t, page(t, Shell(p, nil)), []string{`<a href="/ideas" aria-current="true">`}, []string{`aria-current="page"`})
}

func TestTheBadgeShowsOnlyWhenSomethingIsUnread(t *testing.T) {
	p := camille()
	expect(t, page(t, Shell(p, nil)), []string{`<span class="badge">`}, nil)
	p.Unread = 0
	expect(t, page(t, Shell(p, nil)), []string{`<span class="badge" hidden>`}, nil)
}

func TestTheThemeAndTheLanguageAreTheReaders(t *testing.T) {
	p := camille()
	p.L, p.Theme = i18n.For("en"), "dark"
	shown := page(t, Shell(p, nil))
	expect(t, shown, []string{`<html lang="en" data-theme="dark">`, "Sign out everywhere"}, nil)
	if got := strings.Count(shown, `aria-pressed="true"`); got != 2 {
		t.Errorf("%d preferences are marked as chosen, want the language and the theme", got)
	}
}

func TestAToastMayBeUndone(t *testing.T) {
	p := camille()
	p.Toast = &Toast{Text: "Idée <retirée>", UndoAction: "/ideas/7/restoration"}
	expect(t, page(t, Shell(p, nil)), []string{"Idée &lt;retirée&gt;", `action="/ideas/7/restoration"`, "Annuler", `role="status"`}, nil)
}

func TestTheReaderIsToldWhenSearchIsBeingRebuilt(t *testing.T) {
	p := camille()
	p.Rebuilding = true
	expect(t, page(t, Shell(p, nil)), []string{"en cours de reconstruction"}, nil)
}

func TestBarePagesHaveNoNavigation(t *testing.T) {
	expect(t, page(t, Bare(camille())), []string{"<h1>Titre</h1>", `id="main"`}, []string{"<nav", "<header", "<command-palette"})
}

func TestTheFrameBringsNoInlineStyleOrScriptAndLeavesNoKeyUntranslated(t *testing.T) {
	inline := regexp.MustCompile(`(?i)\sstyle=|<style|<script(?: type="module")?>|\son[a-z]+=|javascript:`)
	key := regexp.MustCompile(`\b(nav|layout|parts|palette|shortcuts|time|stage)\.[a-z_.]+`)
	for _, lang := range i18n.Languages {
		p := camille()
		p.L, p.ReadsAudit, p.Animates, p.Rebuilding = i18n.For(lang), true, true, true
		shown := page(t, Shell(p, templ.Raw("rail")))
		if found := inline.FindString(shown); found != "" {
			t.Errorf("the %s frame has %q", lang, found)
		}
		if found := key.FindString(shown); found != "" {
			t.Errorf("the %s frame shows the key %q", lang, found)
		}
	}
}

func TestEveryIDIsThereOnce(t *testing.T) {
	p := camille()
	p.ReadsAudit = true
	seen := map[string]bool{}
	for _, id := range regexp.MustCompile(`\sid="([^"]+)"`).FindAllStringSubmatch(page(t, Shell(p, nil)), -1) {
		if seen[id[1]] {
			t.Errorf("two elements have the id %q", id[1])
		}
		seen[id[1]] = true
	}
}

func BenchmarkShell(b *testing.B) {
	p := camille()
	b.ReportAllocs()
	for b.Loop() {
		if err := Shell(p, nil).Render(context.Background(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
