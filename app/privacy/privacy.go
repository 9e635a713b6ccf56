// Package privacy is about personal data: the register that says what the house keeps about people and who sees it. What
// holds data, and where, stands in one list in models.
package privacy

import (
	"ruche/app/web"
)

// Privacy is the feature.
type Privacy struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *Privacy { return &Privacy{web: w} }
