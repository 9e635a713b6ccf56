package demo

import (
	"context"
	"fmt"
	"strings"

	"ruche/app/text"
	"ruche/models"
)

// tellTalk adds what people discuss to the story.
func (f *filler) tellTalk(tell func(Age, string, moving)) {
	for _, t := range f.company.Talk.Topics {
		tell(t.Ago, "topics of "+t.Space, f.arranges(t))
	}
	for i := range f.company.Talk.Threads {
		f.tellThread(&f.company.Talk.Threads[i], tell)
	}
}

func (f *filler) tellThread(t *Thread, tell func(Age, string, moving)) {
	tell(t.Ago, t.Key+" is begun", f.opensThread(t))
	if t.Poll != nil {
		f.tellPoll(t, tell)
	}
	said := map[string]*models.Post{}
	for _, s := range t.Posts {
		said[s.Key] = &models.Post{Lang: t.langOf(s)}
		tell(s.Ago, s.By+" writes in "+t.Key, f.says(t, s, said[s.Key], said[s.Answers]))
		f.tellSigns(t, s.Ago, s.Given, func(*models.Tx, *models.Thread) (*models.Post, error) { return said[s.Key], nil }, tell)
	}
	f.tellSigns(t, t.Ago, t.Given, func(tx *models.Tx, thread *models.Thread) (*models.Post, error) { return tx.OpeningPost(thread.ID) }, tell)
	for n, asker := range t.Same {
		tell(t.Ago*Age(n+1)/Age(len(t.Same)+2), asker+" asks the same as "+t.Key, f.inThread(t, asker, models.PostComment, func(tx *models.Tx, thread *models.Thread) error {
			return tx.SetSame(thread, true)
		}))
	}
	for _, w := range t.Whom {
		f.tellWhom(t, w, tell)
	}
	if a := t.Accepted; a != nil {
		tell(a.Ago, a.By+" accepts an answer in "+t.Key, f.inThread(t, a.By, models.PostComment, func(tx *models.Tx, thread *models.Thread) error {
			if !tx.Actor().MayAccept(thread) {
				return models.ErrForbidden
			}
			if err := tx.Accept(thread, said[a.Post]); err != nil {
				return err
			}
			return tx.Record(models.ThreadSolved, thread, map[string]int64{"post": said[a.Post].ID})
		}))
	}
	if t.Pinned != "" {
		tell(t.Ago, t.Pinned+" pins "+t.Key, f.inThread(t, t.Pinned, models.Moderate, func(tx *models.Tx, thread *models.Thread) error {
			if err := tx.Pin(thread, true); err != nil {
				return err
			}
			return tx.Record(models.ThreadPinned, thread, nil)
		}))
	}
}

// tellWhom adds to the story that somebody is asked to answer a question, and what they say.
func (f *filler) tellWhom(t *Thread, w Whom, tell func(Age, string, moving)) {
	request := &models.ExpertRequest{}
	tell(w.Ago, w.Ask+" is asked in "+t.Key, f.inThread(t, t.Author, models.PostComment, func(tx *models.Tx, thread *models.Thread) error {
		made, err := tx.AskExpert(thread, f.users[w.Ask].ID)
		if err == nil {
			*request = *made
		}
		return err
	}))
	if w.Declined != 0 {
		tell(w.Declined, w.Ask+" declines in "+t.Key, f.inThread(t, w.Ask, models.PostComment, func(tx *models.Tx, _ *models.Thread) error {
			_, err := tx.DeclineRequest(request.ID, w.Word)
			return err
		}))
	}
}

func (f *filler) arranges(t Topics) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, t.By)
		if err != nil {
			return err
		}
		space := f.spaces[t.Space]
		if !actor.Can(models.ArrangeTopics, space) {
			return models.ErrForbidden
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			var events []models.Event
			for _, title := range t.Titles {
				topic := &models.Topic{SpaceID: space.ID, Title: title}
				if err := tx.CreateTopic(topic); err != nil {
					return err
				}
				event, err := tx.EventOf(actor.ID, models.TopicCreated, topic, nil)
				if err != nil {
					return err
				}
				events = append(events, event)
			}
			return tx.RecordAll(events)
		})
	}
}

func (f *filler) opensThread(t *Thread) moving {
	return func(ctx context.Context, db *models.DB) error {
		space := f.spaces[t.Space]
		actor, err := f.contributor(ctx, db, t.Author, space)
		if err != nil {
			return err
		}
		act := models.BeginThread
		if t.Kind == models.Announcement {
			act = models.Announce
		}
		if !actor.Can(act, space) {
			return fmt.Errorf("%s may not %s: %w", t.Author, act, models.ErrForbidden)
		}
		thread := &models.Thread{SpaceID: space.ID, AuthorID: actor.ID, Kind: t.Kind, Title: t.Title, Lang: t.Lang}
		if thread.Tags, err = models.ParseTags(t.Tags...); err != nil {
			return err
		}
		if t.Topic != "" {
			topic, err := db.Topic(ctx, space.ID, models.Slug(t.Topic))
			if err != nil {
				return err
			}
			thread.TopicID = &topic.ID
		}
		post := &models.Post{AuthorID: actor.ID, Lang: t.Lang}
		rendered, err := f.renders(post, t.Body, text.Body)
		if err != nil {
			return err
		}
		thread.Summary = rendered.Summary
		f.threads[t.Key] = thread
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if t.Hidden {
				thread.Anonymity = models.HiddenAuthors
				delete(f.actors, t.Author) // who hides from now on
				if _, err := tx.Hide(thread.Anonymity, ""); err != nil {
					return err
				}
				thread.AuthorID, post.AuthorID = tx.Actor().ID, tx.Actor().ID
			}
			if err := tx.CreateThread(thread, post); err != nil {
				return err
			}
			return tx.Record(models.ThreadBegun, thread, nil)
		})
	}
}

// renders gives a post its text.
func (f *filler) renders(post *models.Post, body string, kind text.Kind) (rendered text.Rendered, err error) {
	if post.Body, err = f.resolve(strings.TrimSpace(body)); err != nil {
		return rendered, err
	}
	rendered, err = text.Render(post.Body, kind, f.known)
	post.HTML = rendered.HTML
	return rendered, err
}

func (f *filler) says(t *Thread, s Said, post, answered *models.Post) moving {
	return f.inThread(t, s.By, models.PostComment, func(tx *models.Tx, thread *models.Thread) error {
		post.AuthorID = tx.Actor().ID
		if answered != nil {
			post.ParentID = &answered.ID
		}
		if _, err := f.renders(post, s.Body, text.Comment); err != nil {
			return err
		}
		place := models.Place{Thread: thread}
		if err := tx.CreatePost(place, post); err != nil {
			return err
		}
		return tx.Record(models.PostPosted, post.In(thread.SpaceID), place.About())
	})
}

// inThread does something in a thread, as a person who may.
func (f *filler) inThread(t *Thread, by string, act models.Act, do func(*models.Tx, *models.Thread) error) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.contributor(ctx, db, by, f.spaces[t.Space])
		if err != nil {
			return err
		}
		if !actor.Can(act, f.spaces[t.Space]) {
			return fmt.Errorf("%s may not %s: %w", by, act, models.ErrForbidden)
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			thread, err := tx.LockThread(f.threads[t.Key].ID)
			if err != nil {
				return err
			}
			return do(tx, thread)
		})
	}
}
