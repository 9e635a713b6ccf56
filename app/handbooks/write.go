package handbooks

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"ruche/app/text"
	"ruche/models"
)

// front is what stands before the text of an article.
type front struct {
	Title    string    `yaml:"title"`
	ID       int64     `yaml:"id"`
	Position int       `yaml:"position"` // among the articles beside it
	Lang     string    `yaml:"lang,omitempty"`
	Tags     []string  `yaml:"tags,omitempty,flow"`
	Source   string    `yaml:"source,omitempty"`
	Link     string    `yaml:"source_url,omitempty"`
	Author   string    `yaml:"author"`
	Created  time.Time `yaml:"created"`
	Editor   string    `yaml:"editor"`
	Edited   time.Time `yaml:"edited"`
	Address  string    `yaml:"address"`
}

// about is what is written of a collection.
type about struct {
	Title       string `yaml:"title"`
	ID          int64  `yaml:"id"`
	Description string `yaml:"description,omitempty"`
	Space       string `yaml:"space"`
	Position    int    `yaml:"position"`
	Archived    bool   `yaml:"archived,omitempty"`
}

// Write writes the archive to a stream. Only some texts, and no file, are in memory at a time. What is withdrawn meanwhile is not in it.
func (a *Archive) Write(ctx context.Context, to io.Writer) error {
	_, err := a.write(ctx, to)
	return err
}

func (a *Archive) write(ctx context.Context, to io.Writer) (*models.Archived, error) {
	out := &writer{Archive: a, zip: zip.NewWriter(to), files: map[int64]string{}, spaces: map[int64]bool{}, collections: map[int64]bool{}}
	for _, shelf := range a.shelves {
		if err := out.writeShelf(shelf); err != nil {
			return nil, err
		}
	}
	for rest := a.pages; len(rest) > 0; {
		some := rest[:min(len(rest), perBatch)]
		rest = rest[len(some):]
		if err := out.writePages(ctx, some); err != nil {
			return nil, err
		}
		if a.told != nil {
			if err := a.told(len(a.pages)-len(rest), len(a.pages)); err != nil {
				return nil, err
			}
		}
	}
	held := &models.Archived{Articles: out.articles, Spaces: slices.Sorted(maps.Keys(out.spaces)), Collections: slices.Sorted(maps.Keys(out.collections))}
	return held, out.zip.Close()
}

type writer struct {
	*Archive
	zip         *zip.Writer
	files       map[int64]string // where those lie that are written; empty for those that cannot be
	articles    int              // that are written
	spaces      map[int64]bool   // of which there is anything
	collections map[int64]bool
}

func (w *writer) note(shelf *shelf) {
	w.spaces[shelf.SpaceID], w.collections[shelf.ID] = true, true
}

func (w *writer) writeShelf(shelf *shelf) error {
	w.note(shelf)
	raw, err := yaml.Marshal(about{shelf.Title, shelf.ID, shelf.Description, w.actor.Access(shelf.SpaceID).Slug, shelf.Position, shelf.ArchivedAt != nil})
	if err != nil {
		return err
	}
	return w.write(shelf.folder+"/collection.yaml", shelf.CreatedAt, raw)
}

func (w *writer) write(name string, at time.Time, content []byte) error {
	entry, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at.UTC()})
	if err != nil {
		return err
	}
	_, err = entry.Write(content)
	return err
}

func (w *writer) writePages(ctx context.Context, pages []*page) error {
	ids := make([]int64, len(pages))
	for i, page := range pages {
		ids[i] = page.ID
	}
	loaded, err := w.house.db.ExportedArticles(ctx, w.actor, ids)
	if err != nil {
		return err
	}
	articles := make(map[int64]*models.ExportedArticle, len(loaded))
	var named []int64
	for i := range loaded {
		articles[loaded[i].ID] = &loaded[i]
		named = append(named, w.house.filesIn(loaded[i].Body)...)
	}
	if err := w.writeFiles(ctx, named); err != nil {
		return err
	}
	for _, page := range pages {
		if article := articles[page.ID]; article != nil {
			if err := w.writePage(page, article); err != nil {
				return fmt.Errorf("write article %d: %w", page.ID, err)
			}
			w.note(page.shelf)
			w.articles++
		}
	}
	return nil
}

func (w *writer) writePage(page *page, article *models.ExportedArticle) error {
	head, err := yaml.Marshal(front{
		Title: article.Title, ID: article.ID, Position: page.order, Lang: article.Lang, Tags: article.Tags, Source: article.Source, Link: article.SourceURL, Author: article.AuthorName, Created: article.CreatedAt.UTC(),
		Editor: article.EditorName, Edited: article.EditedAt.UTC(), Address: w.house.base + article.Path(),
	})
	if err != nil {
		return err
	}
	body := text.Readdressed(article.Body, func(href string) string { return w.outward(page, href, w.files) })
	return w.write(page.file, article.EditedAt, []byte("---\n"+string(head)+"---\n\n"+body+"\n"))
}

// writeFiles writes those of the files that are not yet in the archive and that the actor may see.
func (w *writer) writeFiles(ctx context.Context, ids []int64) error {
	var wanted []int64
	for _, id := range ids {
		if _, asked := w.files[id]; !asked {
			w.files[id] = ""
			wanted = append(wanted, id)
		}
	}
	for len(wanted) > 0 {
		some := wanted[:min(len(wanted), perQuery)]
		wanted = wanted[len(some):]
		found, err := w.house.db.FilesOf(ctx, w.actor, some)
		if err != nil {
			return err
		}
		for i := range found {
			if err := w.writeFile(ctx, &found[i]); err != nil {
				return fmt.Errorf("write file %d: %w", found[i].ID, err)
			}
		}
	}
	return nil
}

func (w *writer) writeFile(ctx context.Context, file *models.File) error {
	object, _, err := w.house.files.Open(ctx, file.Key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // its bytes are lost: the text leads to the house, which says so
	}
	if err != nil {
		return err
	}
	defer object.Close()
	name := fileName(file)
	entry, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: file.CreatedAt.UTC()})
	if err != nil {
		return err
	}
	if _, err := io.Copy(entry, object); err != nil {
		return err
	}
	w.files[file.ID] = name
	return nil
}
