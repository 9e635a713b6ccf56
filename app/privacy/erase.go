package privacy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"ruche/app/jobs"
	"ruche/models"
)

// erasureJob is the kind of the job that carries an erasure out.
const erasureJob = "erasure"

// grace is how long a person may take an erasure back.
const grace = 14 * 24 * time.Hour

type erasureArgs struct {
	Erasure int64 `json:"erasure"`
}

// AskErasure ends the actor's account in two weeks, unless they take it back, and signs them out everywhere.
func (f *Privacy) AskErasure(ctx context.Context, actor *models.Actor, contributions models.Rule) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		erasure, err := tx.AskErasure(actor.ID, contributions, tx.Now().Add(grace))
		if err != nil {
			return fmt.Errorf("ask for erasure: %w", err)
		}
		if err := tx.EndSessions(actor.ID); err != nil {
			return err
		}
		waits, err := tx.ErasureWaits(ctx, actor.ID)
		if err != nil {
			return err
		}
		if waits {
			err = f.tellOfDelay(tx, erasure, actor.Email, actor.Locale)
		} else {
			err = f.warn(tx, actor.Email, actor.Locale, erasure.DueAt)
		}
		if err != nil {
			return err
		}
		return tx.Record(models.ErasureAsked, &models.User{ID: actor.ID}, nil)
	})
}

// TakeBack keeps the actor's account after all.
func (f *Privacy) TakeBack(ctx context.Context, actor *models.Actor) error {
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.TakeErasureBack(actor.ID); err != nil {
			return fmt.Errorf("take an erasure back: %w", err)
		}
		return tx.Record(models.ErasureTakenBack, &models.User{ID: actor.ID}, nil)
	})
}

// EraseNow ends somebody's account at once, for an owner whom they asked.
func (f *Privacy) EraseNow(ctx context.Context, actor *models.Actor, userID int64, contributions models.Rule) error {
	if !actor.Can(models.ErasePeople, nil) {
		return models.ErrForbidden
	}
	return f.web.DB.Tx(ctx, actor, func(tx *models.Tx) error {
		erasure, err := tx.ErasureOf(ctx, userID)
		if err != nil {
			return err
		}
		if erasure == nil {
			erasure, err = tx.AskErasure(userID, contributions, tx.Now())
		} else {
			err = tx.HastenErasure(erasure)
		}
		if err != nil {
			return fmt.Errorf("erase person %d: %w", userID, err)
		}
		if err := leave(tx, erasure.ID); err != nil {
			return err
		}
		return tx.Record(models.ErasureAsked, &models.User{ID: userID}, nil)
	})
}

// leave has an erasure carried out, once.
func leave(tx *models.Tx, id int64) error {
	err := tx.AddJob(&models.Job{Kind: erasureJob, Key: fmt.Sprint(id)}, erasureArgs{id})
	if errors.Is(err, models.ErrConflict) {
		return nil
	}
	return err
}

// startDue leaves a job for each erasure whose time has come, and again for those that were given up.
func (f *Privacy) startDue(ctx context.Context) error {
	for after := int64(0); ; {
		due, err := f.web.DB.DueErasures(ctx, after, sweepBatch)
		if err != nil || len(due) == 0 {
			return err
		}
		err = f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
			for _, id := range due {
				if err := leave(tx, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		after = due[len(due)-1]
	}
}

// Steps of an erasure, in their order. Each goes on where it stood, batch by batch, whatever ends the process in between.
const (
	stepContributions = "contributions"
	stepFiles         = "files"
	stepSupports      = "supports"
	stepRows          = "rows"
	stepTexts         = "texts"
	stepAccount       = "account"
)

// erase is the job.
func (f *Privacy) erase(ctx context.Context, run *jobs.Run) (func(*models.Tx) error, error) {
	var args erasureArgs
	if err := run.Args(&args); err != nil {
		return nil, err
	}
	for n := 1; ; n++ {
		erasure, err := f.web.DB.Erasure(ctx, args.Erasure)
		if errors.Is(err, models.ErrNotFound) { // done, or taken back
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		waits, err := f.waits(ctx, erasure)
		if err != nil || waits { // asked again every day, and as soon as a hold is released
			return nil, err
		}
		err = f.step(ctx, erasure)
		if errors.Is(err, errHeld) {
			return nil, nil
		}
		var invalid models.Invalid
		if errors.As(err, &invalid) { // nobody else answers for something any more; asked again within the hour
			return nil, jobs.Permanent(fmt.Errorf("erasure %d: %w", erasure.ID, err))
		}
		if err != nil {
			return nil, fmt.Errorf("erasure %d, %s: %w", erasure.ID, erasure.Step, err)
		}
		if err := run.Progress(ctx, n, n+1); err != nil {
			return nil, err
		}
	}
}

func (f *Privacy) step(ctx context.Context, e *models.Erasure) error {
	switch e.Step {
	case "":
		return f.begin(ctx, e)
	case stepContributions:
		return f.batch(ctx, e, stepFiles, func(tx *models.Tx) (bool, error) {
			if e.Contributions == models.RuleKeep {
				return true, tx.EraseUnsent(*e.UserID)
			}
			e.Touched = true
			return tx.RemoveContributions(*e.UserID)
		})
	case stepFiles:
		return f.eraseFiles(ctx, e)
	case stepSupports:
		return f.batch(ctx, e, stepRows, func(tx *models.Tx) (bool, error) {
			if done, err := tx.LeaveGatherings(*e.UserID); err != nil || !done {
				return false, err
			}
			return tx.CountSupports(*e.UserID)
		})
	case stepRows:
		return f.eraseRows(ctx, e)
	case stepTexts:
		return f.eraseTexts(ctx, e)
	}
	return f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error { return tx.FinishErasure(e) })
}

// errHeld is why an erasure stops before a text that a hold keeps as it is; it goes on there once the hold has ended.
var errHeld = errors.New("a text is held")

// batch does one batch of a step, and goes on to the next step when none is left.
func (f *Privacy) batch(ctx context.Context, e *models.Erasure, next string, do func(*models.Tx) (done bool, err error)) error {
	return f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		done, err := do(tx)
		if err != nil {
			return err
		}
		if done {
			return tx.MoveErasure(e, next, "")
		}
		return tx.MoveErasure(e, e.Step, e.Position)
	})
}

