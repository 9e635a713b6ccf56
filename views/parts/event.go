package parts

import "ruche/views/i18n"

// EventDetail is what the data of an event says beyond its verb, as the logs show it.
type EventDetail struct {
	By, Why, Way, Scope, Device string
	Everywhere, Others          bool
}

// Words are the details there are, in the reader's language.
func (d *EventDetail) Words(l *i18n.Locale) (words []string) {
	for _, said := range []struct{ key, value string }{{"audit.by", d.By}, {"audit.why", d.Why}, {"audit.way", d.Way}, {"tokens.may", d.Scope}} {
		if said.value != "" {
			words = append(words, l.T(said.key+"."+said.value))
		}
	}
	if d.Device != "" {
		words = append(words, Device(l, d.Device))
	}
	if d.Everywhere {
		words = append(words, l.T("audit.everywhere"))
	}
	if d.Others {
		words = append(words, l.T("audit.others"))
	}
	return words
}
