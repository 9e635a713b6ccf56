package handbooks

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"ruche/app/text"
	"ruche/models"
)

// Bounds of one import: articles, which are in memory before they are written, and bytes of all their texts.
const (
	mostImported = 10_000
	mostText     = 64 << 20
)

// leaf is an article of a folder, or a folder that has none of its own and becomes one that only holds others.
type leaf struct {
	models.Article
	heading
	file    string // in the folder; empty for one that only holds others
	path    string // without its ending; of a folder's own article that of the folder
	parent  *leaf
	level   int
	files   []string          // that it shows or links to, and no other article before it
	shared  []string          // that another article before it shows or links to, too
	anchors map[string]string // headings that are known as places by other names
}

// plan is what a folder will make.
type plan struct {
	*source
	form   form
	pages  map[string]bool  // the files that are articles
	leaves []*leaf          // each after the one that it stands under
	at     map[string]*leaf // by path
	byFile map[string]*leaf
	taken  map[string]*carried
	named  []string // the files that come along, in the order of their numbers
	begins string   // the folder in which the tree begins
	ours   bool     // a house like this one has written it
	now    time.Time
	amount int64 // of text, in bytes
}

// carried is a file that comes along.
type carried struct {
	number int
	first  *leaf        // that names it
	file   *models.File // nil until it is there, and where the house does not take it
}

// plan reads the texts of a folder in a form, or in that which it looks like, and finds out what they will make.
func (s *source) plan(ctx context.Context, format string, now time.Time, progress func(done, total int) error) (*plan, error) {
	p := &plan{source: s, pages: map[string]bool{}, at: map[string]*leaf{}, byFile: map[string]*leaf{}, taken: map[string]*carried{}, now: now}
	var err error
	if p.form, s.findings.Format, err = s.formOf(format); err != nil {
		return nil, err
	}
	pages, err := p.form.pages(ctx, p)
	if err != nil {
		return nil, err
	}
	slices.Sort(pages)
	if len(pages) > mostImported {
		return nil, models.Invalid{"file": "handbooks.too_many_articles"}
	}
	for _, name := range pages {
		p.pages[name] = true
	}
	p.begins, p.ours = s.root(pages)
	for n, name := range pages {
		if n%50 == 0 {
			if err := errors.Join(ctx.Err(), progress(n, len(pages))); err != nil {
				return nil, err
			}
		}
		if err := p.page(ctx, name); err != nil {
			return nil, err
		}
	}
	p.grow()
	if len(p.leaves) > mostImported {
		return nil, models.Invalid{"file": "handbooks.too_many_articles"}
	}
	if len(p.leaves) == 0 && s.findings.Count == 0 {
		return nil, models.Invalid{"file": "handbooks.no_articles"}
	}
	p.link()
	p.count()
	return p, nil
}

// root is the folder in which the tree begins: that which describes a collection of this house, or the one that holds everything, as long
// as no article stands for it. ours is true for the former.
func (s *source) root(pages []string) (folder string, ours bool) {
	var described []string
	for _, name := range s.order {
		if path.Base(name) == "collection.yaml" {
			described = append(described, path.Dir(name))
		}
	}
	if len(described) == 1 {
		return described[0], true
	}
	if len(pages) == 0 {
		return ".", false
	}
	common := path.Dir(pages[0])
	for _, page := range pages[1:] {
		for common != "." && !strings.HasPrefix(page, common+"/") {
			common = path.Dir(common)
		}
	}
	for ; common != "."; common = path.Dir(common) {
		if !slices.ContainsFunc(pages, func(page string) bool { return path.Dir(page) == common && standsForFolder(page) }) {
			break
		}
	}
	return common, false
}

func standsForFolder(file string) bool {
	switch strings.ToLower(strings.TrimSuffix(path.Base(file), path.Ext(file))) {
	case "index", "_index", "readme":
		return true
	}
	return false
}

// mostRaw is how much of a file is read whose text is as long as it is.
const mostRaw = 4 * text.MaxBody

