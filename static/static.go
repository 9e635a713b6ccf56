// Package static holds everything the browser fetches besides pages: style
// sheets, behaviours, icons, fonts and vendored scripts. It gives each file an
// address that contains a hash of its content, so that browsers keep it for
// ever, and serves it compressed. Sources are what is shipped, joined in name
// order and shortened when the program starts.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/tdewolff/minify/v2/js"
)

// Prefix is the part of the site under which Handler expects to be mounted.
const Prefix = "/static/"

//go:embed css js img fonts vendor
var embedded embed.FS

var site = sync.OnceValue(func() *assets {
	a, err := build(embedded)
	if err != nil {
		panic(fmt.Errorf("prepare the static files: %w", err))
	}
	return a
})

// URL returns the address of a file such as "app.css", "app.js",
// "img/icons.svg" or "vendor/editor.js". A name that does not exist is a
// mistake in the program, not a condition, and panics.
func URL(name string) string {
	a, ok := site().byName[name]
	if !ok {
		panic("static: no file " + name)
	}
	return a.url
}

// assets are the files by the name that code uses and by the address that
// browsers use.
type assets struct {
	byName, byURL map[string]*asset
}

// build names and hashes every file. Style sheets come last, since they hold
// the addresses of fonts and pictures.
func build(fsys fs.FS) (*assets, error) {
	a := &assets{byName: map[string]*asset{}, byURL: map[string]*asset{}}
	sheets, scripts, err := a.addFiles(fsys)
	if err != nil {
		return nil, err
	}
	for name, parts := range scripts {
		script, err := join(fsys, parts)
		if err != nil {
			return nil, err
		}
		if script, err = shorten(script); err != nil {
			return nil, fmt.Errorf("shorten %s: %w", name, err)
		}
		a.add(name, script)
	}
	a.addFrame()
	for name, parts := range sheets {
		sheet, err := join(fsys, parts)
		if err != nil {
			return nil, err
		}
		linked, err := a.link(squeeze(sheet))
		if err != nil {
			return nil, err
		}
		a.add(name, linked)
	}
	return a, nil
}

// addFiles adds what is served as it is, and returns the names of what is
// joined: the parts of each style sheet and of each script. What is in a folder
// of css makes a sheet of its own, which only some pages fetch: desk.css those on
// which people set up, judge and manage, discussions.css those of threads,
// editor.css where one writes, texts.css where a text has more than words, code.css where it has code whose words are marked. So it is with a folder of js: posts.js is for pages
// on which people talk. Each behaviour in js/own is fetched by the pages that have
// it. Every page needs Turbo: it begins app.js. The first visit stays light without them.
func (a *assets) addFiles(fsys fs.FS) (sheets, scripts map[string][]string, err error) {
	sheets, scripts = map[string][]string{}, map[string][]string{}
	err = fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		switch dir := path.Dir(name); {
		case dir == "css":
			sheets["app.css"] = append(sheets["app.css"], name)
		case path.Dir(dir) == "css":
			sheet := path.Base(dir) + ".css"
			sheets[sheet] = append(sheets[sheet], name)
		case dir == "js":
			scripts["app.js"] = append(scripts["app.js"], name)
		case name == turbo:
			scripts["app.js"] = append([]string{name}, scripts["app.js"]...)
		case dir == "js/own":
			scripts[name] = []string{name}
		case path.Dir(dir) == "js":
			script := path.Base(dir) + ".js"
			scripts[script] = append(scripts[script], name)
		case served[path.Ext(name)] != "":
			data, err := fs.ReadFile(fsys, name)
			if err != nil {
				return err
			}
			a.add(name, data)
		}
		return nil
	})
	return sheets, scripts, err
}

func (a *assets) add(name string, data []byte) {
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:6])
	ext := path.Ext(name)
	url := Prefix + strings.TrimSuffix(name, ext) + "." + hash + ext
	file := &asset{url: url, etag: `"` + hash + `"`, kind: served[ext], plain: data}
	a.byName[name], a.byURL[url] = file, file
}

// join puts files one after the other, in the order of their names.
func join(fsys fs.FS, names []string) ([]byte, error) {
	var b bytes.Buffer
	for _, name := range names { // WalkDir walks in name order
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		b.Write(data)
		b.WriteByte('\n')
	}
	return b.Bytes(), nil
}

// shorten leaves out of a script what is only for those who write it.
func shorten(script []byte) ([]byte, error) {
	var b bytes.Buffer
	err := js.Minify(nil, &b, bytes.NewReader(script), nil)
	return b.Bytes(), err
}

// turbo is the one vendored script that every page needs.
const turbo = "vendor/turbo.js"

// Remarks and spaces are for those who write sheets.
var (
	sheetRemark = regexp.MustCompile(`(?s)/\*.*?\*/`)
	blank       = regexp.MustCompile(`\s+`)
	around      = regexp.MustCompile(` ?([{};]) ?`)
	declared    = regexp.MustCompile(`([\w-]): `)
)

// squeeze leaves out of a style sheet what the browser does not read.
func squeeze(sheet []byte) []byte {
	sheet = sheetRemark.ReplaceAll(sheet, nil)
	sheet = blank.ReplaceAll(sheet, []byte(" "))
	sheet = around.ReplaceAll(sheet, []byte("$1"))
	sheet = declared.ReplaceAll(sheet, []byte("$1:"))
	return bytes.ReplaceAll(sheet, []byte(";}"), []byte("}"))
}

var reference = regexp.MustCompile(`url\("(\.\./[^"]+)"\)`)

// link replaces references such as url("../fonts/x.woff2") by hashed addresses.
func (a *assets) link(sheet []byte) ([]byte, error) {
	var missing string
	linked := reference.ReplaceAllFunc(sheet, func(found []byte) []byte {
		name := strings.TrimPrefix(string(reference.FindSubmatch(found)[1]), "../")
		file, ok := a.byName[name]
		if !ok {
			missing = name
			return found
		}
		return []byte(`url("` + file.url + `")`)
	})
	if missing != "" {
		return nil, fmt.Errorf("a style sheet refers to %s, which does not exist", missing)
	}
	return linked, nil
}
