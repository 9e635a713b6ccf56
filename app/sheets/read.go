package sheets

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Bounds of what is read. A file that is packed may not unpack to more than the first.
const (
	MaxBytes   = 64 << 20
	MaxRows    = 50_000
	maxColumns = 200
	maxCell    = 1 << 20
	maxLine    = 4 << 20
	maxDepth   = 8       // of objects within objects, each of whose columns is named by all above it
	maxShared  = 32_767  // characters of a text in a workbook: what spreadsheets themselves allow
	xmlMemory  = 8 << 20 // of a part of a workbook; what is larger waits on disk
)

// Mistake is why a file, or a row of it, cannot be read, as a key of the catalogue.
type Mistake string

// Mistakes.
const (
	Empty       Mistake = "sheets.empty"
	TooLarge    Mistake = "sheets.too_large"
	TooLong     Mistake = "sheets.too_long"
	TooWide     Mistake = "sheets.too_wide"
	NoTable     Mistake = "sheets.no_table"
	BrokenRow   Mistake = "sheets.broken_row"
	WrongCells  Mistake = "sheets.cells"
	HugeCell    Mistake = "sheets.huge_cell"
	BrokenBook  Mistake = "sheets.broken_book"
	BrokenPack  Mistake = "sheets.broken_pack"
	NoCharacter Mistake = "sheets.no_character"
)

// Error is the key.
func (m Mistake) Error() string { return string(m) }

// Facts are what was found out about a file before its rows are read.
type Facts struct {
	Format    Format
	Encoding  string // utf-8, utf-16 or windows-1252; of CSV and JSON Lines
	Separator string // of CSV
	Columns   []string
}

// Row is a row of a file. Mistake says why it cannot be read, or is empty.
type Row struct {
	Line    int      `json:"n"` // from 1, as spreadsheets and editors count
	Cells   []string `json:"c,omitempty"`
	Mistake Mistake  `json:"e,omitempty"`
}

// Read reads a table from a file, packed or not, whatever its form: its head goes to begin, and each row that is not blank
// to take. A row that cannot be read is handed on as one that cannot; what keeps the whole file from being read is a Mistake.
func Read(file *os.File, spool func() (*os.File, error), begin func(*Facts) error, take func(*Row) error) error {
	head := make([]byte, 4)
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	head, take = head[:n], bounded(take)
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return unpack(file, spool, begin, take)
	case bytes.HasPrefix(head, []byte("PK")):
		return readBook(file, begin, take)
	}
	return readText(file, begin, take)
}

// bounded stops when rows hold more than a file may unpack to: a workbook says a text once and shows it everywhere.
func bounded(take func(*Row) error) func(*Row) error {
	size := 0
	return func(row *Row) error {
		for _, cell := range row.Cells {
			size += len(cell)
		}
		if size > MaxBytes {
			return TooLarge
		}
		return take(row)
	}
}

// unpack reads what gzip has packed, once.
func unpack(file *os.File, spool func() (*os.File, error), begin func(*Facts) error, take func(*Row) error) error {
	packed, err := gzip.NewReader(file)
	if err != nil {
		return BrokenPack
	}
	unpacked, err := spool()
	if err != nil {
		return err
	}
	defer os.Remove(unpacked.Name())
	defer unpacked.Close()
	size, err := io.Copy(unpacked, io.LimitReader(packed, MaxBytes+1))
	switch {
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, io.ErrUnexpectedEOF):
		return BrokenPack
	case err != nil:
		return err
	case size > MaxBytes:
		return TooLarge
	}
	return readText(unpacked, begin, take)
}

func readText(file *os.File, begin func(*Facts) error, take func(*Row) error) error {
	facts := &Facts{}
	coding, first, err := recognise(file, facts)
	if err != nil {
		return err
	}
	again := func() (*bufio.Reader, error) {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		return bufio.NewReader(transform.NewReader(file, coding.NewDecoder())), nil
	}
	if first == '{' {
		return readLines(again, facts, begin, take)
	}
	return readCSV(again, facts, begin, take)
}

