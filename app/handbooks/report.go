package handbooks

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Finding is something that a reading found about a file of a folder. Key names the sentence of the catalogue, What is a word in it.
type Finding struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	Key  string `json:"key"`
	What string `json:"what,omitempty"`
}

// Report is what a reading of a folder found, what was made of it and what an undo has left.
type Report struct {
	Format    string    `json:"format,omitempty"` // in which it was read
	Articles  int       `json:"articles"`
	Folders   int       `json:"folders"` // of the articles: those that only hold others
	Levels    int       `json:"levels"`
	Links     int       `json:"links"` // that lead from one article to another
	Files     int       `json:"files"` // that come along
	Bytes     int64     `json:"bytes"` // of those
	People    int       `json:"people"`
	Problems  []Finding `json:"problems,omitempty"` // what keeps the folder from coming in
	Notes     []Finding `json:"notes,omitempty"`    // what comes in in another form, or not
	MoreNotes int       `json:"more_notes,omitempty"`
	Count     int       `json:"count"` // of the problems
	Titles    []Title   `json:"titles,omitempty"`
	Kept      []Title   `json:"kept,omitempty"` // by an undo
}

// Title is an article that a report names.
type Title struct {
	ID    int64  `json:"id,omitempty"`
	Level int    `json:"level,omitempty"`
	Title string `json:"title"`
}

// ParseReport reads the report of a run, nil if there is none yet.
func ParseReport(raw string) (*Report, error) {
	if raw == "" {
		return nil, nil
	}
	report := &Report{}
	return report, json.Unmarshal([]byte(raw), report)
}

func (r *Report) write() string {
	raw, _ := json.Marshal(r) // texts and numbers always marshal
	return string(raw)
}

// Bounds of a report: findings of each kind, titles, and characters of a name.
const (
	mostFindings = 500
	mostTitles   = 200
	mostName     = 200
)

// findings collects what a reading finds.
type findings struct{ Report }

func (f *findings) problem(file string, line int, key, what string) {
	if f.Count++; len(f.Problems) < mostFindings {
		f.Problems = append(f.Problems, Finding{shown(file), line, key, shown(what)})
	}
}

func (f *findings) note(file string, line int, key, what string) {
	if len(f.Notes) >= mostFindings {
		f.MoreNotes++
		return
	}
	f.Notes = append(f.Notes, Finding{shown(file), line, key, shown(what)})
}

// shown is a name out of a file as reports show it.
func shown(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(name, "?"))
	if utf8.RuneCountInString(name) > mostName {
		return string([]rune(name)[:mostName-1]) + "…"
	}
	return name
}
