//go:build peers

package chromium_test

import (
	"regexp"
	"testing"

	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

var registrationLink = regexp.MustCompile(`https?://\S+/registration\?\S+`)

// TestAStrangerRegistersAndIsLetIn goes the whole way: the space is opened, a stranger asks and proves their address, somebody of
// the company decides, and the stranger signs in.
func TestAStrangerRegistersAndIsLetIn(t *testing.T) {
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option)
	mona := site.Person("Mona Petit", models.RoleManager)
	club := &models.Space{Slug: "club", Title: "Customers’ club", Description: "Where customers and the workshop think together.", Visibility: models.External}
	site.Tx(site.Actor(mona), func(tx *models.Tx) error { return tx.CreateSpace(club) })

	host := browser.Open(t, browser.Language("en"), browser.Cookies(site.URL, site.As(mona).Cookies()...))
	host.Allow("422 POST")
	host.Go(site.URL + "/spaces/club")
	host.Click("link=Open registration")
	look(t, host, "registrations-closed")
	host.Click("button=Open it")
	host.See("The space is open to registration.")

	for name, options := range dresses() {
		page := browser.Open(t, options...)
		page.Allow("422 POST")
		page.Go(site.URL + "/spaces/club/registration")
		look(t, page, "registration-"+name)
		page.Go(site.URL + "/join")
		look(t, page, "join-"+name)
	}
	guest := browser.Open(t, browser.Phone, browser.Language("en"))
	guest.Allow("422 POST")
	guest.Go(site.URL + "/spaces/club/registration")
	guest.Fill("label=Your name", "Karl Lang")
	guest.Fill("label=E-mail address", "karl@customer.example")
	guest.Fill("label=Your organisation", "Customer Ltd")
	guest.Fill("label=Why you would like to take part", "We build the other half of your machine, and our people have ideas about both.")
	guest.Click("button=Ask to take part")
	guest.See("Your request is passed on when you have confirmed it.")
	look(t, guest, "registration-sent")
	site.Settle()
	guest.Go(registrationLink.FindString(post.Letter("karl@customer.example").Text))
	guest.See("We build the other half")
	look(t, guest, "registration-confirm")
	guest.Click("button=Confirm and pass on")
	guest.See("Your request is passed on")
	look(t, guest, "registration-waits")

	for name, options := range dresses() {
		page := browser.Open(t, append(options, browser.Cookies(site.URL, site.As(mona).Cookies()...))...)
		page.Go(site.URL + "/spaces/club/registrations")
		look(t, page, "registrations-"+name)
		page.Go(site.URL + "/spaces/club/links")
		look(t, page, "links-"+name)
	}
	host.Go(site.URL + "/notifications")
	host.Click("link=People from outside ask to take part")
	host.See("Karl Lang")
	host.Click("button=Let in Karl Lang")
	host.See("Karl Lang is in, and is told by mail.")
	host.Go(site.URL + "/spaces/club/members")
	host.See("Invited by Mona Petit")
	site.Settle()

	letter := post.Letter("karl@customer.example")
	guest.Go(regexp.MustCompile(`https?://\S+/sign-in\?\S+`).FindString(letter.Text))
	guest.Fill("label=E-mail address", "karl@customer.example")
	guest.Click("button=Send me a link")
	guest.See("Look in your mailbox")
	site.Settle()
	guest.Go(regexp.MustCompile(`https?://\S+/sign-in/link\?\S+`).FindString(post.Letter("karl@customer.example").Text))
	guest.Click("button=Sign in")
	guest.See("Customers’ club")
	guest.See("Your role here")
}