// begin takes the name from the account and remembers what to look for.
func (f *Privacy) begin(ctx context.Context, e *models.Erasure) error {
	return f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		user, err := tx.UserByID(ctx, *e.UserID)
		if err != nil {
			return err
		}
		w := &wanted{ID: user.ID, Name: user.Name}
		shared, err := tx.HasNamesake(ctx, user)
		if err != nil {
			return err
		}
		if !shared && len(strings.Fields(user.Name)) > 1 {
			w.Names = append(w.Names, user.Name)
		}
		addresses := []string{user.Email}
		if user.UserName != nil {
			addresses = append(addresses, *user.UserName)
		}
		for _, address := range addresses {
			if strings.ContainsAny(address, "@.") {
				w.Address = append(w.Address, address)
			}
		}
		if err := f.eraseMerged(tx, e, w, !shared); err != nil {
			return err
		}
		contributed, err := tx.Contributed(ctx, user.ID)
		if err != nil {
			return err
		}
		e.Touched = contributed.Ideas+contributed.Comments > 0 // the index knows whose they are
		if err := tx.EraseMails(user.Email); err != nil {
			return err
		}
		raw, err := json.Marshal(w)
		if err != nil {
			return err
		}
		if err := tx.BeginErasure(e, string(raw), stepContributions); err != nil {
			return err
		}
		return tx.Record(models.UserSignedOut, user, map[string]bool{"everywhere": true}) // ends their streams
	})
}

// eraseMerged has the accounts erased that have gone into that of whoever is erased, and what they were called looked for with it.
func (f *Privacy) eraseMerged(tx *models.Tx, e *models.Erasure, w *wanted, alone bool) error {
	accounts, err := tx.MergedAccounts(tx.Context(), *e.UserID)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		if alone && account.Name != w.Name && len(strings.Fields(account.Name)) > 1 {
			w.Names = append(w.Names, account.Name)
		}
		if strings.ContainsAny(account.Email, "@.") {
			w.Address = append(w.Address, account.Email)
		}
		if err := tx.EraseMails(account.Email); err != nil {
			return err
		}
		erasure, err := tx.EraseWith(e, account.ID)
		if err != nil {
			return fmt.Errorf("erase account %d with %d: %w", account.ID, *e.UserID, err)
		}
		if err := leave(tx, erasure.ID); err != nil {
			return err
		}
	}
	return nil
}

