package handbooks

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"slices"
	"strings"

	"ruche/models"
)

// Formats are the forms in which a folder comes, as addresses and programs name them.
var Formats = []string{formatMarkdown, formatHTML, formatWord, formatConfluence, formatNotion, formatMediaWiki}

const (
	formatMarkdown   = "markdown"
	formatHTML       = "html"
	formatWord       = "docx"
	formatConfluence = "confluence"
	formatNotion     = "notion"
	formatMediaWiki  = "mediawiki"
)

// form knows one of them: which files of a folder become articles, and what each of those says.
type form interface {
	// pages are the files that become articles.
	pages(ctx context.Context, p *plan) ([]string, error)
	// limit is how much of one of them is read, in bytes.
	limit() int64
	// read is what a file says, nil where it does not come in, which the findings then say.
	read(ctx context.Context, p *plan, name string, raw []byte) (*leaf, error)
	// known is the article that an address on the site of origin leads to, nil if none does.
	known(p *plan, href string) *leaf
	// spare tells whether a file is only there to show the folder in a browser, so that nobody misses it.
	spare(name string) bool
}

// formOf is how a folder is read: as its sender says, and otherwise as what it looks like.
func (s *source) formOf(wanted string) (form, string, error) {
	if wanted == "" {
		wanted = s.recognised()
	}
	if !slices.Contains(Formats, wanted) {
		return nil, "", models.Invalid{"format": "handbooks.no_format"}
	}
	switch wanted {
	case formatHTML:
		return newHTML(), wanted, nil
	case formatWord:
		word, err := newWord()
		return word, wanted, err
	case formatConfluence:
		return newConfluence(), wanted, nil
	case formatNotion:
		return newNotion(), wanted, nil
	case formatMediaWiki:
		return newMediaWiki(), wanted, nil
	}
	return markdownForm{}, wanted, nil
}

// recognised is what a folder looks like. Where there is Markdown, pages and documents of other kinds are files that it may link to.
func (s *source) recognised() string {
	if _, ours := s.root(nil); ours {
		return formatMarkdown
	}
	switch {
	case slices.ContainsFunc(s.order, s.isDump):
		return formatMediaWiki
	case s.isConfluence():
		return formatConfluence
	case s.isNotion():
		return formatNotion
	case slices.ContainsFunc(s.order, markdownFile):
		return formatMarkdown
	case slices.ContainsFunc(s.order, htmlFile):
		return formatHTML
	case slices.ContainsFunc(s.order, wordFile):
		return formatWord
	}
	return formatMarkdown
}

// begins is how a file begins, as far as it can be read.
func (s *source) begins(name string) []byte {
	file, err := s.files[name].open()
	if err != nil {
		return nil
	}
	defer file.Close()
	head := make([]byte, 64<<10)
	n := 0
	for n < len(head) && err == nil {
		var more int
		more, err = file.Read(head[n:])
		n += more
	}
	return head[:n]
}

// isDump tells whether a file is a dump of the pages of a MediaWiki.
func (s *source) isDump(name string) bool {
	return strings.EqualFold(path.Ext(name), ".xml") && bytes.Contains(s.begins(name), []byte("<mediawiki"))
}

// isConfluence tells whether there is the list of pages with which an export of Confluence begins, or a page as it writes them.
func (s *source) isConfluence() bool {
	looked := 0
	for _, name := range s.order {
		if !htmlFile(name) || looked >= mostLooks {
			continue
		}
		looked++
		if head := s.begins(name); bytes.Contains(head, []byte(`id="title-text"`)) && bytes.Contains(head, []byte(`aui-theme-default`)) {
			return true
		}
	}
	return false
}

// mostLooks is how many files are looked into to recognise a folder.
const mostLooks = 20

// notionID is what Notion puts behind the name of everything.
var notionID = regexp.MustCompile(` ?([0-9a-f]{32})(_all)?$`)

// isNotion tells whether at least half of the pages bear the numbers of Notion.
func (s *source) isNotion() bool {
	pages, numbered := 0, 0
	for _, name := range s.order {
		if markdownFile(name) || htmlFile(name) || strings.EqualFold(path.Ext(name), ".csv") {
			pages++
			if notionID.MatchString(stem(path.Base(name))) {
				numbered++
			}
		}
	}
	return numbered > 0 && 2*numbered >= pages
}

func wordFile(name string) bool { return strings.EqualFold(path.Ext(name), ".docx") }

func htmlFile(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm", ".xhtml":
		return true
	}
	return false
}

// stem is a path without its ending.
func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// pageFile tells whether a file is of a kind that becomes an article in one form or another.
func pageFile(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".docx", ".csv", ".xml", ".wiki":
		return true
	}
	return markdownFile(name) || htmlFile(name)
}

// markdownForm is a folder of Markdown.
type markdownForm struct{}

func (markdownForm) pages(_ context.Context, p *plan) (pages []string, err error) {
	for _, name := range p.order {
		if markdownFile(name) {
			pages = append(pages, name)
		}
	}
	return pages, nil
}

func (markdownForm) limit() int64              { return mostRaw }
func (markdownForm) known(*plan, string) *leaf { return nil }
func (markdownForm) spare(name string) bool    { return path.Base(name) == "collection.yaml" }

func (markdownForm) read(_ context.Context, p *plan, name string, raw []byte) (*leaf, error) {
	written, ok := p.decoded(name, raw)
	if !ok {
		return nil, nil
	}
	front, body, found := split(written)
	made := &leaf{file: name}
	made.Body = strings.TrimSuffix(body, "\n")
	if found {
		line, err := 0, error(nil)
		if made.heading, line, err = parseFront(front); err != nil {
			p.findings.problem(name, line, "front", "")
			return nil, nil
		}
	}
	return made, nil
}
