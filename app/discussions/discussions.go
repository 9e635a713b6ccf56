// Package discussions is where people talk: topics of spaces, the threads in them with their lists and pages, questions and the
// answers that are accepted, and what those who look after a space do about a thread. What is said in a thread is the matter of
// app/posts; who is told of it, of the readers of the event log.
package discussions

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"ruche/app/files"
	"ruche/app/posts"
	"ruche/app/text"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	"ruche/search"
)

// Discussions is the feature: its use cases and routes.
type Discussions struct {
	web     *web.Web
	db      *models.DB
	writing *writing.Writing
	files   *files.Files
	index   *search.Index
	beside  Beside
	nearby  search.Nearby
}

// Poll is what a thread asks, as the page of the thread shows it: nil where it asks nothing. first says that it belongs above the text.
type Poll func(c echo.Context, thread *models.Thread) (card templ.Component, first bool, err error)

// Tied is what the rail of a thread says of the ideas to which it is tied, nil for nothing.
type Tied func(c echo.Context, thread *models.Thread) (templ.Component, error)

// Beside is what other features have on the page of a thread.
type Beside struct {
	Poll  Poll
	Tied  Tied
	Terms posts.Terms
}

// New returns the feature.
func New(w *web.Web, written *writing.Writing, files *files.Files, index *search.Index, beside Beside) *Discussions {
	return &Discussions{web: w, db: w.DB, writing: written, files: files, index: index, beside: beside}
}

// NewThread is what someone begins. Once, if it is not empty, names the form that it comes from: the same form sent twice begins
// one thread.
type NewThread struct {
	Space string // slug
	Topic string // slug; empty for none
	Kind  models.ThreadKind
	Title string
	Body  string // Markdown
	Tags  []string
	Once  string

	Anonymity models.Anonymity // empty for named
}

func (in NewThread) hash() string {
	return writing.Hash(append([]string{"thread", in.Space, in.Topic, string(in.Kind), in.Title, in.Body}, in.Tags...)...)
}

// Begin publishes a thread in a space. Whoever has to accept the space's agreement first is told so of a text that could be published.
func (f *Discussions) Begin(ctx context.Context, actor *models.Actor, in NewThread) (*models.Thread, error) {
	space, refusal := writing.Into(actor, in.Space, models.BeginThread)
	if refusal != nil && !writing.Asked(refusal) {
		return nil, refusal
	}
	thread, body, err := f.compose(ctx, actor, in)
	if err == nil {
		err = in.mayHide(space)
	}
	if err == nil {
		err = refusal
	}
	if err != nil {
		return nil, err
	}
	thread.SpaceID = space.ID
	if !slices.Contains(kinds(actor, space), in.Kind) {
		return nil, models.Invalid{"kind": "discussions.kind_invalid"}
	}
	if thread.TopicID, err = f.topicOf(ctx, space.ID, in.Topic); err != nil {
		return nil, err
	}
	post := &models.Post{Body: body.Markdown, HTML: body.HTML, Lang: body.Lang()}
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if err := hide(tx, in, thread, body.Files); err != nil {
			return err
		}
		thread.AuthorID, post.AuthorID = tx.Actor().ID, tx.Actor().ID
		called, err := tx.CalledGroups(ctx, tx.Actor(), thread.SpaceID, text.Groups(post.Body))
		if err != nil {
			return err
		}
		if err := tx.CreateThread(thread, post); err != nil {
			return err
		}
		if err := writing.Attach(tx, models.Place{Thread: thread}, body.Files); err != nil {
			return err
		}
		if err := in.sent(tx, thread.ID); err != nil {
			return err
		}
		return tx.Record(models.ThreadBegun, thread, called.Said())
	})
	if errors.Is(err, models.ErrConflict) && in.Once != "" {
		id, before := f.begunBefore(ctx, actor, in)
		if before == nil {
			return f.db.Thread(ctx, actor, id)
		}
		if !errors.Is(before, models.ErrNotFound) {
			return nil, before
		}
	}
	if err != nil {
		return nil, fmt.Errorf("begin a thread: %w", err)
	}
	return thread, nil
}

// kinds are those of which the actor may begin a thread in a space.
func kinds(actor *models.Actor, space *models.SpaceAccess) []models.ThreadKind {
	offered := []models.ThreadKind{models.Discussion, models.Question, models.Poll}
	if actor.Can(models.Announce, &models.Space{ID: space.ID}) {
		offered = append(offered, models.Announcement)
	}
	return offered
}

// compose checks and renders what a thread says. Every field that is wrong is named at once.
func (f *Discussions) compose(ctx context.Context, actor *models.Actor, in NewThread) (*models.Thread, writing.Text, error) {
	problems := models.Invalid{}
	thread := &models.Thread{Kind: in.Kind}
	titled(thread, in.Title, in.Tags, problems)
	body, err := f.writing.Render(ctx, actor, in.Body, text.Body)
	if invalid := (models.Invalid{}); errors.As(err, &invalid) {
		problems["body"] = invalid["body"]
	} else if err != nil {
		return nil, body, err
	}
	if len(problems) > 0 {
		return nil, body, problems
	}
	thread.Summary, thread.Lang = body.Summary, text.Language(thread.Title+"\n"+body.Plain)
	return thread, body, nil
}

