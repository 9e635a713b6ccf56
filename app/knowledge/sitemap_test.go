package knowledge_test

import (
	"strings"
	"testing"

	"ruche/models"
)

func TestWhatEveryoneMayReadIsInTheSiteMapAndNothingElse(t *testing.T) {
	h := open(t)
	h.Visitor().Get("/robots.txt").Status(200).See("Disallow: /\n")
	h.Visitor().Get("/sitemap.xml").Status(200).NotSee("<loc>")
	h.Space("square", models.Public, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager})
	h.Visitor().Get("/sitemap.xml").Status(200).NotSee("<loc>") // there is nothing yet
	open := h.collection("square", "For everyone")
	id := h.write(h.mona, open, "", "Salt & vinegar", "For all.")
	h.Space("garden", models.Public, map[*models.User]models.SpaceRole{h.mona: models.SpaceManager})
	inGarden := h.write(h.mona, h.collection("garden", "Beds"), "", "Beans", "For all.")
	gone := h.write(h.mona, open, "", "Gone", "For nobody.")
	h.As(h.mona).Post("/articles/"+gone+"/withdrawal", nil).Status(303)
	h.write(h.mona, h.hidden, "", "Secret", "Hush.")
	h.write(h.alice, h.shelf, "", "Purge", "Weigh it.")
	base := h.Web.BaseURL.String()
	h.Visitor().Get("/robots.txt").Status(200).See("Sitemap: " + base + "/sitemap.xml")
	for _, who := range []*models.User{nil, h.mona} { // it is the same for those who may see more
		client := h.Visitor()
		if who != nil {
			client = h.As(who)
		}
		client.Get("/sitemap.xml").Status(200).See(base+"/sitemaps/collections<", base+"/sitemaps/articles/1<").NotSee("articles/2<")
		articles := client.Get("/sitemaps/articles/1").Status(200).See("<loc>"+base+"/articles/"+id+"-salt", "/articles/"+inGarden+"-beans").NotSee("gone", "secret", "purge")
		if strings.Count(articles.Text, "<url>") != 2 || !strings.HasSuffix(articles.Text, "</urlset>\n") {
			t.Errorf("the articles are %s", articles.Text)
		}
		client.Get("/sitemaps/collections").Status(200).See("/collections/"+open+"-for-everyone").NotSee("secrets", "extrusion")
		for _, number := range []string{"2", "0", "-1", "x", "99999999999999999999", "9223372036854775807"} {
			client.Get("/sitemaps/articles/" + number).Status(404)
		}
	}
	page := h.Visitor().Get("/articles/" + id + "-salt-vinegar?cursor=").Status(200)
	page.See(`rel="canonical" href="`+base+"/articles/"+id+`-salt-vinegar"`, `property="og:type" content="article"`, `property="og:description" content="For all."`)
	h.Visitor().Get("/collections/"+open+"-for-everyone").Status(200).See(`rel="canonical"`, `property="og:url"`)
	h.As(h.mona).Get("/collections/" + h.shelf + "-extrusion").NotSee("canonical")
}
