// Package wiki turns the text of a page of MediaWiki into Markdown: what is common in it. What only the wiki itself can show, such as
// templates, stays as it is written, in code, and is named.
package wiki

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// Links are how a wiki is written and where its pages and files are. Page and File are empty for what is not there.
type Links struct {
	Page     func(title string) (address string)
	File     func(name string) (address string)
	Category []string // names of that namespace, and of that of files, in lower case
	Files    []string
}

// Text is what a page says.
type Text struct {
	Body  string
	Tags  []string
	Left  []string // templates and tags that stayed as they are written, once each
	Lost  []string // titles of pages and names of files that are linked and not there, once each
	Moved string   // the page that this one only leads to
}

// mostNamed is how many of what stayed or is lost are named.
const mostNamed = 50

// Markdown reads a page. It takes time in proportion to its length.
func Markdown(page string, links Links) Text {
	w := &writer{links: links}
	page = strings.ReplaceAll(strings.ReplaceAll(page, "\r\n", "\n"), "\x00", "")
	if found := redirect.FindStringSubmatch(page); found != nil {
		w.Moved = strings.TrimSpace(found[1])
		return w.Text
	}
	page = w.protect(page)
	w.Body = strings.TrimSpace(w.restore(w.blocks(page)))
	w.Body = gaps.ReplaceAllString(w.Body, "\n\n")
	return w.Text
}

var (
	redirect = regexp.MustCompile(`(?i)^\s*#(?:redirect|redirection|weiterleitung)\s*:?\s*\[\[([^\]|#]+)`)
	gaps     = regexp.MustCompile(`\n{3,}`)
)

type writer struct {
	Text
	links Links
	kept  []string // pieces of Markdown that are done, by the numbers of their marks
}

// A mark stands for a piece that is done. No page has such signs: they are taken out of it first.
const (
	markOpen  = '\ue000'
	markClose = '\ue001'
)

// keep puts a mark in the place of a piece.
func (w *writer) keep(piece string) string {
	w.kept = append(w.kept, piece)
	return string(markOpen) + encode(len(w.kept)-1) + string(markClose)
}

func encode(n int) string {
	var digits []rune
	for {
		digits = append([]rune{rune('\ue010' + n%10)}, digits...)
		if n /= 10; n == 0 {
			return string(digits)
		}
	}
}

var marked = regexp.MustCompile("\ue000([\ue010-\ue019]+)\ue001")

// restore puts the pieces back, of which one may hold others that were kept before it.
func (w *writer) restore(text string) string {
	for range 4 {
		if !strings.ContainsRune(text, markOpen) {
			break
		}
		text = marked.ReplaceAllStringFunc(text, func(mark string) string {
			n := 0
			for _, digit := range marked.FindStringSubmatch(mark)[1] {
				n = n*10 + int(digit-'\ue010')
			}
			if n >= len(w.kept) {
				return ""
			}
			return w.kept[n]
		})
	}
	return text
}

func named(list *[]string, name string) {
	name = strings.TrimSpace(name)
	if name != "" && len(*list) < mostNamed && !slices.Contains(*list, name) {
		*list = append(*list, name)
	}
}

var (
	comment = regexp.MustCompile(`(?s)<!--.*?(?:-->|$)`)
	nowiki  = regexp.MustCompile(`(?is)<nowiki>(.*?)</nowiki>`)
	source  = regexp.MustCompile(`(?is)<(?:syntaxhighlight|source)([^>]*)>(.*?)</(?:syntaxhighlight|source)>`)
	lang    = regexp.MustCompile(`(?i)lang\s*=\s*["']?([A-Za-z0-9+#.-]+)`)
	pre     = regexp.MustCompile(`(?is)<pre[^>]*>(.*?)</pre>`)
	code    = regexp.MustCompile(`(?is)<(code|tt|kbd|math)[^>]*>(.*?)</(?:code|tt|kbd|math)>`)
	ref     = regexp.MustCompile(`(?is)<ref[^>/]*>(.*?)</ref>`)
	refs    = regexp.MustCompile(`(?is)<ref[^>]*/>|<references[^>]*/?>|</references>`)
	magic   = regexp.MustCompile(`__[A-Z]{3,20}__`)
	lineEnd = regexp.MustCompile(`(?i)<br\s*/?>`)
	gallery = regexp.MustCompile(`(?is)<gallery[^>]*>(.*?)</gallery>`)
	quote   = regexp.MustCompile(`(?is)<blockquote[^>]*>(.*?)</blockquote>`)
	runs    = regexp.MustCompile(`(?is)<(?:script|style)[^>]*>.*?(?:</(?:script|style)>|$)`)
	struck  = regexp.MustCompile(`(?is)<(?:s|strike|del)>(.*?)</(?:s|strike|del)>`)
	bold    = regexp.MustCompile(`(?is)<(?:b|strong)>(.*?)</(?:b|strong)>`)
	italic  = regexp.MustCompile(`(?is)<(?:i|em)>(.*?)</(?:i|em)>`)
	plain   = regexp.MustCompile(`(?i)</?(?:div|span|p|u|small|big|center|font|sup|sub|ins|abbr|cite|q|var|includeonly|noinclude|onlyinclude|section|poem)(?:\s[^>]*)?/?>`)
)

