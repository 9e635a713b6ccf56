// Package downloads shows how to take ideas and comments away as a table and articles as Markdown, and the tables and archives that somebody has asked for.
package downloads

import (
	"net/url"
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Form is the form that a table is asked for by.
type Form struct {
	Space, SpaceTitle          string
	Campaign                   int64
	CampaignTitle              string
	Stage, Tag                 string
	Mine, Followed, Unanswered bool
	Department                 string // of the authors
	Near                       bool
	What, Format, Separator    string
	Mark                       bool
	Problems                   models.Invalid
}

// Address is the page of a table.
func Address(id int64) string { return "/downloads/" + strconv.FormatInt(id, 10) }

// about says in words which ideas the table is about.
func (f Form) about(l *i18n.Locale) (lines []string) {
	add := func(wanted bool, words string) {
		if wanted {
			lines = append(lines, words)
		}
	}
	add(f.SpaceTitle != "", l.T("downloads.about.space", "space", f.SpaceTitle))
	add(f.CampaignTitle != "", l.T("downloads.about.campaign", "campaign", f.CampaignTitle))
	if f.Stage != "" {
		add(true, l.T("downloads.about.stage", "stage", l.T("stage."+f.Stage)))
	}
	add(f.Tag != "", l.T("downloads.about.tag", "tag", f.Tag))
	add(f.Department != "", l.T("downloads.about.department", "department", f.Department))
	add(f.Near, l.T("downloads.about.near"))
	add(f.Mine, l.T("downloads.about.mine"))
	add(f.Followed, l.T("downloads.about.followed"))
	add(f.Unanswered, l.T("downloads.about.unanswered"))
	return lines
}

// hidden are the fields that say which ideas the table is about.
func (f Form) hidden() (fields [][2]string) {
	add := func(name, value string) {
		if value != "" {
			fields = append(fields, [2]string{name, value})
		}
	}
	flag := func(name string, on bool) {
		if on {
			add(name, "1")
		}
	}
	add("space", f.Space)
	if f.Campaign != 0 {
		add("campaign", strconv.FormatInt(f.Campaign, 10))
	}
	add("stage", f.Stage)
	add("tag", f.Tag)
	add("department", f.Department)
	flag("near", f.Near)
	flag("mine", f.Mine)
	flag("followed", f.Followed)
	flag("unanswered", f.Unanswered)
	return fields
}

func (f Form) errors(l *i18n.Locale) (errors []parts.FieldError) {
	for _, name := range []string{"what", "format", "separator", "download"} {
		if key := f.Problems[name]; key != "" {
			errors = append(errors, parts.FieldError{Name: name, Text: l.T(key)})
		}
	}
	return errors
}

func (f Form) kinds(l *i18n.Locale) (choices []parts.Choice) {
	for _, kind := range []string{"ideas", "comments"} {
		choices = append(choices, parts.Choice{Type: "radio", Name: "what", Value: kind, Label: l.T("downloads.what." + kind), Hint: l.T("downloads.what." + kind + ".hint"), Checked: f.What == kind})
	}
	return choices
}

func (f Form) formats(l *i18n.Locale) (choices []parts.Choice) {
	for _, format := range []string{"csv", "xlsx", "jsonl"} {
		choices = append(choices, parts.Choice{Type: "radio", Name: "format", Value: format, Label: l.T("downloads.format." + format), Hint: l.T("downloads.format." + format + ".hint"), Checked: f.Format == format})
	}
	return choices
}

func separators(l *i18n.Locale) (options []parts.Option) {
	for _, word := range []string{"comma", "semicolon", "tab"} {
		options = append(options, parts.Option{Value: word, Label: l.T("downloads.separator." + word)})
	}
	return options
}

// Articles is the form that an archive of articles is asked for by: of an article, of a collection, or with neither of all.
type Articles struct {
	Article    *models.Article
	Collection *models.Collection
	Alone      bool
	Problems   models.Invalid
}

func (f Articles) errors(l *i18n.Locale) (errors []parts.FieldError) {
	if key := f.Problems["download"]; key != "" {
		errors = append(errors, parts.FieldError{Name: "download", Text: l.T(key)})
	}
	return errors
}

func (f Articles) scopes(l *i18n.Locale) []parts.Choice {
	return []parts.Choice{
		{Type: "radio", Name: "alone", Value: "", Label: l.T("downloads.articles.under"), Hint: l.T("downloads.articles.under.hint"), Checked: !f.Alone},
		{Type: "radio", Name: "alone", Value: "1", Label: l.T("downloads.articles.alone"), Checked: f.Alone},
	}
}

// words is the key of a sentence about a table or about an archive.
func words(d *models.Download, of string) string {
	if d.What == models.DownloadArticles {
		return "downloads.articles." + of
	}
	return "downloads." + of
}

// again is where one like it can be asked for.
func again(d *models.Download) string {
	if d.What != models.DownloadArticles {
		return "/downloads/new"
	}
	of := d.Sieve()
	query := url.Values{"what": {string(d.What)}}
	if of.ArticleID != 0 {
		query.Set("article", strconv.FormatInt(of.ArticleID, 10))
	}
	if of.CollectionID != 0 {
		query.Set("collection", strconv.FormatInt(of.CollectionID, 10))
	}
	return "/downloads/new?" + query.Encode()
}

// crumb leads to what a download is from.
func crumb(p layout.Page, what models.DownloadKind) parts.Crumb {
	if what == models.DownloadArticles {
		return parts.Crumb{URL: "/knowledge", Title: p.L.T("knowledge.title")}
	}
	return parts.Crumb{URL: "/ideas", Title: p.L.T("ideas.title")}
}

// Show is a table that somebody has asked for.
type Show struct {
	Download *models.Download
	Job      *models.Job // that makes it, nil once it is there
	Ready    bool
}

// Working tells whether the table is being made.
func (s Show) Working() bool { return s.Job != nil && !s.Job.Ended() }

func title(p layout.Page, d *models.Download) string {
	return p.L.T("downloads.of."+string(d.What), "format", p.L.T("downloads.format."+d.Format))
}

func facts(p layout.Page, d *models.Download) string {
	return p.L.T(words(d, "ready"), "count", d.RowCount, "size", p.L.FileSize(d.Size), "until", p.L.DateTime(d.ExpiresAt))
}
