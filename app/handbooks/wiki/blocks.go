package wiki

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var (
	heading = regexp.MustCompile(`^(={1,6})\s*(.+?)\s*(={1,6})\s*$`)
	rule    = regexp.MustCompile(`^-{4,}\s*$`)
	listed  = regexp.MustCompile(`^([*#:;]+)\s*(.*)$`)
)

// mostNested is how deep lists stand in each other.
const mostNested = 12

// blocks reads the lines of a page.
func (w *writer) blocks(page string) string {
	var out []string
	lines := strings.Split(page, "\n")
	inList := false
	for at := 0; at < len(lines); at++ {
		line := lines[at]
		if strings.HasPrefix(strings.TrimSpace(line), "{|") {
			end := at + 1
			for end < len(lines) && !strings.HasPrefix(strings.TrimSpace(lines[end]), "|}") {
				end++
			}
			out = append(out, "", w.table(lines[at:min(end, len(lines))]), "")
			at, inList = end, false
			continue
		}
		found := listed.FindStringSubmatch(line)
		if inList != (found != nil) {
			out = append(out, "")
		}
		inList = found != nil
		switch head := heading.FindStringSubmatch(line); {
		case found != nil:
			out = append(out, w.item(found[1], found[2]))
		case head != nil:
			out = append(out, "", strings.Repeat("#", min(len(head[1]), len(head[3])))+" "+w.line(head[2]), "")
		case rule.MatchString(line):
			out = append(out, "", "---", "")
		case strings.HasPrefix(line, " ") && strings.TrimSpace(line) != "":
			out = append(out, inCode(w.restore(html.UnescapeString(line)))) // it is shown as it was typed
		default:
			out = append(out, w.line(line))
		}
	}
	return strings.Join(out, "\n")
}

// item is a line of a list; what is only moved in is a quote, and a term is bold.
func (w *writer) item(how, text string) string {
	how = how[:min(len(how), mostNested)]
	last, indent := how[len(how)-1], ""
	for _, above := range how[:len(how)-1] {
		if above == '#' {
			indent += "   "
		} else {
			indent += "  "
		}
	}
	switch last {
	case '#':
		return indent + "1. " + w.line(text)
	case '*':
		return indent + "- " + w.line(text)
	case ';':
		term, meaning, ok := strings.Cut(text, " : ")
		if ok {
			return "**" + w.line(term) + "**\n\n" + w.line(meaning) + "\n"
		}
		return "**" + w.line(text) + "**\n"
	}
	if strings.Trim(how, ":") == "" {
		return strings.Repeat("> ", len(how)) + w.line(text) + "\n"
	}
	return indent + "- " + w.line(text)
}

var (
	inner   = regexp.MustCompile(`\[\[([^\[\]]*)\]\]([\p{L}]*)`)
	outer   = regexp.MustCompile(`\[((?:https?|mailto|ftp):[^\s\]]+)(?:\s+([^\]]*))?\]`)
	bare    = regexp.MustCompile(`https?://[^\s\[\]<>"]+`)
	strongs = regexp.MustCompile(`'''(.+?)'''`)
	ems     = regexp.MustCompile(`''(.+?)''`)
)

// line is the text of a line: links first, whose labels may hold emphasis, then what stands out.
func (w *writer) line(text string) string {
	text = lineEnd.ReplaceAllString(text, w.keep("\n"))
	for range 3 { // the caption of a picture may hold links
		text = inner.ReplaceAllStringFunc(text, func(m string) string {
			found := inner.FindStringSubmatch(m)
			return w.inward(found[1], found[2])
		})
	}
	text = outer.ReplaceAllStringFunc(text, func(m string) string {
		found := outer.FindStringSubmatch(m)
		if strings.HasPrefix(found[1], "ftp:") {
			return found[2]
		}
		label := found[2]
		if strings.TrimSpace(label) == "" {
			label = found[1]
		}
		return w.link(label, found[1])
	})
	text = bare.ReplaceAllStringFunc(text, func(m string) string { return w.keep(m) })
	text = w.plain(text)
	text = strongs.ReplaceAllString(text, "**$1**")
	return ems.ReplaceAllString(text, "*$1*")
}

// plain escapes what Markdown would take for signs, and reads what is written by its name.
func (w *writer) plain(text string) string {
	return strings.ReplaceAll(signs.Replace(html.UnescapeString(text)), `\#`, "#")
}

func (w *writer) link(label, address string) string {
	return w.keep("[" + ems.ReplaceAllString(strongs.ReplaceAllString(w.plain(label), "**$1**"), "*$1*") + "](" + addresses.Replace(address) + ")")
}

var addresses = strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "\\", "%5C", "`", "%60")