// titled gives a thread its title and tags, and says what is wrong with them.
func titled(thread *models.Thread, title string, tags []string, problems models.Invalid) {
	var err error
	if thread.Title, err = text.Title(title); err != nil {
		problems["title"] = err.Error()
	}
	parsed, err := models.ParseTags(tags...)
	if invalid := (models.Invalid{}); errors.As(err, &invalid) {
		problems["tags"] = invalid["tags"]
	}
	thread.Tags = parsed
}

// topicOf finds the topic of a space that a form names, nil for none.
func (f *Discussions) topicOf(ctx context.Context, spaceID int64, slug string) (*int64, error) {
	if slug == "" {
		return nil, nil
	}
	topic, err := f.db.Topic(ctx, spaceID, slug)
	if errors.Is(err, models.ErrNotFound) {
		return nil, models.Invalid{"topic": "discussions.topic_invalid"}
	}
	if err != nil {
		return nil, err
	}
	return &topic.ID, nil
}

// Edit is another title, topic and tags of a thread; its text is its first post. Base is the version that the editor started from.
type Edit struct {
	ID    int64
	Base  int
	Title string
	Topic string // slug
	Tags  []string
}

// Edit stores them.
func (f *Discussions) Edit(ctx context.Context, actor *models.Actor, in Edit) (*models.Thread, error) {
	wanted, problems := &models.Thread{}, models.Invalid{}
	titled(wanted, in.Title, in.Tags, problems)
	if len(problems) > 0 {
		return nil, problems
	}
	return f.change(ctx, actor, in.ID, models.ThreadEdited, func(tx *models.Tx, thread *models.Thread) (any, error) {
		if !actor.MayEditThread(thread) {
			return nil, actor.Refused(thread.SpaceID, thread.AuthorID)
		}
		from := thread.TopicID
		topic, err := f.topicOf(ctx, thread.SpaceID, in.Topic)
		if err != nil {
			return nil, err
		}
		before := map[string]string{"title": thread.Title}
		thread.Title, thread.Tags, thread.TopicID = wanted.Title, wanted.Tags, topic
		return before, tx.EditThread(thread, in.Base, from)
	})
}

// change does one change to a thread that the actor may read, under its lock, and records it; a change that says errUnchanged
// records nothing.
func (f *Discussions) change(ctx context.Context, actor *models.Actor, id int64, verb string, do func(*models.Tx, *models.Thread) (data any, err error)) (thread *models.Thread, err error) {
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if thread, err = tx.LockThread(id); err != nil {
			return err
		}
		data, err := do(tx, thread)
		if errors.Is(err, errUnchanged) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.Record(verb, thread, data)
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", verb, id, err)
	}
	return thread, nil
}

var errUnchanged = errors.New("nothing has changed")

// Withdraw takes a thread out of sight.
func (f *Discussions) Withdraw(ctx context.Context, actor *models.Actor, id int64) (*models.Thread, error) {
	return f.change(ctx, actor, id, models.ThreadWithdrawn, func(tx *models.Tx, thread *models.Thread) (any, error) {
		if !actor.MayWithdrawThread(thread) {
			return nil, actor.Refused(thread.SpaceID, thread.AuthorID)
		}
		if thread.State == models.Withdrawn {
			return nil, errUnchanged
		}
		return nil, tx.SetThreadState(thread, models.Withdrawn)
	})
}

// Restore brings a withdrawn thread back. Authors may bring back what they withdrew themselves, moderators everything.
func (f *Discussions) Restore(ctx context.Context, actor *models.Actor, id int64) (*models.Thread, error) {
	return f.change(ctx, actor, id, models.ThreadRestored, func(tx *models.Tx, thread *models.Thread) (any, error) {
		may, err := mayRestore(ctx, tx.Queries, actor, thread)
		if err != nil {
			return nil, err
		}
		if !may {
			return nil, actor.Refused(thread.SpaceID, thread.AuthorID)
		}
		if thread.State == models.Published {
			return nil, errUnchanged
		}
		return nil, tx.SetThreadState(thread, models.Published)
	})
}

func mayRestore(ctx context.Context, q models.Queries, actor *models.Actor, thread *models.Thread) (bool, error) {
	if actor.Can(models.Moderate, &models.Space{ID: thread.SpaceID}) {
		return true, nil
	}
	if !actor.MayWithdrawThread(thread) {
		return false, nil
	}
	by, err := q.ThreadWithdrawnBy(ctx, thread)
	return by == actor.ID, err
}
