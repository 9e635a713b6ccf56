//go:build peers

package chromium_test

import (
	"fmt"
	"testing"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

func TestALinkSignsInWithAndWithoutScripts(t *testing.T) {
	site := apptest.Start(t)
	for _, scripts := range []bool{true, false} {
		mona := site.Person(map[bool]string{true: "Mona Lefèvre", false: "Karl Lefèvre"}[scripts], models.RoleEmployee)
		page := open(t, scripts, browser.Wide)
		page.Go(site.URL + "/spaces/new")
		page.See("Entrer")
		page.Axe()
		page.Go(site.URL + "/sign-in/link?next=/account&token=" + site.LoginToken(mona))
		page.See("Lefèvre")
		page.Axe()
		page.Screenshot("sign-in-link")
		page.Click("button=Entrer")
		page.See("Mon compte")
		page.Click("button=English")
		page.See("My account")
		page.Click("button=Sign out here")
		page.See("You are signed out")
	}
}

func TestASpentLinkSaysWhatToDo(t *testing.T) {
	site := apptest.Start(t)
	page := open(t, true, browser.Phone)
	page.Allow("410")
	page.Go(site.URL + "/sign-in/link?token=spent")
	page.See("Ce lien ne sert plus")
	page.Axe()
	page.Screenshot("sign-in-spent-phone")
}

func TestTheProviderSignsInWithAndWithoutScripts(t *testing.T) {
	peer, site := (*apptest.OIDC)(nil), (*apptest.Site)(nil)
	site = apptest.Start(t, func(config *app.Config, _ *app.Options) {
		peer = apptest.OIDCPeer(t, []string{config.BaseURL + "/sign-in/oidc/callback"}, apptest.OIDCUser{Sub: "mona", Name: "Mona Lefèvre", Email: "mona@example.test", EmailVerified: new(true)})
		config.OIDCIssuer, config.OIDCClientID, config.OIDCClientSecret, config.Company = peer.Issuer, peer.ClientID, peer.ClientSecret, "Vaucelles Industries"
	})
	for _, scripts := range []bool{true, false} {
		page := open(t, scripts, browser.Wide)
		page.Allow("favicon.ico") // of the provider
		page.Go(site.URL + "/sign-in?next=/account")
		page.Click("link=Continuer avec mon compte")
		page.Fill("label=Account", "mona")
		page.Click("button=Sign in")
		page.See("Mon compte")
		page.See("Mona Lefèvre")
	}
	for name, options := range map[string][]browser.Option{
		"light": {browser.Viewport(1280, 900)}, "dark": {browser.Viewport(1280, 900), browser.Dark}, "phone": {browser.Phone}, "phone-dark": {browser.Phone, browser.Dark},
	} {
		page := open(t, true, options...)
		page.Go(site.URL + "/sign-in")
		page.See("Entrer")
		page.Axe()
		page.Screenshot("sign-in-" + name)
	}
}

func TestTheAccountPageMakesAndRevokesTokens(t *testing.T) {
	site := apptest.Start(t)
	mona := site.Person("Mona Lefèvre", models.RoleEmployee)
	for name, options := range map[string][]browser.Option{"light": {browser.Wide}, "dark": {browser.Wide, browser.Dark}, "phone": {browser.Phone}} {
		page := open(t, true, append(options, browser.Cookies(site.URL, site.As(mona).Cookies()...))...)
		page.Go(site.URL + "/account")
		page.Axe()
		page.Fill("label=Nouveau jeton, pour quel programme", "Rapport mensuel "+name)
		page.Click("button=Créer le jeton")
		page.See("ne sera plus montré")
		page.Axe()
		page.Screenshot("account-" + name)
		page.Click("button=Révoquer")
		page.See("sera refusé dès maintenant")
		page.Axe()
		page.Screenshot("account-revoke-" + name)
		page.Click("dialog .button.danger")
		page.See("Le jeton est révoqué")
		page.NotSee("Rapport mensuel " + name)
	}
}

func TestPeopleAndTheAuditLogAreReadable(t *testing.T) {
	site := apptest.Start(t)
	olga := site.Person("Olga Petit", models.RoleOwner)
	camille := &models.User{Name: "Camille Roux", Email: "camille@client.test", Role: models.RoleExternal, Organisation: "Pompes Atlantique", Job: "Cheffe d’atelier"}
	site.Tx(nil, func(tx *models.Tx) error { return tx.CreateUser(camille) })
	site.Space("clients", models.External, map[*models.User]models.SpaceRole{olga: models.SpaceManager, camille: models.SpaceMember})
	client := site.As(camille)
	for i, title := range []string{"Une alerte quand un joint s’use", "Des pièces détachées sous deux jours", "Un mode d’emploi par QR code"} {
		client.Post("/ideas", apptest.Form{"space": "clients", "title": title, "body": "Nous perdons une demi-journée à chaque arrêt, et personne ne sait quand la pièce arrive.", "once": fmt.Sprintf("once-%020d", i)}).Status(303)
	}
	for name, options := range map[string][]browser.Option{"light": {browser.Wide}, "dark": {browser.Wide, browser.Dark}, "phone": {browser.Phone}} {
		page := open(t, true, append(options, browser.Cookies(site.URL, site.As(olga).Cookies()...))...)
		page.Go(fmt.Sprintf("%s/people/%d", site.URL, camille.ID))
		page.See("Une alerte quand un joint s’use")
		page.Axe()
		page.Screenshot("person-" + name)
		page.Go(site.URL + "/audit")
		page.See("a proposé une idée")
		page.Axe()
		page.Screenshot("audit-" + name)
	}
}

// open opens a page in French.
func open(t *testing.T, scripts bool, options ...browser.Option) *browser.Page {
	t.Helper()
	options = append(options, browser.Language("fr"))
	if !scripts {
		options = append(options, browser.WithoutScripts)
	}
	return browser.Open(t, options...)
}
