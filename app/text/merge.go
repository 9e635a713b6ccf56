package text

import "strings"

// Merge brings together what two people made of one text: every line that one of them changed and the other left alone. ok is false
// where both changed the same lines, or lines that touch, in different ways; nobody but a person can tell then what is meant.
func Merge(base, mine, theirs string) (merged string, ok bool) {
	from := byLines(base)
	ours, others := edits(from, byLines(mine)), edits(from, byLines(theirs))
	var out strings.Builder
	at := 0
	for len(ours) > 0 || len(others) > 0 {
		next := &ours
		if len(ours) == 0 || len(others) > 0 && others[0].base.from < ours[0].base.from {
			next = &others
		}
		edit := (*next)[0]
		if len(ours) > 0 && len(others) > 0 && touch(ours[0].base, others[0].base) {
			if ours[0] != others[0] {
				return "", false
			}
			others = others[1:] // both did the same
			next = &ours
		}
		*next = (*next)[1:]
		out.WriteString(from.slice(span{at, edit.base.from}))
		out.WriteString(edit.text)
		at = edit.base.to
	}
	out.WriteString(from.slice(span{at, len(from.starts) - 1}))
	return out.String(), true
}

// An edit puts a text in the place of some lines.
type edit struct {
	base span
	text string
}

func touch(a, b span) bool { return a.from <= b.to && b.from <= a.to }

// edits are what makes one text of another, by lines.
func edits(from, to tokenised) (made []edit) {
	d := differ{numbers: map[string]int{}}
	d.a, d.b = d.number(from), d.number(to)
	d.compare(span{0, len(d.a)}, span{0, len(d.b)}, true)
	for _, r := range runs(d.pairs, len(d.a), len(d.b)) {
		if !r.same {
			made = append(made, edit{r.a, to.slice(r.b)})
		}
	}
	return made
}

// byLines takes a text apart into its lines, each with its end. The last one is given an end too, so that a line is the same wherever
// it stands.
func byLines(s string) tokenised {
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	var starts []int
	for i := 0; i < len(s); i++ {
		starts = append(starts, i)
		i += strings.IndexByte(s[i:], '\n')
	}
	return tokenised{s, append(starts, len(s))}
}
