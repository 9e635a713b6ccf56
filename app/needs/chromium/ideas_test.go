//go:build peers

package chromium_test

import (
	"strings"
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// company is a site with two colleagues and their space.
func company(t *testing.T) (site *apptest.Site, alice, bob *models.User) {
	t.Helper()
	site = apptest.Start(t)
	alice, bob = site.Person("Alice", models.RoleEmployee), site.Person("Bob", models.RoleEmployee)
	site.Space("ateliers", models.Company, nil)
	site.Settle()
	return site, alice, bob
}

// sits opens a browser in which a person is signed in.
func sits(t *testing.T, site *apptest.Site, person *models.User, options ...browser.Option) *browser.Page {
	t.Helper()
	return browser.Open(t, append(options, browser.Cookies(site.URL, site.As(person).Cookies()...))...)
}

// proposed publishes an idea as a person would, and returns its address.
func proposed(t *testing.T, site *apptest.Site, person *models.User, title, body string) string {
	t.Helper()
	form := apptest.Form{"space": "ateliers", "title": title, "body": body, "tags": "energy"}
	return site.As(person).Post("/ideas", form).Status(303).Header.Get("Location")
}

func TestAnIdeaIsWrittenWithTheEditor(t *testing.T) {
	site, alice, _ := company(t)
	page := sits(t, site, alice)
	page.Go(site.URL + "/ideas/new")
	page.Wait("markdown-editor[ready]")
	page.Fill("label=Title", "Weigh the scrap at each station")
	page.Click(".editor-surface .prose")
	page.Press("Control+b")
	page.Type("Fourteen kilos")
	page.Press("Control+b")
	page.Type(" at each change of colour.")
	page.Fill("label=Themes", "scrap, colour")
	page.Axe()
	page.Screenshot("new-idea")
	page.Click("button=Publish the idea")

	page.See("Your idea is published.")
	page.See("Weigh the scrap at each station")
	if bold := page.Text(".prose strong"); bold != "Fourteen kilos" {
		t.Errorf("in bold stands %q", bold)
	}
	page.See("0 messages")
	page.Axe()
	page.Dark(true)
	page.Axe()
	page.Screenshot("idea-dark")
	if left := browser.Eval[string](page, "Object.keys(localStorage).filter((key) => key.startsWith('ruche:draft')).join()"); left != "" {
		t.Errorf("the browser keeps a draft of what was sent: %s", left)
	}
}

func TestAnIdeaIsWrittenWithoutScripts(t *testing.T) {
	site, alice, bob := company(t)
	page := sits(t, site, alice, browser.WithoutScripts)
	page.Go(site.URL + "/ideas")
	page.Click("link=Write the first idea")
	page.Fill("label=Title", "Weigh the scrap")
	page.Fill("label=Text", "")
	page.Click("button=Publish the idea")
	page.Allow("422")
	page.See("Something still needs your attention")
	page.Fill("label=Text", "Because **it** helps.")
	page.Wait("label=Pictures and files optional")
	page.Click("button=Preview")
	page.Wait("text=helps.")
	page.Click("button=Publish the idea")
	page.See("Your idea is published.")

	reader := sits(t, site, bob, browser.WithoutScripts)
	reader.Go(site.URL + "/ideas")
	reader.Click("link=Weigh the scrap")
	reader.Click(".rail-lead button")
	reader.See("You support this idea")
	reader.Fill("label=Your message", "How heavy is it?")
	reader.Click("button=Send")
	reader.See("Your message is sent.")

	page.Go(site.URL + "/ideas/1")
	page.Click("link=Reply to Bob")
	page.Fill("label=Your answer", "Fourteen kilos.")
	page.Click("button=Answer")
	page.See("Fourteen kilos.")
	page.See("2 messages")
}

func TestSupportIsShownInPlace(t *testing.T) {
	site, alice, bob := company(t)
	proposed(t, site, alice, "Weigh the scrap", "Because it helps.")
	page := sits(t, site, bob)
	page.Go(site.URL + "/ideas")
	browser.Eval[any](page, "window.stayed = true")
	page.Click(".support-box")
	page.Wait(`.support-box[aria-pressed="true"]`)
	if count := page.Text(".support-box b"); count != "1" {
		t.Errorf("the count is %s", count)
	}
	if !browser.Eval[bool](page, "window.stayed === true") {
		t.Error("the page was left")
	}
	page.Axe()

	page.Gone("support-toggle[busy]")
	page.Reload()
	page.Wait(`.support-box[aria-pressed="true"]`)
	page.NotSee("You support") // no toast for what was seen happening

	page.Go(site.URL + "/ideas/1")
	page.Wait(`.rail-lead .support-button[aria-pressed="true"]`)
	page.Click(".rail-lead .support-button")
	page.Wait(`.rail-lead .support-button[aria-pressed="false"]`)
	page.Gone("support-toggle[busy]")
	page.Reload()
	page.Wait(`.rail-lead .support-button[aria-pressed="false"]`)
	page.NotSee("You no longer support")
}

func TestOneAnswersUnderTheMessage(t *testing.T) {
	site, alice, bob := company(t)
	path := proposed(t, site, alice, "Weigh the scrap", "Because it helps.")
	site.As(bob).Post("/ideas/1/comments", apptest.Form{"body": "How heavy is it?"}).Status(303)

	page := sits(t, site, alice)
	page.Go(site.URL + path)
	page.Click("link=Reply to Bob")
	page.Wait(`draft-keeper[data-answer="1"] markdown-editor[ready]`)
	if focus := page.Focused(); !strings.Contains(focus, "contenteditable") && !strings.Contains(focus, "textarea") {
		t.Errorf("the focus is on %s", focus)
	}
	page.Axe()
	page.Click(`draft-keeper[data-answer="1"] [data-cancel]`)
	page.Gone(`draft-keeper[data-answer="1"]`)
	page.Click("link=Reply to Bob")
	page.Wait(`draft-keeper[data-answer="1"] markdown-editor[ready]`)
	page.Type("Fourteen kilos.")
	page.Click(`draft-keeper[data-answer="1"] button[type=submit]`)
	page.See("Your message is sent.")
	page.Wait(".replies .post")
	if text := page.Text(".replies .prose"); text != "Fourteen kilos." {
		t.Errorf("the answer is %q", text)
	}
	page.Gone(`draft-keeper[data-answer="1"]`) // it has done its work

	page.Click("label=Your message")
	page.Wait(".compose .editor-surface")
	page.Type("One more thing.")
	page.Click("button=Send")
	page.See("3 messages")
	page.Wait("text=One more thing.")
	if left := page.Value("#body"); left != "" {
		t.Errorf("the form still holds %q", left)
	}
	page.Axe()
	page.Screenshot("idea-discussed")
}

func TestADraftSurvivesAReload(t *testing.T) {
	site, alice, _ := company(t)
	page := sits(t, site, alice)
	page.Go(site.URL + "/ideas/new")
	page.Wait("markdown-editor[ready]")
	page.Fill("label=Title", "Half a thought")
	page.Click(".editor-surface .prose")
	page.Type("Not finished yet.")
	page.See("Draft saved at")
	page.Reload()
	page.Wait("markdown-editor[ready]")
	if title := page.Value("label=Title"); title != "Half a thought" {
		t.Errorf("the title is %q after the reload", title)
	}
	page.See("Not finished yet.")

	// And on another device.
	other := sits(t, site, alice, browser.Phone)
	other.Go(site.URL + "/ideas/new")
	other.Wait("markdown-editor[ready]")
	other.See("Not finished yet.")
	other.Axe()
	other.Screenshot("new-idea-phone")
}

func TestNearIdeasComeWhileOneTypes(t *testing.T) {
	site, alice, bob := company(t)
	for _, title := range []string{"Repair wooden pallets with the workshop", "Quieter canteen", "Fewer badges", "Longer hoses", "Cleaner showers", "One phone book"} {
		proposed(t, site, alice, title, "Because it helps.")
	}
	site.Settle()
	page := sits(t, site, bob)
	page.Go(site.URL + "/ideas/new")
	page.Fill("label=Title", "Repair the wooden pallets")
	page.See("1 similar idea")
	page.Click("near-ideas .support-button")
	page.Wait(`near-ideas .support-button[aria-pressed="true"]`)
	if title := page.Value("label=Title"); title != "Repair the wooden pallets" {
		t.Errorf("the title became %q", title)
	}
	page.Axe()
	page.Screenshot("new-idea-near")
	page.Click("button=Not the same")
	page.NotSee("1 similar idea")
}

func TestListsAreSound(t *testing.T) {
	site, alice, _ := company(t)
	page := sits(t, site, alice, browser.Language("fr"))
	page.Go(site.URL + "/ideas")
	page.Wait("link=Écrire la première idée")
	page.Axe()
	page.Screenshot("ideas-empty")
	for _, title := range []string{"Peser les rebuts par poste", "Prêter des exosquelettes", "Afficher le coût matière"} {
		proposed(t, site, alice, title, "Trois balances suffisent pour savoir où part la matière, au gramme près.")
	}
	page.Go(site.URL + "/ideas")
	page.Axe()
	page.Click("text=Toutes les étapes")
	page.Wait("link=Évaluation")
	page.Axe()
	page.Press("Escape")
	page.Dark(true)
	page.Axe()
	page.Screenshot("ideas-dark")

	phone := sits(t, site, alice, browser.Phone, browser.Language("fr"))
	phone.Go(site.URL + "/ideas")
	phone.Click("text=Toutes les étapes")
	phone.Click("link=Proposée")
	phone.WaitURL("stage=proposed")
	phone.See("Peser les rebuts par poste")
	phone.Axe()
	phone.Screenshot("ideas-phone")
}

// The browser complains of what nobody catches, and the test with it.
func TestLeavingTheFormWhileSimilarIdeasComeIsNoError(t *testing.T) {
	site, alice, _ := company(t)
	page := sits(t, site, alice)
	page.Go(site.URL + "/ideas/new")
	browser.Eval[bool](page, `((window.fetch = async (url, { signal }) => {
		document.body.dataset.asked = "";
		return new Response(new ReadableStream({ start: (body) => signal.addEventListener("abort", () => body.error(signal.reason)) }));
	}), true)`)
	page.Fill("label=Title", "Weigh the scrap")
	page.Wait("body[data-asked]")
	browser.Eval[bool](page, `(document.querySelector("near-ideas").remove(), true)`)
	page.Gone("near-ideas")
}

// Whether a morph meets the old form or puts the new one beside it is Turbo's affair and changes with time: here it meets it.
func TestAFormThatWasSentGivesWayToTheOneThatComesBack(t *testing.T) {
	site, alice, _ := company(t)
	path := proposed(t, site, alice, "Weigh the scrap", "One two three.")
	page := sits(t, site, alice)
	page.Go(site.URL + path)
	page.Click(`summary[aria-label="More actions"]`)
	page.Click("link=Edit")
	page.Wait("markdown-editor[ready]")
	page.Fill("label=Title", "Weigh all the scrap")
	const meet = `(sent) => {
		const keeper = document.querySelector("draft-keeper"), comes = keeper.cloneNode(true);
		comes.setAttribute("returned", "");
		comes.querySelector("[name=base]").setAttribute("value", "7");
		keeper.sent = sent;
		keeper.dispatchEvent(new CustomEvent("turbo:before-morph-element", { bubbles: true, cancelable: true, detail: { currentElement: keeper, newElement: comes } }));
	}`
	browser.Eval[any](page, "("+meet+")(false)")
	if base := page.Value("[name=base]"); base != "1" {
		t.Errorf("a form that is being filled in stands on version %s, want 1", base)
	}
	browser.Eval[any](page, "("+meet+")(true)")
	if base := page.Value("[name=base]"); base != "7" {
		t.Errorf("the form that came back stands on version %s, want 7", base)
	}
}

func TestTwoEditorsSeeEachOther(t *testing.T) {
	site, alice, _ := company(t)
	carla := site.Person("Carla", models.RoleModerator)
	path := proposed(t, site, alice, "Weigh the scrap", "One two three.")
	page := sits(t, site, alice)
	page.Go(site.URL + path)
	page.Click(`summary[aria-label="More actions"]`)
	page.Click("link=Edit")
	page.Wait("markdown-editor[ready]")
	site.As(carla).Post("/ideas/1", apptest.Form{"title": "Weigh the scrap", "body": "One two four.", "base": "1"}).Status(303)
	page.Click(".editor-surface .prose")
	page.Press("Control+End")
	page.Type(" And mine.")
	page.Allow("409")
	page.Click("button=Save")
	page.See("Someone saved another text while you were writing")
	page.See("One two three. And mine.")
	page.Axe()
	page.Screenshot("idea-conflict")
	page.Click("button=Save")
	page.See("New version saved.")
	page.See("version 3")
	page.Click("link=version 3")
	page.Click("link=Version 3")
	page.Wait("ins")
	page.Axe()
	page.Screenshot("idea-version")
}