// page reads a file that is an article.
func (p *plan) page(ctx context.Context, name string) error {
	raw, err := p.read(name, p.form.limit())
	if err != nil {
		p.findings.problem(name, 0, "damaged", "")
		return nil
	}
	if int64(len(raw)) > p.form.limit() {
		p.findings.problem(name, 0, "text", string(text.BodyLong))
		return nil
	}
	made, err := p.form.read(ctx, p, name, raw)
	if made == nil || err != nil {
		return err
	}
	if p.amount += int64(len(made.Body)); p.amount > mostText {
		return models.Invalid{"file": "handbooks.too_much_text"}
	}
	if made.draft {
		p.findings.note(name, 0, "draft", "")
		return nil
	}
	if made.Body, err = text.Clean(made.Body, text.MaxBody); err != nil {
		p.findings.problem(name, 0, "text", err.Error())
		return nil
	}
	p.entitle(made)
	p.describe(made)
	if made.path == "" {
		made.path = pagePath(name, p.begins)
	}
	if standsForFolder(name) && p.at[made.path] != nil {
		made.path = strings.TrimSuffix(within(name, p.begins), path.Ext(name))
	}
	p.byFile[name] = made
	if p.at[made.path] == nil {
		p.at[made.path] = made
	}
	p.leaves = append(p.leaves, made)
	return nil
}

// decoded is a file as text: UTF-8, UTF-16 with its mark, or otherwise the letters of Windows.
func (p *plan) decoded(name string, raw []byte) (string, bool) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case bytes.IndexByte(raw, 0) >= 0:
		p.findings.problem(name, 0, "encoding", "")
		return "", false
	case !utf8.Valid(raw):
		p.findings.note(name, 0, "windows", "")
		from = charmap.Windows1252
	}
	if from != nil {
		decoded, err := from.NewDecoder().Bytes(raw)
		if err != nil || bytes.IndexByte(decoded, 0) >= 0 {
			p.findings.problem(name, 0, "encoding", "")
			return "", false
		}
		raw = decoded
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(raw), "\ufeff")), true
}

// entitle finds the title of an article: what it says, its first heading, which then is not in the text twice, or the name of its file.
func (p *plan) entitle(made *leaf) {
	wanted, first := made.title, ""
	if wanted == "" {
		first, made.Body = firstHeading(made.Body)
		wanted = first
	}
	if wanted == "" {
		wanted = fromName(made.file)
	}
	title, err := text.Title(wanted)
	if errors.Is(err, text.TitleLong) {
		p.findings.note(made.file, 0, "title_cut", wanted)
		wanted = strings.Join(strings.Fields(models.Calm(strings.ReplaceAll(wanted, "\x00", ""))), " ")
		runes := []rune(wanted)
		title = string(runes[:min(len(runes), text.MaxTitle-1)]) + "…"
		made.Body = "**" + wanted + "**\n\n" + made.Body
	} else if err != nil {
		title = fromName(made.file)
	}
	made.Title = title
}

// firstHeading takes the heading apart with which a text begins, if it is the largest there is.
func firstHeading(body string) (title, rest string) {
	trimmed := strings.TrimLeft(body, "\n ")
	line, after, _ := strings.Cut(trimmed, "\n")
	heading, ok := strings.CutPrefix(line, "# ")
	if !ok {
		return "", body
	}
	rendered, err := text.Render(strings.TrimRight(heading, "# "), text.Body, nil)
	if err != nil || strings.TrimSpace(rendered.Plain) == "" {
		return "", body
	}
	return strings.TrimSpace(rendered.Plain), strings.TrimLeft(after, "\n")
}

// fromName is a title made of the name of a file or a folder.
func fromName(name string) string {
	base := path.Base(name)
	if pageFile(base) {
		base = stem(base)
		if standsForFolder(name) && path.Dir(name) != "." {
			base = path.Base(path.Dir(name))
		}
	}
	if plain := notionID.ReplaceAllString(base, ""); plain != "" {
		base = plain
	}
	title, err := text.Title(strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return ' '
		}
		return r
	}, base))
	if err != nil {
		return "Article " + shown(base)
	}
	first, size := utf8.DecodeRuneInString(title)
	return strings.ToUpper(string(first)) + title[size:]
}

