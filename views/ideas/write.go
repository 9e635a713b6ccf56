package ideas

import (
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
	"ruche/views/parts"
)

// Write is the form for an idea, new or not.
type Write struct {
	Idea     *models.Idea // nil for a new one
	Space    string       // slug
	Spaces   []models.SpaceAccess
	Title    string
	Body     string
	Tags     string
	Starter  string // a question to begin with
	Base     int    // the version that the text started from
	Once     string
	Draft    Draft
	Person   int64
	Problems models.Invalid
	Near     []Near
	Preview  string // the HTML of the text, when it was asked for
	Lang     string // of the preview
	Conflict *Conflict
	Sent     string // address of what this form has made before; may be empty
}

// Conflict is what others have saved while someone wrote.
type Conflict struct {
	Editor            string
	At                time.Time
	Title, Body, Tags []Change
}

// Change is a piece of a text that stayed, was added or removed.
type Change struct {
	Kind ChangeKind
	Text string
}

// ChangeKind says what happened to a piece of a text.
type ChangeKind int

// What can happen to a piece of a text, in the order of app/text.
const (
	Same ChangeKind = iota
	Added
	Removed
)

// changed tells whether anything did.
func changed(changes []Change) bool {
	for _, c := range changes {
		if c.Kind != Same {
			return true
		}
	}
	return false
}

// marked is a text with its changes. It is written without templ, which would put space between the pieces.
func marked(changes []Change) templ.Component {
	var b strings.Builder
	for _, c := range changes {
		element := [...]string{Same: "", Added: "ins", Removed: "del"}[c.Kind]
		if element != "" {
			b.WriteString("<" + element + ">")
		}
		b.WriteString(html.EscapeString(c.Text))
		if element != "" {
			b.WriteString("</" + element + ">")
		}
	}
	return templ.Raw(b.String())
}

func (v Write) action() string {
	if v.Idea == nil {
		return "/ideas"
	}
	return base(v.Idea.ID)
}

func (v Write) problem(l *i18n.Locale, field string) string {
	if key := v.Problems[field]; key != "" {
		return l.T(key)
	}
	return ""
}

// summary lists the problems in the order of the fields.
func (v Write) summary(l *i18n.Locale) (errors []parts.FieldError) {
	for _, field := range []string{"title", "body", "picture", "space", "tags"} {
		if text := v.problem(l, field); text != "" {
			errors = append(errors, parts.FieldError{Name: field, Text: text})
		}
	}
	return errors
}

// chosen is the space that the idea is for, nil while none is chosen.
func (v Write) chosen() *models.SpaceAccess {
	for i := range v.Spaces {
		if v.Spaces[i].Slug == v.Space {
			return &v.Spaces[i]
		}
	}
	return nil
}

// readers is the slug of the space whose readers can be mentioned: the one that the idea is in, or the only one it can be in.
func (v Write) readers() string {
	if v.Idea != nil || len(v.Spaces) == 1 {
		return v.Spaces[0].Slug
	}
	return ""
}

// mentionsURL is where the editor asks whom one can mention.
func mentionsURL(space string) string {
	if space == "" {
		return "/people/suggestions"
	}
	return "/people/suggestions?" + url.Values{"space": {space}}.Encode()
}

func (v Write) placeholder(l *i18n.Locale) string {
	if v.Starter != "" {
		return v.Starter
	}
	return l.T("ideas.field.body_placeholder")
}

func (v Write) crumbs(p layout.Page) []parts.Crumb {
	crumbs := []parts.Crumb{{URL: "/ideas", Title: p.L.T("ideas.title")}}
	if space := v.chosen(); space != nil {
		crumbs[0] = parts.Crumb{URL: Filter{Space: space.Slug}.URL(), Title: space.Title}
	}
	if v.Idea != nil {
		crumbs = append(crumbs, parts.Crumb{URL: v.Idea.Path(), Title: v.Idea.Title})
	}
	return append(crumbs, parts.Crumb{Title: p.Title})
}

// WorksAt is what someone does and where: a person's job and site, or an external person's company.
func WorksAt(job, site, organisation string) string {
	var known []string
	for _, text := range []string{job, site, organisation} {
		if text != "" {
			known = append(known, text)
		}
	}
	return strings.Join(known, ", ")
}

// editorLabels are the words of the editor, as JSON for its script.
func editorLabels(l *i18n.Locale) string {
	raw, _ := json.Marshal(map[string]string{ // strings always marshal
		"toolbar": l.T("editor.toolbar"), "bold": l.T("editor.bold"), "italic": l.T("editor.italic"), "link": l.T("editor.link"),
		"heading": l.T("editor.heading"), "bullet_list": l.T("editor.bullet_list"), "ordered_list": l.T("editor.ordered_list"),
		"quote": l.T("editor.quote"), "table": l.T("editor.table"), "code": l.T("editor.code"), "picture": l.T("editor.picture"),
		"mention": l.T("editor.mention"), "idea": l.T("editor.idea"), "markdown": l.T("editor.markdown"), "markdown_only": l.T("editor.markdown_only"),
		"link_address": l.T("editor.link_address"), "link_text": l.T("editor.link_text"), "link_invalid": l.T("editor.link_invalid"), "link_remove": l.T("editor.link_remove"),
		"alt_text": l.T("editor.alt_text"), "alt_hint": l.T("editor.alt_hint"), "apply": l.T("editor.apply"), "cancel": l.T("editor.cancel"),
		"table_tools": l.T("editor.table_tools"), "row_add": l.T("editor.row_add"), "row_delete": l.T("editor.row_delete"), "column_add": l.T("editor.column_add"),
		"column_delete": l.T("editor.column_delete"), "table_delete": l.T("editor.table_delete"), "task_done": l.T("editor.task_done"),
		"uploading": l.T("editor.uploading"), "upload_failed": l.T("editor.upload_failed"), "upload_offline": l.T("editor.upload_offline"),
		"upload_not_picture": l.T("editor.upload_not_picture"), "dismiss": l.T("editor.dismiss"), "suggestions": l.T("editor.suggestions"),
		"type_more": l.T("editor.type_more"), "no_person": l.T("editor.no_person"), "no_idea": l.T("editor.no_idea"),
	})
	return string(raw)
}
