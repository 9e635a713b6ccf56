package files

import (
	"path"
	"strings"
	"unicode"
)

const maxName = 80 // characters, without the extension

// displayName makes a name that is safe in a header, on a screen and on a disk out of what a browser sent, with the extension of what
// the file has become.
func displayName(sent, extension string) string {
	base := path.Base(strings.ReplaceAll(strings.ToValidUTF8(sent, ""), `\`, "/"))
	stem := strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.L, unicode.M, unicode.N) || strings.ContainsRune("-_.,()’' ", r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return -1
	}, strings.TrimSuffix(base, path.Ext(base)))
	if runes := []rune(stem); len(runes) > maxName {
		stem = string(runes[:maxName])
	}
	if stem = strings.Trim(stem, " ."); stem == "" {
		stem = "file"
		if extension == ".png" || extension == ".jpg" {
			stem = "image"
		}
	}
	return stem + extension
}
