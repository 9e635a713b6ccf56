package handbooks

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"path"
	"regexp"
	"strings"

	"ruche/app/handbooks/markup"
)

// notionForm is an export of Notion, as HTML or as Markdown & CSV: each page a file and, beside it, a folder of the same name.
type notionForm struct {
	html   *htmlForm
	byID   map[string]string // files of pages by their numbers
	places map[string]string // of the pages, by their files
}

func newNotion() *notionForm {
	return &notionForm{&htmlForm{markup.New(), markup.Notion}, map[string]string{}, map[string]string{}}
}

func csvFile(name string) bool { return strings.EqualFold(path.Ext(name), ".csv") }

// pages are those of the workspace and its databases. Of a database that is there twice it is the file with all of its rows.
func (f *notionForm) pages(_ context.Context, p *plan) (pages []string, err error) {
	for _, name := range p.order {
		base := stem(path.Base(name))
		whole := stem(name) + "_all" + path.Ext(name)
		switch {
		case csvFile(name) && (p.files[whole] != nil || !notionID.MatchString(base)):
			continue
		case !markdownFile(name) && !htmlFile(name) && !csvFile(name), htmlFile(name) && standsForFolder(name):
			continue
		}
		pages = append(pages, name)
		if id := notionID.FindStringSubmatch(base); id != nil && f.byID[id[1]] == "" {
			f.byID[id[1]] = name
		}
	}
	f.arrange(pages)
	return pages, nil
}

// arrange finds the place of each page. Newer exports leave the number out of the names of folders; such a folder is that of the one page
// beside it which is called so.
func (f *notionForm) arrange(pages []string) {
	stems, called := map[string]bool{}, map[string][]string{}
	for _, name := range pages {
		whole := strings.TrimSuffix(stem(name), "_all")
		stems[whole] = true
		plain := notionID.ReplaceAllString(whole, "")
		called[plain] = append(called[plain], whole)
	}
	folders := map[string]string{".": "."}
	var folder func(string) string
	folder = func(dir string) string {
		if known, ok := folders[dir]; ok {
			return known
		}
		meant := dir
		if of := called[dir]; !stems[dir] && len(of) == 1 {
			meant = of[0]
		}
		folders[dir] = path.Join(folder(path.Dir(dir)), path.Base(meant))
		return folders[dir]
	}
	for _, name := range pages {
		f.places[name] = path.Join(folder(path.Dir(name)), strings.TrimSuffix(stem(path.Base(name)), "_all"))
	}
}

func (f *notionForm) limit() int64           { return markup.MaxPage }
func (f *notionForm) spare(name string) bool { return csvFile(name) || htmlFile(name) }

var notionAddress = regexp.MustCompile(`^https://(?:www\.)?(?:notion\.so|app\.notion\.com|[a-z0-9-]+\.notion\.site)/[^?#]*?([0-9a-f]{32})(?:[?#]|$)`)

// known finds pages that are linked as they lie on the site of Notion.
func (f *notionForm) known(p *plan, href string) *leaf {
	if id := notionAddress.FindStringSubmatch(href); id != nil {
		return p.byFile[f.byID[id[1]]]
	}
	return nil
}

func (f *notionForm) read(ctx context.Context, p *plan, name string, raw []byte) (made *leaf, err error) {
	switch {
	case htmlFile(name):
		made, err = f.html.read(ctx, p, name, raw)
	case csvFile(name):
		made, err = f.database(p, name, raw)
	default:
		made, err = f.markdown(ctx, p, name, raw)
	}
	if made != nil {
		made.path = within(f.places[name], p.begins)
		if p.at[made.path] != nil {
			made.path += path.Ext(name) // a page and a database of one name
		}
	}
	return made, err
}

// markdown is a page of Markdown: its title, then the fields of its database, then its text.
func (f *notionForm) markdown(ctx context.Context, p *plan, name string, raw []byte) (*leaf, error) {
	made, err := markdownForm{}.read(ctx, p, name, raw)
	if made == nil || err != nil {
		return nil, err
	}
	if made.title == "" {
		made.title, made.Body = firstHeading(made.Body)
	}
	made.Body = asides(f.fields(made, made.Body))
	return made, nil
}

