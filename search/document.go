package search

import (
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"ruche/models"
)

// schema names what an index holds and how; an index of another schema is built anew. Change it
// with anything that changes terms, fields or facts.
const schema = "v3"

// Fields beside those of the languages.
const (
	beginningsField = "beginnings" // of the words of a title
	factsField      = "facts"      // what filters, counts and orders, packed
)

// Types of records, and their codes in facts. A new type is a name here, a query in models and its
// verbs in touched. Comments are posts under ideas, articles and gatherings, posts are those in threads but for the first of each, which is its thread's text.
const (
	ideas    = "idea"
	comments = "comment"
	threads  = "thread"
	posts    = "post"
	articles = "article"
	events   = "event"
)

var types = []string{ideas, comments, threads, posts, articles, events}

// titled says by kind which records have titles of their own; those of the others are those of what they stand under.
var titled = [...]bool{true, false, true, false, true, true}

func hasTitle(kind string) bool {
	return kind == ideas || kind == threads || kind == articles || kind == events
}

// key is the document id of a record.
func key(kind string, id int64) string { return kind + ":" + strconv.FormatInt(id, 10) }

// document makes of a record what Bleve indexes. A text that our analysis falls over must not stop
// the index, today and at each start: its record is counted and found by its number, not by its words.
func (s *store) document(r *models.SearchRecord) (doc *document.Document) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("text could not be analysed", "type", r.Type, "id", r.ID, "error", p)
			doc = newDocument(&models.SearchRecord{Type: r.Type, ID: r.ID, IdeaID: r.IdeaID, ThreadID: r.ThreadID, SpaceID: r.SpaceID, AuthorID: r.AuthorID,
				Lang: r.Lang, Stage: r.Stage, Campaign: r.Campaign, CollectionID: r.CollectionID, VerifiedUntil: r.VerifiedUntil, At: r.At}, s.langs)
		}
	}()
	return newDocument(r, s.langs)
}

// newDocument makes of a record what Bleve indexes. Texts are searchable, not stored: a page shows
// them as the database has them then.
func newDocument(r *models.SearchRecord, langs []*language) *document.Document {
	doc := document.NewDocument(key(r.Type, r.ID))
	text := strings.Join(append([]string{plain(r.Text)}, r.Tags...), "\n")
	add := func(field string, options index.FieldIndexingOptions, stream terms) {
		if len(stream) > 0 {
			doc.AddField(document.NewTextFieldCustom(field, nil, nil, options, stream))
		}
	}
	for _, l := range langs {
		if known(langs, r.Lang) && r.Lang != l.code {
			continue
		}
		add(l.body, index.IndexField|index.IncludeTermVectors, l.analyse(text, false))
		if hasTitle(r.Type) {
			add(l.title, index.IndexField|index.IncludeTermVectors, l.analyse(r.Title, true))
		}
	}
	if hasTitle(r.Type) {
		add(beginningsField, index.IndexField|index.SkipFreqNorm, beginnings(r.Title))
	}
	doc.AddField(document.NewTextFieldCustom(factsField, nil, factsOf(r, len(text), langs).pack(), index.StoreField, nil))
	return doc
}

func known(langs []*language, code string) bool {
	for _, l := range langs {
		if l.code == code {
			return true
		}
	}
	return false
}
