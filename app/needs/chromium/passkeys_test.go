//go:build peers

package chromium_test

import (
	"strings"
	"testing"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/app/apptest/browser"
	"ruche/models"
)

// TestAPasskeyIsAddedAndSignsIn uses Chromium's own authenticator, which knows nothing of ours.
func TestAPasskeyIsAddedAndSignsIn(t *testing.T) {
	post := apptest.NewPost(t)
	address := ""
	site := apptest.Start(t, post.Option, func(config *app.Config, _ *app.Options) {
		config.BaseURL = strings.Replace(config.BaseURL, "127.0.0.1", "localhost", 1) // passkeys want a name
		address = config.BaseURL
	})
	mona := site.Person("Mona Lefèvre", models.RoleEmployee)
	for name, options := range map[string][]browser.Option{"light": {browser.Viewport(1280, 900)}, "dark": {browser.Viewport(1280, 900), browser.Dark}, "phone": {browser.Phone}, "phone-dark": {browser.Phone, browser.Dark}} {
		page := open(t, true, append(options, browser.Cookies(address, site.As(mona).Cookies()...))...)
		device := page.Authenticator()
		page.Go(address + "/account")
		page.Fill("label=Nom de la nouvelle clé d’accès", "Portable "+name)
		device.Recognises(false)
		page.Click("button=Ajouter une clé d’accès")
		page.See("n’a pas abouti ou a été annulé")
		page.Axe()
		page.Screenshot("passkeys-cancelled-" + name)
		device.Recognises(true)
		page.Click("button=Ajouter une clé d’accès")
		page.See("La clé d’accès est ajoutée")
		page.See("Portable " + name)
		page.Axe()
		page.Screenshot("passkeys-" + name)
		page.Fill("label=Nom de la nouvelle clé d’accès", "Encore une")
		page.Click("button=Ajouter une clé d’accès")
		page.See("détient déjà une de vos clés")

		page.Click("button=Me déconnecter ici")
		page.See("Votre session est fermée")
		page.Go(address + "/sign-in?next=/account")
		page.Axe()
		page.Screenshot("sign-in-ways-" + name)
		page.Click("button=Entrer avec une clé d’accès")
		page.See("Mon compte")
		page.See("Mona Lefèvre")

		page.Click("button=Supprimer")
		page.See("Elle ne vous fera plus entrer")
		page.Click("dialog .button.danger")
		page.See("La clé d’accès est supprimée")
		page.NotSee("Portable " + name)
		page.Click("button=Me déconnecter ici")
		page.See("Votre session est fermée")
		page.Allow("403")
		page.Click("button=Entrer avec une clé d’accès")
		page.See("ne vous a pas fait entrer")
		page.Axe()
	}
}

func TestALinkComesByMailWithAndWithoutScripts(t *testing.T) {
	post := apptest.NewPost(t)
	site := apptest.Start(t, post.Option, func(config *app.Config, _ *app.Options) {
		config.BaseURL = strings.Replace(config.BaseURL, "127.0.0.1", "localhost", 1)
	})
	site.Person("Mona", models.RoleEmployee)
	for _, scripts := range []bool{true, false} {
		page := open(t, scripts, browser.Phone)
		page.Go(site.Config.BaseURL + "/sign-in?next=/account")
		if !scripts {
			page.See("demandent des scripts")
			page.Screenshot("sign-in-without-scripts")
		}
		page.Fill("label=Adresse e-mail", "mona@example.test")
		page.Click("button=M’envoyer un lien")
		page.See("Regardez dans votre messagerie")
		page.Axe()
		page.Screenshot("sign-in-sent")
		site.Settle()
		_, link, _ := strings.Cut(post.Letter("mona@example.test").Text, "\nhttp")
		link, _, _ = strings.Cut("http"+link, "\n")
		page.Go(link)
		page.Click("button=Entrer")
		page.See("Mon compte")
	}
}
