package knowledge

import (
	"strconv"
	"strings"
	"time"

	"ruche/models"
)

// Print is a document to be printed: an article, with what stands under it or without, or a collection.
type Print struct {
	Title, Lang string
	Collection  *models.Collection
	Space       models.SpaceAccess
	Whole       bool // the document is the collection
	Chapters    []Chapter
	Printed     time.Time
	Base        string // the address of the house, before paths
	Back        string // where the document is from
	Long        bool   // it is too long to be printed at once
	Most        int    // how many articles one document takes
	Parts       []models.ArticleNode
}

// Chapter is an article in a document.
type Chapter struct {
	Node    models.ArticleNode
	Level   int    // from 1
	Number  string // such as 2.1
	Article *models.PrintedArticle
	HTML    string
}

// PlaceOf is the place of an article in a document, and how the names of the places in it begin.
func PlaceOf(id int64) string { return "a-" + strconv.FormatInt(id, 10) + "-" }

// single is the one article of a document, nil where there are several.
func (v Print) single() *models.PrintedArticle {
	if v.Whole || len(v.Chapters) != 1 {
		return nil
	}
	return v.Chapters[0].Article
}

// address is that of the document in the house, as people write it down.
func (v Print) address() string { return v.Base + v.Back }

// indent is the class that a line of the contents has by its level.
func (c Chapter) indent() string { return "level-" + strings.Repeat("i", min(c.Level, 4)) }
