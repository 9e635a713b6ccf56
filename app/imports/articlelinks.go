package imports

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"ruche/models"
)

// links lead from one article of the data to another. They name each other by where they lie in folders, and have no addresses before
// they are stored: until then a text holds a mark in the place of an address.
type links struct {
	pages  map[pageKey]*article
	marked []*article
	marks  map[*article]string
}

// pageKey is a path within a space of the data.
type pageKey struct {
	space *models.Space
	path  string
}

func newLinks() links { return links{pages: map[pageKey]*article{}, marks: map[*article]string{}} }

// add makes articles known to the links of others.
func (l *links) add(pages []*article) {
	for _, page := range pages {
		if key := (pageKey{page.space, page.path}); l.pages[key] == nil {
			l.pages[key] = page
		}
		l.marks[page] = fmt.Sprintf("/articles/%s%09d", linkMark, len(l.marked))
		l.marked = append(l.marked, page)
	}
}

// linkMark begins the number that stands for an article without one. No article ever has it.
const linkMark = "770077007"

var markedLink = regexp.MustCompile(`/articles/` + linkMark + `(\d{9})`)

// settled is a text in which the articles have their addresses.
func (l *links) settled(text string) string {
	return markedLink.ReplaceAllStringFunc(text, func(mark string) string {
		n, err := strconv.Atoi(mark[len(mark)-9:])
		if err != nil || n >= len(l.marked) {
			return mark
		}
		return l.marked[n].Path()
	})
}

// Where a text names an address: in a link or a picture, and where a reference is defined.
var (
	inlineLink = regexp.MustCompile(`(\]\(\s*<?)([^)\s>]+)`)
	reference  = regexp.MustCompile(`(?m)^( {0,3}\[[^\]]+\]:\s*<?)(\S+?)(>?)$`)
)

// rewritten is the text of an article whose links to others lead to them. What stands in fenced code stays as it is.
func (l *links) rewritten(page *article) string {
	if !strings.Contains(page.Body, "](") && !strings.Contains(page.Body, "]:") {
		return page.Body
	}
	var out strings.Builder
	fence := ""
	for line := range strings.Lines(page.Body) {
		trimmed := strings.TrimLeft(line, " \t")
		switch {
		case fence == "" && (strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~")):
			fence = trimmed[:3]
		case fence != "" && strings.HasPrefix(trimmed, fence):
			fence = ""
		case fence == "":
			line = inlineLink.ReplaceAllStringFunc(line, func(match string) string {
				parts := inlineLink.FindStringSubmatch(match)
				return parts[1] + l.target(page, parts[2])
			})
			line = reference.ReplaceAllStringFunc(line, func(match string) string {
				parts := reference.FindStringSubmatch(match)
				return parts[1] + l.target(page, parts[2]) + parts[3]
			})
		}
		out.WriteString(line)
	}
	return out.String()
}

// target is the address that a link of an article means here; what leads elsewhere stays as it is.
func (l *links) target(page *article, href string) string {
	if strings.Contains(href, "://") || strings.HasPrefix(href, "mailto:") {
		return href
	}
	file, fragment, anchored := strings.Cut(href, "#")
	if anchored {
		fragment = "#h-" + models.Slug(unescaped(fragment))
	}
	if file == "" {
		return fragment
	}
	file = unescaped(file)
	for _, wanted := range meant(page, file) {
		if to := l.pages[pageKey{page.space, wanted}]; to != nil {
			return l.marks[to] + fragment
		}
	}
	return href
}

// meant are the pages that a file named in an article can be, the likeliest first: beside it in its folder, or beside it where a site
// serves every page as a folder of its own.
func meant(page *article, file string) []string {
	name := pageOf
	if strings.HasSuffix(file, "/") || path.Ext(file) == "" {
		name = path.Clean
	}
	if strings.HasPrefix(file, "/") {
		return []string{name(strings.TrimPrefix(file, "/"))}
	}
	return []string{name(path.Join(page.folder, file)), name(path.Join(page.path, file))}
}

func unescaped(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
