//go:build peers

package editor

import (
	"strings"
	"testing"

	"ruche/app/apptest/browser"
)

// area is the formatted text.
const area = ".editor-surface [contenteditable=true]"

// holds waits until the form would send this text.
func holds(t *testing.T, p *browser.Page, want string) {
	t.Helper()
	got := browser.Eval[string](p, `new Promise((resolve) => {
		const started = performance.now();
		const look = () => {
			const { value } = document.querySelector("textarea");
			if (value === `+quoted(want)+` || performance.now() - started > 3000) resolve(value);
			else setTimeout(look, 20);
		};
		look();
	})`)
	if got != want {
		t.Errorf("the form would send\n%s\n--- instead of\n%s", got, want)
	}
}

func TestToolsFormatWhatIsSelected(t *testing.T) {
	for _, c := range []struct{ tool, want string }{
		{"Gras", "**Des palettes**"},
		{"Italique", "*Des palettes*"},
		{"Code", "`Des palettes`"},
		{"Intertitre", "## Des palettes"},
		{"Liste à puces", "- Des palettes"},
		{"Liste numérotée", "1. Des palettes"},
		{"Citation", "> Des palettes"},
	} {
		t.Run(c.tool, func(t *testing.T) {
			p := newSite(t).open(t, "Des palettes", "")
			p.Click(area)
			p.Press("Control+a")
			p.Click("button=" + c.tool)
			holds(t, p, c.want)
			if got := p.Attr(`button[aria-label="`+c.tool+`"]`, "aria-pressed"); got != "true" {
				t.Errorf("the button says pressed=%s", got)
			}
			p.Click("button=" + c.tool)
			holds(t, p, "Des palettes")
		})
	}
}

func TestToolsFormatMarkdownToo(t *testing.T) {
	p := newSite(t).open(t, "Des palettes", "")
	p.Click("button=Markdown")
	p.Press("Control+a")
	p.Click("button=Gras")
	p.Click("button=Citation")
	holds(t, p, "> **Des palettes**")
	p.Press("Control+z", "Control+z")
	holds(t, p, "Des palettes")
	if p.Attr(`button[aria-label="Mentionner une personne"]`, "aria-disabled") != "true" {
		t.Error("people can be looked for where the list cannot be shown")
	}
}

func TestMarkdownCanBeTyped(t *testing.T) {
	p := newSite(t).open(t, "", "")
	p.Click("label=Votre idée")
	p.Type("## Ce que je propose")
	p.Press("Enter")
	p.Type("- Un **poste** de réparation")
	p.Press("Enter")
	p.Type("Un marquage")
	p.Press("Enter", "Enter")
	p.Type("1. Trier")
	p.Press("Enter", "Tab")
	p.Type("[ ] Réparer")
	p.Press("Enter", "Enter", "Enter", "Enter")
	p.Type("> Citer")
	p.Press("Shift+Enter")
	p.Type("deux lignes, 5 * 3 et un_mot")
	holds(t, p, "## Ce que je propose\n\n- Un **poste** de réparation\n- Un marquage\n\n1. Trier\n   - [ ] Réparer\n\n> Citer\n> deux lignes, 5 * 3 et un_mot")
}

func TestShortcutsFormat(t *testing.T) {
	p := newSite(t).open(t, "", "")
	p.Click(area)
	p.Press("Control+b")
	p.Type("gras")
	p.Press("Control+b", "Control+i")
	p.Type(" ital")
	p.Press("Control+i", "Enter", "Control+Shift+8")
	p.Type("puce")
	holds(t, p, "**gras** *ital*\n\n- puce")
	p.Press("Control+z", "Control+z", "Control+z", "Control+z", "Control+z", "Control+z")
	holds(t, p, "")
}

func TestUntouchedTextStaysLetterForLetter(t *testing.T) {
	const before = "Titre\n=====\n\n\n*  puce  étoile\n*  autre\n\n\n  retrait et _ital_ &eacute;  \nsuite __gras__\n***\n| a | b |\n|:-:|---|\n| 1 | 2 |\n\n"
	p := newSite(t).open(t, before+"Fin_\n", "")
	p.Click(area)
	p.Press("Control+End")
	p.Type(" !")
	holds(t, p, before+"Fin\\_ !\n")
	p.Press("Control+Home")
	p.Type("Le ")
	holds(t, p, "# Le Titre"+strings.TrimPrefix(before, "Titre\n=====")+"Fin\\_ !\n")
}

func TestEveryTextOpensUnchanged(t *testing.T) {
	s := newSite(t)
	p := s.open(t, "", "")
	for _, sample := range corpus(t) {
		browser.Eval[any](p, `{ const field = document.querySelector("textarea"); field.value = `+quoted(sample)+`; field.dispatchEvent(new Event("change")); }`)
		p.Click("button=Markdown")
		p.Click("button=Markdown")
		holds(t, p, sample)
	}
}

