package handbooks

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"ruche/app/files"
	"ruche/models"
)

// Bounds of what is taken in: what a folder holds, and all that is unpacked of it. An archive says of itself how large its files are;
// what is read of each is bounded whatever it says.
const (
	mostEntries   = 20_000
	mostDirectory = 16 << 20 // bytes of the list of an archive's files
	mostUnpacked  = 1 << 30
	MaxUpload     = 100_000_000
)

// source is a folder whose files can be read, by their paths in it.
type source struct {
	files    map[string]*sourceFile
	order    []string // of the paths
	findings *findings
}

type sourceFile struct {
	size   int64
	open   func() (io.ReadCloser, error)
	called string // how it is called, where its path does not say
}

// errNoArchive says that a file is not a ZIP, or too damaged a one.
var errNoArchive = models.Invalid{"file": "handbooks.no_archive"}

func isNoArchive(err error) bool {
	var why models.Invalid
	return errors.As(err, &why) && why["file"] == errNoArchive["file"]
}

// openFile looks into an archive, or takes a single page or document for a folder that holds nothing else.
func openFile(name string, content io.ReaderAt, size int64, found *findings) (*source, error) {
	s, err := openZip(content, size, found)
	if wordFile(name) && err == nil && s.files["word/document.xml"] == nil {
		return nil, errNoArchive
	}
	if !wordFile(name) && err == nil || err != nil && (!pageFile(name) || !isNoArchive(err)) {
		return s, err
	}
	*found = findings{} // of a document that is an archive, too
	s = &source{files: map[string]*sourceFile{}, findings: found}
	s.add(path.Base(strings.ReplaceAll(name, "/", "-")), 0, size, func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(content, 0, size)), nil })
	return s, nil
}

// openZip looks into an archive. What is wrong with single files in it is a finding; what cannot be an archive at all is an error.
func openZip(archive io.ReaderAt, size int64, found *findings) (*source, error) {
	if err := checkDirectory(archive, size); err != nil {
		return nil, err
	}
	read, err := zip.NewReader(archive, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, errNoArchive
	}
	if len(read.File) > mostEntries {
		return nil, models.Invalid{"file": "handbooks.too_many_entries"}
	}
	s := &source{files: map[string]*sourceFile{}, findings: found}
	total := uint64(0)
	for _, entry := range read.File {
		name := entry.Name
		if entry.NonUTF8 && !utf8.ValidString(name) {
			name, _ = charmap.CodePage437.NewDecoder().String(name) // has a letter for every byte
		}
		if total += entry.UncompressedSize64; entry.UncompressedSize64 > mostUnpacked || total > mostUnpacked {
			return nil, models.Invalid{"file": "handbooks.too_large"}
		}
		if strings.HasSuffix(name, "/") || entry.Mode().IsDir() {
			if _, ok := safe(name); !ok {
				found.problem(shown(name), 0, "outside", "")
			}
			continue
		}
		if entry.Flags&1 != 0 {
			found.problem(shown(name), 0, "encrypted", "")
			continue
		}
		s.add(name, entry.Mode(), int64(entry.UncompressedSize64), entry.Open)
	}
	return s, nil
}

// checkDirectory refuses an archive whose list of files would not fit into memory, before it is read.
func checkDirectory(archive io.ReaderAt, size int64) error {
	const record, longest = 22, 22 + 1<<16
	tail := make([]byte, min(size, longest))
	if _, err := archive.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read an archive: %w", err)
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || at+record > len(tail) {
		return errNoArchive
	}
	begins := int64(binary.LittleEndian.Uint32(tail[at+16:]))
	if count := binary.LittleEndian.Uint16(tail[at+10:]); count > mostEntries {
		return models.Invalid{"file": "handbooks.too_many_entries"}
	}
	// Readers begin by the length or by the place that is named, so that both have to be true.
	length, ends := int64(binary.LittleEndian.Uint32(tail[at+12:])), size-int64(len(tail))+int64(at)
	if length > mostDirectory || begins+length != ends {
		return errNoArchive
	}
	return nil
}

// openFolder looks into a folder of the disk. Nothing is read that lies outside of it, whatever links there are in it.
func openFolder(root *os.Root, found *findings) (*source, error) {
	s := &source{files: map[string]*sourceFile{}, findings: found}
	total := int64(0)
	err := fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != "." && hidden(name) {
				return fs.SkipDir
			}
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if len(s.order) >= mostEntries {
			return models.Invalid{"file": "handbooks.too_many_entries"}
		}
		if total += info.Size(); total > mostUnpacked {
			return models.Invalid{"file": "handbooks.too_large"}
		}
		s.add(name, info.Mode(), info.Size(), func() (io.ReadCloser, error) { return root.Open(name) })
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the folder: %w", err)
	}
	return s, nil
}

func (s *source) add(name string, mode fs.FileMode, size int64, open func() (io.ReadCloser, error)) {
	clean, ok := safe(name)
	switch {
	case !ok:
		s.findings.problem(shown(name), 0, "outside", "")
	case hidden(clean):
	case mode&fs.ModeSymlink != 0:
		s.findings.problem(clean, 0, "symlink", "")
	case !mode.IsRegular():
		s.findings.problem(clean, 0, "no_file", "")
	case s.files[clean] != nil:
		s.findings.problem(clean, 0, "twice", "")
	default:
		s.files[clean] = &sourceFile{size: size, open: open}
		s.order = append(s.order, clean)
	}
}

// safe is a path of an archive as this house writes it; ok is false for one that leads out of the folder, or that no folder can hold.
func safe(name string) (clean string, ok bool) {
	name = strings.TrimSuffix(strings.ReplaceAll(norm.NFC.String(name), `\`, "/"), "/")
	if strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) || !utf8.ValidString(name) || len(name) > 1000 {
		return "", false
	}
	name = strings.TrimPrefix(name, "./")
	if len(name) > 1 && name[1] == ':' {
		return "", false // a drive of Windows
	}
	return name, fs.ValidPath(name)
}

// hidden tells whether a path is one of those that systems and programs leave for themselves.
func hidden(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" || part == "node_modules" || part == "Thumbs.db" {
			return true
		}
	}
	return false
}

// read reads a file up to a limit, which what is longer passes by one byte.
func (s *source) read(name string, limit int64) ([]byte, error) {
	file, err := s.files[name].open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, limit+1))
}

func markdownFile(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown", ".mdown", ".mkd":
		return true
	}
	return false
}

// sends tells whether a file is small enough to be sent to the house.
func (f *sourceFile) sends() bool { return f.size > 0 && f.size <= files.MaxUpload }