// recognise finds out how a text is encoded: by its mark, by the zeros between the letters of UTF-16, by being UTF-8 throughout, or
// else as the code page of Windows in western Europe. first is the first character that is not blank.
func recognise(file *os.File, facts *Facts) (coding encoding.Encoding, first rune, err error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, 0, err
	}
	sample := make([]byte, 4096)
	n, err := io.ReadFull(file, sample)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	sample = sample[:n]
	facts.Encoding = "utf-16"
	switch {
	case bytes.HasPrefix(sample, []byte("\xff\xfe")), likelyUTF16(sample, 1):
		coding = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(sample, []byte("\xfe\xff")), likelyUTF16(sample, 0):
		coding = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	default:
		facts.Encoding = "utf-8"
		coding = unicode.UTF8BOM
		valid, err := validUTF8(file)
		if err != nil {
			return nil, 0, err
		}
		if !valid {
			facts.Encoding, coding = "windows-1252", charmap.Windows1252
		}
	}
	decoded, _, _ := transform.Bytes(coding.NewDecoder(), sample) // the end may be cut within a character
	text := strings.TrimSpace(strings.TrimPrefix(string(decoded), "\ufeff"))
	if text == "" {
		return nil, 0, Empty
	}
	first, _ = utf8.DecodeRuneInString(text)
	return coding, first, nil
}

// likelyUTF16 tells whether most bytes at odd or even places are zero, as those of western letters in UTF-16 are.
func likelyUTF16(sample []byte, offset int) bool {
	zeros, places := 0, 0
	for i := offset; i < len(sample); i += 2 {
		places++
		if sample[i] == 0 {
			zeros++
		}
	}
	return places > 4 && zeros*10 > places*6
}

func validUTF8(file *os.File) (bool, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	_, err := io.Copy(io.Discard, transform.NewReader(file, encoding.UTF8Validator))
	if errors.Is(err, encoding.ErrInvalidUTF8) {
		return false, nil
	}
	return err == nil, err
}

func readCSV(again func() (*bufio.Reader, error), facts *Facts, begin func(*Facts) error, take func(*Row) error) error {
	facts.Format = CSV
	input, err := again()
	if err != nil {
		return err
	}
	start, _ := input.Peek(4096)
	facts.Separator = separator(strings.TrimPrefix(string(start), "\ufeff"))
	reader := csv.NewReader(input)
	reader.Comma, reader.FieldsPerRecord, reader.ReuseRecord = []rune(facts.Separator)[0], -1, true
	head, err := reader.Read()
	if err != nil {
		return NoTable
	}
	if err := beginWith(head, facts, begin); err != nil {
		return err
	}
	for rows := 0; ; {
		record, err := reader.Read()
		var where *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &where):
			err = take(&Row{Line: where.StartLine, Mistake: BrokenRow})
		case err != nil:
			return err
		case blank(record):
			continue
		default:
			line, _ := reader.FieldPos(0)
			err = take(checked(&Row{Line: line, Cells: record}, len(facts.Columns)))
		}
		if err != nil {
			return err
		}
		if rows++; rows > MaxRows {
			return TooLong
		}
	}
}

// beginWith makes the head of a table its columns.
func beginWith(head []string, facts *Facts, begin func(*Facts) error) error {
	for len(head) > 0 && strings.TrimSpace(head[len(head)-1]) == "" {
		head = head[:len(head)-1]
	}
	switch {
	case len(head) == 0:
		return NoTable
	case len(head) > maxColumns:
		return TooWide
	}
	for _, cell := range head {
		cell = strings.TrimSpace(strings.ReplaceAll(strings.TrimPrefix(cell, "\ufeff"), "\x00", ""))
		if runes := []rune(cell); len(runes) > 80 {
			cell = string(runes[:79]) + "…"
		}
		facts.Columns = append(facts.Columns, cell)
	}
	return begin(facts)
}