func TestTheMarkdownViewKeepsTextAndCaret(t *testing.T) {
	p := newSite(t).open(t, "Un **mot** puis\n\n- la suite", "")
	p.Click(area)
	p.Press("Control+Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
	p.Click("button=Markdown")
	p.Type("o")
	holds(t, p, "Un **moot** puis\n\n- la suite")
	p.Screenshot("editor-markdown")
	p.Press("Control+End")
	p.Type("\n- et fin")
	p.Click("button=Markdown")
	p.Type("!")
	holds(t, p, "Un **moot** puis\n\n- la suite\n- et fin!")
}

func TestATextThatCannotBeKeptStaysMarkdown(t *testing.T) {
	const reference = "Voir [la note][1].\n\n[1]: https://exemple.fr"
	p := newSite(t).open(t, reference, "")
	p.See("Ce texte reste en Markdown.")
	p.Click("textarea")
	p.Press("Control+Home")
	p.Type("Oui. ")
	p.Click("button=Markdown")
	p.See("Ce texte reste en Markdown.")
	holds(t, p, "Oui. "+reference)
	p.Fill("textarea", "Sans note.")
	p.Click("button=Markdown")
	p.Type("Bien. ")
	p.NotSee("Ce texte reste en Markdown.")
	if got := markdown(p); !strings.Contains(got, "Bien.") || p.Count("textarea[hidden]") != 1 {
		t.Errorf("the formatted view did not come back: %q", got)
	}
}

func TestLinksAreAskedForAndRefused(t *testing.T) {
	p := newSite(t).open(t, "Voir la page ici", "")
	p.Click(area)
	p.Press("Control+End", "Shift+Control+ArrowLeft", "Control+k")
	p.Type("javascript:alert(1)")
	p.Press("Enter")
	p.See("Cette adresse n’est pas valable.")
	p.Screenshot("editor-link")
	p.Fill("label=Adresse", "exemple.fr/a_b")
	p.Press("Enter")
	holds(t, p, "Voir la page [ici](https://exemple.fr/a_b)")
	p.Type(".")
	holds(t, p, "Voir la page [ici](https://exemple.fr/a_b).")
	p.Press("ArrowLeft", "ArrowLeft")
	p.Click("button=Lien")
	p.Click("button=Retirer le lien")
	holds(t, p, "Voir la page ici.")
	p.Press("Control+End")
	p.Click("button=Lien")
	p.Type("/ideas/7")
	p.Fill("label=Texte affiché", "Sept")
	p.Click("button=Valider")
	holds(t, p, "Voir la page ici.[Sept](/ideas/7)")
}

func TestTablesGrowWithTheKeyboard(t *testing.T) {
	p := newSite(t).open(t, "", "")
	p.Click(area)
	p.Click("button=Tableau")
	p.Type("Bride")
	p.Press("Tab")
	p.Type("N|m")
	p.Press("Enter")
	p.Type("45")
	p.Press("Enter", "Enter")
	p.Type("60")
	p.Screenshot("editor-table")
	p.Click("button=Supprimer la ligne")
	p.Click("button=Colonne à droite")
	p.Click("button=Supprimer la colonne")
	holds(t, p, "| Bride | N\\|m |  |\n| --- | --- | --- |\n|  | 45 |  |\n|  |  |  |")
	p.Click("button=Supprimer le tableau")
	p.Type("Rien")
	holds(t, p, "Rien")
}

func TestTasksAreTicked(t *testing.T) {
	p := newSite(t).open(t, "- [ ] à faire\n- [x] fait", "")
	p.Click(".editor-surface input")
	holds(t, p, "- [x] à faire\n- [x] fait")
}

func TestPastedPagesBecomePlainMarkdown(t *testing.T) {
	p := newSite(t).open(t, "", "")
	p.Click(area)
	browser.Eval[any](p, `{
		const data = new DataTransfer();
		data.setData("text/html", '<style>p{color:red}</style><h1 style="color:red">Titre</h1><p class=MsoNormal style="margin:0"><span style="font-weight:700">Gras</span> et <a href="javascript:alert(1)">lien</a> et <a href="'+location.origin+'/people/12">@Zoé</a><script>alert(1)<\/script></p><table><tr><td colspan=2><p>a</p><p>b</p></td></tr><tr><td>c</td><td>d</td></tr></table><img src="https://exemple.fr/x.png">');
		document.querySelector("`+area+`").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
	}`)
	p.See("Titre")
	p.Press("Control+End")
	p.Type("Fin")
	got := markdown(p)
	for _, want := range []string{"# Titre", "**Gras** et lien et [@Zoé](/people/12)", "| c | d |", "Fin"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	for _, unwanted := range []string{"style", "javascript", "alert", "exemple.fr"} {
		if strings.Contains(got, unwanted) {
			t.Errorf("%q is in\n%s", unwanted, got)
		}
	}
}

func TestPastedTextIsReadAsMarkdown(t *testing.T) {
	p := newSite(t).open(t, "Avant ", "")
	paste := func(text string) {
		browser.Eval[any](p, `{
			const data = new DataTransfer();
			data.setData("text/plain", `+quoted(text)+`);
			document.querySelector("`+area+`").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
		}`)
	}
	p.Click(area)
	p.Press("Control+End")
	paste(" un **mot** et 2 * 3")
	holds(t, p, "Avant un **mot** et 2 * 3")
	paste("\n\n- a\n- b")
	holds(t, p, "Avant un **mot** et 2 * 3\n\n- a\n- b")
	p.Press("Control+Home", "Control+Shift+ArrowRight")
	paste("https://exemple.fr/x")
	holds(t, p, "[Avant](https://exemple.fr/x) un **mot** et 2 * 3\n\n- a\n- b")
}
