// Package live shows who else has the page of a room open, and who is writing there.
package live

import (
	"strings"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Here is who is in a room besides the reader.
type Here struct {
	Others        int
	Faces, Writes []models.Reader // whom the reader may know
}

func (h Here) faces() (faces []parts.Named) {
	for _, r := range h.Faces {
		faces = append(faces, parts.Named{ID: r.ID, Name: r.Name, Role: r.Role, Picture: r.Picture})
	}
	return faces
}

func (h Here) names(l *i18n.Locale) string {
	names := make([]string, len(h.Faces))
	for i, r := range h.Faces {
		names[i] = parts.Name(l, r.Name)
	}
	return strings.Join(names, ", ")
}

// writing says who is writing: one by name, several without, since they come and go.
func (h Here) writing(l *i18n.Locale) string {
	if len(h.Writes) == 1 {
		return l.T("live.writes", "name", parts.Name(l, h.Writes[0].Name))
	}
	return l.T("live.write", "count", len(h.Writes))
}