// checked looks whether a row fits its head, and takes the guards off its cells.
func checked(row *Row, columns int) *Row {
	if len(row.Cells) > columns && !blank(row.Cells[columns:]) {
		row.Mistake = WrongCells
		return row
	}
	row.Cells = row.Cells[:min(len(row.Cells), columns)]
	for i, cell := range row.Cells {
		switch {
		case len(cell) > maxCell:
			return &Row{Line: row.Line, Mistake: HugeCell}
		case strings.ContainsRune(cell, 0):
			return &Row{Line: row.Line, Mistake: NoCharacter}
		}
		row.Cells[i] = Unguarded(cell)
	}
	return row
}

func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// separator is the sign between the cells of the first line, outside quotes.
func separator(start string) string {
	counts := map[rune]int{}
	quoted := false
	for _, r := range start {
		if r == '"' {
			quoted = !quoted
		} else if r == '\n' && !quoted {
			break
		} else if !quoted {
			counts[r]++
		}
	}
	best, most := ",", 0
	for _, sign := range []string{",", ";", "\t", "|"} {
		if n := counts[[]rune(sign)[0]]; n > most {
			best, most = sign, n
		}
	}
	return best
}

// readLines reads JSON Lines twice: first to learn the columns, which are the keys of all objects, those within objects joined by
// a stroke as Decidim has them in its tables; then for the rows.
func readLines(again func() (*bufio.Reader, error), facts *Facts, begin func(*Facts) error, take func(*Row) error) error {
	facts.Format = JSONLines
	at := map[string]int{}
	err := eachLine(again, func(_ int, object map[string]any) error {
		for _, key := range keys(object) {
			if _, known := at[key]; !known {
				at[key] = len(facts.Columns)
				facts.Columns = append(facts.Columns, key)
			}
		}
		if len(facts.Columns) > maxColumns {
			return TooWide
		}
		return nil
	})
	if err != nil {
		return err
	}
	columns := facts.Columns
	facts.Columns = nil
	if err := beginWith(columns, facts, begin); err != nil {
		return err
	}
	return eachLine(again, func(line int, object map[string]any) error {
		if object == nil {
			return take(&Row{Line: line, Mistake: BrokenRow})
		}
		cells := make([]string, len(columns))
		fill(cells, at, "", object)
		for _, cell := range cells {
			switch {
			case len(cell) > maxCell:
				return take(&Row{Line: line, Mistake: HugeCell})
			case strings.ContainsRune(cell, 0):
				return take(&Row{Line: line, Mistake: NoCharacter})
			}
		}
		return take(&Row{Line: line, Cells: cells})
	})
}

// eachLine hands out the objects, nil for a line that is none.
func eachLine(again func() (*bufio.Reader, error), do func(line int, object map[string]any) error) error {
	input, err := again()
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(input)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for line := 1; lines.Scan(); line++ {
		if line > MaxRows {
			return TooLong
		}
		text := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
		if len(text) == 0 {
			continue
		}
		var object map[string]any
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&object); err != nil || decoder.More() || depth(object) > maxDepth {
			object = nil
		}
		if err := do(line, object); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return TooLarge
	}
	return lines.Err()
}

// depth is how many objects and lists stand within one another.
func depth(value any) (most int) {
	switch v := value.(type) {
	case map[string]any:
		for _, inner := range v {
			most = max(most, depth(inner))
		}
	case []any:
		for _, inner := range v {
			most = max(most, depth(inner))
		}
	default:
		return 0
	}
	return most + 1
}

// keys are the columns that an object fills, by name: JSON has no order.
func keys(object map[string]any) (names []string) {
	at := map[string]int{}
	fill(nil, at, "", object)
	for name := range at {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// fill puts the values of an object into the cells of its columns; without cells it only notes the columns.
func fill(cells []string, at map[string]int, prefix string, object map[string]any) {
	for key, value := range object {
		if inner, ok := value.(map[string]any); ok {
			fill(cells, at, prefix+key+"/", inner)
			continue
		}
		name := prefix + key
		if cells == nil {
			at[name] = 0
		} else if i, known := at[name]; known {
			cells[i] = word(value)
		}
	}
}

func word(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case []any:
		words := make([]string, len(v))
		for i := range v {
			words[i] = word(v[i])
		}
		return strings.Join(words, ", ")
	}
	return ""
}
