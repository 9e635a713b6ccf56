// Package knowledge is where what a company knows is written down: collections of spaces, the trees of articles in them, their texts
// with every version, and what is taken out of sight and brought back. Who may read and write is the matter of the policy in models.
package knowledge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ruche/app/posts"
	"ruche/app/text"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	"ruche/search"
)

// Knowledge is the feature: its use cases and routes.
type Knowledge struct {
	web     *web.Web
	db      *models.DB
	writing *writing.Writing
	search  *search.Index
	nearby  search.Nearby
	terms   posts.Terms
}

// New returns the feature.
func New(w *web.Web, written *writing.Writing, index *search.Index, terms posts.Terms) *Knowledge {
	return &Knowledge{web: w, db: w.DB, writing: written, search: index, terms: terms}
}

// NewArticle is what someone writes down. Once, if it is not empty, names the form that it comes from: the same form sent twice makes
// one article.
type NewArticle struct {
	Collection int64
	Parent     int64 // 0 for the top
	Title      string
	Body       string // Markdown; may be empty
	Tags       []string
	Note       string
	From       models.About // what it is written from; empty for nothing
	Once       string
}

func (in NewArticle) hash() string {
	return writing.Hash(append([]string{"article", fmt.Sprint(in.Collection, in.Parent, in.From), in.Title, in.Body, in.Note}, in.Tags...)...)
}

// Write publishes an article at the end of its level.
func (f *Knowledge) Write(ctx context.Context, actor *models.Actor, in NewArticle) (*models.Article, error) {
	shelf, err := f.db.Collection(ctx, actor, in.Collection)
	if err != nil {
		return nil, err
	}
	if err := actor.Refusal(models.WriteArticle, &models.Space{ID: shelf.SpaceID}); err != nil {
		return nil, fmt.Errorf("write in collection %d: %w", shelf.ID, err)
	}
	wanted, files, err := f.compose(ctx, actor, in.Title, in.Body, in.Tags, in.Note)
	if err != nil {
		return nil, err
	}
	article := &wanted.Article
	article.AuthorID = actor.ID
	if in.Parent != 0 {
		article.ParentID = &in.Parent
	}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		collection, err := tx.LockCollection(in.Collection)
		if err != nil {
			return err
		}
		if err := publishes(actor, collection); err != nil {
			return err
		}
		copies, err := writing.Carry(tx, in.From, &article.Body, &article.HTML, files)
		if err != nil {
			return err
		}
		if err := tx.CreateArticle(collection, article, wanted.note); err != nil {
			return err
		}
		if err := tx.PlaceCopies(models.Place{Article: article}, copies); err != nil {
			return err
		}
		if err := writing.Attach(tx, models.Place{Article: article}, files); err != nil {
			return err
		}
		if in.From != (models.About{}) {
			if err := tx.WriteFrom(article, in.From); err != nil {
				return err
			}
		}
		if err := writing.Sent(tx, newForm, in.Once, in.hash(), article.ID); err != nil {
			return err
		}
		called, err := called(tx, article, "")
		if err != nil {
			return err
		}
		return tx.Record(models.ArticleWritten, article, called.Said())
	})
	if errors.Is(err, models.ErrConflict) && in.Once != "" {
		id, before := f.writing.SentBefore(ctx, actor, in.Once, in.hash())
		if before == nil {
			return f.db.Article(ctx, actor, id)
		}
		if !errors.Is(before, models.ErrNotFound) {
			return nil, before
		}
	}
	if err != nil {
		return nil, fmt.Errorf("write an article: %w", err)
	}
	return article, nil
}

// composed is the text of an article, ready to be stored, with what its editor says about it.
type composed struct {
	models.Article
	note string
}