// eraseFiles removes the bytes first, so that none are left that nothing names.
func (f *Privacy) eraseFiles(ctx context.Context, e *models.Erasure) error {
	files, err := f.web.DB.ErasedFiles(ctx, e, sweepBatch)
	if err != nil {
		return err
	}
	exports, err := f.web.DB.ExportsOf(ctx, *e.UserID, sweepBatch)
	if err != nil {
		return err
	}
	downloads, err := f.web.DB.DownloadsOf(ctx, *e.UserID, sweepBatch)
	if err != nil {
		return err
	}
	sent, err := f.web.DB.ImportsOf(ctx, *e.UserID, sweepBatch)
	if err != nil {
		return err
	}
	for i := range sent {
		if err := f.files.Forget(ctx, sent[i].Key); err != nil {
			return err
		}
	}
	folders, err := f.web.DB.ArticleImportsOf(ctx, *e.UserID, sweepBatch)
	if err != nil {
		return err
	}
	for i := range folders {
		if err := f.files.Forget(ctx, folders[i].Key); err != nil {
			return err
		}
	}
	for i := range downloads {
		if err := f.files.Forget(ctx, downloads[i].Key); err != nil {
			return err
		}
	}
	shared, err := f.web.DB.SharedKeys(ctx, files)
	if err != nil {
		return err
	}
	for i := range files {
		if slices.Contains(shared, files[i].Key) {
			continue // what stays of theirs was made of the same bytes
		}
		if err := f.files.Forget(ctx, files[i].Key); err != nil {
			return err
		}
	}
	for i := range exports {
		if err := f.files.Forget(ctx, exports[i].Key); err != nil {
			return err
		}
	}
	return f.batch(ctx, e, stepSupports, func(tx *models.Tx) (bool, error) {
		for i := range files {
			if err := tx.EraseFile(files[i].ID); err != nil {
				return false, err
			}
		}
		for i := range exports {
			if err := tx.DeleteExport(exports[i].ID); err != nil {
				return false, err
			}
		}
		for i := range downloads {
			if err := tx.DeleteDownload(downloads[i].ID); err != nil {
				return false, err
			}
		}
		for i := range sent {
			if err := tx.DropImport(&sent[i]); err != nil {
				return false, err
			}
		}
		for i := range folders {
			if err := tx.DropArticleImport(&folders[i]); err != nil {
				return false, err
			}
		}
		return len(files)+len(exports)+len(downloads)+len(sent)+len(folders) == 0, nil
	})
}

// place is how far a walk through the tables has come.
type place struct {
	Table int   `json:"table"`
	Key   []any `json:"key,omitempty"`
}

func placeOf(e *models.Erasure) (p place, err error) {
	if e.Position == "" {
		return p, nil
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(e.Position)))
	decoder.UseNumber()
	if err := decoder.Decode(&p); err != nil {
		return p, fmt.Errorf("read the place: %w", err)
	}
	for i, key := range p.Key {
		if number, ok := key.(json.Number); ok {
			if p.Key[i], err = number.Int64(); err != nil {
				return p, err
			}
		}
	}
	return p, nil
}

func (p place) String() string {
	raw, _ := json.Marshal(p) // numbers and texts always marshal
	return string(raw)
}

// eraseRows goes through the tables: what is the person's goes, what they did is the former member's.
func (f *Privacy) eraseRows(ctx context.Context, e *models.Erasure) error {
	at, err := placeOf(e)
	if err != nil {
		return err
	}
	all := models.Holdings()
	return f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		done, err := tx.EraseRows(&all[at.Table], *e.UserID)
		switch {
		case err != nil:
			return err
		case !done:
			return nil
		case at.Table+1 < len(all):
			return tx.MoveErasure(e, stepRows, place{Table: at.Table + 1}.String())
		}
		return tx.MoveErasure(e, stepTexts, "")
	})
}

// eraseTexts goes through what people wrote, everywhere.
func (f *Privacy) eraseTexts(ctx context.Context, e *models.Erasure) error {
	at, err := placeOf(e)
	if err != nil {
		return err
	}
	w := &wanted{}
	if err := json.Unmarshal([]byte(e.Names), w); err != nil {
		return fmt.Errorf("read what to look for: %w", err)
	}
	all := models.Holdings()
	holding := &all[at.Table]
	var rows []models.TextRow
	if holding.Written() {
		if rows, err = f.web.DB.Texts(ctx, holding, at.Key); err != nil {
			return err
		}
	}
	next := place{Table: at.Table + 1}
	if !models.Last(rows) {
		next = place{Table: at.Table, Key: rows[len(rows)-1].Key}
	}
	changed := scrubbed(newScrubber(w), rows)
	if held, err := f.web.DB.TextsHeld(ctx, holding, changed); err != nil || held {
		return errors.Join(err, errHeld)
	}
	return f.web.DB.Tx(ctx, nil, func(tx *models.Tx) error {
		for i := range changed {
			if err := tx.Rewrite(holding, &changed[i]); err != nil {
				return fmt.Errorf("rewrite %s: %w", holding.Table, err)
			}
			e.Touched = true
		}
		if next.Table == len(all) {
			return tx.MoveErasure(e, stepAccount, "")
		}
		return tx.MoveErasure(e, stepTexts, next.String())
	})
}

// scrubbed are the rows that named the person, without them.
func scrubbed(s *scrubber, rows []models.TextRow) (changed []models.TextRow) {
	for _, row := range rows {
		named := false
		for column, written := range row.Texts {
			if cleaned := s.clean(written, row.Lang); cleaned != written {
				row.Texts[column], named = cleaned, true
			}
		}
		if named {
			changed = append(changed, row)
		}
	}
	return changed
}

// plainLetters is a name without its accents.
func plainLetters(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(name))
}