var field = regexp.MustCompile(`^([^:\n]{1,60}): (.+)$`)

// fields takes the lines apart which say what an article has a place for. The others become a list.
func (f *notionForm) fields(made *leaf, body string) string {
	head, rest, _ := strings.Cut(strings.TrimLeft(body, "\n"), "\n\n")
	var left []string
	for line := range strings.SplitSeq(head, "\n") {
		found := field.FindStringSubmatch(line)
		if found == nil {
			return body // it is a text
		}
		switch found[1] {
		case "Created", "Created time":
			made.created = markup.Date(found[2])
		case "Last edited time", "Last edited", "Updated":
			made.edited = markup.Date(found[2])
		case "Created by":
			made.author = found[2]
		case "Last edited by":
			made.editor = found[2]
		case "Tags":
			made.tags = strings.Split(found[2], ",")
		default:
			left = append(left, "- **"+found[1]+":** "+found[2])
		}
	}
	return strings.TrimLeft(strings.Join(left, "\n")+"\n\n"+rest, "\n")
}

var (
	aside   = regexp.MustCompile(`(?s)<aside>\n(.*?)\n?</aside>`)
	toggled = regexp.MustCompile(`(?s)<summary>(.*?)</summary>`)
	tagLine = regexp.MustCompile(`(?m)^\s*</?details>\s*$\n?`)
)

// asides makes callouts of what Notion writes as elements of HTML, and opens what can be opened.
func asides(body string) string {
	body = aside.ReplaceAllStringFunc(body, func(match string) string {
		lines := strings.Split(strings.Trim(aside.FindStringSubmatch(match)[1], "\n"), "\n")
		kind := markup.CalloutOf(lines[0])
		if sign, words, ok := strings.Cut(lines[0], " "); ok && !strings.ContainsAny(sign, letters) {
			lines[0] = words
		}
		return "> [!" + kind + "]\n> " + strings.Join(lines, "\n> ")
	})
	return tagLine.ReplaceAllString(toggled.ReplaceAllString(body, "**$1**\n"), "")
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789*_[`"

// Bounds of a database that becomes a table.
const (
	mostFields = 50
	mostRows   = 2000
)

// database is a table of the rows of a database, which lead to their pages.
func (f *notionForm) database(p *plan, name string, raw []byte) (*leaf, error) {
	written, ok := p.decoded(name, raw)
	if !ok {
		return nil, nil
	}
	rows, out := csv.NewReader(strings.NewReader(written)), strings.Builder{}
	rows.FieldsPerRecord, rows.LazyQuotes = -1, true
	pages := f.rows(name)
	for n := 0; ; n++ {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			p.findings.problem(name, 0, "table", "")
			return nil, nil
		}
		if n > mostRows {
			p.findings.note(name, 0, "rows", "")
			break
		}
		if cells = cells[:min(len(cells), mostFields)]; len(cells) == 0 {
			continue
		}
		for i := range cells {
			cells[i] = cell.Replace(strings.TrimSpace(cells[i]))
		}
		if to := pages[strings.TrimSpace(cells[0])]; to != "" && n > 0 {
			cells[0] = "[" + cells[0] + "](<" + relative(name, to) + ">)"
		}
		out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
		if n == 0 {
			out.WriteString(strings.Repeat("|---", len(cells)) + "|\n")
		}
	}
	made := &leaf{file: name}
	made.Body, made.title = out.String(), fromName(strings.TrimSuffix(stem(name), "_all"))
	return made, nil
}

var cell = strings.NewReplacer("\r\n", " · ", "\n", " · ", "|", `\|`, "[", `\[`, "]", `\]`, "<", `\<`)

// rows are the pages of a database by their titles, as far as no two have one.
func (f *notionForm) rows(database string) map[string]string {
	within, found := strings.TrimSuffix(f.places[database], ".csv"), map[string]string{}
	for name, at := range f.places {
		if path.Dir(at) == within {
			title := notionID.ReplaceAllString(path.Base(at), "")
			if _, twice := found[title]; twice {
				name = ""
			}
			found[title] = name
		}
	}
	return found
}