// compose checks and renders a text. Every field that is wrong is named at once.
func (f *Knowledge) compose(ctx context.Context, actor *models.Actor, title, body string, tags []string, note string) (made composed, files []int64, err error) {
	problems := models.Invalid{}
	if made.Title, err = text.Title(title); err != nil {
		problems["title"] = err.Error()
	}
	if made.note, err = text.Summary(note); err != nil {
		problems["note"] = err.Error()
	}
	made.Tags, err = models.ParseTags(tags...)
	if invalid := (models.Invalid{}); errors.As(err, &invalid) {
		problems["tags"] = invalid["tags"]
	}
	if strings.TrimSpace(body) != "" { // an article may do nothing but hold others
		rendered, err := f.writing.Render(ctx, actor, body, text.Body)
		if invalid := (models.Invalid{}); errors.As(err, &invalid) {
			problems["body"] = invalid["body"]
		} else if err != nil {
			return made, nil, err
		}
		made.Body, made.HTML, made.Summary, made.Words = rendered.Markdown, rendered.HTML, rendered.Summary, len(strings.Fields(rendered.Plain))
		made.Lang = text.Language(made.Title + "\n" + rendered.Plain)
		made.SetHeadings(rendered.Headings)
		files = rendered.Files
	}
	if len(problems) > 0 {
		return made, nil, problems
	}
	return made, files, nil
}

// EditArticle is a new text for an article. Base is the version that its editor began from.
type EditArticle struct {
	ID    int64
	Base  int
	Title string
	Body  string
	Tags  []string
	Note  string
}

// Edit stores a new text of an article. Where others have saved since its editor began, what they changed is brought together with what
// the editor did; merged tells so. models.ErrConflict if that takes a person to decide.
func (f *Knowledge) Edit(ctx context.Context, actor *models.Actor, in EditArticle) (article *models.Article, merged bool, err error) {
	return f.revise(ctx, actor, in, directly)
}

// by is who puts a text into a locked article: it tells whose text that is, or why it may not be put there.
type by func(*models.Tx, *models.Article) (editorID int64, err error)

// directly is by whoever acts, where what is written may be published without anybody's approval. What they had begun to write in the
// form of the article is done with.
func directly(tx *models.Tx, article *models.Article) (editorID int64, err error) {
	collection, err := tx.Collection(tx.Context(), tx.Actor(), article.CollectionID)
	if err != nil {
		return 0, err
	}
	if err := publishes(tx.Actor(), collection); err != nil {
		return 0, err
	}
	return tx.Actor().ID, tx.DropDraft(tx.Actor().ID, editForm(article.ID))
}

// publishes is nil if what the actor writes in a collection is published without anybody's approval.
func publishes(actor *models.Actor, collection *models.Collection) error {
	if collection.Reviewed && !actor.Can(models.ArrangeCollections, &models.Space{ID: collection.SpaceID}) {
		return models.Invalid{"review": "review.wanted"}
	}
	return nil
}

// revise is Edit by somebody.
func (f *Knowledge) revise(ctx context.Context, actor *models.Actor, in EditArticle, by by) (article *models.Article, merged bool, err error) {
	wanted, files, err := f.compose(ctx, actor, in.Title, in.Body, in.Tags, in.Note)
	if err != nil {
		return nil, false, err
	}
	article, err = f.store(ctx, actor, in.ID, in.Base, wanted, files, by)
	for range 3 { // each of which somebody may come before
		if !errors.Is(err, models.ErrConflict) {
			return article, merged, err
		}
		var together EditArticle
		if together, err = f.together(ctx, actor, in); err != nil {
			return nil, false, err
		}
		if wanted, files, err = f.compose(ctx, actor, together.Title, together.Body, together.Tags, in.Note); err != nil {
			return nil, false, err
		}
		merged = true
		article, err = f.store(ctx, actor, in.ID, together.Base, wanted, files, by)
	}
	return article, merged, err
}

