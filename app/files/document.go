package files

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"ruche/models"
)

// A document is a file that is kept as it came, and sent only to be saved: nothing here reads what is in it again.
type document struct {
	kind                   models.FileKind
	contentType, extension string
}

// office are the formats of today's office programs, which are archives of texts.
var office = []string{
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation", "application/vnd.oasis.opendocument.text",
	"application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.presentation",
}

// recognise finds what a file is by what is in it. A text says by its name alone that it is a table.
func (f *Files) recognise(ctx context.Context, upload *os.File, name string) (document, error) {
	kind, err := mimetype.DetectReader(reader(upload))
	if err != nil {
		return document{}, fmt.Errorf("read upload: %w", err)
	}
	header := make([]byte, headerSize)
	n, err := upload.ReadAt(header, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return document{}, fmt.Errorf("read upload: %w", err)
	}
	if _, ok := formatOf(header[:n]); ok {
		return document{kind: models.PictureFile, extension: ".jpg"}, nil
	}
	bare, _, _ := strings.Cut(kind.String(), ";")
	switch {
	case bare == "application/pdf":
		return document{models.PDFFile, bare, ".pdf"}, nil
	case slices.Contains(office, bare):
		return document{models.OfficeFile, bare, kind.Extension()}, f.macros(ctx, upload)
	case bare == "text/csv", bare == "text/plain" && strings.EqualFold(path.Ext(name), ".csv"):
		return document{models.TableFile, "text/csv", ".csv"}, plain(upload)
	case bare == "text/plain":
		return document{models.TextFile, "text/plain", ".txt"}, plain(upload)
	case bare == "application/zip":
		return document{models.ArchiveFile, bare, ".zip"}, nil
	}
	return document{}, invalid("kind_unknown")
}

// macros refuses a document that brings a program along, and an archive that is none. It reads the names of what is in it, which may be
// very many, and unpacks nothing.
func (f *Files) macros(ctx context.Context, upload *os.File) error {
	done, err := f.decoder(ctx, largeWorking)
	if err != nil {
		return fmt.Errorf("wait to read a document: %w", err)
	}
	defer done()
	info, err := upload.Stat()
	if err != nil {
		return fmt.Errorf("read upload: %w", err)
	}
	archive, err := zip.NewReader(upload, info.Size())
	if err != nil {
		return invalid("damaged_file")
	}
	for _, entry := range archive.File {
		name := strings.ToLower(path.Base(entry.Name))
		if name == "vbaproject.bin" || strings.HasPrefix(entry.Name, "Basic/") || strings.HasPrefix(entry.Name, "Scripts/") {
			return invalid("macros")
		}
	}
	return nil
}

// plain refuses a text that is none: with what no text has in it, or in a character set that is not Unicode's.
func plain(upload *os.File) error {
	for text := bufio.NewReader(reader(upload)); ; {
		r, size, err := text.ReadRune()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read upload: %w", err)
		case r == 0, r == utf8.RuneError && size == 1:
			return invalid("not_unicode")
		}
	}
}
