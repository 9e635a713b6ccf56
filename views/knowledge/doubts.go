package knowledge

import (
	"github.com/a-h/templ"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Doubts is the page of the doubts about an article.
type Doubts struct {
	Article      *models.Article
	Space        models.SpaceAccess
	Voice        *models.ArticleVoice
	Open, Closed []models.DoubtCard // the reader's own, unless they deal with all
	Trusts       bool               // the reader deals with them
	MayDoubt     bool
	Typed        Typed
}

// Typed is what was typed into a form of that page where something in it was wrong.
type Typed struct {
	Form     string // "help", "doubt" or "answer"
	ID       int64  // of the doubt that was answered
	Reason   string
	Problems models.Invalid
}

// in is what was typed into a form, empty where it was another one.
func (t Typed) in(form string, id int64) Typed {
	if t.Form != form || t.ID != id {
		return Typed{}
	}
	return t
}

// of is why a form was refused that shows no field of its own for it.
func (t Typed) of(l *i18n.Locale) []parts.FieldError {
	return summary(l, t.Problems, "helped", "state")
}

// invalid are the attributes of the field of an answer that was refused.
func invalid(typed Typed, describedBy string) templ.Attributes {
	if typed.Problems["answer"] == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": describedBy}
}

// said is what a reader has answered to whether the article helped.
func said(l *i18n.Locale, help *models.ArticleFeedback) string {
	if *help.Helped {
		return l.T("knowledge.helped_yes")
	}
	return l.T("knowledge.helped_no")
}

func doubtURL(d *models.ArticleFeedback) string {
	return base(d.ArticleID) + "/doubts/" + number(d.ID)
}