// together is an edit with what others have changed since its editor began; models.ErrConflict where both changed the same.
func (f *Knowledge) together(ctx context.Context, actor *models.Actor, in EditArticle) (EditArticle, error) {
	now, err := f.db.Article(ctx, actor, in.ID)
	if err != nil {
		return in, err
	}
	conflict := fmt.Errorf("edit article %d from version %d: %w", in.ID, in.Base, models.ErrConflict)
	base, err := f.db.ArticleVersion(ctx, in.ID, in.Base)
	if errors.Is(err, models.ErrNotFound) || err == nil && in.Base >= now.Version {
		return in, conflict
	}
	if err != nil {
		return in, err
	}
	mine, err := text.Clean(in.Body, text.MaxBody)
	if err != nil {
		return in, models.Invalid{"body": err.Error()}
	}
	body, ok := text.Merge(base.Body, mine, now.Body)
	title, fine := one(base.Title, strings.TrimSpace(in.Title), now.Title)
	tags, too := one(strings.Join(base.Tags, ","), strings.Join(in.Tags, ","), strings.Join(now.Tags, ","))
	if !ok || !fine || !too {
		return in, conflict
	}
	in.Base, in.Title, in.Body, in.Tags = now.Version, title, body, []string{tags}
	return in, nil
}

// one is what two people made of a text that cannot be taken apart; ok is false if they made different things of it.
func one(base, mine, theirs string) (text string, ok bool) {
	switch {
	case mine == base:
		return theirs, true
	case theirs == base, theirs == mine:
		return mine, true
	}
	return "", false
}

// store stores the text of an article as its next version; one that changes nothing makes none.
func (f *Knowledge) store(ctx context.Context, actor *models.Actor, id int64, base int, wanted composed, files []int64, by by) (*models.Article, error) {
	var article *models.Article
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) (err error) {
		if article, err = tx.LockArticle(id); err != nil {
			return err
		}
		data, err := put(tx, article, base, wanted, files, by)
		return recorded(tx, models.ArticleEdited, article, data, err)
	})
	if err != nil {
		return nil, fmt.Errorf("save article %d: %w", id, err)
	}
	return article, nil
}

// put gives a locked article another text, and returns what the event of that says.
func put(tx *models.Tx, article *models.Article, base int, wanted composed, files []int64, by by) (any, error) {
	if err := tx.Actor().Refusal(models.WriteArticle, &models.Space{ID: article.SpaceID}); err != nil {
		return nil, err
	}
	if article.State != models.Published {
		return nil, fmt.Errorf("it is withdrawn: %w", models.ErrConflict)
	}
	editor, err := by(tx, article)
	if err != nil {
		return nil, err
	}
	if article.Title == wanted.Title && article.Body == wanted.Body && slices.Equal(article.Tags, wanted.Tags) {
		return nil, errUnchanged
	}
	calling, err := called(tx, &wanted.Article, article.Body)
	if err != nil {
		return nil, err
	}
	saved := saved{Title: article.Title, Calling: calling}
	article.Title, article.Body, article.HTML, article.Summary, article.Words = wanted.Title, wanted.Body, wanted.HTML, wanted.Summary, wanted.Words
	article.Lang, article.Tags, article.Outline = wanted.Lang, wanted.Tags, wanted.Outline
	if err := tx.EditArticle(article, base, editor, wanted.note); err != nil {
		return nil, err
	}
	saved.Version = article.Version
	return saved, writing.Attach(tx, models.Place{Article: article}, files)
}

// ToVersion makes the text of a former version the article's text again, as a new version.
func (f *Knowledge) ToVersion(ctx context.Context, actor *models.Actor, id int64, number int, note string) (*models.Article, error) {
	now, err := f.db.Article(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	version, err := f.db.ArticleVersion(ctx, id, number)
	if err != nil {
		return nil, err
	}
	wanted, files, err := f.compose(ctx, actor, version.Title, version.Body, version.Tags, note)
	if err != nil {
		return nil, err
	}
	return f.store(ctx, actor, id, now.Version, wanted, files, directly)
}

var errUnchanged = errors.New("nothing has changed")
