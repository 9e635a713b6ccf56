package parts

import (
	"net/url"

	"ruche/models"
	"ruche/views/i18n"
)

// Following is how closely the reader follows something, as its menu offers to change it.
type Following struct {
	Kind   models.Followed
	Target string             // how addresses name it, after its kind
	Name   string             // read with the button where many stand on one page; may be empty
	Back   string             // the page to come back to
	Level  models.FollowLevel // empty where nothing is said of it
}

// shown is the level that holds as long as nothing wider says another.
func (f Following) shown() models.FollowLevel {
	if f.Level == "" {
		return models.LevelNormal
	}
	return f.Level
}

// about is the group of the texts: of one thread or article, of people, or of places where there are many.
func (f Following) about() string {
	switch f.Kind {
	case models.FollowedThread, models.FollowedArticle, models.FollowedGathering, models.FollowedPerson:
		return string(f.Kind)
	}
	return "place"
}

// word names a level of something of a kind: a discussion and what stands beside it are of different genders in French.
func (f Following) word(l *i18n.Locale, level models.FollowLevel) string {
	if f.Kind == models.FollowedThread {
		return l.T("discussions.levels." + string(level))
	}
	return l.T("follows.levels." + string(level))
}

func (f Following) text(l *i18n.Locale, level models.FollowLevel) string {
	if f.Kind == models.FollowedThread {
		return l.T("discussions.levels." + string(level) + "_text")
	}
	return l.T("follows." + f.about() + "." + string(level))
}

// URL is where another level of it is posted.
func (f Following) URL(level models.FollowLevel) string {
	return "/follows?" + url.Values{"kind": {string(f.Kind)}, "target": {f.Target}, "level": {string(level)}, "back": {f.Back}}.Encode()
}
