package sheets

import (
	"io"
	"os"
	"strings"

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
