package handbooks

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"regexp"
	"strings"
	"time"

	"ruche/app/handbooks/markup"
	"ruche/models"
)

// Bounds of a document of Word: its bytes, what it unpacks to, and how long and in how much memory it is read.
const (
	maxDocument = 50 << 20
	maxUnpacked = 300 << 20
	wordTime    = time.Minute
	wordMemory  = "-M512m"
)

// wordForm is a folder of documents of Word. pandoc reads them, a program that has to be on the machine: there is no library for it
// whose licence fits. It is given one document at a time and no file, and may open none.
type wordForm struct {
	*htmlForm
	program string
}

// ReadsWord tells whether this machine can read documents of Word.
func ReadsWord() bool {
	_, err := exec.LookPath("pandoc")
	return err == nil
}

func newWord() (*wordForm, error) {
	program, err := exec.LookPath("pandoc")
	if err != nil {
		return nil, models.Invalid{"file": "handbooks.no_pandoc"}
	}
	return &wordForm{&htmlForm{markup.New(), markup.Document}, program}, nil
}

func (f *wordForm) pages(_ context.Context, p *plan) (pages []string, err error) {
	for _, name := range p.order {
		if wordFile(name) && !strings.HasPrefix(path.Base(name), "~$") { // what Word leaves of a document that is open
			pages = append(pages, name)
		}
	}
	return pages, nil
}

func (f *wordForm) limit() int64 { return maxDocument }

func (f *wordForm) read(ctx context.Context, p *plan, name string, raw []byte) (*leaf, error) {
	held, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	total := uint64(0)
	if err == nil {
		for _, entry := range held.File {
			total += min(entry.UncompressedSize64, maxUnpacked)
		}
	}
	if err != nil || total >= maxUnpacked {
		p.findings.problem(name, 0, "word", "")
		return nil, nil
	}
	shown, err := f.convert(ctx, raw)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		p.findings.problem(name, 0, "word", "")
		return nil, nil
	}
	title, shown := documentTitle(shown)
	pictures := fmt.Sprintf("document-%d", len(p.leaves)+1)
	made, err := f.htmlForm.read(ctx, p, name, bytes.ReplaceAll(shown, []byte(`src="media/`), []byte(`src="`+pictures+`/media/`)))
	if made == nil || err != nil {
		return nil, err
	}
	made.heading = heading{title: title}
	for _, entry := range held.File {
		switch {
		case entry.Name == "docProps/core.xml":
			describeDocument(made, entry)
		case strings.HasPrefix(entry.Name, "word/media/"):
			if clean, ok := safe(strings.TrimPrefix(entry.Name, "word/")); ok {
				p.files[path.Join(path.Dir(name), pictures, clean)] = &sourceFile{size: int64(entry.UncompressedSize64), open: p.inDocument(name, entry.Name)}
			}
		}
	}
	return made, nil
}

// inDocument opens what lies in a document, which is not kept in memory for it.
func (p *plan) inDocument(document, name string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		raw, err := p.source.read(document, maxDocument)
		if err != nil {
			return nil, err
		}
		held, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return nil, err
		}
		return held.Open(name)
	}
}

// convert has a document read. No shell is in between, nothing of the document is among the arguments, and what is given back is bounded.
func (f *wordForm) convert(ctx context.Context, raw []byte) ([]byte, error) {
	ctx, done := context.WithTimeout(ctx, wordTime)
	defer done()
	out := &bounded{left: markup.MaxPage}
	command := exec.CommandContext(ctx, f.program, "+RTS", wordMemory, "-RTS", "--sandbox", "--from=docx", "--to=html", "--standalone", "--wrap=none")
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=/nonexistent"}
	command.Dir, command.Stdin, command.Stdout, command.WaitDelay = os.TempDir(), bytes.NewReader(raw), out, 5*time.Second
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("read a document: %w", err)
	}
	return out.held.Bytes(), nil
}

// bounded holds what is written to it, up to a limit.
type bounded struct {
	held bytes.Buffer // not embedded: it would be read into past the limit
	left int
}

var errBounded = errors.New("longer than it may be")

// Write refuses what does not fit.
func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errBounded
	}
	return b.held.Write(p)
}

var (
	titleBlock = regexp.MustCompile(`(?s)<header id="title-block-header">.*?</header>`)
	titleWords = regexp.MustCompile(`(?s)<h1 class="title">(.*?)</h1>`)
	anyTag     = regexp.MustCompile(`<[^>]*>`)
)

// documentTitle takes the title apart that stands above the text of a document.
func documentTitle(shown []byte) (title string, rest []byte) {
	if found := titleWords.FindSubmatch(titleBlock.Find(shown)); found != nil {
		title = strings.Join(strings.Fields(plainEntities.Replace(anyTag.ReplaceAllString(string(found[1]), ""))), " ")
	}
	rest = titleBlock.ReplaceAll(shown, nil)
	if at := bytes.Index(rest, []byte("<body")); at >= 0 {
		rest = append([]byte("<meta charset=utf-8>"), rest[at:]...)
	}
	return title, rest
}

var plainEntities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&nbsp;", " ")

// describeDocument reads who wrote a document and when.
func describeDocument(made *leaf, entry *zip.File) {
	file, err := entry.Open()
	if err != nil {
		return
	}
	defer file.Close()
	var core struct {
		Title    string `xml:"title"`
		Creator  string `xml:"creator"`
		Editor   string `xml:"lastModifiedBy"`
		Created  string `xml:"created"`
		Modified string `xml:"modified"`
		Keywords string `xml:"keywords"`
		Language string `xml:"language"`
	}
	if xml.NewDecoder(io.LimitReader(file, 64<<10)).Decode(&core) != nil {
		return // it says nothing that can be read
	}
	if made.title == "" {
		made.title = strings.TrimSpace(core.Title)
	}
	made.author, made.editor = strings.TrimSpace(core.Creator), strings.TrimSpace(core.Editor)
	made.created, made.edited = markup.Date(core.Created), markup.Date(core.Modified)
	made.lang = strings.ToLower(strings.SplitN(core.Language, "-", 2)[0])
	if core.Keywords != "" {
		made.tags = strings.Split(core.Keywords, ",")
	}
}
