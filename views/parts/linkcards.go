package parts

import (
	"net/url"
	"strconv"
	"strings"

	"ruche/models"
)

// linkHost is whose page a link leads to, as it can be trusted: a page may call itself as it likes.
func linkHost(link *models.Link) string {
	u, err := url.Parse(link.URL)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Host, "www.")
}

// linkSite is what the page calls its site, where that says more than its host.
func linkSite(link *models.Link) string {
	if strings.EqualFold(strings.TrimPrefix(link.Site, "www."), linkHost(link)) {
		return ""
	}
	return link.Site
}

// pixels is a length in pixels as an attribute.
func pixels(n int) string { return strconv.Itoa(n) }

// messages are how many there are about what a card shows.
func messages(card *models.LinkCard) int {
	switch {
	case card.Idea != nil:
		return card.Idea.CommentCount
	case card.Article != nil:
		return card.Article.CommentCount
	case card.Gathering != nil:
		return card.Gathering.CommentCount
	}
	return card.Thread.PostCount
}
