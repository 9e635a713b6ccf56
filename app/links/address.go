package links

import (
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"ruche/app/outside"
	"ruche/models"
)

// address is what a link leads to: something of the house that can be shown, or a page outside, in the one form in which it is
// known. False for everything else, of which there is no card.
func address(house *url.URL, href string) (link models.TextLink, ok bool) {
	u, err := url.Parse(href)
	if err != nil {
		return link, false
	}
	if u.Scheme == "" && u.Host == "" {
		return within(u.Path)
	}
	if !usual(u) {
		return link, false
	}
	own := *house
	if usual(&own) && own.Host == u.Host { // by http or https: there is one house under a name
		return within(u.Path)
	}
	return models.TextLink{URL: u.String()}, true
}

// usual gives the address of a page its usual form; false for what is none.
func usual(u *url.URL) bool {
	u.Scheme = strings.ToLower(u.Scheme)
	u.Fragment, u.RawFragment = "", ""
	host, err := idna.Lookup.ToASCII(strings.ToLower(u.Hostname()))
	if ip := net.ParseIP(u.Hostname()); ip != nil {
		host, err = ip.String(), nil
	}
	if err != nil || host == "" || !outside.Leads(u.String(), false) {
		return false
	}
	port := u.Port()
	if port == "" || u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		u.Host = host
		if strings.Contains(host, ":") {
			u.Host = "[" + host + "]"
		}
	} else {
		u.Host = net.JoinHostPort(host, port)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return true
}

// What of the house can be shown, by its address.
var targets = []struct {
	path *regexp.Regexp
	kind models.Target
}{
	{regexp.MustCompile(`^/ideas/([1-9][0-9]{0,17})(?:-[^/]*)?$`), models.TargetIdea},
	{regexp.MustCompile(`^/ideas/[1-9][0-9]{0,17}(?:-[^/]*)?/comments/([1-9][0-9]{0,17})$`), models.TargetPost},
	{regexp.MustCompile(`^/threads/([1-9][0-9]{0,17})(?:-[^/]*)?$`), models.TargetThread},
	{regexp.MustCompile(`^/articles/([1-9][0-9]{0,17})(?:-[^/]*)?$`), models.TargetArticle},
	{regexp.MustCompile(`^/articles/[1-9][0-9]{0,17}(?:-[^/]*)?/posts/([1-9][0-9]{0,17})$`), models.TargetPost},
	{regexp.MustCompile(`^/events/([1-9][0-9]{0,17})(?:-[^/]*)?$`), models.TargetGathering},
	{regexp.MustCompile(`^/events/[1-9][0-9]{0,17}(?:-[^/]*)?/posts/([1-9][0-9]{0,17})$`), models.TargetPost},
	{regexp.MustCompile(`^/posts/([1-9][0-9]{0,17})$`), models.TargetPost},
}

func within(path string) (link models.TextLink, ok bool) {
	for _, target := range targets {
		if found := target.path.FindStringSubmatch(path); found != nil {
			id, err := strconv.ParseInt(found[1], 10, 64)
			return models.TextLink{Target: target.kind, ID: id}, err == nil
		}
	}
	return link, false
}
