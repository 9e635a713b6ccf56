package imports

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"ruche/app/text"
	"ruche/models"
)

// article is an article of the data, or a folder that has none of its own and becomes one that only holds others.
type article struct {
	models.Article
	at     place
	space  *models.Space
	path   string       // without its ending; of a folder's own article that of the folder
	folder string       // in which it lies
	author *models.User // nobody that the data names
	parent *article
	depth  int
	known  bool
}

// collection is what the articles of a space of the data stand in.
type collection struct {
	models.Collection
	space *models.Space
}

func (b *batch) takeArticle(row articleRow, at place) {
	space := b.spaces[row.SpaceID]
	switch {
	case row.ID == "" || b.articles[row.ID] != nil:
		b.problem(at, fmt.Sprintf("article %q: an article needs an id of its own", row.ID))
		return
	case space == nil:
		b.problem(at, fmt.Sprintf("article %q is in space %q, which is not in the data", row.ID, row.SpaceID))
		return
	}
	made, wrong := b.makeArticle(&row, at)
	if wrong != nil {
		b.problem(at, fmt.Sprintf("article %q: %s", row.ID, wrong.english()))
		return
	}
	file := cmp.Or(row.Path, row.ID)
	made.at, made.space, made.path, made.folder, made.ImportRef = at, space, pageOf(file), path.Dir(path.Clean(strings.TrimPrefix(file, "/"))), &row.ID
	if made.ID = b.knownArticles[row.ID]; made.ID != 0 {
		made.known = true
		b.report.Articles.Known++
	} else {
		made.author = b.user("")
	}
	b.use(space)
	b.articles[row.ID] = made
	b.pages[row.SpaceID] = append(b.pages[row.SpaceID], made)
}

// makeArticle makes the article of a row, as yet without its place.
func (b *batch) makeArticle(row *articleRow, at place) (*article, *mistake) {
	written := b.now
	if row.PublishedAt != "" {
		var err error
		if written, err = moment(row.PublishedAt); err != nil {
			return nil, &mistake{fieldDate, err}
		}
	}
	title, body, wrong := b.words(&ideaRow{ID: row.ID, Title: row.Title, Body: row.Body, Lang: row.Lang}, at)
	if wrong != nil {
		return nil, wrong
	}
	made := &article{Article: models.Article{Title: title, Body: body, Tags: tags(&ideaRow{Tags: row.Tags}), Lang: row.Lang, CreatedAt: written}}
	return made, nil
}

// pageOf is the path of a page without its ending; that of the page which stands for its folder is the folder's.
func pageOf(file string) string {
	file = strings.TrimSuffix(path.Clean(strings.TrimPrefix(file, "/")), path.Ext(file))
	if name := strings.ToLower(path.Base(file)); name == "index" || name == "readme" || name == "_index" {
		file = path.Dir(file)
	}
	return file
}

// plant makes a tree of the articles of each space: one stands under that of its folder.
func (b *batch) plant() {
	for ref, pages := range b.pages {
		shelf := &collection{Collection: models.Collection{ID: b.knownCollections[ref], Title: pages[0].space.Title, Description: pages[0].space.Description, ImportRef: &ref}, space: pages[0].space}
		if shelf.ID == 0 {
			b.newCollections = append(b.newCollections, shelf)
		}
		slices.SortStableFunc(pages, func(a, b *article) int { return cmp.Compare(a.path, b.path) })
		root := commonFolder(pages)
		at := map[string]*article{}
		for _, page := range pages {
			if at[page.path] == nil {
				at[page.path] = page
			}
		}
		grown := slices.Clone(pages)
		for i := 0; i < len(grown); i++ { // folders join while it goes
			page := grown[i]
			folder := path.Dir(page.path)
			if page.path == root || folder == root || folder == "." || len(folder) < len(root) {
				continue
			}
			if page.parent = at[folder]; page.parent == nil {
				page.parent = b.folder(ref, folder, page)
				at[folder] = page.parent
				grown = append(grown, page.parent)
			}
		}
		b.shelve(shelf, grown)
	}
	slices.SortFunc(b.newCollections, func(a, b *collection) int { return cmp.Compare(a.Title, b.Title) })
}

