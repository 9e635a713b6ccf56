package models

// Words is a text that somebody writes in the languages of the house. One that is missing is read in the other.
type Words struct{ FR, EN string }

// In is the text for a reader of a language, and the language that it is in.
func (w Words) In(lang string) (text, in string) {
	if lang == "en" && w.EN != "" || w.FR == "" {
		return w.EN, "en"
	}
	return w.FR, "fr"
}

// Empty tells whether nothing is written in any language.
func (w Words) Empty() bool { return w.FR == "" && w.EN == "" }

// filled is the text with the translations that came later, where what was there is still the same.
func (w Words) filled(later Words) Words {
	switch {
	case w.FR == "" && w.EN == later.EN:
		w.FR = later.FR
	case w.EN == "" && w.FR == later.FR:
		w.EN = later.EN
	}
	return w
}
