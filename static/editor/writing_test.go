//go:build peers

package editor

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

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

// rewrite lets the textarea hold another text, as a restored draft does.
func rewrite(p *browser.Page, text string) {
	browser.Eval[any](p, `{ const field = document.querySelector("textarea"); field.value = `+quoted(text)+`; field.dispatchEvent(new Event("change")); }`)
}

func TestToolsFormatWhatIsSelected(t *testing.T) {
	p := newSite(t).open(t, "", "")
	for _, c := range []struct{ tool, want string }{
		{"Gras", "**Des palettes**"},
		{"Italique", "*Des palettes*"},
		{"Code", "`Des palettes`"},
		{"Intertitre", "## Des palettes"},
		{"Liste à puces", "- Des palettes"},
		{"Liste numérotée", "1. Des palettes"},
		{"Citation", "> Des palettes"},
	} {
		rewrite(p, "Des palettes")
		p.Click("text=Votre idée")
		p.Press("Control+a")
		p.Click("button=" + c.tool)
		holds(t, p, c.want)
		if got := p.Attr(`button[aria-label="`+c.tool+`"]`, "aria-pressed"); got != "true" {
			t.Errorf("the button %q says pressed=%s", c.tool, got)
		}
		p.Click("button=" + c.tool)
		holds(t, p, "Des palettes")
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
	enter(p, 1)
	p.Type("- Un **poste** de réparation")
	enter(p, 1)
	p.Type("Un marquage")
	enter(p, 2)
	p.Type("1. Trier")
	enter(p, 1)
	p.Press("Tab")
	p.Type("[ ] Réparer")
	enter(p, 4)
	p.Type("> Citer")
	enter(p, 1, chromedp.ModifierShift)
	p.Type("deux lignes, 5 * 3 et un_mot")
	holds(t, p, "## Ce que je propose\n\n- Un **poste** de réparation\n- Un marquage\n\n1. Trier\n   1. [ ] Réparer\n\n> Citer\n> deux lignes, 5 * 3 et un_mot")
}

func TestShortcutsFormat(t *testing.T) {
	p := newSite(t).open(t, "", "")
	p.Click(area)
	p.Press("Control+b")
	p.Type("gras")
	p.Press("Control+b", "Control+i")
	p.Type(" ital")
	p.Press("Control+i")
	enter(p, 1)
	p.Press("Control+Shift+8")
	p.Type("puce")
	holds(t, p, "**gras** *ital*\n\n- puce")
	p.Press("Control+z", "Control+z", "Control+z", "Control+z", "Control+z", "Control+z")
	holds(t, p, "")
}

func TestUntouchedTextStaysLetterForLetter(t *testing.T) {
	const before = "Titre\n=====\n\n\n*  puce  étoile\n*  autre\n\n\n  retrait et _ital_ &eacute;  \nsuite __gras__\n***\n| a | b |\n|:-:|---|\n| 1 | 2 |\n\n"
	p := newSite(t).open(t, before+"Fin_\n", "")
	p.Click(area)
	move(p, "Control+End")
	p.Type(" !")
	holds(t, p, before+"Fin\\_ !\n")
	move(p, "Control+Home")
	p.Type("Le ")
	holds(t, p, "# Le Titre"+strings.TrimPrefix(before, "Titre\n=====")+"Fin\\_ !\n")
}

func TestEveryTextOpensUnchanged(t *testing.T) {
	s := newSite(t)
	p := s.open(t, "", "")
	for _, sample := range corpus(t) {
		rewrite(p, sample)
		p.Click("button=Markdown")
		p.Click("button=Markdown")
		holds(t, p, sample)
	}
}

func TestTheMarkdownViewKeepsTextAndCaret(t *testing.T) {
	p := newSite(t).open(t, "Un **mot** puis\n\n- la suite", "")
	p.Click(area)
	move(p, "Control+Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
	p.Click("button=Markdown")
	p.Type("o")
	holds(t, p, "Un **moot** puis\n\n- la suite")
	p.Screenshot("editor-markdown")
	move(p, "Control+End")
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
	move(p, "Control+Home")
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
	p := newSite(t).open(t, "ici", "")
	p.Click("text=Votre idée")
	p.Press("Control+a", "Control+k")
	p.Type("javascript:alert(1)")
	enter(p, 1)
	p.See("Cette adresse n’est pas valable.")
	p.Screenshot("editor-link")
	p.Fill("label=Adresse", "exemple.fr/a_b")
	enter(p, 1)
	holds(t, p, "[ici](https://exemple.fr/a_b)")
	p.Type(".")
	holds(t, p, "[ici](https://exemple.fr/a_b).")
	p.Press("Control+a")
	p.Click("button=Lien")
	p.Click("button=Retirer le lien")
	holds(t, p, "ici.")
	move(p, "End")
	p.Click("button=Lien")
	p.Type("/ideas/7")
	p.Fill("label=Texte affiché", "Sept")
	p.Click("button=Valider")
	holds(t, p, "ici.[Sept](/ideas/7)")
}

func TestTablesGrowWithTheKeyboard(t *testing.T) {
	p := newSite(t).open(t, "", "")
	p.Click(area)
	p.Click("button=Tableau")
	p.Type("Bride")
	p.Press("Tab")
	p.Type("N|m")
	enter(p, 1)
	p.Type("45")
	enter(p, 2)
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
	move(p, "Control+End")
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
	move(p, "Control+End")
	paste(" un **mot** et 2 * 3")
	holds(t, p, "Avant un **mot** et 2 * 3")
	paste("\n\n- a\n- b")
	holds(t, p, "Avant un **mot** et 2 * 3\n\n- a\n- b")
	move(p, "Control+Home", "Control+Shift+ArrowRight")
	paste("https://exemple.fr/x")
	holds(t, p, "[Avant](https://exemple.fr/x) un **mot** et 2 * 3\n\n- a\n- b")
}

func TestRemarksAreSetApart(t *testing.T) {
	p := newSite(t).open(t, "Le four est à 190 °C.", "")
	p.Click(area)
	p.Click("button=Encadré")
	holds(t, p, "> [!NOTE]\n> Le four est à 190 °C.")
	p.Click("button=Attention")
	holds(t, p, "> [!WARNING]\n> Le four est à 190 °C.")
	if got := p.Attr(`button[aria-label="Encadré"]`, "aria-pressed"); got != "true" {
		t.Errorf("the tool says pressed=%s", got)
	}
	p.Screenshot("editor-callout")
	p.Click("button=Retirer l’encadré")
	holds(t, p, "Le four est à 190 °C.")
	rewrite(p, "")
	p.Click(area)
	p.Type("[!tip] Peser à froid")
	holds(t, p, "> [!TIP]\n> Peser à froid")
}

func TestAParagraphBeginsAnythingWithASlash(t *testing.T) {
	p := newSite(t).open(t, "", "")
	p.Click(area)
	p.Type("/dang")
	p.Wait("[role=option]")
	enter(p, 1)
	p.Type("Haute tension")
	holds(t, p, "> [!CAUTION]\n> Haute tension")
	rewrite(p, "")
	p.Click(area)
	p.Type("/taches")
	p.Wait("[role=option]")
	enter(p, 1)
	p.Type("Appeler")
	holds(t, p, "- [ ] Appeler")
	rewrite(p, "")
	p.Click(area)
	p.Type("/ou rien du tout")
	holds(t, p, "/ou rien du tout")
}
