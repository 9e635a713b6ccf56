package handbooks

import (
	"regexp"
	"strconv"
	"strings"
)

// Where a text names an address, and code, in which nothing is one.
var (
	inline    = regexp.MustCompile("(`+[^`]*`+)|(\\]\\(\\s*)(?:<([^<>\n]+)>|((?:[^()\\s<>]|\\([^()\\s]*\\))+))")
	reference = regexp.MustCompile(`^( {0,3}\[[^\]]+\]:\s*<?)([^\s>]+)`)
	articleAt = regexp.MustCompile(`^/articles/([1-9][0-9]{0,17})(?:-[^/?#]*)?(#.*)?$`)
	fileAt    = regexp.MustCompile(`^/files/([1-9][0-9]{0,17})(?:\?[^#]*)?$`)
)

// mapped is a text with other addresses. What stands in fenced code stays as it is.
func mapped(body string, to func(href string) string) string {
	if !strings.Contains(body, "](") && !strings.Contains(body, "]:") {
		return body
	}
	var out strings.Builder
	fence := ""
	for line := range strings.Lines(body) {
		trimmed := strings.TrimLeft(line, " \t")
		switch {
		case fence == "" && (strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~")):
			fence = trimmed[:3]
		case fence != "" && strings.HasPrefix(trimmed, fence):
			fence = ""
		case fence == "":
			line = inline.ReplaceAllStringFunc(line, func(match string) string {
				parts := inline.FindStringSubmatch(match)
				if parts[1] != "" {
					return match
				}
				if parts[3] != "" {
					return parts[2] + "<" + to(parts[3]) + ">"
				}
				return parts[2] + to(parts[4])
			})
			line = reference.ReplaceAllStringFunc(line, func(match string) string {
				parts := reference.FindStringSubmatch(match)
				return parts[1] + to(parts[2])
			})
		}
		out.WriteString(line)
	}
	return out.String()
}

// filesIn are the files that a text names.
func (h *Handbooks) filesIn(body string) (ids []int64) {
	mapped(body, func(href string) string {
		if id := numberIn(fileAt, h.local(href)); id != 0 {
			ids = append(ids, id)
		}
		return href
	})
	return ids
}

// local is an address in the house as its path, every other as it is.
func (h *Handbooks) local(href string) string {
	if path, ok := strings.CutPrefix(href, h.base); ok && strings.HasPrefix(path, "/") {
		return path
	}
	return href
}

func numberIn(address *regexp.Regexp, href string) int64 {
	found := address.FindStringSubmatch(href)
	if found == nil {
		return 0
	}
	id, _ := strconv.ParseInt(found[1], 10, 64) // 18 digits always fit
	return id
}

// outward is what an address in an article is in the archive: a way to what lies in it, and otherwise that of the house. The title in
// the address of an article that is left out is left out too.
func (a *Archive) outward(from *page, href string, files map[int64]string) string {
	href = a.house.local(href)
	if strings.HasPrefix(href, "#") {
		return anchor(href)
	}
	if !strings.HasPrefix(href, "/") || strings.HasPrefix(href, "//") {
		return href
	}
	if id := numberIn(articleAt, href); id != 0 {
		fragment := articleAt.FindStringSubmatch(href)[2]
		if to := a.at[id]; to != nil {
			return relative(from.file, to.file) + anchor(fragment)
		}
		return a.house.base + "/articles/" + strconv.FormatInt(id, 10) + fragment
	}
	if lies := files[numberIn(fileAt, href)]; lies != "" {
		return relative(from.file, lies)
	}
	return a.house.base + href
}

// anchor is the place of a heading as Markdown readers call it.
func anchor(fragment string) string {
	if name, ok := strings.CutPrefix(fragment, "#h-"); ok {
		return "#" + name
	}
	return fragment
}
