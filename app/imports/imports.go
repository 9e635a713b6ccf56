// Package imports takes in what another platform holds, from a folder of JSON Lines files: spaces,
// campaigns as labels, ideas, comments and votes, threads and replies, articles with the tree of their folders, their authors as pseudonymous members. It is all or
// nothing, and what was imported before is left as it is.
package imports

import (
	"context"
	"errors"
	"fmt"

	"ruche/models"
)

// Options of an import.
type Options struct {
	DryRun   bool                               // check and count, change nothing
	Progress func(step string, done, total int) // may be nil
}

// Report says what an import found and did.
type Report struct {
	Spaces, People, Ideas, Comments, Supports, Threads, Replies, Collections, Articles Count
	Problems                                                                           []Problem // what kept the folder from being imported
	Notes                                                                              []Problem // what was imported in another form
}

// Count says how many records are new, and how many an earlier import made already.
type Count struct{ New, Known int }

// Problem is something about one line of a file.
type Problem struct {
	File string
	Line int // from 1; 0 for the whole file
	Text string
}

// String is the problem as compilers write theirs.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// ErrProblems says that nothing was imported because of the problems in the report.
var ErrProblems = errors.New("the data has problems, nothing was imported")

// Import reads the folder, checks everything, and then writes everything in one transaction.
// Texts are rendered before it begins, so that it holds up the writers of a running server for seconds at most.
func Import(ctx context.Context, db *models.DB, dir string, options Options) (*Report, error) {
	b := newBatch(db.Now(), options.Progress)
	if err := b.loadKnown(ctx, db); err != nil {
		return nil, fmt.Errorf("look up earlier imports: %w", err)
	}
	if err := b.read(ctx, dir); err != nil {
		return nil, err
	}
	if len(b.report.Problems) > 0 {
		return b.report, ErrProblems
	}
	if options.DryRun {
		return b.report, nil
	}
	if err := db.Tx(ctx, nil, b.write); err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	return b.report, nil
}
