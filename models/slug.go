package models

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const maxSlug = 60

// Slug returns the decorative part of an address made from a title: lower-case ASCII words joined by hyphens, at most 60 characters,
// cut between words. It is empty when the title has no letter that can be written in ASCII; the address then is the number alone.
func Slug(title string) string {
	words := strings.FieldsFunc(foldASCII(title), func(r rune) bool { return r == '-' })
	var b strings.Builder
	for _, word := range words {
		if b.Len() > 0 && b.Len()+1+len(word) > maxSlug {
			break
		}
		if b.Len() > 0 {
			b.WriteByte('-')
		}
		b.WriteString(word[:min(len(word), maxSlug)])
	}
	return b.String()
}

// foldASCII writes a title in lower-case ASCII letters and digits, everything else as hyphens.
func foldASCII(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r): // the accent that NFKD took off its letter
		default:
			b.WriteString(asciiOf(r))
		}
	}
	return b.String()
}

// asciiOf writes the letters that no decomposition takes apart.
func asciiOf(r rune) string {
	switch r {
	case 'œ':
		return "oe"
	case 'æ':
		return "ae"
	case 'ß':
		return "ss"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'þ':
		return "th"
	case 'ı':
		return "i"
	}
	return "-"
}

// Path is the idea's address, the same for ever; what follows the number is decoration.
func (i *Idea) Path() string { return IdeaPath(i.ID, i.Title) }

// Path is the idea's address.
func (c *IdeaCard) Path() string { return IdeaPath(c.ID, c.Title) }

// IdeaPath is the address of the idea with the given id and title.
func IdeaPath(id int64, title string) string { return numbered("/ideas/", id, title) }

// numbered is the address of a thing by its number, with a decoration of its title.
func numbered(under string, id int64, title string) string {
	path := under + strconv.FormatInt(id, 10)
	if slug := Slug(title); slug != "" {
		path += "-" + slug
	}
	return path
}
