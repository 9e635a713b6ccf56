package sheets

import (
	"archive/zip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// read reads a file that holds this.
func read(t *testing.T, write func(*os.File) error) (rows []Row, err error) {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err == nil {
		err = write(file)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	err = Read(file, nil, func(*Facts) error { return nil }, func(row *Row) error {
		rows = append(rows, *row)
		return nil
	})
	return rows, err
}

func TestAWorkbookThatGrowsWhenItIsReadIsRefused(t *testing.T) {
	for name, book := range map[string]struct {
		part, text string
		want       Mistake
	}{
		"one text in thousands of cells": {"xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>" + strings.Repeat(`<c t="s"><v>0</v></c>`, 16_384) + "</row></sheetData></worksheet>", TooWide},
		"cells of a part with any name":  {"other.bin", "<x><row>" + strings.Repeat(`<c t="s"/>`, 401) + "</row></x>", TooWide},
		"a text longer than any":         {"xl/sharedStrings.xml", "<sst><si><t>" + strings.Repeat("a", maxShared+1) + "</t></si></sst>", TooLarge},
		"a declared encoding":            {"xl/sharedStrings.xml", `<?xml version="1.0" encoding="windows-1252"?><sst><si><t>` + strings.Repeat("a", maxShared+1) + "</t></si></sst>", TooLarge},
		"more than may be unpacked":      {"xl/worksheets/sheet1.xml", "<x>" + strings.Repeat(" ", MaxBytes+1) + "</x>", TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, func(file *os.File) error {
				pack := zip.NewWriter(file)
				part, err := pack.Create(book.part)
				if err == nil {
					_, err = part.Write([]byte(book.text))
				}
				return errors.Join(err, pack.Close())
			})
			if !errors.Is(err, book.want) {
				t.Errorf("%v, want %v", err, book.want)
			}
		})
	}
}

func TestRowsThatHoldMoreThanAFileMayEndTheReading(t *testing.T) {
	took := 0
	take := bounded(func(*Row) error { took++; return nil })
	for range 4 {
		if err := take(&Row{Cells: []string{strings.Repeat("a", MaxBytes/4)}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := take(&Row{Cells: []string{"a"}}); !errors.Is(err, TooLarge) || took != 4 {
		t.Errorf("%v after %d rows", err, took)
	}
}

func TestObjectsFarWithinOneAnotherAreABrokenRow(t *testing.T) {
	rows, err := read(t, func(file *os.File) error {
		_, err := file.WriteString(`{"title":"A"}` + "\n" + strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000) + "\n" + `{"title":{"en":"B"}}`)
		return err
	})
	if err != nil || len(rows) != 3 || rows[0].Mistake != "" || rows[1].Mistake != BrokenRow || rows[2].Mistake != "" {
		t.Errorf("%+v, %v", rows, err)
	}
}