// protect does what has signs that mean nothing else in it, and takes away what is not read.
func (w *writer) protect(page string) string {
	page = strings.Map(func(r rune) rune {
		if r >= '\ue000' && r <= '\ue0ff' {
			return -1
		}
		return r
	}, page)
	page = nowiki.ReplaceAllStringFunc(page, func(m string) string {
		return w.keep(escaped(html.UnescapeString(nowiki.FindStringSubmatch(m)[1])))
	})
	page = source.ReplaceAllStringFunc(page, func(m string) string {
		found, language := source.FindStringSubmatch(m), ""
		if named := lang.FindStringSubmatch(found[1]); named != nil {
			language = named[1]
		}
		return "\n\n" + w.keep(fenced(w.restore(found[2]), language)) + "\n\n"
	})
	page = pre.ReplaceAllStringFunc(page, func(m string) string {
		return "\n\n" + w.keep(fenced(html.UnescapeString(w.restore(pre.FindStringSubmatch(m)[1])), "")) + "\n\n"
	})
	page = code.ReplaceAllStringFunc(page, func(m string) string {
		return w.keep(inCode(html.UnescapeString(w.restore(code.FindStringSubmatch(m)[2]))))
	})
	page = runs.ReplaceAllString(comment.ReplaceAllString(page, ""), "")
	page = w.templates(page)
	page = ref.ReplaceAllString(page, " ($1)")
	page = magic.ReplaceAllString(refs.ReplaceAllString(page, ""), "")
	page = gallery.ReplaceAllStringFunc(page, func(m string) string {
		var out []string
		for line := range strings.Lines(gallery.FindStringSubmatch(m)[1]) {
			if line = strings.TrimSpace(line); line != "" {
				if _, _, ok := strings.Cut(line, ":"); !ok {
					line = "File:" + line
				}
				out = append(out, "[["+line+"]]")
			}
		}
		return "\n\n" + strings.Join(out, "\n\n") + "\n\n"
	})
	page = quote.ReplaceAllStringFunc(page, func(m string) string {
		return "\n\n" + w.keep("> "+strings.ReplaceAll(strings.TrimSpace(w.blocks(quote.FindStringSubmatch(m)[1])), "\n", "\n> ")) + "\n\n"
	})
	page = struck.ReplaceAllString(bold.ReplaceAllString(italic.ReplaceAllString(page, "''$1''"), "'''$1'''"), "~~$1~~")
	return plain.ReplaceAllString(page, "")
}

// templates keeps what stands in double braces as it is written. What it makes, only the wiki knows.
func (w *writer) templates(page string) string {
	var out strings.Builder
	for rest := page; ; {
		at := strings.Index(rest, "{{")
		if at < 0 {
			return out.String() + rest
		}
		out.WriteString(rest[:at])
		end, depth := at, 0
		for end < len(rest) {
			switch {
			case strings.HasPrefix(rest[end:], "{{"):
				depth, end = depth+1, end+2
				continue
			case strings.HasPrefix(rest[end:], "}}"):
				depth, end = depth-1, end+2
			default:
				end++
				continue
			}
			if depth == 0 {
				break
			}
		}
		if depth != 0 { // it never ends: signs like any others
			return out.String() + strings.ReplaceAll(rest[at:], "{{", w.keep(`\{\{`))
		}
		written := w.restore(rest[at:end])
		name, _, _ := strings.Cut(strings.Trim(written, "{}"), "|")
		named(&w.Left, strings.Join(strings.Fields(name), " "))
		if strings.Contains(written, "\n") {
			out.WriteString("\n\n" + w.keep(fenced(written, "")) + "\n\n")
		} else {
			out.WriteString(w.keep(inCode(written)))
		}
		rest = rest[end:]
	}
}

func fenced(text, language string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + strings.Trim(text, "\n") + "\n" + fence
}

func inCode(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		return fence + " " + text + " " + fence
	}
	return fence + text + fence
}

var signs = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "`", "\\`", "<", `\<`, "#", `\#`)

// escaped is a text whose signs mean nothing in Markdown.
func escaped(text string) string { return signs.Replace(text) }
