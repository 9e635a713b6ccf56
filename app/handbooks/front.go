package handbooks

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// heading is what a file of Markdown says about itself before its text.
type heading struct {
	title, lang, author, editor string
	source, link                string // where it comes from
	tags                        []string
	created, edited             time.Time
	order                       float64
	ordered, draft              bool
}

// maxFront is how long it may be, in bytes.
const maxFront = 64 << 10

var errFrontUnread = errors.New("front matter cannot be read")

// split takes a text and what stands before it apart. A text that begins with a rule and no front matter is a text.
func split(raw string) (front, body string, found bool) {
	rest, ok := strings.CutPrefix(raw, "---\n")
	if !ok {
		return "", raw, false
	}
	if strings.HasPrefix(rest, "---\n") { // nothing in it
		return "", strings.TrimPrefix(rest[4:], "\n"), true
	}
	for _, end := range []string{"\n---\n", "\n...\n"} {
		if at := strings.Index(rest, end); at >= 0 && at <= maxFront {
			return rest[:at+1], strings.TrimPrefix(rest[at+len(end):], "\n"), true
		}
	}
	if front, ok := strings.CutSuffix(strings.TrimRight(rest, "\n"), "\n---"); ok && len(front) <= maxFront {
		return front + "\n", "", true
	}
	return "", raw, false
}

// namedLine is how the reader of YAML says where a mistake is.
var namedLine = regexp.MustCompile(`line (\d+):`)

// parseFront reads front matter as Ruche, Jekyll, Hugo, Docusaurus and MkDocs write it. line is where it is broken.
func parseFront(front string) (h heading, line int, err error) {
	values := map[string]any{}
	if err := yaml.Unmarshal([]byte(front), &values); err != nil {
		line = 1
		if found := namedLine.FindStringSubmatch(err.Error()); found != nil {
			n, _ := strconv.Atoi(found[1])
			line += n
		}
		return h, line, errFrontUnread
	}
	h.title, h.lang, h.author, h.editor = word(values, "title"), word(values, "lang", "language", "locale"), word(values, "author"), word(values, "editor")
	h.source, h.link = word(values, "source"), word(values, "source_url")
	h.lang, _, _ = strings.Cut(strings.ToLower(h.lang), "-")
	h.tags = words(values, "tags", "tag")
	h.created, h.edited = date(values, "created", "date", "created_at", "published_at"), date(values, "edited", "updated", "lastmod", "last_modified_at", "updated_at", "modified")
	h.order, h.ordered = number(values, "position", "order", "weight", "nav_order", "sidebar_position")
	h.draft = values["draft"] == true || values["published"] == false
	return h, 0, nil
}

func word(values map[string]any, names ...string) string {
	for _, name := range names {
		switch value := values[name].(type) {
		case nil, map[string]any, []any:
		case time.Time:
			return value.Format(time.DateOnly)
		default:
			if text := strings.TrimSpace(fmt.Sprint(value)); text != "" {
				return text
			}
		}
	}
	return ""
}

func words(values map[string]any, names ...string) (all []string) {
	for _, name := range names {
		switch value := values[name].(type) {
		case []any:
			for _, one := range value {
				if text := word(map[string]any{"": one}, ""); text != "" {
					all = append(all, text)
				}
			}
		default:
			if text := word(values, name); text != "" {
				all = append(all, strings.Split(text, ",")...)
			}
		}
	}
	return all
}

func date(values map[string]any, names ...string) time.Time {
	for _, name := range names {
		if at, ok := values[name].(time.Time); ok {
			return at.UTC()
		}
		for _, form := range []string{time.RFC3339Nano, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", time.DateOnly} {
			if at, err := time.Parse(form, word(values, name)); err == nil {
				return at.UTC()
			}
		}
	}
	return time.Time{}
}

func number(values map[string]any, names ...string) (float64, bool) {
	for _, name := range names {
		if n, err := strconv.ParseFloat(word(values, name), 64); err == nil && n == n {
			return n, true
		}
	}
	return 0, false
}