// inward is a link within the wiki: to a page, a file that is shown, or a category, which becomes a tag.
func (w *writer) inward(inside, trail string) string {
	target, label, labelled := strings.Cut(inside, "|")
	shown := !strings.HasPrefix(target, ":")
	target = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(target), ":"))
	space, name, ok := strings.Cut(target, ":")
	space = strings.ToLower(strings.TrimSpace(space))
	switch {
	case ok && slices.Contains(w.links.Category, space) && shown:
		if len(w.Tags) < mostNamed {
			w.Tags = append(w.Tags, strings.TrimSpace(name))
		}
		return ""
	case ok && slices.Contains(w.links.Files, space):
		return w.file(strings.TrimSpace(name), label, shown)
	}
	title, place, _ := strings.Cut(target, "#")
	if !labelled || strings.TrimSpace(label) == "" {
		label = target
	}
	if place != "" {
		place = "#" + place
	}
	if title == "" && place != "" {
		return w.link(strings.TrimPrefix(label, "#")+trail, place)
	}
	address := w.links.Page(Title(title))
	if address == "" {
		named(&w.Lost, title)
		return label + trail
	}
	return w.link(label+trail, address+place)
}

// file is a picture that is shown with the last of what is said of it, which is its caption, or a link to a file.
func (w *writer) file(name, options string, shown bool) string {
	caption := ""
	for option := range strings.SplitSeq(options, "|") {
		option = strings.TrimSpace(option)
		if option != "" && !given.MatchString(option) {
			caption = option
		}
	}
	address := w.links.File(Title(name))
	if address == "" {
		named(&w.Lost, name)
		return caption
	}
	if !shown {
		if caption == "" {
			caption = name
		}
		return w.link(caption, address)
	}
	return w.keep("![") + w.plain(caption) + w.keep("]("+addresses.Replace(address)+")")
}

var given = regexp.MustCompile(`(?i)^(?:thumb|thumbnail|mini|vignette|frame|frameless|border|left|right|center|none|gauche|droite|centré|upright.*|\d+x?\d*px|x\d+px|(?:alt|link|lang|page|class)=.*)$`)

// Title is a title as the wiki has it: the first letter is a capital, and lines below are blanks.
func Title(title string) string {
	title = strings.Join(strings.Fields(strings.ReplaceAll(title, "_", " ")), " ")
	for i, r := range title {
		return string(unicode.ToUpper(r)) + title[i+len(string(r)):]
	}
	return ""
}

// Bounds of a table.
const (
	mostColumns = 100
	mostRows    = 5000
)

var attributes = regexp.MustCompile(`^\s*(?:[a-zA-Z-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s|"']+)\s*)+\|([^|].*)?$`)

// table reads the lines of a table.
func (w *writer) table(lines []string) string {
	var rows [][]*strings.Builder // cells go on over lines
	caption, columns := "", 0
	cell := func(text string) {
		if found := attributes.FindStringSubmatch(text); found != nil {
			text = found[1]
		}
		last := len(rows) - 1
		if last < 0 {
			rows, last = append(rows, nil), 0
		}
		if len(rows[last]) < mostColumns {
			said := &strings.Builder{}
			said.WriteString(strings.TrimSpace(text))
			rows[last] = append(rows[last], said)
			columns = max(columns, len(rows[last]))
		}
	}
	for _, line := range lines[1:] {
		line = strings.TrimSpace(line)
		switch {
		case len(rows) > mostRows:
		case strings.HasPrefix(line, "|+"):
			caption = strings.TrimSpace(line[2:])
		case strings.HasPrefix(line, "|-"):
			rows = append(rows, nil)
		case strings.HasPrefix(line, "|"), strings.HasPrefix(line, "!"):
			between := "||"
			if line[0] == '!' && strings.Contains(line, "!!") {
				between = "!!"
			}
			for text := range strings.SplitSeq(line[1:], between) {
				cell(text)
			}
		case line != "" && len(rows) > 0 && len(rows[len(rows)-1]) > 0:
			last := rows[len(rows)-1]
			last[len(last)-1].WriteString(" · " + strings.TrimLeft(line, "*#: "))
		}
	}
	rows = slices.DeleteFunc(rows, func(row []*strings.Builder) bool { return len(row) == 0 })
	if len(rows) == 0 || len(rows)*columns > mostRows*mostColumns/4 {
		return w.line(caption)
	}
	var out strings.Builder
	if caption != "" {
		out.WriteString("**" + w.line(caption) + "**\n\n")
	}
	for n, row := range rows {
		for _, said := range row {
			out.WriteString("| " + strings.ReplaceAll(strings.ReplaceAll(w.restore(w.line(said.String())), "\n", " · "), "|", `\|`) + " ")
		}
		out.WriteString(strings.Repeat("| ", columns-len(row)) + "|\n")
		if n == 0 {
			out.WriteString(strings.Repeat("|---", columns) + "|\n")
		}
	}
	return out.String()
}
