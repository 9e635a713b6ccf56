// Package glossary is the words of the house: terms of spaces with what they mean there, from A to Z, and marked in what people read. Who
// may read and write them is the matter of the policy in models, how they are found in a text that of app/text.
package glossary

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"ruche/app/text"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
)

// Glossary is the feature: its use cases and routes, and the vocabularies that this process keeps.
type Glossary struct {
	web     *web.Web
	db      *models.DB
	writing *writing.Writing
	kept    kept
}

// New returns the feature.
func New(w *web.Web, written *writing.Writing) *Glossary {
	return &Glossary{web: w, db: w.DB, writing: written}
}

// Entry is what somebody says of a term, as they typed it.
type Entry struct {
	Word       string
	Also       string // other spellings, one a line or parted by commas
	Lang       string
	Definition string
	Article    string // the address or the number of an article that explains it; may be empty
	Everywhere bool
}

// Define adds a term to those of a space. Once, if it is not empty, names the request that it comes from: the same one sent twice makes one.
func (f *Glossary) Define(ctx context.Context, actor *models.Actor, slug string, in Entry, once string) (*models.Term, error) {
	space, err := writing.Into(actor, slug, models.WriteArticle)
	if err != nil {
		return nil, fmt.Errorf("define a term: %w", err)
	}
	hash := writing.Hash("term", slug, fmt.Sprint(in))
	if once != "" {
		id, before := f.writing.SentBefore(ctx, actor, once, hash)
		if before == nil {
			return f.db.Term(ctx, actor, id)
		}
		if !errors.Is(before, models.ErrNotFound) {
			return nil, before
		}
	}
	term := &models.Term{SpaceID: space.ID}
	if err := f.compose(ctx, actor, term, in); err != nil {
		return nil, err
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := tx.CreateTerm(term); err != nil {
			return err
		}
		if err := writing.Sent(tx, "", once, hash, term.ID); err != nil {
			return err
		}
		return tx.Record(models.TermDefined, term, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("define a term: %w", err)
	}
	f.kept.forget()
	return term, nil
}

// compose puts into a term what somebody says of it. Every field that is wrong is named at once.
func (f *Glossary) compose(ctx context.Context, actor *models.Actor, term *models.Term, in Entry) error {
	was := term.Everywhere
	term.Word, term.Also, term.Lang, term.Definition, term.Everywhere = in.Word, models.ParseSpellings(in.Also), in.Lang, in.Definition, in.Everywhere
	problems := models.Invalid{}
	if err := term.Validate(); err != nil && !errors.As(err, &problems) {
		return err
	}
	if in.Everywhere && !was && !actor.Can(models.ArrangeCollections, &models.Space{ID: term.SpaceID}) {
		problems["everywhere"] = "glossary.everywhere_refused"
	}
	var err error
	if term.ArticleID, err = articleNamed(in.Article); err != nil {
		problems["article"] = "glossary.article_unknown"
	}
	if problems["definition"] == "" {
		rendered, err := f.writing.Render(ctx, actor, term.Definition, text.Comment)
		if err != nil && !errors.As(err, &models.Invalid{}) {
			return err
		}
		// One paragraph of words: no list, no heading, no picture.
		if err != nil || len(rendered.Files) > 0 || !strings.HasPrefix(rendered.HTML, "<p>") {
			problems["definition"] = "glossary.definition_invalid"
		}
		term.HTML = rendered.HTML
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

var articleNumber = regexp.MustCompile(`^(?:\S*/articles/)?(\d{1,18})(?:[-#?]\S*)?$`)

// articleNamed reads the number of an article from its address, or the number alone.
func articleNamed(given string) (*int64, error) {
	if given = strings.TrimSpace(given); given == "" {
		return nil, nil
	}
	found := articleNumber.FindStringSubmatch(given)
	if found == nil {
		return nil, models.ErrNotFound
	}
	id, err := strconv.ParseInt(found[1], 10, 64)
	return &id, err
}

// Edit says something else of a term. Base is the version that its editor began from; ErrConflict if it has another one by now.
func (f *Glossary) Edit(ctx context.Context, actor *models.Actor, id int64, base int, in Entry) (*models.Term, error) {
	wanted, err := f.db.Term(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if err := actor.Refusal(models.WriteArticle, &models.Space{ID: wanted.SpaceID}); err != nil {
		return nil, fmt.Errorf("edit term %d: %w", id, err)
	}
	if err := f.compose(ctx, actor, wanted, in); err != nil {
		return nil, err
	}
	return f.change(ctx, actor, id, models.TermEdited, func(tx *models.Tx, term *models.Term) (bool, error) {
		if wanted.ArticleID == nil && term.ArticleID != nil { // what the actor does not see, they do not take away
			if _, err := tx.Article(ctx, actor, *term.ArticleID); errors.Is(err, models.ErrNotFound) {
				wanted.ArticleID = term.ArticleID
			} else if err != nil {
				return false, err
			}
		}
		if term.Says(wanted) {
			return false, nil
		}
		term.Word, term.Also, term.Lang, term.Definition, term.HTML, term.ArticleID, term.Everywhere = wanted.Word, wanted.Also, wanted.Lang, wanted.Definition, wanted.HTML, wanted.ArticleID, wanted.Everywhere
		return true, tx.EditTerm(term, base)
	})
}

// ToVersion says of a term again what was said of it before, as a new version.
func (f *Glossary) ToVersion(ctx context.Context, actor *models.Actor, id int64, number int) (*models.Term, error) {
	term, err := f.db.Term(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	version, err := f.db.TermVersion(ctx, id, number)
	if err != nil {
		return nil, err
	}
	if version.ArticleID != nil {
		if _, err := f.db.Article(ctx, actor, *version.ArticleID); errors.Is(err, models.ErrNotFound) {
			version.ArticleID = nil
		} else if err != nil {
			return nil, err
		}
	}
	entry := entryOf(&models.Term{Word: version.Word, Also: version.Also, Lang: version.Lang, Definition: version.Definition, ArticleID: version.ArticleID, Everywhere: version.Everywhere})
	return f.Edit(ctx, actor, id, term.Version, entry)
}

// Withdraw takes a term out of the glossary.
func (f *Glossary) Withdraw(ctx context.Context, actor *models.Actor, id int64) (*models.Term, error) {
	return f.change(ctx, actor, id, models.TermWithdrawn, func(tx *models.Tx, term *models.Term) (bool, error) {
		return tx.WithdrawTerm(term, false)
	})
}

// Restore puts a term that was taken out of the glossary there again.
func (f *Glossary) Restore(ctx context.Context, actor *models.Actor, id int64) (*models.Term, error) {
	return f.change(ctx, actor, id, models.TermRestored, func(tx *models.Tx, term *models.Term) (bool, error) {
		return tx.WithdrawTerm(term, true)
	})
}

// change does one change to a locked term of a space in which the actor writes articles, and records it.
func (f *Glossary) change(ctx context.Context, actor *models.Actor, id int64, verb string, do func(*models.Tx, *models.Term) (changed bool, err error)) (term *models.Term, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if term, err = tx.LockTerm(id); err != nil {
			return err
		}
		if err := actor.Refusal(models.WriteArticle, &models.Space{ID: term.SpaceID}); err != nil {
			return err
		}
		changed, err := do(tx, term)
		if err != nil || !changed {
			return err
		}
		return tx.Record(verb, term, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	f.kept.forget()
	return f.db.Term(ctx, actor, id) // as they may see it
}
