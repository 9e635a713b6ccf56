// Package sheets writes and reads tables as people exchange them: CSV, XLSX and JSON Lines. It works row by row, so that a
// table of any length needs the memory of one row, and knows nothing of what the rows are about.
package sheets

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// Format is a form that a table has as a file.
type Format string

// The formats.
const (
	CSV       Format = "csv"
	XLSX      Format = "xlsx"
	JSONLines Format = "jsonl"
)

// Formats lists them.
func Formats() []Format { return []Format{CSV, XLSX, JSONLines} }

// Valid tells whether the format is one of the known ones.
func (f Format) Valid() bool { return slices.Contains(Formats(), f) }

// ContentType is the media type of a file of the format.
func (f Format) ContentType() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case JSONLines:
		return "application/jsonl"
	}
	return "text/csv; charset=utf-8"
}

// Column is a column of a table: its key for programs, its title for people.
type Column struct{ Key, Title string }

// Writer writes a table row by row. A cell is a string, an int, an int64, a float64, a time, a list of strings, or nil.
type Writer interface {
	Row(cells ...any) error
	Close() error
}

// Options say how a table is written.
type Options struct {
	Format    Format
	Separator string // of CSV
	Mark      bool   // begins CSV with the mark by which spreadsheets know UTF-8
	Name      string // of the sheet of a workbook
}

// MostRows is how many rows a sheet of a workbook holds, its head included.
const MostRows = excelize.TotalRows

// NewWriter begins a table with its head.
func NewWriter(to io.Writer, columns []Column, options Options) (Writer, error) {
	switch options.Format {
	case XLSX:
		return newBook(to, columns, options.Name)
	case JSONLines:
		return &lines{to: to, columns: columns}, nil
	}
	if options.Mark {
		if _, err := io.WriteString(to, "\ufeff"); err != nil {
			return nil, err
		}
	}
	out := &text{csv.NewWriter(to)}
	out.csv.Comma, out.csv.UseCRLF = []rune(options.Separator)[0], true
	return out, out.Row(titles(columns)...)
}

func titles(columns []Column) (cells []any) {
	for _, c := range columns {
		cells = append(cells, c.Title)
	}
	return cells
}

// text writes CSV.
type text struct{ csv *csv.Writer }

// Row writes a row, of which a spreadsheet calculates nothing.
func (t *text) Row(cells ...any) error {
	record := make([]string, len(cells))
	for i, cell := range cells {
		record[i] = plain(cell)
		if _, words := cell.(string); words {
			record[i] = Guarded(record[i])
		}
	}
	return t.csv.Write(record)
}

// Close ends the table.
func (t *text) Close() error {
	t.csv.Flush()
	return t.csv.Error()
}

func plain(cell any) string {
	switch v := cell.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.UTC().Format(time.RFC3339)
	case []string:
		return Guarded(strings.Join(v, ", "))
	}
	return ""
}

// formulas are the signs at which spreadsheets take what follows for something to calculate, the full-width ones included
// that some of them turn into the plain.
const formulas = "=+-@\t\r\n＝＋－＠"

// Guarded is a cell as a spreadsheet shows it and calculates nothing.
func Guarded(cell string) string {
	if calculates(cell) {
		return "'" + cell
	}
	return cell
}

// calculates tells whether a spreadsheet may take a cell for something to calculate, or what Guarded made of one for what it was.
func calculates(cell string) bool {
	for _, first := range strings.TrimLeft(cell, "'") {
		return strings.ContainsRune(formulas, first)
	}
	return false
}

// Unguarded is a cell as it was before.
func Unguarded(cell string) string {
	if strings.HasPrefix(cell, "'") && calculates(cell) {
		return cell[1:]
	}
	return cell
}

// lines writes JSON Lines.
type lines struct {
	to      io.Writer
	columns []Column
}

// Row writes an object, its keys in the order of the columns.
func (l *lines) Row(cells ...any) error {
	var line strings.Builder
	for i, cell := range cells {
		if at, ok := cell.(time.Time); ok {
			cell = at.UTC().Format(time.RFC3339)
		}
		if list, ok := cell.([]string); ok && list == nil {
			cell = []string{}
		}
		raw, err := json.Marshal(cell)
		if err != nil {
			return err
		}
		line.WriteString(opens(i))
		fmt.Fprintf(&line, "%q:%s", l.columns[i].Key, raw)
	}
	line.WriteString("}\n")
	_, err := io.WriteString(l.to, line.String())
	return err
}

func opens(i int) string {
	if i == 0 {
		return "{"
	}
	return ","
}

// Close ends the table.
func (l *lines) Close() error { return nil }

// book writes a workbook. Its rows go to a temporary file, and from there into the archive.
type book struct {
	to     io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	date   int // the style of dates
	row    int
}

func newBook(to io.Writer, columns []Column, name string) (*book, error) {
	b := &book{to: to, file: excelize.NewFile()}
	if err := b.begin(columns, name); err != nil {
		return nil, errors.Join(err, b.file.Close())
	}
	return b, nil
}

func (b *book) begin(columns []Column, name string) (err error) {
	if err = b.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	format := "yyyy-mm-dd hh:mm"
	if b.date, err = b.file.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return err
	}
	bold, err := b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if b.stream, err = b.file.NewStreamWriter(name); err != nil {
		return err
	}
	if err := b.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = excelize.Cell{StyleID: bold, Value: c.Title}
	}
	return b.write(head)
}

// Row writes a row. Texts are texts there, whatever they begin with.
func (b *book) Row(cells ...any) error {
	for i, cell := range cells {
		switch v := cell.(type) {
		case time.Time:
			cells[i] = excelize.Cell{StyleID: b.date, Value: v.UTC()}
		case []string:
			cells[i] = strings.Join(v, ", ")
		}
	}
	return b.write(cells)
}

func (b *book) write(cells []any) error {
	b.row++
	if b.row > MostRows {
		return fmt.Errorf("a sheet holds %d rows", MostRows)
	}
	return b.stream.SetRow("A"+strconv.Itoa(b.row), cells)
}

// Close writes the workbook out and ends it.
func (b *book) Close() error {
	err := b.stream.Flush()
	if err == nil {
		b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(b.to) }) // and not all of it into memory first
		_, err = b.file.WriteToBuffer()
	}
	return errors.Join(err, b.file.Close())
}