// describe takes over what an article says about itself, as far as it can be so.
func (p *plan) describe(made *leaf) {
	for _, tag := range made.heading.tags {
		parsed, err := models.ParseTags(tag)
		if err != nil || len(made.Tags) >= models.MaxTags {
			p.findings.note(made.file, 0, "tag", tag)
			continue
		}
		for _, one := range parsed {
			if !slices.Contains(made.Tags, one) {
				made.Tags = append(made.Tags, one)
			}
		}
	}
	var err error
	if made.Source, made.SourceURL, err = models.ParseSource(made.source, made.link); err != nil {
		p.findings.note(made.file, 0, "source", made.source)
	}
	made.CreatedAt, made.EditedAt = made.created, made.edited
	if made.CreatedAt.IsZero() {
		made.CreatedAt = made.EditedAt
	}
	for _, at := range []*time.Time{&made.CreatedAt, &made.EditedAt} {
		if at.After(p.now) || !at.IsZero() && at.Year() < 1970 {
			p.findings.note(made.file, 0, "date", at.Format(time.DateOnly))
			*at = time.Time{}
		}
		if at.IsZero() {
			*at = p.now
		}
	}
	if made.edited.IsZero() || made.EditedAt.Before(made.CreatedAt) {
		made.EditedAt = made.CreatedAt
	}
	if made.lang == "fr" || made.lang == "en" {
		made.Lang = made.lang
	}
}

// within is the path of a file below the folder in which the tree begins; one beside that folder keeps its own.
func within(name, root string) string {
	if root != "." {
		return strings.TrimPrefix(name, root+"/")
	}
	return name
}

// pagePath is the place of a file of Markdown in the tree; the page that stands for its folder has the folder's.
func pagePath(name, root string) string {
	name = within(name, root)
	if standsForFolder(name) && path.Dir(name) != "." {
		return path.Dir(name)
	}
	return strings.TrimSuffix(name, path.Ext(name))
}

// grow makes a tree of the articles: one stands under that of its folder. What lies deeper than a tree can be stands as deep as it can.
func (p *plan) grow() {
	for i := 0; i < len(p.leaves); i++ { // folders join while it goes
		one := p.leaves[i]
		folder := path.Dir(one.path)
		if folder == "." {
			continue
		}
		if one.parent = p.at[folder]; one.parent == nil {
			one.parent = &leaf{Article: models.Article{Title: fromName(folder), CreatedAt: one.CreatedAt, EditedAt: one.EditedAt}, path: folder}
			p.at[folder] = one.parent
			p.leaves = append(p.leaves, one.parent)
		}
	}
	under := map[*leaf][]*leaf{}
	for _, one := range p.leaves {
		under[one.parent] = append(under[one.parent], one)
	}
	p.leaves = p.leaves[:0]
	p.lay(under, nil, 1)
}

// lay puts the articles of a level, and what stands under each, into their order.
func (p *plan) lay(under map[*leaf][]*leaf, parent *leaf, level int) {
	beside := under[parent]
	slices.SortStableFunc(beside, func(a, b *leaf) int {
		if a.ordered != b.ordered { // what says its place comes first
			return map[bool]int{true: -1, false: 1}[a.ordered]
		}
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.path, b.path))
	})
	for n, one := range beside {
		one.Position, one.level = int64(n+1)<<20, level
		if level > models.MostLevels && one.file != "" {
			p.findings.note(one.file, 0, "deep", fmt.Sprint(models.MostLevels))
			one.level = models.MostLevels
			for one.parent.level >= models.MostLevels {
				one.parent = one.parent.parent
			}
			one.Position = int64(len(p.leaves)+1) << 20
		}
		if level >= models.MostLevels && one.file == "" { // nothing can stand under it
			delete(p.at, one.path)
			one.level = models.MostLevels
		} else {
			p.leaves = append(p.leaves, one)
		}
		p.lay(under, one, level+1)
	}
}

// count fills in what the report says of the plan.
func (p *plan) count() {
	report := &p.findings.Report
	people := map[string]bool{}
	for _, one := range p.leaves {
		report.Articles++
		report.Levels = max(report.Levels, one.level)
		if one.file == "" {
			report.Folders++
		}
		for _, name := range []string{one.author, one.editor} {
			if name != "" {
				people[name] = true
			}
		}
		if len(report.Titles) < mostTitles {
			report.Titles = append(report.Titles, Title{Level: one.level, Title: one.Title})
		}
	}
	report.People = len(people)
	var unused []string
	for _, name := range p.order {
		if !p.pages[name] && p.taken[name] == nil && !p.form.spare(name) {
			unused = append(unused, name)
		}
	}
	if len(unused) > 0 {
		p.findings.note(unused[0], 0, "unused", fmt.Sprint(len(unused)))
	}
}
