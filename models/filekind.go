package models

import (
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
)

// FileKind is a kind of files that a text or a field of a form can take.
type FileKind string

// Kinds of files.
const (
	PDFFile     FileKind = "pdf"
	OfficeFile  FileKind = "office" // texts, tables and slides of today's formats, without macros
	TextFile    FileKind = "text"
	TableFile   FileKind = "table" // CSV
	PictureFile FileKind = "picture"
	ArchiveFile FileKind = "archive" // ZIP, which is never unpacked; for texts alone
)

// TextFileKinds are the kinds that a text takes.
func TextFileKinds() []FileKind { return append(AllFileKinds(), ArchiveFile) }

// AllFileKinds lists those that a field can take, in the order in which they are offered.
func AllFileKinds() []FileKind {
	return []FileKind{PDFFile, OfficeFile, PictureFile, TextFile, TableFile}
}

// Nameless tells whether files of the kind hold no name of whoever made them, as documents do: those alone are taken where an
// author is hidden.
func (k FileKind) Nameless() bool { return k != PDFFile && k != OfficeFile && k != ArchiveFile }

// FileKinds are some of them, stored apart by spaces.
type FileKinds []FileKind

// Value stores them.
func (k FileKinds) Value() (driver.Value, error) {
	words := make([]string, len(k))
	for i := range k {
		words[i] = string(k[i])
	}
	return strings.Join(words, " "), nil
}

// Scan reads them.
func (k *FileKinds) Scan(value any) error {
	text, ok := value.(string)
	if raw, bytes := value.([]byte); bytes {
		text, ok = string(raw), true
	}
	if !ok {
		return fmt.Errorf("kinds of files: unexpected %T", value)
	}
	*k = nil
	for _, word := range strings.Fields(text) {
		*k = append(*k, FileKind(word))
	}
	return nil
}

// MaxFiles is how many files an idea can give to one field.
const MaxFiles = 5

// FilesTaken are the kinds of files that a field takes from ideas of an anonymity.
func (f *FormField) FilesTaken(anonymity Anonymity) (kinds FileKinds) {
	for _, kind := range f.Accepts {
		if anonymity == Named || kind.Nameless() {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// validateFiles tidies which files a field takes, and how many.
func (f *FormField) validateFiles(anonymity Anonymity, problems Invalid) {
	if f.High < 1 || f.High > MaxFiles {
		problems["high"] = "forms.files_number"
	}
	known := slices.DeleteFunc(AllFileKinds(), func(k FileKind) bool { return !slices.Contains(f.Accepts, k) })
	switch {
	case len(known) == 0:
		problems["accepts"] = "forms.accepts_missing"
	case anonymity != Named && slices.ContainsFunc(known, func(k FileKind) bool { return !k.Nameless() }):
		problems["accepts"] = "forms.accepts_named"
	}
	f.Accepts = known
}
