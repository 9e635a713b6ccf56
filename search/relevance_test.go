package search

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"ruche/models"
)

// collection is texts, questions, and which texts answer which question how well.
type collection struct {
	name    string
	lang    string
	docs    []models.SearchRecord
	queries []string
	answers []map[int64]float64 // by query: grades by document
}

// quality is the usual measures over a collection's questions.
type quality struct{ ndcg10, mrr10, recall10, recall100 float64 }

func (q quality) String() string {
	return fmt.Sprintf("nDCG@10 %.4f  MRR@10 %.4f  R@10 %.4f  R@100 %.4f", q.ndcg10, q.mrr10, q.recall10, q.recall100)
}

func (c *collection) measure(ranked func(query string) []int64) (q quality) {
	for i, query := range c.queries {
		answers := c.answers[i]
		var gains []float64
		for _, g := range answers {
			gains = append(gains, g)
		}
		sort.Sort(sort.Reverse(sort.Float64Slice(gains)))
		var ideal, dcg, first, in10, in100 float64
		for rank, g := range gains[:min(len(gains), 10)] {
			ideal += g / math.Log2(float64(rank)+2)
		}
		for rank, id := range ranked(query) {
			g := answers[id]
			if g == 0 {
				continue
			}
			in100++
			if rank < 10 {
				in10++
				dcg += g / math.Log2(float64(rank)+2)
				if first == 0 {
					first = 1 / float64(rank+1)
				}
			}
		}
		n := float64(len(c.queries))
		q.ndcg10 += dcg / ideal / n
		q.mrr10 += first / n
		q.recall10 += in10 / float64(len(answers)) / n
		q.recall100 += in100 / float64(len(answers)) / n
	}
	return q
}

func cranfield(tb testing.TB, dir string) *collection {
	tb.Helper()
	c := &collection{name: "Cranfield", lang: "en"}
	var docs struct {
		Docs []struct {
			Number int64  `xml:"docno"`
			Title  string `xml:"title"`
			Text   string `xml:"text"`
		} `xml:"doc"`
	}
	var queries struct {
		Tops []struct {
			Title string `xml:"title"`
		} `xml:"top"`
	}
	for file, into := range map[string]any{"cran.all.1400.xml": &docs, "cran.qry.xml": &queries} {
		raw, err := os.ReadFile(filepath.Join(dir, "relevance", "cranfield", file))
		if err != nil {
			tb.Fatal(err)
		}
		text := string(raw)
		if !strings.Contains(text, "<xml>") {
			text = "<xml>" + text + "</xml>"
		}
		if err := xml.Unmarshal([]byte(text), into); err != nil {
			tb.Fatal(err)
		}
	}
	for _, d := range docs.Docs {
		c.docs = append(c.docs, models.SearchRecord{Type: ideas, ID: d.Number, IdeaID: d.Number, SpaceID: 1, Lang: "en", Title: d.Title, Text: d.Text})
	}
	for _, q := range queries.Tops {
		c.queries = append(c.queries, strings.TrimSpace(q.Title))
		c.answers = append(c.answers, map[int64]float64{})
	}
	eachLine(tb, filepath.Join(dir, "relevance", "cranfield", "cranqrel.trec.txt"), func(line []byte) {
		var query, zero, doc int64
		var grade float64
		if _, err := fmt.Sscan(string(line), &query, &zero, &doc, &grade); err == nil && grade > 0 {
			c.answers[query-1][doc] = grade
		}
	})
	return c
}

