package models

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// Place is what people write in: an idea or a thread, under which posts stand, or an article. One of them is set.
type Place struct {
	Idea    *Idea
	Thread  *Thread
	Article *Article
}

// SpaceID is the space in which the place lies.
func (p Place) SpaceID() int64 {
	switch {
	case p.Idea != nil:
		return p.Idea.SpaceID
	case p.Article != nil:
		return p.Article.SpaceID
	}
	return p.Thread.SpaceID
}

// Published tells whether the place is there to be read.
func (p Place) Published() bool {
	if p.Idea != nil {
		return p.Idea.State == Published
	}
	return p.Thread.State == Published
}

// Path is the address of the place.
func (p Place) Path() string {
	if p.Idea != nil {
		return p.Idea.Path()
	}
	return p.Thread.Path()
}

// Title is that of the idea or the thread.
func (p Place) Title() string {
	if p.Idea != nil {
		return p.Idea.Title
	}
	return p.Thread.Title
}

// About is what events about posts say of where they stand.
type About struct {
	Idea   int64 `json:"idea,omitempty"`
	Thread int64 `json:"thread,omitempty"`
}

// About names the place in the data of an event.
func (p Place) About() About {
	if p.Idea != nil {
		return About{Idea: p.Idea.ID}
	}
	return About{Thread: p.Thread.ID}
}

// Path is the address of what is named, without a decoration.
func (a About) Path() string {
	if a.Thread != 0 {
		return "/threads/" + strconv.FormatInt(a.Thread, 10)
	}
	return "/ideas/" + strconv.FormatInt(a.Idea, 10)
}

// Posts is the address of the posts there.
func (a About) Posts() string {
	if a.Thread != 0 {
		return a.Path() + "/posts"
	}
	return a.Path() + "/comments"
}

// Post is the permanent address of one of them.
func (a About) Post(id int64) string { return a.Posts() + "/" + strconv.FormatInt(id, 10) }

// Form is the name under which the draft of a post is kept, or of an answer to one. The browser's script and the server use the same.
func (a About) Form(parent int64) string {
	switch {
	case parent != 0:
		return a.drafts() + "/reply/" + strconv.FormatInt(parent, 10)
	case a.Thread != 0:
		return a.drafts() + "/post"
	}
	return a.drafts() + "/comment"
}

// EditForm is the name under which what is changed of a post is kept.
func (a About) EditForm(id int64) string { return a.drafts() + "/edit/" + strconv.FormatInt(id, 10) }

func (a About) drafts() string {
	if a.Thread != 0 {
		return "thread/" + strconv.FormatInt(a.Thread, 10)
	}
	return "idea/" + strconv.FormatInt(a.Idea, 10)
}

// AuthorID is who wrote what is discussed.
func (p Place) AuthorID() int64 {
	if p.Idea != nil {
		return p.Idea.AuthorID
	}
	return p.Thread.AuthorID
}

// MayWriteIn refuses a post in a place that the transaction holds: where the actor may not write, where nothing is to be read, or
// where nothing is said now.
func (tx *Tx) MayWriteIn(place Place) error {
	if err := tx.actor.Refusal(PostComment, &Space{ID: place.SpaceID()}); err != nil {
		return err
	}
	if !place.Published() {
		return fmt.Errorf("%s is withdrawn: %w", place.About().Path(), ErrConflict)
	}
	return tx.MayEditIn(place)
}

// MayEditIn refuses to change a post where nothing is said now.
func (tx *Tx) MayEditIn(place Place) error {
	if place.Idea != nil {
		return tx.InStage(place.Idea.CampaignID, PostComment)
	}
	if place.Thread.ClosedAt != nil {
		return &NotNow{"discussions.closed_now"}
	}
	return nil
}

func (p Place) ids() (ideaID, threadID, articleID *int64) {
	switch {
	case p.Idea != nil:
		return &p.Idea.ID, nil, nil
	case p.Article != nil:
		return nil, nil, &p.Article.ID
	}
	return nil, &p.Thread.ID, nil
}

func (q Queries) place(ctx context.Context, actor *Actor, ideaID, threadID int64, lock string) (place Place, err error) {
	if ideaID != 0 {
		place.Idea, err = q.idea(ctx, actor, ideaID, lock)
	} else {
		place.Thread, err = q.thread(ctx, actor, threadID, lock)
	}
	return place, err
}

// Place finds what an event or a form names, if the actor may read it.
func (q Queries) Place(ctx context.Context, actor *Actor, about About) (Place, error) {
	return q.place(ctx, actor, about.Idea, about.Thread, "")
}

// LockPlace is Place inside a change; see LockIdea.
func (tx *Tx) LockPlace(about About) (place Place, err error) {
	if about.Idea != 0 {
		place.Idea, err = tx.LockIdea(about.Idea)
	} else {
		place.Thread, err = tx.LockThread(about.Thread)
	}
	return place, err
}

// counts adds a new post to what its place says of itself.
func (p Place) counts(tx *Tx, post *Post) error {
	if p.Thread != nil {
		return tx.countPost(p.Thread, post)
	}
	idea := p.Idea
	if post.CreatedAt.After(idea.ActiveAt) {
		idea.ActiveAt = post.CreatedAt
	}
	idea.CommentCount++
	idea.Hot = rankAdd(idea.Hot, contribution(post.CreatedAt, commentWeight))
	_, err := tx.exec("UPDATE ideas SET comment_count = ?, hot = ?, active_at = ? WHERE id = ?", idea.CommentCount, idea.Hot, idea.ActiveAt, idea.ID)
	return err
}

// recount counts a post that went (-1) or came back (1).
func (p Place) recount(tx *Tx, posts int, post *Post) error {
	if p.Thread != nil {
		return tx.recountThread(p.Thread, posts, post)
	}
	idea := p.Idea
	idea.CommentCount += posts
	idea.Hot = hotAfter(idea.Hot, posts, post, idea.PublishedAt)
	_, err := tx.exec("UPDATE ideas SET comment_count = ?, hot = ? WHERE id = ?", idea.CommentCount, idea.Hot, idea.ID)
	return err
}

// hotAfter is the rank of what has begun at a time after a post went (-1) or came back (1).
func hotAfter(hot float64, posts int, post *Post, begun time.Time) float64 {
	if posts > 0 {
		return rankAdd(hot, contribution(post.CreatedAt, commentWeight))
	}
	return rankRemove(hot, contribution(post.CreatedAt, commentWeight), contribution(begun, 1))
}

// summarise lets lists say what the first post of a thread now begins with.
func (p Place) summarise(tx *Tx, post *Post) error {
	if p.Thread == nil || post.Number != 1 {
		return nil
	}
	p.Thread.Summary, p.Thread.Lang = excerpt(post.Body, summaryWords), post.Lang
	_, err := tx.exec("UPDATE threads SET summary = ?, lang = ? WHERE id = ?", p.Thread.Summary, p.Thread.Lang, p.Thread.ID)
	return err
}

// summaryWords is how many characters of its first post the lists show of a thread.
const summaryWords = 240
