package files

import (
	"archive/zip"
	"bytes"
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

// SaveFor takes a file for a field of a form: it finds what it is from what is in it, refuses what the field does not take, and returns
// its record, which belongs to the actor until an answer names it. A picture is written anew as Save does.
func (f *Files) SaveFor(ctx context.Context, actor *models.Actor, field int64, name string, upload io.Reader) (*models.File, error) {
	desk, err := f.db.FileDesk(ctx, actor, field)
	if err != nil {
		return nil, err
	}
	file, err := f.saveFor(ctx, actor, desk, name, upload)
	return file, noRoom(ctx, err)
}

func (f *Files) saveFor(ctx context.Context, actor *models.Actor, desk *models.FileDesk, name string, upload io.Reader) (*models.File, error) {
	spooled, err := f.receive(upload)
	if err != nil {
		return nil, err
	}
	defer os.Remove(spooled.Name())
	defer spooled.Close()
	file := &models.File{UserID: actor.ID, FieldID: &desk.Field.ID}
	found, err := recognise(spooled, name)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(desk.Taken(), found.kind) {
		return nil, invalid("kind_refused")
	}
	if found.kind == models.PictureFile {
		picture, err := f.encode(ctx, spooled)
		if err != nil {
			return nil, err
		}
		return file, f.record(ctx, actor, file, name, picture)
	}
	data, err := io.ReadAll(reader(spooled))
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	return file, f.record(ctx, actor, file, name, &picture{large: data, contentType: found.contentType, extension: found.extension})
}

// recognise finds what a file is by what is in it. A text says by its name alone that it is a table.
func recognise(upload *os.File, name string) (document, error) {
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
		return document{kind: models.PictureFile}, nil
	}
	bare, _, _ := strings.Cut(kind.String(), ";")
	switch {
	case bare == "application/pdf":
		return document{models.PDFFile, bare, ".pdf"}, nil
	case slices.Contains(office, bare):
		return document{models.OfficeFile, bare, kind.Extension()}, macros(upload)
	case bare == "text/csv", bare == "text/plain" && strings.EqualFold(path.Ext(name), ".csv"):
		return document{models.TableFile, "text/csv", ".csv"}, plain(upload)
	case bare == "text/plain":
		return document{models.TextFile, "text/plain", ".txt"}, plain(upload)
	}
	return document{}, invalid("kind_unknown")
}

// macros refuses a document that brings a program along, and an archive that is none.
func macros(upload *os.File) error {
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
	data, err := io.ReadAll(reader(upload))
	if err != nil {
		return fmt.Errorf("read upload: %w", err)
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return invalid("not_unicode")
	}
	return nil
}
