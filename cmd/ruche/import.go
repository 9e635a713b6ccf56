package main

import (
	"errors"
	"fmt"

	"ruche/app/imports"
)

type importCommand struct {
	Dir    string `arg:"" help:"Folder with spaces.jsonl, ideas.jsonl and, if there are any, campaigns.jsonl, comments.jsonl, votes_sample.jsonl, threads.jsonl, replies.jsonl and articles.jsonl (or the same with .gz)." type:"existingdir"`
	DryRun bool   `help:"Check and count, change nothing."`
}

// shownProblems is how many lines of each kind the report prints.
const shownProblems = 50

// Run imports the folder and prints the report. A running server indexes what came by itself.
func (c *importCommand) Run(s *streams) error {
	_, db, err := s.database()
	if err != nil {
		return err
	}
	defer db.Close()
	report, err := imports.Import(s.ctx, db, c.Dir, imports.Options{DryRun: c.DryRun, Progress: func(step string, done, total int) { bar(s.err, step, done, total) }})
	fmt.Fprintln(s.err)
	if err != nil && !errors.Is(err, imports.ErrProblems) {
		return err
	}
	c.print(s, report, err == nil)
	return err
}

func (c *importCommand) print(s *streams, report *imports.Report, done bool) {
	list(s, "Problem", report.Problems)
	list(s, "Note", report.Notes)
	verb := "Imported"
	if c.DryRun || !done {
		verb = "Would import"
	}
	fmt.Fprintf(s.out, "%s %d spaces, %d members, %d ideas, %d comments, %d supports, %d threads, %d replies, %d articles in %d collections.\n", verb, report.Spaces.New, report.People.New, report.Ideas.New, report.Comments.New, report.Supports.New, report.Threads.New, report.Replies.New, report.Articles.New, report.Collections.New)
	if known := report.Ideas.Known + report.Comments.Known; known > 0 {
		fmt.Fprintf(s.out, "%d ideas and %d comments were there already.\n", report.Ideas.Known, report.Comments.Known)
	}
	if report.Threads.Known > 0 {
		fmt.Fprintf(s.out, "%d threads and %d replies were there already.\n", report.Threads.Known, report.Replies.Known)
	}
	if report.Articles.Known > 0 {
		fmt.Fprintf(s.out, "%d articles were there already.\n", report.Articles.Known)
	}
}

func list(s *streams, label string, problems []imports.Problem) {
	for _, problem := range problems[:min(len(problems), shownProblems)] {
		fmt.Fprintf(s.out, "%s: %s\n", label, problem)
	}
	if more := len(problems) - shownProblems; more > 0 {
		fmt.Fprintf(s.out, "%s: and %d more\n", label, more)
	}
}
