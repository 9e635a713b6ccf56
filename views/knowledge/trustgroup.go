package knowledge

import (
	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// groupWords says which group answers for an article, as far as the reader may know of it, or that it no longer does.
func groupWords(l *i18n.Locale, group *models.OwnerGroup) string {
	switch {
	case group.Lost:
		return l.T("knowledge.group_lost")
	case group.Name == "":
		return l.T("knowledge.group_some")
	}
	return l.T("knowledge.group_owns", "group", group.Name)
}

// group is the one that the article has, as the form names it.
func (v Trust) group() string {
	if v.Trust.Group == nil {
		return ""
	}
	return number(v.Trust.Group.ID)
}

func (v Trust) groups() (options []parts.Option) {
	for i := range v.Groups {
		options = append(options, parts.Option{Value: number(v.Groups[i].ID), Label: v.Groups[i].Name})
	}
	return options
}
