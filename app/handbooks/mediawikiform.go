package handbooks

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"ruche/app/handbooks/wiki"
	"ruche/models"
)

// mediawikiForm is a dump of the pages of a MediaWiki, with the pictures beside it if somebody has put them there. pandoc could read the
// texts too; the same dump would then say something else from machine to machine, and 10,000 pages would take an hour.
type mediawikiForm struct {
	texts   map[string]*wikiPage // by the names that stand for their files
	titles  map[string]string    // those names, by titles
	moved   map[string]string    // titles that only lead to others
	pieces  map[string]string    // files that pages show, by their names in the wiki
	skipped int                  // pages that are no articles
}

// wikiPage is a page of a dump, with what its newest version says.
type wikiPage struct {
	id             int64
	title          string
	text           string
	author, editor string
	begun, edited  time.Time
}

// Bounds of a dump: what one version of a page takes in it, the bytes of a title (which are MediaWiki's own), how many pages only lead to
// others, how often one leads to another, and how deep its XML is.
const (
	maxRevision   = 32 << 20
	maxTitle      = 255
	mostRedirects = 200_000
	mostMoves     = 5
	mostDeep      = 100
)

func newMediaWiki() *mediawikiForm {
	return &mediawikiForm{map[string]*wikiPage{}, map[string]string{}, map[string]string{}, map[string]string{}, 0}
}

func (f *mediawikiForm) limit() int64              { return mostRaw }
func (f *mediawikiForm) known(*plan, string) *leaf { return nil }
func (f *mediawikiForm) spare(name string) bool    { return strings.EqualFold(path.Ext(name), ".xml") }

func (f *mediawikiForm) pages(ctx context.Context, p *plan) (pages []string, err error) {
	total := 0
	for _, name := range p.order {
		if !p.isDump(name) {
			f.pieces[wiki.Title(path.Base(name))] = name
			continue
		}
		f.skipped = 0
		err := f.dump(ctx, p, name, func(page *wikiPage) error {
			if total += len(page.text); total > mostText {
				return models.Invalid{"file": "handbooks.too_much_text"}
			}
			stands := fmt.Sprintf("%s/%d %s", name, page.id, strings.ReplaceAll(page.title, "/", "-"))
			if f.texts[stands] != nil || f.titles[page.title] != "" {
				p.findings.problem(stands, 0, "twice", "")
				return nil
			}
			f.texts[stands], f.titles[page.title] = page, stands
			p.files[stands] = &sourceFile{size: int64(len(page.text)), open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(page.text)), nil }}
			if pages = append(pages, stands); len(pages) > mostImported {
				return models.Invalid{"file": "handbooks.too_many_articles"}
			}
			return nil
		})
		var refused models.Invalid
		switch {
		case errors.As(err, &refused), ctx.Err() != nil:
			return nil, errors.Join(ctx.Err(), err)
		case err != nil:
			p.findings.problem(name, 0, "xml", "")
		}
		if f.skipped > 0 {
			p.findings.note(name, 0, "spaces", strconv.Itoa(f.skipped))
		}
	}
	return pages, nil
}

// paced fails when more is read of a file than may be before it is told to go on.
type paced struct {
	from io.Reader
	left int
}

// Read reads on.
func (r *paced) Read(to []byte) (int, error) {
	if r.left <= 0 {
		return 0, errBounded
	}
	n, err := r.from.Read(to[:min(len(to), r.left)])
	r.left -= n
	return n, err
}

// shallow reads XML of which nothing stands deeper than mostDeep: the reader keeps what is open in memory.
type shallow struct {
	from  *xml.Decoder
	depth int
}

// Token reads on.
func (s *shallow) Token() (xml.Token, error) {
	token, err := s.from.RawToken()
	switch token.(type) {
	case xml.StartElement:
		if s.depth++; s.depth > mostDeep {
			return nil, errBounded
		}
	case xml.EndElement:
		s.depth--
	}
	return token, err
}

// dump reads the pages of a dump one by one; of no page is more than one version in memory. The reader of XML knows no entities but its own.
func (f *mediawikiForm) dump(ctx context.Context, p *plan, name string, found func(*wikiPage) error) error {
	file, err := p.files[name].open()
	if err != nil {
		return err
	}
	defer file.Close()
	from := &paced{file, maxRevision}
	decoder := xml.NewTokenDecoder(&shallow{from: xml.NewDecoder(from)})
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "page" {
			page, err := f.page(decoder, from)
			if err != nil {
				return err
			}
			if page == nil {
				continue
			}
			if err := found(page); err != nil {
				return err
			}
		}
		from.left = maxRevision
	}
}

