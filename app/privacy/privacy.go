// Package privacy is about personal data: the register that says what the house keeps about people and who sees it, and the
// copy of everything about them that a person may have. What holds data, and where, stands in one list in models.
package privacy

import (
	"context"
	"time"

	"ruche/app/files"
	"ruche/app/jobs"
	"ruche/app/web"
	"ruche/models"
)

// Privacy is the feature.
type Privacy struct {
	web   *web.Web
	files *files.Files
}

// exportTimeout is how long making a copy may take between two steps of it.
const exportTimeout = 5 * time.Minute

// New returns the feature, and has its work done by the jobs.
func New(w *web.Web, store *files.Files, j *jobs.Jobs) *Privacy {
	f := &Privacy{web: w, files: store}
	j.Register(jobs.Kind{Name: exportJob, Timeout: exportTimeout, Work: f.makeCopy})
	j.Register(jobs.Kind{Name: "retention", Every: time.Hour, Work: f.retain})
	return f
}

// retain is the job that removes what has been kept for long enough.
func (f *Privacy) retain(ctx context.Context, _ *jobs.Run) (func(*models.Tx) error, error) {
	_, err := f.sweepCopies(ctx)
	return nil, err
}
