package handbooks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"

	"ruche/app/handbooks/markup"
	"ruche/app/text"
)

// htmlForm is a folder of HTML.
type htmlForm struct {
	reader  *markup.Reader
	dialect markup.Dialect
}

func newHTML() *htmlForm { return &htmlForm{markup.New(), markup.Plain} }

func (f *htmlForm) pages(_ context.Context, p *plan) (pages []string, err error) {
	for _, name := range p.order {
		if htmlFile(name) {
			pages = append(pages, name)
		}
	}
	return pages, nil
}

func (f *htmlForm) limit() int64              { return markup.MaxPage }
func (f *htmlForm) known(*plan, string) *leaf { return nil }

// spare: what a browser needs to show the pages.
func (f *htmlForm) spare(name string) bool {
	switch path.Ext(name) {
	case ".css", ".js", ".map", ".woff", ".woff2", ".ttf", ".eot", ".ico":
		return true
	}
	return false
}

func (f *htmlForm) read(ctx context.Context, p *plan, name string, raw []byte) (*leaf, error) {
	page, err := f.reader.Read(ctx, raw, f.dialect, fmt.Sprintf("picture-%d", len(p.leaves)+1))
	switch {
	case errors.Is(err, markup.ErrEncoding):
		p.findings.problem(name, 0, "encoding", "")
		return nil, nil
	case errors.Is(err, markup.ErrLong):
		p.findings.problem(name, 0, "text", string(text.BodyLong))
		return nil, nil
	case errors.Is(err, markup.ErrComplex):
		p.findings.problem(name, 0, "complex", "")
		return nil, nil
	case err != nil:
		return nil, err
	}
	return p.fromPage(name, page), nil
}

// fromPage makes an article of a page of HTML. What is written in it becomes a file beside it.
func (p *plan) fromPage(name string, page *markup.Page) *leaf {
	made := &leaf{file: name, anchors: page.Anchors}
	made.Body = page.Body
	made.heading = heading{title: page.Title, lang: page.Lang, author: page.Author, editor: page.Editor, tags: page.Tags, created: page.Created, edited: page.Edited}
	for _, note := range page.Notes {
		p.findings.note(name, 0, note.Key, note.What)
	}
	for _, picture := range page.Embedded {
		p.amount += int64(len(picture.Content))
		p.files[path.Join(path.Dir(name), picture.Name)] = &sourceFile{size: int64(len(picture.Content)), open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(picture.Content)), nil
		}}
	}
	for address, called := range page.Names {
		if file := p.files[path.Join(path.Dir(name), unescaped(address))]; file != nil {
			file.called = called
		}
	}
	return made
}
