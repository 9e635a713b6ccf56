package text

import (
	"strings"
	"unicode"
)

// Language guesses whether a text is French ("fr") or English ("en"), the two languages Ruche analyses apart. It says "" when it
// cannot tell: too few words, or neither of them. It counts the short words that only one of them uses; that needs no table of
// any size, and a short sentence already holds one.
func Language(plain string) string {
	french, english, neither, words := 0, 0, 0, 0
	for word := range strings.FieldsFuncSeq(firstPart(plain), func(r rune) bool { return !unicode.IsLetter(r) }) {
		word = strings.ToLower(word)
		words++
		switch {
		case strings.Contains(frenchWords, " "+word+" "):
			french += 2
		case strings.Contains(englishWords, " "+word+" "):
			english += 2
		case strings.Contains(otherWords, " "+word+" "):
			neither += 2
		case strings.ContainsAny(word, "éèêàùçœ"):
			french++
		}
	}
	most := max(french, english)
	switch {
	case 10*most < words || 2*neither > most: // prose of either has a fifth of such words at least
		return ""
	case french > english:
		return "fr"
	case english > french:
		return "en"
	}
	return ""
}

// firstPart bounds the work: the language of a text shows in its beginning.
func firstPart(s string) string {
	const enough = 4000
	if len(s) > enough {
		return s[:enough]
	}
	return s
}

// Words that are frequent in one of the languages and do not exist, or hardly, in the other (so neither "on" nor "or" nor "a").
const (
	frenchWords = " le la les des du de un une et est en que qui dans pour par sur pas plus ce cette ces son sa ses leur leurs nous vous ils elle " +
		"elles il je ne se sont être avec aux au ou mais donc où dont si tout tous toute toutes avoir fait faire comme même aussi très sans " +
		"entre chez vers afin ainsi lors cela ça notre nos votre vos mon ma mes ont été était peut doit faut quand depuis sous après avant contre " +
		"l j n c qu jusqu lorsqu quelle quel pourquoi comment créer mise rue "
	englishWords = " the of and to is are was were be been being it its this that these those with for from by at as not have has had will would " +
		"should could can may do does did they them their there then than we you your our he she his her i my me which who what when where why how " +
		"all any some more most other into about over between if so but because while through need make also an in let "
	// The commonest words of our neighbours' languages, which share "de", "la", "que" with French.
	otherWords = " el los las y con por pero más muy también una els amb per més és als dels aquest aquesta al del il di che non gli della lo " +
		"und der das ist nicht mit ein eine het een van niet o os as um uma não para "
)