// folder is an article that stands for a folder without one.
func (b *batch) folder(space, folder string, of *article) *article {
	name := "folder " + space + " " + folder
	words := strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return ' '
		}
		return r
	}, path.Base(folder)))
	title, err := text.Title(strings.ToUpper(words[:min(1, len(words))]) + words[min(1, len(words)):])
	if err != nil {
		title = folder
	}
	made := &article{Article: models.Article{ID: b.knownArticles[name], Title: title, Lang: of.Lang, CreatedAt: of.CreatedAt, ImportRef: &name}, at: of.at, space: of.space, author: b.user(""), path: folder}
	made.known = made.ID != 0
	return made
}

// commonFolder is the folder that holds all pages, which no article stands for.
func commonFolder(pages []*article) string {
	common := pages[0].folder
	for _, page := range pages[1:] {
		for common != "." && page.folder != common && !strings.HasPrefix(page.folder, common+"/") {
			common = path.Dir(common)
		}
	}
	return common
}

// shelve brings the new articles of a collection into an order in which each follows the one that it stands under. What lies deeper than
// a tree can be stands under the deepest that it can.
func (b *batch) shelve(shelf *collection, grown []*article) {
	slices.SortStableFunc(grown, func(a, b *article) int { return cmp.Compare(a.path, b.path) })
	for n, page := range grown {
		page.depth = 1
		for up := page.parent; up != nil; up = up.parent {
			page.depth++
		}
		for ; page.depth > models.MostLevels; page.depth-- {
			page.parent = page.parent.parent
		}
		page.Position = int64(n+1) << 20
	}
	b.links.add(grown)
	for _, page := range grown {
		if page.known {
			continue
		}
		page.Body = b.links.rewritten(page)
		b.newArticles = append(b.newArticles, page)
	}
	b.shelves = append(b.shelves, shelved{shelf, grown})
}

// shelved is a collection with all that stands in it.
type shelved struct {
	*collection
	pages []*article
}

// renderArticles renders the texts of the new articles, whose links name articles that have no ids yet.
func (b *batch) renderArticles() {
	for n, page := range b.newArticles {
		if n%100 == 0 {
			b.progress("articles", n, len(b.newArticles))
		}
		rendered, err := text.Render(page.Body, text.Body, nil)
		if err != nil {
			b.problem(page.at, fmt.Sprintf("article %q: %s", *page.ImportRef, english(err)))
			continue
		}
		page.HTML, page.Summary, page.Words = rendered.HTML, rendered.Summary, len(strings.Fields(rendered.Plain))
		page.Lang = language(page.Lang, page.Title+"\n"+rendered.Plain)
		page.SetHeadings(rendered.Headings)
	}
}

// writeArticles stores the collections and, level by level, the articles.
func (b *batch) writeArticles(tx *models.Tx) error {
	for _, shelf := range b.newCollections {
		shelf.SpaceID = shelf.space.ID
		if err := tx.CreateCollection(&shelf.Collection); err != nil {
			return err
		}
	}
	levels := map[int][]*models.Article{}
	for _, shelf := range b.shelves {
		lies, err := tx.CollectionSpace(shelf.ID) // which may have been restricted since it came here
		if err != nil {
			return err
		}
		for _, page := range shelf.pages {
			if page.known {
				continue
			}
			page.CollectionID, page.SpaceID = shelf.ID, lies
			page.AuthorID, page.EditorID, page.EditedAt = page.author.ID, page.author.ID, page.CreatedAt
			levels[page.depth] = append(levels[page.depth], &page.Article)
		}
	}
	for depth := 1; depth <= models.MostLevels; depth++ {
		for _, page := range b.newArticles {
			if page.depth == depth && page.parent != nil {
				page.ParentID = &page.parent.ID
			}
		}
		if err := tx.ImportArticles(levels[depth]); err != nil {
			return err
		}
	}
	all := make([]models.ImportedArticle, len(b.newArticles))
	for i, page := range b.newArticles {
		body, html := b.links.settled(page.Body), b.links.settled(page.HTML)
		all[i] = models.ImportedArticle{Article: &page.Article, Linked: body != page.Body || html != page.HTML}
		page.Body, page.HTML = body, html
	}
	return tx.SettleArticles(all)
}

// articleEvents are what would have been recorded of articles.
func (b *batch) articleEvents() (events []models.Event) {
	for _, page := range b.newArticles {
		events = append(events, models.Event{At: page.CreatedAt, Verb: models.ArticleWritten, ActorID: page.AuthorID, SpaceID: page.SpaceID, Subject: "article", SubjectID: page.ID})
	}
	return events
}
