package main

import (
	"fmt"
	"os"
	"path/filepath"

	"ruche/app/files"
	"ruche/app/handbooks"
)

// exportArticlesCommand writes knowledge as a ZIP of Markdown, as one person may see it.
type exportArticlesCommand struct {
	File       string `arg:"" help:"ZIP to write; one that is there already is replaced." type:"path"`
	As         string `help:"E-mail address of the person who may see what is exported." required:""`
	Collection int64  `help:"Only this collection: its number, as in its address." xor:"scope"`
	Article    int64  `help:"Only this article and all that stands under it: its number, as in its address." xor:"scope"`
}

// Run writes the archive beside its place and moves it there when it is whole.
func (c *exportArticlesCommand) Run(s *streams) (err error) {
	config, db, err := s.database()
	if err != nil {
		return err
	}
	defer db.Close()
	store, err := files.OpenStore(config.DataDir, config.S3URL)
	if err != nil {
		return err
	}
	kept, err := files.New(db, store, config.DataDir)
	if err != nil {
		return err
	}
	user, err := db.UserByEmail(s.ctx, c.As)
	if err != nil {
		return err
	}
	actor, err := db.ActorByID(s.ctx, user.ID)
	if err != nil {
		return err
	}
	archive, err := handbooks.New(db, kept, config.BaseURL).Gather(s.ctx, actor, handbooks.Scope{Article: c.Article, Collection: c.Collection})
	if err != nil {
		return err
	}
	out, err := os.CreateTemp(filepath.Dir(c.File), ".ruche-export-*")
	if err != nil {
		return err
	}
	defer func() {
		out.Close()
		if err != nil {
			os.Remove(out.Name())
		}
	}()
	if err := archive.Write(s.ctx, out); err != nil {
		return err
	}
	if err := out.Sync(); err != nil {
		return err
	}
	if err := os.Rename(out.Name(), c.File); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d articles written to %s\n", archive.Articles(), c.File)
	return nil
}
