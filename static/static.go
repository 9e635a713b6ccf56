// Package static holds everything the browser fetches besides pages: style
// sheets, behaviours, icons, fonts and vendored scripts. It gives each file an
// address that contains a hash of its content, so that browsers keep it for
// ever, and serves it compressed. It builds nothing: sources are what is
// shipped, joined in name order and without their remarks.
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
// "img/icons.svg" or "vendor/turbo.js". A name that does not exist is a
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
	script, err := join(fsys, scripts)
	if err != nil {
		return nil, err
	}
	a.add("app.js", scriptRemark.ReplaceAll(script, nil))
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
// joined: the behaviours, and the parts of each style sheet. What is in a folder
// of css makes a sheet of its own, which only some pages fetch: desk.css those on
// which people set up, judge and manage, discussions.css those of threads. The
// first visit stays light without them. So it does without js/own, whose
// behaviours are fetched by the pages that have them.
func (a *assets) addFiles(fsys fs.FS) (sheets map[string][]string, scripts []string, err error) {
	sheets = map[string][]string{}
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
			scripts = append(scripts, name)
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

// Remarks are for those who write pages and behaviours.
var (
	sheetRemark  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	scriptRemark = regexp.MustCompile(`(?m)^[ \t]*//.*\n`)
	blank        = regexp.MustCompile(`\s+`)
	around       = regexp.MustCompile(` ?([{};]) ?`)
	declared     = regexp.MustCompile(`([\w-]): `)
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
