package handbooks

import (
	"context"
	"path"
	"regexp"
	"slices"
	"strings"

	"ruche/app/handbooks/markup"
	"ruche/models"
)

// confluenceForm is the HTML export of one or more spaces of Confluence: a flat folder of pages for each, whose tree its index.html lists.
type confluenceForm struct {
	*htmlForm
	places map[string]place // of the pages, by their files
	byID   map[string]string
}

// place is where a page stands in the tree.
type place struct {
	path  string
	order int
}

func newConfluence() *confluenceForm {
	return &confluenceForm{&htmlForm{markup.New(), markup.Confluence}, map[string]place{}, map[string]string{}}
}

// numberedPage is how the file of a page ends whose name says which page it is.
var numberedPage = regexp.MustCompile(`(?:^|_)(\d+)$`)

func (f *confluenceForm) pages(ctx context.Context, p *plan) (pages []string, err error) {
	all, err := f.htmlForm.pages(ctx, p)
	for _, name := range all {
		if path.Base(name) == "index.html" {
			if index, err := p.source.read(name, markup.MaxPage); err == nil && markup.IsIndex(index) {
				if err := f.tree(p, path.Dir(name), markup.Index(index)); err != nil {
					return nil, err
				}
				continue
			}
		}
		pages = append(pages, name)
		if id := numberedPage.FindStringSubmatch(stem(path.Base(name))); id != nil {
			f.byID[id[1]] = name
		}
	}
	return pages, err
}

// tree notes where the pages stand that an index lists.
func (f *confluenceForm) tree(p *plan, folder string, entries []markup.Entry) error {
	above, total := []string{}, 0
	for n, entry := range entries {
		name := path.Join(folder, unescaped(entry.Href))
		above = append(above[:min(entry.Level, len(above))], stem(path.Base(name)))
		if _, known := f.places[name]; known || p.files[name] == nil {
			continue
		}
		at := strings.Join(above, "/")
		if total += len(at); total > mostText {
			return models.Invalid{"file": "handbooks.too_much_text"}
		}
		f.places[name] = place{at, n + 1}
	}
	return nil
}

func (f *confluenceForm) read(ctx context.Context, p *plan, name string, raw []byte) (*leaf, error) {
	made, err := f.htmlForm.read(ctx, p, name, raw)
	if made == nil || err != nil {
		return nil, err
	}
	made.path = stem(path.Base(name))
	if at, ok := f.places[name]; ok {
		made.path, made.order, made.ordered = at.path, float64(at.order), true
	} else if len(f.places) > 0 {
		p.findings.note(name, 0, "unlisted", "")
	}
	return made, nil
}

var numberedAddress = regexp.MustCompile(`(?:[?&]pageId=|/pages/)(\d+)`)

// known finds pages that are named by their number, as links which somebody has pasted do.
func (f *confluenceForm) known(p *plan, href string) *leaf {
	if id := numberedAddress.FindStringSubmatch(href); id != nil {
		return p.byFile[f.byID[id[1]]]
	}
	return nil
}

// spare: what Confluence brings along for browsers.
func (f *confluenceForm) spare(name string) bool {
	return f.htmlForm.spare(name) || slices.Contains(strings.Split(name, "/"), "styles") || strings.Contains(name, "images/") || path.Base(name) == "index.html" || strings.Contains(name, "thumbnails/")
}
