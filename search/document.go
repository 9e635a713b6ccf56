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
const schema = "v1"

// Fields beside those of the languages.
const (
	beginningsField = "beginnings" // of the words of an idea's title
	factsField      = "facts"      // what filters, counts and orders, packed
)

// Types of records. Their order is that of their codes in facts.
const (
	ideas    = "idea"
	comments = "comment"
)

var types = []string{ideas, comments}

// key is the document id of a record.
func key(kind string, id int64) string { return kind + ":" + strconv.FormatInt(id, 10) }

// newDocument makes of a record what Bleve indexes. Texts are searchable, not stored: a page shows
// them as the database has them then.
func newDocument(r *models.SearchRecord, langs []*language) *document.Document {
	doc := document.NewDocument(key(r.Type, r.ID))
	text := []byte(strings.Join(append([]string{plain(r.Text)}, r.Tags...), "\n"))
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
		if r.Type == ideas {
			add(l.title, index.IndexField|index.IncludeTermVectors, l.analyse([]byte(r.Title), true))
		}
	}
	if r.Type == ideas {
		add(beginningsField, index.IndexField|index.SkipFreqNorm, beginnings([]byte(r.Title)))
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
