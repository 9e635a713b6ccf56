package handbooks

import (
	"cmp"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ruche/app/text"
	"ruche/models"
)

// Articles and files that are not stored yet have no addresses. Until they have, marks with their numbers in the plan stand in their
// places. No article and no file ever has such a number.
const marking = "770077007"

var (
	markedArticle = regexp.MustCompile(`/articles/` + marking + `(\d{9})`)
	markedFile    = regexp.MustCompile(`/files/` + marking + `(\d{9})`)
)

// link turns the ways between the files of a folder into those between what they become. One to nothing in the folder stays as it is
// written, and is named.
func (p *plan) link() {
	marks := make(map[*leaf]string, len(p.leaves))
	for n, one := range p.leaves {
		marks[one] = fmt.Sprintf("/articles/%s%09d", marking, n)
	}
	for _, one := range p.leaves {
		one.Body = text.Readdressed(one.Body, func(href string) string {
			file, fragment, ok := relativeTo(href)
			if !ok {
				if to := p.form.known(p, href); to != nil {
					p.findings.Links++
					return marks[to]
				}
				return p.inFragment(one, href)
			}
			if to := p.meant(one, file); to != nil {
				p.findings.Links++
				return marks[to] + p.inFragment(to, fragment)
			}
			name := p.fileMeant(one, file)
			if name == "" || p.pages[name] {
				p.findings.note(one.file, 0, "nowhere", href)
				return href
			}
			if !p.files[name].sends() {
				p.findings.note(one.file, 0, "file_large", name)
				return href
			}
			if p.taken[name] == nil {
				p.taken[name] = &carried{number: len(p.named), first: one}
				p.named = append(p.named, name)
				one.files = append(one.files, name)
				p.findings.Files++
				p.findings.Bytes += p.files[name].size
			} else if p.taken[name].first != one && !slices.Contains(one.shared, name) {
				one.shared = append(one.shared, name)
				p.findings.Bytes += p.files[name].size
			}
			return fmt.Sprintf("/files/%s%09d", marking, p.taken[name].number)
		})
	}
}

// inFragment is an address within an article as this house has it.
func (p *plan) inFragment(in *leaf, href string) string {
	if name, ok := strings.CutPrefix(href, "#"); ok && name != "" && !strings.HasPrefix(name, "h-") {
		if p.ours { // it was one here before, whatever it says
			return "#h-" + name
		}
		name = unescaped(name)
		return "#h-" + models.Slug(cmp.Or(in.anchors[name], name))
	}
	return href
}

// relativeTo is the file that an address names beside its own, and the place in it; ok is false for one that leads elsewhere.
func relativeTo(href string) (file, fragment string, ok bool) {
	if strings.HasPrefix(href, "#") || strings.HasPrefix(href, "//") || strings.HasPrefix(href, "/articles/") || strings.HasPrefix(href, "/files/") {
		return "", "", false
	}
	if at := strings.IndexByte(href, ':'); at >= 0 && !strings.ContainsAny(href[:at], "/?#") {
		return "", "", false // a scheme
	}
	file, fragment, anchored := strings.Cut(href, "#")
	if anchored {
		fragment = "#" + fragment
	}
	file, _, _ = strings.Cut(file, "?")
	return unescaped(file), fragment, file != ""
}

// beside are the paths that an address in an article can name, the likeliest first: from its folder, from where everything begins, and
// where a site serves every page as a folder of its own.
func (p *plan) beside(one *leaf, file string) []string {
	if strings.HasPrefix(file, "/") {
		return []string{strings.TrimPrefix(path.Clean(file), "/")}
	}
	return []string{path.Join(path.Dir(one.file), file), path.Clean(file), path.Join(strings.TrimSuffix(one.file, path.Ext(one.file)), file)}
}

// meant is the article that a file or a folder named in another one is, nil if there is none.
func (p *plan) meant(one *leaf, file string) *leaf {
	for _, name := range p.beside(one, file) {
		for _, file := range []string{name, name + ".md", path.Join(name, "index.md"), path.Join(name, "_index.md"), path.Join(name, "README.md"), path.Join(name, "readme.md"), name + ".html", path.Join(name, "index.html")} {
			if to := p.byFile[file]; to != nil {
				return to
			}
		}
		if to := p.at[within(name, p.begins)]; to != nil && to.file == "" {
			return to
		}
	}
	return nil
}

// fileMeant is the file that is named in an article, empty if there is none.
func (p *plan) fileMeant(one *leaf, file string) string {
	for _, name := range p.beside(one, file) {
		if p.files[name] != nil {
			return name
		}
	}
	return ""
}

// settled is a text in which everything has its address.
func settled(body string, marked *regexp.Regexp, address func(n int) string) string {
	return marked.ReplaceAllStringFunc(body, func(mark string) string {
		n, err := strconv.Atoi(mark[len(mark)-9:])
		if err != nil {
			return mark
		}
		return address(n)
	})
}

func unescaped(body string) string {
	if plain, err := url.PathUnescape(body); err == nil {
		return plain
	}
	return body
}
