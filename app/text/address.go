package text

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// address decides where a link may lead. It answers what to write, whether that leaves Ruche, and false when it must not be a link.
func address(escaped []byte) (href string, external, ok bool) {
	href = string(escaped)
	if strings.HasPrefix(href, "//") {
		href = "https:" + href
	} else if len(href) > 4 && strings.EqualFold(href[:4], "www.") {
		href = "https://" + href // meant as a site, and would otherwise be a page of ours
	}
	u, err := url.Parse(href)
	if err != nil || href == "" {
		return "", false, false
	}
	switch strings.ToLower(u.Scheme) {
	case "":
		if fragment, found := strings.CutPrefix(href, "#"); found {
			href = "#h-" + strings.TrimPrefix(fragment, "h-")
		}
		return href, false, true
	case "http", "https":
		return href, true, u.Host != ""
	case "mailto", "tel":
		return href, false, true
	}
	return "", false, false
}

// markExternal says that Ruche does not vouch for the page and gives it no hold on ours.
func markExternal(link *ast.Link) {
	link.SetAttributeString("rel", []byte("nofollow noopener ugc"))
}