// revision is a version of a page.
type revision struct {
	At     string `xml:"timestamp"`
	Author string `xml:"contributor>username"`
	Model  string `xml:"model"`
	Text   string `xml:"text"`
}

// namespaces that hold articles: those without a name, those about the wiki and those that help.
var namespaces = map[string]bool{"0": true, "4": true, "12": true}

// page reads a page to its end; nil if it is no article.
func (f *mediawikiForm) page(decoder *xml.Decoder, from *paced) (*wikiPage, error) {
	page, space, leads, model := &wikiPage{}, "", "", ""
	for {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			var text string
			switch token.Name.Local {
			case "title":
				err = decoder.DecodeElement(&text, &token)
				page.title = wiki.Title(text)
			case "ns":
				err = decoder.DecodeElement(&space, &token)
			case "id":
				err = decoder.DecodeElement(&page.id, &token)
			case "redirect":
				for _, attribute := range token.Attr {
					leads = attribute.Value
				}
				err = decoder.Skip()
			case "revision":
				var version revision
				err = decoder.DecodeElement(&version, &token)
				page.take(&version)
				model = version.Model
			default:
				err = decoder.Skip()
			}
			if err != nil {
				return nil, err
			}
		case xml.EndElement:
			switch {
			case len(page.title) > maxTitle:
				f.skipped++
				return nil, nil
			case leads != "":
				if len(f.moved) < mostRedirects && len(leads) <= maxTitle {
					f.moved[page.title] = wiki.Title(leads)
				}
				return nil, nil
			case space != "" && !namespaces[space] || model != "" && model != "wikitext" || page.title == "":
				f.skipped++
				return nil, nil
			}
			return page, nil
		}
		from.left = maxRevision
	}
}

// take notes a version of a page, the newest of which is what it says.
func (page *wikiPage) take(version *revision) {
	at, _ := time.Parse(time.RFC3339, version.At)
	if page.begun.IsZero() || at.Before(page.begun) {
		page.begun, page.author = at, version.Author
	}
	if !at.Before(page.edited) {
		page.edited, page.editor, page.text = at, version.Author, version.Text
	}
}

// found is the name that stands for the page of a title, also where that only leads to it.
func (f *mediawikiForm) found(title string) string {
	for range mostMoves {
		if name := f.titles[title]; name != "" {
			return name
		}
		title = f.moved[title]
	}
	return ""
}

// place is where a page stands: under that of which it is a subpage, if there is one.
func (f *mediawikiForm) place(page *wikiPage) (place, title string) {
	for at := len(page.title); ; {
		at = strings.LastIndexByte(page.title[:at], '/')
		if at <= 0 || at == len(page.title)-1 {
			return strconv.FormatInt(page.id, 10), page.title
		}
		if above := f.texts[f.titles[page.title[:at]]]; above != nil {
			up, _ := f.place(above)
			return up + "/" + strconv.FormatInt(page.id, 10), page.title[at+1:]
		}
	}
}

func (f *mediawikiForm) read(_ context.Context, p *plan, name string, raw []byte) (*leaf, error) {
	page := f.texts[name]
	said := wiki.Markdown(string(raw), wiki.Links{
		Page: func(title string) string { return rooted(f.found(title)) }, File: func(name string) string { return rooted(f.pieces[name]) },
		Category: []string{"category", "catégorie", "kategorie"}, Files: []string{"file", "image", "media", "fichier", "média", "datei", "bild"},
	})
	if said.Moved != "" {
		f.moved[page.title] = wiki.Title(said.Moved)
		return nil, nil
	}
	for _, template := range said.Left {
		p.findings.note(name, 0, "template", template)
	}
	for _, lost := range said.Lost {
		p.findings.note(name, 0, "nowhere", lost)
	}
	made := &leaf{file: name}
	made.Body = said.Body
	made.heading = heading{author: page.author, editor: page.editor, created: page.begun, edited: page.edited, tags: said.Tags}
	made.path, made.title = f.place(page)
	return made, nil
}

// rooted is the address of a file of the folder from its top, empty for none.
func rooted(name string) string {
	if name == "" {
		return ""
	}
	return (&url.URL{Path: "/" + name}).EscapedPath()
}
