//go:build peers

package chromium_test

import (
	"regexp"
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

var invitationLink = regexp.MustCompile(`https?://\S+/invitation\?\S+`)

// TestACustomerIsInvitedComesInAndContributes goes the whole way: the form, the letter, its link, the agreement of the
// space, and an idea.
func TestACustomerIsInvitedComesInAndContributes(t *testing.T) {
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option)
	mona := site.Person("Mona Petit", models.RoleManager)
	club := &models.Space{Slug: "club", Title: "Customers’ club", Description: "Where customers and the workshop think together.", Visibility: models.External}
	site.Tx(site.Actor(mona), func(tx *models.Tx) error { return tx.CreateSpace(club) })

	host := browser.Open(t, browser.Language("en"), browser.Cookies(site.URL, site.As(mona).Cookies()...))
	host.Allow("422 POST")
	host.Go(site.URL + "/spaces/club/agreement")
	host.Click("link=Write the agreement")
	host.Wait("markdown-editor[ready]")
	host.Click("button=Markdown")
	host.Fill("label=The text", "What you write here stays yours.")
	host.Click("button=Preview")
	host.See("0 people from outside will be asked")
	look(t, host, "agreement-preview")
	host.Click("button=Publish version 1")
	host.See("Version 1 is published")
	host.Go(site.URL + "/spaces/club")
	host.Click("link=Invitations")
	host.See("Nobody has been invited yet")
	host.Click("link=Invite someone")
	host.Fill("label=E-mail addresses", "karl, karl@customer.example")
	host.Fill("label=A personal word", "We would love to hear you.")
	host.Click("button=Send the invitations")
	host.See("This is not an e-mail address: karl")
	host.Axe()
	host.Screenshot("invitations-wrong")
	host.Fill("label=E-mail addresses", "karl@customer.example")
	host.Click("button=Send the invitations")
	host.See("1 invitation is on its way.")
	site.Settle()

	link := invitationLink.FindString(post.Letter("karl@customer.example").Text)
	for name, options := range dresses() {
		page := browser.Open(t, options...)
		page.Go(link)
		look(t, page, "invitation-"+name)
	}
	guest := browser.Open(t, browser.Phone, browser.Language("en"))
	guest.Go(link)
	guest.See("Mona Petit invites you")
	guest.Fill("label=Your name", "Karl Lang")
	guest.Fill("label=Your organisation", "Customer Ltd")
	guest.Click("button=Accept and enter")
	guest.See("Welcome.")
	guest.Go(site.URL + "/ideas/new")
	guest.Wait("markdown-editor[ready]")
	guest.Fill("label=Title", "Fewer boxes, please")
	guest.Click(".editor-surface .prose")
	guest.Type("Three of them for one screw.")
	guest.See("you will be asked to accept the agreement")
	guest.Click("button=Publish the idea")
	guest.See("What you write here stays yours.")
	look(t, guest, "agreement-asked")
	guest.Click("label=I have read version 1")
	guest.Click("button=Accept and go on")
	guest.Wait("markdown-editor[ready]")
	guest.See("Three of them for one screw.")
	guest.Click("button=Publish the idea")
	guest.See("Your idea is published.")
	guest.See("Fewer boxes, please")
	guest.Axe()

	site.As(mona).Post("/spaces/club/agreement", apptest.Form{"body": "What you write here becomes ours.", "base": "1", "publish": "1"}).Status(303)
	karl, err := site.DB.UserByEmail(t.Context(), "karl@customer.example")
	if err != nil {
		t.Fatal(err)
	}
	for name, options := range dresses() {
		page := browser.Open(t, append(options, browser.Cookies(site.URL, site.As(karl).Cookies()...))...)
		for shot, address := range map[string]string{"again": "/spaces/club/agreement", "note": "/ideas/new", "space": "/spaces/club"} {
			page.Go(site.URL + address)
			look(t, page, "agreement-"+shot+"-"+name)
		}
	}

	site.Tx(nil, func(tx *models.Tx) error {
		forgotten := &models.User{Name: "Eva Forgotten", Email: "eva@customer.example", Role: models.RoleExternal}
		return tx.CreateUser(forgotten)
	})
	cookies := browser.Cookies(site.URL, site.As(mona).Cookies()...)
	for name, options := range dresses() {
		page := browser.Open(t, append(options, cookies)...)
		for shot, address := range map[string]string{"list": "/invitations", "new": "/invitations/new", "guests": "/guests", "unanswered": "/guests?list=unanswered", "agreement": "/spaces/club/agreement", "write": "/spaces/club/agreement/edit", "versions": "/spaces/club/agreement/versions"} {
			page.Go(site.URL + address)
			look(t, page, "invitations-"+shot+"-"+name)
		}
	}
}

// dresses are the ways in which pages are looked at.
func dresses() map[string][]browser.Option {
	return map[string][]browser.Option{"light": {browser.Language("en")}, "dark": {browser.Dark, browser.Language("en")}, "phone": {browser.Viewport(360, 800), browser.Language("fr")}}
}

// look holds a page to what every page is held to, and keeps a picture of it.
func look(t *testing.T, page *browser.Page, name string) {
	t.Helper()
	page.Axe()
	page.Screenshot(name)
	if wide := browser.Eval[int](page, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
		t.Errorf("%s is %d pixels too wide", name, wide)
	}
}
