package demo

import (
	"slices"

	"ruche/models"
)

// Shelf is a collection of a space with what is written in it, in the order of the tree.
type Shelf struct {
	Space    string
	By       string
	Ago      Age
	Title    string
	About    string
	Articles []Article
	Terms    []Term // of the glossary of its space
}

// Term is a word with what it means in a space.
type Term struct {
	By         string
	Ago        Age
	Lang       string
	Word       string
	Also       []string
	Means      string
	Article    string // the key of the one that explains it, of the same collection; may be empty
	Everywhere bool
}

// Article is a page of knowledge.
type Article struct {
	Key   string
	Under string // the key of another article; empty for the top
	By    string
	Ago   Age
	Lang  string
	Title string
	Tags  []string
	Body  string // Markdown
	Edits []ArticleEdit
	Talk  []Said

	Verified *ArticleVerified // by whom and when it was found right; nil for never
}

// ArticleVerified says that somebody found an article right, for some months.
type ArticleVerified struct {
	By     string
	Ago    Age
	Months int
}

// ArticleEdit makes the next version of an article.
type ArticleEdit struct {
	By      string
	Ago     Age
	Note    string
	Replace []Replacement
}

// shelves looks for what could not have been written so.
func (k *checker) shelves() {
	for i := range k.company.Shelves {
		shelf := &k.company.Shelves[i]
		space := k.company.space(shelf.Space)
		if space == nil || k.company.person(shelf.By) == nil || space.Opened < shelf.Ago || shelf.Title == "" {
			k.problem("collection %q: in %q by %q", shelf.Title, shelf.Space, shelf.By)
		}
		written := map[string]Age{"": shelf.Ago}
		for _, a := range shelf.Articles {
			above, known := written[a.Under]
			if k.company.person(a.By) == nil || !known || above < a.Ago || a.Key == "" || a.Title == "" {
				k.problem("article %q: by %q under %q", a.Key, a.By, a.Under)
			}
			last := a.Ago
			for _, edit := range a.Edits {
				if k.company.person(edit.By) == nil || edit.Ago >= last {
					k.problem("article %q: edited by %q", a.Key, edit.By)
				}
				last = edit.Ago
			}
			said := map[string]Age{"": a.Ago}
			for _, s := range a.Talk {
				if answered, known := said[s.Answers]; k.company.person(s.By) == nil || !known || s.Ago >= answered || s.Body == "" {
					k.problem("article %q: %q is said by %q to %q", a.Key, s.Key, s.By, s.Answers)
				}
				said[s.Key] = s.Ago
			}
			if v := a.Verified; v != nil && (k.company.person(v.By) == nil || v.Ago >= a.Ago || !slices.Contains(models.Rhythms(), v.Months)) {
				k.problem("article %q: verified by %q", a.Key, v.By)
			}
			written[a.Key] = a.Ago
		}
		for _, t := range shelf.Terms {
			explained, known := written[t.Article]
			if k.company.person(t.By) == nil || t.Word == "" || t.Means == "" || !known || explained <= t.Ago {
				k.problem("term %q: by %q, explained in %q", t.Word, t.By, t.Article)
			}
		}
	}
}
