// Package knowledge shows what a company knows: collections, articles with the tree that they stand in, the forms to write them, their
// versions, and where they can be moved. It is given all it shows.
package knowledge

import (
	"net/url"
	"strconv"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Index is a page of the collections that the reader may see.
type Index struct {
	Shelves []Shelf
	Space   string // slug, of the list of one space; empty for all
	Spaces  []models.SpaceAccess
	Next    string // address of the next page, empty at the end
	Start   string // and of the first one
	Latest  []models.ArticleCard
	NewURL  string // where to set up a collection; empty if the reader may not
	Tends   bool   // the reader may have articles to look after

	SignedIn      bool
	Starred, Read []models.KeptArticle // what the reader keeps at hand and has read last, the first few
}

// Shelf is the collections of one space on the page.
type Shelf struct {
	Space       models.SpaceAccess
	Collections []models.Collection
	Restricted  []bool // whether only chosen people read each
}

// Collection is a page of a collection.
type Collection struct {
	Collection *models.Collection
	Space      models.SpaceAccess
	Articles   []models.ArticleNode // at the top
	Next       string               // address of the next page, empty at the end
	Start      string               // and of the first one
	Rights     Rights
}

// Rights are what the reader may do with a collection or an article.
type Rights struct {
	Write, Arrange, Moderate, Withdraw, Restore, Trust, Tick bool
}

// Article is a page of an article.
type Article struct {
	Article    *models.ArticleDetail
	Space      models.SpaceAccess
	Above      []models.ArticleNode // the topmost first
	Tree       []Branch
	Under      []models.ArticleNode
	Headings   []models.Heading
	Versions   []models.ArticleVersionCard // the latest
	Origins    []models.OriginCard         // from which it was written
	Linked     []models.ReferenceCard      // the latest texts that lead to it
	MoreLinked bool                        // there are others
	Trust      *models.ArticleTrust
	Reading    models.ArticleReading
	Related    []models.ArticleCard // about the same
	Terms      []*models.Term       // of the glossary that are marked in it
	Rights     Rights
	Drafts     []models.DraftCard // that change it, as far as the reader may see them
	Asked      bool               // the reader is asked whether it helped
	Voice      *models.ArticleVoice
	Talk       Talk
	Passages   Beside
}

// Tagged is a list of articles, with what it is narrowed to.
type Tagged struct {
	Tag         string
	Space       string // slug, of those of one space; empty for all
	Label       string
	Trust       string
	Owner       *models.User // nil for all
	Spaces      []models.SpaceAccess
	Articles    []models.ArticleCard
	Next, Start string
}

// Narrowed tells whether the list is not that of all articles.
func (v Tagged) Narrowed() bool { return v.URL("", "") != "/articles" }

// URL is the list with one of its filters changed.
func (v Tagged) URL(name, value string) string {
	values := url.Values{"tag": {v.Tag}, "space": {v.Space}, "label": {v.Label}, "trust": {v.Trust}, "owner": {""}}
	if v.Owner != nil {
		values.Set("owner", strconv.FormatInt(v.Owner.ID, 10))
	}
	if name != "" {
		values.Set(name, value)
	}
	for name, list := range values {
		if list[0] == "" {
			values.Del(name)
		}
	}
	if len(values) == 0 {
		return "/articles"
	}
	return "/articles?" + values.Encode()
}

func (v Tagged) owner(p layout.Page) string {
	switch {
	case v.Owner == nil:
		return p.L.T("knowledge.filter.any_owner")
	case p.Person != nil && v.Owner.ID == p.Person.ID:
		return p.L.T("knowledge.filter.mine")
	}
	return parts.Name(p.L, v.Owner.Name)
}

func (v Tagged) label(p layout.Page) string {
	if v.Label == "" {
		return p.L.T("knowledge.filter.any_label")
	}
	return p.L.T("restriction.label." + v.Label)
}

func (v Tagged) trust(p layout.Page) string {
	if v.Trust == "" {
		return p.L.T("knowledge.filter.any_trust")
	}
	return p.L.T("knowledge.filter.trust." + v.Trust)
}

// Mine is a page of the articles that the reader keeps at hand, with those that they have read last.
type Mine struct {
	Starred, Read []models.KeptArticle
	Kept          bool // what they read is noted
	Next, Start   string
}

// Linked is a page of the texts that lead to an article.
type Linked struct {
	Article *models.Article
	Space   models.SpaceAccess
	From    []models.ReferenceCard
	Next    string // address of the next page, empty at the end
	Start   string // and of the first one
}

// Branch is an article in the tree with those under it, as far as they are shown.
type Branch struct {
	models.ArticleNode
	Current  bool
	Open     bool // on the way to the current one
	Branches []Branch
}

// Write is the form for a new article, or for a new text of one.
type Write struct {
	Article     *models.Article            // nil for a new one
	Kept        *models.ArticleDraft       // that gets another text; nil for none
	Onto        int                        // the version of its article that its author is shown because it conflicts with the draft
	Overtaken   *Conflict                  // what its author has saved in another window
	Latest      *models.ArticleVersionCard // of the article, so that its editor learns what others save meanwhile
	Live        *parts.LiveRoom            // in which others learn that somebody edits
	Reviewed    bool                       // what the writer writes is approved by somebody else before it is published
	Collection  *models.Collection
	Space       models.SpaceAccess
	Parent      *models.Article // under which it will stand; may be nil
	Shelves     []Shelf         // to choose from, where no collection is named yet
	ShelveURL   string          // where to set up a collection; empty if the writer may not
	From        models.About    // what it is written from
	FromPlace   models.Place
	Title, Body string
	Tags, Note  string
	Base        int
	Once        string
	Draft       parts.Draft
	Person      int64
	Problems    models.Invalid
	Preview     string // the HTML of the text, when it was asked for
	Lang        string // of the preview
	Sent        string // address of what this form has made before; may be empty
	Conflict    *Conflict
	Template    string                   // with which it is begun; empty for none
	Offered     []models.ArticleTemplate // to begin with
	Standard    []string                 // names of those that come with Ruche
	ArrangeURL  string                   // where templates are arranged; empty if the writer may not
}

// Conflict is what others have saved while an article was edited.
type Conflict struct {
	Version models.ArticleVersionCard
	Title   []parts.Change
	Body    []parts.Change
	Tags    []parts.Change
}

// nowhere tells whether there is no collection yet in which the article could stand.
func (v Write) nowhere() bool { return v.Kept == nil && v.Collection == nil && len(v.Shelves) == 0 }

func (v Write) action() string {
	if v.Kept != nil {
		return v.Kept.Path()
	}
	if v.Article != nil {
		return base(v.Article.ID)
	}
	return "/articles"
}

func (v Write) problem(l *i18n.Locale, field string) string { return problem(l, v.Problems, field) }

func problem(l *i18n.Locale, problems models.Invalid, field string) string {
	if key := problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

func summary(l *i18n.Locale, problems models.Invalid, fields ...string) (errors []parts.FieldError) {
	for _, field := range fields {
		if text := problem(l, problems, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// Shelve is the form for a collection.
type Shelve struct {
	Collection  *models.Collection // nil for a new one
	Space       string             // slug
	Spaces      []models.SpaceAccess
	Title       string
	Description string
	Problems    models.Invalid
}

// Place is a level of a collection to which an article can be moved.
type Place struct {
	Article    *models.Article
	Space      models.SpaceAccess
	Collection *models.Collection
	Shelves    []Shelf              // to choose from
	Above      []models.ArticleNode // the level is under the last of them, or at the top
	Level      []models.ArticleNode
	Next       string
	Problems   models.Invalid
}

func (v Place) parent() int64 {
	if len(v.Above) == 0 {
		return 0
	}
	return v.Above[len(v.Above)-1].ID
}

// url is the address of a level.
func (v Place) url(collection, under int64) string {
	return base(v.Article.ID) + "/place?in=" + number(collection) + "&under=" + number(under)
}

// Trash is what was taken out of a collection.
type Trash struct {
	Collection *models.Collection // nil for all of a space
	Space      models.SpaceAccess
	Spaces     []models.SpaceAccess // to choose from
	Articles   []models.TrashCard
	Kept       time.Duration // from when an article is withdrawn
	Next       string
}

func base(id int64) string { return "/articles/" + number(id) }

func shelfURL(id int64) string { return "/collections/" + number(id) }

func number(n int64) string { return strconv.FormatInt(n, 10) }

// options are the collections of the shelves as a list to choose from.
func options(shelves []Shelf) (options []parts.Option) {
	for _, shelf := range shelves {
		for i := range shelf.Collections {
			options = append(options, parts.Option{Value: number(shelf.Collections[i].ID), Label: shelf.Space.Title + " · " + shelf.Collections[i].Title})
		}
	}
	return options
}
