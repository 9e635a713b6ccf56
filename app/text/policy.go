package text

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// policy is the second lock: the renderer writes nothing else than what is listed here, and if a bug in it or in goldmark ever
// does, it does not leave this package.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "ul", "ol", "li", "strong", "em", "del",
		"pre", "code", "div", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowNoAttrs().OnElements("label")
	p.AllowAttrs("id").Matching(exactly(`h-[a-z0-9-]+`)).OnElements("h2", "h3", "h4", "h5", "h6")
	p.AllowAttrs("start").Matching(exactly(`[0-9]{1,9}`)).OnElements("ol")
	p.AllowAttrs("class").Matching(exactly(`task`)).OnElements("li")
	p.AllowAttrs("class").Matching(exactly(`language-[A-Za-z0-9+#._-]{1,40}`)).OnElements("code")
	p.AllowAttrs("class").Matching(exactly(`align-(left|center|right)`)).OnElements("th", "td")
	p.AllowAttrs("class").Matching(exactly(`table`)).OnElements("div")
	p.AllowAttrs("class").Matching(exactly(`callout callout-(note|tip|important|warning|caution)`)).OnElements("div")
	p.AllowAttrs("tabindex").Matching(exactly(`0`)).OnElements("div", "pre")

	p.AllowAttrs("type").Matching(exactly(`checkbox`)).OnElements("input")
	p.AllowAttrs("disabled", "checked").Matching(exactly(``)).OnElements("input")

	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("rel").Matching(exactly(`nofollow noopener ugc`)).OnElements("a")
	p.AllowAttrs("class").Matching(exactly(`mention|attachment`)).OnElements("a")
	p.AllowAttrs("class").Matching(exactly(`mention|code-(added|comment|keyword|name|number|removed|string)`)).OnElements("span")
	p.AllowAttrs("download").Matching(exactly(``)).OnElements("a")
	p.AllowAttrs("data-type").Matching(exactly(`[A-Z0-9]{1,8}`)).OnElements("a")
	p.AllowAttrs("data-en", "data-fr").Matching(exactly(`[0-9]+\p{Zs}[kMGo]?[oB]`)).OnElements("a")
	p.AllowAttrs("class").Matching(exactly(`quoted`)).OnElements("blockquote")
	p.AllowAttrs("class").Matching(exactly(`quoted-head|callout-word`)).OnElements("p")

	p.AllowAttrs("src").Matching(exactly(`/files/[0-9]+`)).OnElements("img")
	p.AllowAttrs("srcset").Matching(exactly(`/files/[0-9]+\?w=800 800w, /files/[0-9]+ [0-9]+w`)).OnElements("img")
	p.AllowAttrs("sizes").Matching(exactly(regexp.QuoteMeta(columnWidth))).OnElements("img")
	p.AllowAttrs("width", "height").Matching(exactly(`[0-9]{1,5}`)).OnElements("img")
	p.AllowAttrs("loading").Matching(exactly(`lazy`)).OnElements("img")
	p.AllowAttrs("decoding").Matching(exactly(`async`)).OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img")
	return p
}

func exactly(pattern string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + pattern + `)$`) }
