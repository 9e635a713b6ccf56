package members

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"ruche/app/sheets"
	"ruche/models"
)

// Bounds of a list of people.
const (
	maxRosterBytes = 900 << 10 // its form has to fit into a request
	maxRosterLines = 5000
)

// column is what a column of a list says of people.
type column string

// The columns there are.
const (
	colEmail      column = "email"
	colName       column = "name"
	colRole       column = "role"
	colJob        column = "job"
	colDepartment column = "department"
	colSite       column = "site"
	colJobFamily  column = "job_family"
	colManager    column = "manager"
	colLanguage   column = "language"
	colGroups     column = "groups"
)

// columns lists them, in the order in which a list is written.
func columns() []column {
	return []column{colEmail, colName, colRole, colJob, colDepartment, colSite, colJobFamily, colManager, colLanguage, colGroups}
}

// headings are the words that name a column, in letters alone.
func headings() map[string]column {
	words := map[string]column{}
	for name, all := range map[column]string{
		colEmail: "email mail emailaddress adresseemail courriel adressecourriel", colName: "name nom fullname nomcomplet displayname", colRole: "role",
		colJob: "job title jobtitle fonction poste metier", colDepartment: "department departement service entite", colSite: "site",
		colJobFamily: "jobfamily famillesdemetiers familledemetiers familledemetier", colManager: "manager manageremail managersemail responsable emailduresponsable emaildumanager",
		colLanguage: "language langue locale", colGroups: "groups group groupes groupe",
	} {
		for word := range strings.FieldsSeq(all) {
			words[word] = name
		}
	}
	return words
}

// letters is a heading or a word as it is compared: "E-mail du responsable" is emailduresponsable.
func letters(word string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, norm.NFD.String(word)))
}

// entry is one line of a list: somebody, and what is said of them.
type entry struct {
	line  int
	cells map[column]string
}

// mistake is something wrong with a list: in a line, at a column if it is about one.
type mistake struct {
	line   int
	column column
	key    string
	args   []any
}

// textOf reads what a spreadsheet has saved: UTF-8, or the code page of Windows in western Europe.
func textOf(raw []byte) (text string, err error) {
	wrong := func(key string) error { return models.Invalid{"file": key} }
	switch {
	case len(bytes.TrimSpace(raw)) == 0:
		return "", wrong("roster.empty")
	case len(raw) > maxRosterBytes:
		return "", wrong("roster.too_large")
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return "", wrong("roster.utf16")
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")), bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")):
		return "", wrong("roster.workbook")
	case bytes.IndexByte(raw, 0) >= 0:
		return "", wrong("roster.no_text")
	}
	if raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")); utf8.Valid(raw) {
		return string(raw), nil
	}
	decoded, err := charmap.Windows1252.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
		return "", wrong("roster.no_text")
	}
	return string(decoded), nil
}

// separator is the sign between the cells of the first line: a comma, a semicolon or a tab.
func separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best, most := ',', 0
	for _, sign := range []rune{',', ';', '\t'} {
		if n := strings.Count(first, string(sign)); n > most {
			best, most = sign, n
		}
	}
	return best
}

// readRoster reads the lines of a list. It goes on after a mistake, to find them all, unless it no longer knows where a line begins.
func readRoster(text string) (entries []entry, mistakes []mistake) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord = separator(text), -1
	head, err := reader.Read()
	if err != nil {
		return nil, []mistake{broken(err)}
	}
	names, mistakes := readHead(head)
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return entries, append(mistakes, broken(err))
		}
		line, _ := reader.FieldPos(0)
		if blank(record) {
			continue
		}
		if len(entries) == maxRosterLines {
			return entries, append(mistakes, mistake{line: line, key: "roster.too_long", args: []any{"most", maxRosterLines}})
		}
		if len(record) > len(names) && !blank(record[len(names):]) || len(record) < len(names) {
			mistakes = append(mistakes, mistake{line: line, key: "roster.cells", args: []any{"found", len(record), "wanted", len(names)}})
			continue
		}
		e := entry{line, map[column]string{}}
		for i, name := range names {
			e.cells[name] = sheets.Unguarded(strings.TrimSpace(record[i]))
		}
		entries = append(entries, e)
	}
	if len(entries) == 0 && len(mistakes) == 0 {
		mistakes = append(mistakes, mistake{line: 1, key: "roster.nobody"})
	}
	return entries, mistakes
}

func broken(err error) mistake {
	line := 1
	var where *csv.ParseError
	if errors.As(err, &where) {
		line = where.Line
	}
	return mistake{line: line, key: "roster.broken"}
}

func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// readHead reads the names of the columns. One that is not known is a mistake, rather than left out unseen.
func readHead(head []string) (names []column, mistakes []mistake) {
	known := headings()
	for len(head) > 0 && strings.TrimSpace(head[len(head)-1]) == "" {
		head = head[:len(head)-1]
	}
	seen := map[column]bool{}
	for _, word := range head {
		name, found := known[letters(word)]
		switch {
		case !found:
			mistakes = append(mistakes, mistake{line: 1, key: "roster.column_unknown", args: []any{"column", clip(word)}})
		case seen[name]:
			mistakes = append(mistakes, mistake{line: 1, column: name, key: "roster.column_twice"})
		}
		if len(mistakes) == mostMistakes {
			return names, mistakes
		}
		seen[name] = true
		names = append(names, name)
	}
	if !seen[colEmail] {
		mistakes = append(mistakes, mistake{line: 1, column: colEmail, key: "roster.column_missing"})
	}
	return names, mistakes
}

// clip shortens what somebody wrote for a message about it.
func clip(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:59]) + "…"
	}
	return text
}
