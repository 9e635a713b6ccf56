package knowledge

import (
	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Versions is a page of the texts that an article has had, newest first.
type Versions struct {
	Article  *models.Article
	Space    models.SpaceAccess
	Versions []models.ArticleVersionCard
	Named    bool                 // only those with a name
	Names    []models.VersionName // all of them
	From, To string               // what is to be compared, as it was typed
	Problems models.Invalid
	Next     string
}

// lists are which versions the reader can choose to see.
func (v Versions) lists(l *i18n.Locale) []parts.ChipLink {
	at := base(v.Article.ID) + "/versions"
	return []parts.ChipLink{
		{URL: at, Label: l.T("versions.all"), Active: !v.Named, Count: -1},
		{URL: at + "?named=1", Label: l.T("versions.named"), Active: v.Named, Count: len(v.Names)},
	}
}

// Version is one text of an article, and what changed since another one.
type Version struct {
	Article *models.Article
	Space   models.SpaceAccess
	Version *models.ArticleVersion
	Editor  parts.Named
	Since   int // the number of the version that it is compared with; 0 for none
	Title   []parts.Change
	Body    []parts.Change
	Tags    []parts.Change
	Restore bool // the reader may make it the text again

	Name, NameNote       string // by which people find it again; may be empty
	SinceName            string // of the version that it is compared with
	MayName              bool
	TypedName, TypedNote string
	Problems             models.Invalid
}

func (v Version) same() bool {
	return v.Since != 0 && !parts.Differs(v.Title) && !parts.Differs(v.Body) && !parts.Differs(v.Tags)
}

// since is what the version is compared with, by its name and number.
func (v Version) since(l *i18n.Locale) string {
	if v.SinceName != "" {
		return l.T("versions.compared_named", "number", v.Since, "name", v.SinceName)
	}
	return l.T("knowledge.compared", "number", v.Since)
}
