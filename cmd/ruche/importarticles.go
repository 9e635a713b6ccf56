package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"ruche/app/files"
	"ruche/app/handbooks"
	"ruche/models"
	"ruche/views/i18n"
)

// importArticlesCommand takes a folder of texts into a collection, as somebody who arranges it.
type importArticlesCommand struct {
	Path       string `arg:"" help:"Folder, ZIP or single file: Markdown, HTML, Word, or an export of Confluence, Notion or MediaWiki." type:"path"`
	As         string `help:"E-mail address of the person who takes it in: they arrange the collection." required:""`
	Collection int64  `help:"Into this collection: its number, as in its address." xor:"into" required:""`
	Space      int64  `help:"Into a new collection of this space, which is called like the folder: its number." xor:"into" required:""`
	Format     string `help:"In which it is read; otherwise as what it looks like: markdown, html, docx, confluence, notion or mediawiki." enum:",markdown,html,docx,confluence,notion,mediawiki" default:""`
	DryRun     bool   `help:"Read and count, change nothing."`
}

var errArticlesProblems = errors.New("the folder has problems, nothing was imported")

// Run imports the folder and prints the report. A running server indexes what came by itself.
func (c *importArticlesCommand) Run(s *streams) error {
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
	into := handbooks.Into{Collection: c.Collection, Space: c.Space, Title: strings.TrimSuffix(filepath.Base(c.Path), filepath.Ext(c.Path))}
	report, run, err := handbooks.New(db, kept, config.BaseURL).ImportFolder(s.ctx, actor, into, handbooks.Folder{Place: c.Path, Format: c.Format}, c.DryRun, func(done, total int) { bar(s.err, "articles", done, total) })
	fmt.Fprintln(s.err)
	if err != nil {
		return err
	}
	l := i18n.For("en") // as everything else that the commands say
	fmt.Fprintf(s.out, "Read as %s.\n", report.Format)
	for label, found := range map[string][]handbooks.Finding{"Problem": report.Problems, "Note": report.Notes} {
		for _, one := range found[:min(len(found), shownProblems)] {
			place := cmp.Or(one.File, c.Path)
			if one.Line > 0 {
				place += ":" + strconv.Itoa(one.Line)
			}
			fmt.Fprintf(s.out, "%s: %s: %s\n", label, place, one.Words(l))
		}
		if more := len(found) - shownProblems; more > 0 {
			fmt.Fprintf(s.out, "%s: and %d more\n", label, more)
		}
	}
	switch {
	case report.Count > 0:
		return errArticlesProblems
	case c.DryRun:
		fmt.Fprintf(s.out, "Would import %d articles, %d links between them, %d files.\n", report.Articles, report.Links, report.Files)
	default:
		fmt.Fprintf(s.out, "Imported %d articles, %d links between them, %d files. To undo it: %s\n", run.Made, report.Links, report.Files, config.BaseURL+(&models.ArticleImport{ID: run.ID, CollectionID: run.CollectionID}).Path())
	}
	return nil
}
