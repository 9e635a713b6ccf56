package sheets

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// readBook reads the first sheet of a workbook. What would unpack to more than is read is refused before it does.
// What the library stumbles over is a broken workbook, and nothing worse.
func readBook(file *os.File, begin func(*Facts) error, take func(*Row) error) (err error) {
	defer func() {
		if recover() != nil {
			err = BrokenBook
		}
	}()
	if err := measure(file); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	book, err := excelize.OpenReader(file, excelize.Options{UnzipSizeLimit: MaxBytes, UnzipXMLSizeLimit: xmlMemory, ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd"})
	if err != nil {
		if strings.Contains(err.Error(), "unzip size exceeds") {
			return TooLarge
		}
		return BrokenBook
	}
	defer book.Close()
	facts := &Facts{Format: XLSX}
	rows, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		return BrokenBook
	}
	defer rows.Close()
	count := 0
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return BrokenBook
		}
		if blank(cells) {
			if line > 10*MaxRows {
				return TooLong
			}
			continue
		}
		if facts.Columns == nil {
			err = beginWith(cells, facts, begin)
		} else if count++; count > MaxRows {
			err = TooLong
		} else {
			err = take(checked(&Row{Line: line, Cells: cells}, len(facts.Columns)))
		}
		if err != nil {
			return err
		}
	}
	if rows.Error() != nil {
		return BrokenBook
	}
	if facts.Columns == nil {
		return Empty
	}
	return nil
}

// measure refuses a workbook whose rows would grow without bounds when they are read, since every cell may show the same long
// text: a text longer than spreadsheets allow, or more such cells in a row than a table may have columns.
func measure(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	pack, err := zip.NewReader(file, info.Size())
	if err != nil {
		return BrokenBook
	}
	left := int64(MaxBytes)
	for _, part := range pack.File {
		if strings.HasPrefix(part.Name, "xl/media/") {
			continue
		}
		if err := measurePart(part, &left); err != nil {
			return err
		}
	}
	return nil
}

// measurePart is measure for one part, whatever its name: others say which of them is what. left is how much may be unpacked.
func measurePart(part *zip.File, left *int64) error {
	packed, err := part.Open()
	if err != nil {
		return BrokenBook
	}
	defer packed.Close()
	counted := &io.LimitedReader{R: packed, N: *left}
	defer func() { *left = counted.N }()
	shown, long := 0, 0
	decoder := xml.NewDecoder(counted)
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, as io.Reader) (io.Reader, error) { return as, nil }
	for {
		token, err := decoder.RawToken()
		if counted.N <= 0 {
			return TooLarge
		}
		if err != nil {
			return nil // its end, or no XML: the library says what is wrong with it
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "row":
				shown = 0
			case "si":
				long = 0
			case "c":
				if slices.ContainsFunc(t.Attr, func(a xml.Attr) bool { return a.Name.Local == "t" && a.Value == "s" }) {
					shown++
				}
			}
		case xml.CharData:
			long += utf8.RuneCount(t)
		case xml.EndElement:
			if t.Name.Local == "si" && long > maxShared {
				return TooLarge
			}
		}
		if shown > 2*maxColumns {
			return TooWide
		}
	}
}
