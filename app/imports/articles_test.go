package imports_test

import (
	"strings"
	"testing"

	"ruche/app/imports"
	"ruche/models"
	"ruche/models/modelstest"
)

func handbook() map[string]string {
	files := small()
	page := func(id, path, title, body string) string {
		return `{"id":"` + id + `","space_id":"s1","lang":"en","title":"` + title + `","body":"` + body + `","path":"` + path + `","published_at":"2023-05-06","tags":["hops"]}` + "\n"
	}
	files["articles.jsonl"] = page("a1", "content/index.md", "Handbook", `See [brewing](brewing/index.md) and [the web](https://example.org/x.md).`) +
		page("a2", "content/brewing/index.md", "Brewing", `# Steps\n\n[Cooling](cooling.md#in-the-cold), [nothing](gone.md), [here](#steps), [home](../index.md)`) +
		page("a3", "content/brewing/cooling.md", "Cooling", "```\\n[code](index.md)\\n```\\n\\n[Back][b] to [the top](/content/index.md)\\n\\n[b]: ./index.md") +
		page("a4", "content/tools/big/kettle.md", "Kettle", "[up](../../brewing/)")
	return files
}

func TestArticlesComeWithTheTreeOfTheirFoldersAndTheirLinks(t *testing.T) {
	db := modelstest.Open(t)
	dir := folder(t, handbook())
	report, err := run(t, db, dir, imports.Options{})
	if err != nil {
		t.Fatal(err, report.Problems)
	}
	if report.Articles.New != 6 || report.Collections.New != 1 { // the two folders of the kettle have no article of their own
		t.Errorf("report: %+v", report)
	}
	actor := reader(t, db)
	ids, err := db.Imported(t.Context(), "articles")
	if err != nil {
		t.Fatal(err)
	}
	of := func(ref string) *models.Article {
		t.Helper()
		article, err := db.Article(t.Context(), actor, ids[ref])
		if err != nil {
			t.Fatal(ref, err)
		}
		return article
	}
	home, brewing, cooling, kettle := of("a1"), of("a2"), of("a3"), of("a4")
	if home.ParentID != nil || brewing.ParentID != nil || *cooling.ParentID != brewing.ID {
		t.Errorf("home under %v, brewing under %v, cooling under %v", home.ParentID, brewing.ParentID, cooling.ParentID)
	}
	above, err := db.ArticlesAbove(t.Context(), kettle)
	if err != nil || len(above) != 2 || above[0].Title != "Tools" || above[1].Title != "Big" {
		t.Errorf("the kettle is under %v, %v", above, err)
	}
	for _, c := range []struct {
		in   *models.Article
		want []string
	}{
		{home, []string{"[brewing](" + brewing.Path() + ")", "(https://example.org/x.md)"}},
		{brewing, []string{"(" + cooling.Path() + "#h-in-the-cold)", "(gone.md)", "(#h-steps)", "(" + home.Path() + ")"}},
		{cooling, []string{"[code](index.md)", "[b]: " + brewing.Path(), "(" + home.Path() + ")"}},
		{kettle, []string{"(" + brewing.Path() + ")"}},
	} {
		for _, want := range c.want {
			if !strings.Contains(c.in.Body, want) {
				t.Errorf("%q is not in %q", want, c.in.Body)
			}
		}
	}
	if !strings.Contains(brewing.HTML, `href="`+cooling.Path()+`#h-in-the-cold"`) {
		t.Error(brewing.HTML)
	}
	version, err := db.ArticleVersion(t.Context(), brewing.ID, 1)
	if err != nil || version.Body != brewing.Body {
		t.Errorf("version 1 is %+v, %v", version, err)
	}
	collection, err := db.Collection(t.Context(), actor, home.CollectionID)
	if err != nil || collection.ArticleCount != 6 {
		t.Errorf("collection %+v, %v", collection, err)
	}

	files := handbook()
	files["articles.jsonl"] += `{"id":"a5","space_id":"s1","lang":"en","title":"Later","body":"[cooling](cooling.md)","path":"content/brewing/later.md"}` + "\n"
	report, err = run(t, db, folder(t, files), imports.Options{})
	if err != nil || report.Articles.New != 1 || report.Articles.Known != 4 || report.Collections.New != 0 {
		t.Fatalf("again: %+v, %v", report, err)
	}
	if ids, err = db.Imported(t.Context(), "articles"); err != nil {
		t.Fatal(err)
	}
	later := of("a5")
	if *later.ParentID != brewing.ID || !strings.Contains(later.Body, cooling.Path()) {
		t.Errorf("the later one is under %d and says %q", *later.ParentID, later.Body)
	}
}

func TestWhatIsWrongWithArticlesIsNamed(t *testing.T) {
	db := modelstest.Open(t)
	files := small()
	files["articles.jsonl"] = `{"id":"","space_id":"s1","title":"A","body":"b"}` + "\n" + `{"id":"a","space_id":"nowhere","title":"A","body":"b"}` + "\n" +
		`{"id":"b","space_id":"s1","title":"","body":"b"}` + "\n" + `{"id":"c","space_id":"s1","title":"C","body":"c","published_at":"once"}` + "\n"
	report, err := run(t, db, folder(t, files), imports.Options{})
	if err == nil || len(report.Problems) != 4 {
		t.Errorf("%v, %v", err, report.Problems)
	}
}
