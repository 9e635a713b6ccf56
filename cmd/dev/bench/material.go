package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"ruche/app"
	"ruche/app/demo"
	"ruche/app/imports"
	"ruche/app/text"
	"ruche/models"
)

// material is what the grown ideas are made of: real ideas and comments, rendered once.
type material struct {
	ideas    []sample
	comments []sample
}

// sample is one real text.
type sample struct {
	title    string
	markdown string
	html     string
	summary  string
	plain    string
	lang     string
	tags     models.Tags
}

// loadMaterial reads the real data, or the sample company where they are absent, the way the product
// does: by an import into a house of its own.
func loadMaterial(ctx context.Context, data string) (m *material, err error) {
	dir, err := os.MkdirTemp("", "ruche-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	house, err := app.New(ctx, app.Config{Addr: "127.0.0.1:0", BaseURL: "http://127.0.0.1", DataDir: dir}, app.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, house.Close()) }()
	if hasData(data) {
		_, err = imports.Import(ctx, house.DB, data, imports.Options{})
	} else {
		_, err = demo.Fill(ctx, demo.House{DB: house.DB, Files: house.Files, Notices: house.Notices})
	}
	if err != nil {
		return nil, fmt.Errorf("read the data to grow: %w", err)
	}
	m = &material{}
	if m.ideas, err = samples(ctx, house.DB, "idea", text.Body); err != nil {
		return nil, err
	}
	if m.comments, err = samples(ctx, house.DB, "comment", text.Comment); err != nil {
		return nil, err
	}
	// Every size is to hold the same mix: the newest thousand are of one city, and shorter than most.
	mixed := rand.New(rand.NewPCG(1, 1))
	mixed.Shuffle(len(m.ideas), func(i, j int) { m.ideas[i], m.ideas[j] = m.ideas[j], m.ideas[i] })
	mixed.Shuffle(len(m.comments), func(i, j int) { m.comments[i], m.comments[j] = m.comments[j], m.comments[i] })
	return m, nil
}

func hasData(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "ideas.jsonl"))
	return err == nil
}

func samples(ctx context.Context, db *models.DB, kind string, as text.Kind) (out []sample, err error) {
	for before := int64(math.MaxInt64); ; {
		records, err := db.SearchRecordsBefore(ctx, kind, before, 1000)
		if err != nil || len(records) == 0 {
			return out, err
		}
		for _, r := range records {
			before = r.ID
			rendered, err := text.Render(r.Text, as, nil)
			if err != nil {
				return nil, fmt.Errorf("render %s %d: %w", kind, r.ID, err)
			}
			out = append(out, sample{r.Title, r.Text, rendered.HTML, rendered.Summary, rendered.Plain, r.Lang, r.Tags})
		}
	}
}

// idea is the n'th of ever so many ideas. After the real ones come ideas with half the title of one,
// half that of another, and the text of a third, so that words keep their frequencies.
func (m *material) idea(n int) sample {
	count := len(m.ideas)
	s := m.ideas[n%count]
	round := n / count
	if round == 0 {
		return s
	}
	other := m.ideas[(n*7+round*13)%count]
	s.title = halves(s.title, m.ideas[(n*3+round*101)%count].title)
	s.markdown, s.html, s.summary, s.plain, s.lang = other.markdown, other.html, other.summary, other.plain, other.lang
	return s
}

func (m *material) comment(n int) sample { return m.comments[n%len(m.comments)] }

// halves joins the first half of one title to the second half of another.
func halves(a, b string) string {
	first, second := strings.Fields(a), strings.Fields(b)
	title := strings.Join(append(first[:(len(first)+1)/2:(len(first)+1)/2], second[len(second)/2:]...), " ")
	if runes := []rune(title); len(runes) > text.MaxTitle {
		title = string(runes[:text.MaxTitle])
	}
	return title
}