func piaf(tb testing.TB, dir string) *collection {
	tb.Helper()
	c := &collection{name: "PIAF", lang: "fr"}
	raw, err := os.ReadFile(filepath.Join(dir, "relevance", "piaf", "piaf-v1.1.json"))
	if err != nil {
		tb.Fatal(err)
	}
	var file struct {
		Data []struct {
			Title      string
			Paragraphs []struct {
				Context string
				Qas     []struct{ Question string }
			}
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		tb.Fatal(err)
	}
	n := 0
	for _, article := range file.Data {
		for _, p := range article.Paragraphs {
			id := int64(len(c.docs) + 1)
			c.docs = append(c.docs, models.SearchRecord{Type: ideas, ID: id, IdeaID: id, SpaceID: 1, Lang: "fr", Title: article.Title, Text: p.Context})
			for _, qa := range p.Qas {
				if n++; n%3 == 0 { // a third is enough, and 2,523 questions
					c.queries = append(c.queries, qa.Question)
					c.answers = append(c.answers, map[int64]float64{id: 1})
				}
			}
		}
	}
	return c
}

// indexed is an index of records that is searched without a database.
func indexed(tb testing.TB, records []models.SearchRecord) *Index {
	tb.Helper()
	s, err := openStore(filepath.Join(tb.TempDir(), "index"), languages(), slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.close)
	close(s.verified)
	for i := 0; i < len(records); i += 500 {
		if err := s.apply(change{records: records[i:min(len(records), i+500)]}, nil); err != nil {
			tb.Fatal(err)
		}
	}
	return &Index{langs: languages(), live: s}
}

// ranked is the first hundred documents for a query, best first.
func (x *Index) ranked(tb testing.TB, text string) (ids []int64) {
	q := Query{Text: text, Spaces: []int64{1}, Limit: maxLimit}
	p := newPlan(text, x.langs)
	for len(ids) < 100 {
		after, err := parsePosition(q.Cursor)
		if err != nil {
			tb.Fatal(err)
		}
		r, err := x.look(func(v *view, r *Results) error {
			page, err := x.run(v, &q, p, after, r)
			for _, f := range page {
				_, id := f.record()
				ids = append(ids, id)
			}
			return err
		})
		if err != nil {
			tb.Fatal(err)
		}
		if q.Cursor = r.Next; q.Cursor == "" {
			break
		}
	}
	return ids
}

// plainBleve is what one gets from Bleve without a choice of one's own: its standard analysis,
// title and text in one field, any word.
func plainBleve(tb testing.TB, c *collection) func(query string) []int64 {
	tb.Helper()
	index, err := bleve.NewUsing("", bleve.NewIndexMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = index.Close() })
	batch := index.NewBatch()
	for _, d := range c.docs {
		if err := batch.Index(fmt.Sprint(d.ID), map[string]string{"title": d.Title, "text": d.Text}); err != nil {
			tb.Fatal(err)
		}
	}
	if err := index.Batch(batch); err != nil {
		tb.Fatal(err)
	}
	return func(query string) (ids []int64) {
		result, err := index.SearchInContext(context.Background(), bleve.NewSearchRequestOptions(bleve.NewMatchQuery(query), 100, 0, false))
		if err != nil {
			tb.Fatal(err)
		}
		for _, hit := range result.Hits {
			var id int64
			_, _ = fmt.Sscan(hit.ID, &id)
			ids = append(ids, id)
		}
		return ids
	}
}

// TestRelevanceBeatsPlainBleve holds the ranking to what it was chosen for.
func TestRelevanceBeatsPlainBleve(t *testing.T) {
	dir := sharedData()
	if dir == "" {
		t.Log("no shared data: the collections are left out")
		return
	}
	accents := strings.NewReplacer("é", "e", "è", "e", "ê", "e", "à", "a", "ç", "c", "ù", "u", "û", "u", "ô", "o", "î", "i", "ï", "i", "â", "a", "œ", "oe")
	for _, want := range []struct {
		*collection
		ndcg float64
	}{{cranfield(t, dir), 0.39}, {piaf(t, dir), 0.79}} {
		x := indexed(t, want.docs)
		plain := want.measure(plainBleve(t, want.collection))
		ours := want.measure(func(q string) []int64 { return x.ranked(t, q) })
		bare := want.measure(func(q string) []int64 { return x.ranked(t, accents.Replace(q)) })
		t.Logf("%s, %d texts, %d questions:\n%-24s%s\n%-24s%s\n%-24s%s", want.name, len(want.docs), len(want.queries),
			"plain Bleve", plain, "ours", ours, "typed without accents", bare)
		if ours.ndcg10 < want.ndcg || ours.ndcg10 < plain.ndcg10+0.02 || ours.recall100 < plain.recall100 {
			t.Errorf("%s: ranking is worse than it was", want.name)
		}
		if bare.ndcg10 < ours.ndcg10-0.002 {
			t.Errorf("%s: accents left out cost too much", want.name)
		}
	}
}
