package models

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// Place is what people write in and what is discussed: an idea, a thread, an article or a gathering. One of them is set.
type Place struct {
	Idea      *Idea
	Thread    *Thread
	Article   *Article
	Gathering *Gathering
}

// SpaceID is the space in which the place lies.
func (p Place) SpaceID() int64 {
	switch {
	case p.Idea != nil:
		return p.Idea.SpaceID
	case p.Article != nil:
		return p.Article.SpaceID
	case p.Gathering != nil:
		return p.Gathering.SpaceID
	}
	return p.Thread.SpaceID
}

// Published tells whether the place is there to be read.
func (p Place) Published() bool {
	switch {
	case p.Idea != nil:
		return p.Idea.State == Published
	case p.Article != nil:
		return p.Article.State == Published
	case p.Gathering != nil:
		return p.Gathering.State == Published
	}
	return p.Thread.State == Published
}

// Path is the address of the place.
func (p Place) Path() string {
	switch {
	case p.Idea != nil:
		return p.Idea.Path()
	case p.Article != nil:
		return p.Article.Path()
	case p.Gathering != nil:
		return p.Gathering.Path()
	}
	return p.Thread.Path()
}

// Title is that of the idea, the thread, the article or the gathering.
func (p Place) Title() string {
	switch {
	case p.Idea != nil:
		return p.Idea.Title
	case p.Article != nil:
		return p.Article.Title
	case p.Gathering != nil:
		return p.Gathering.Title
	}
	return p.Thread.Title
}

// Section is the part of the house to which the place belongs, as its pages and lists are called.
func (p Place) Section() string {
	switch {
	case p.Idea != nil:
		return "ideas"
	case p.Article != nil:
		return "knowledge"
	case p.Gathering != nil:
		return "agenda"
	}
	return "discussions"
}

// About is what events about posts say of where they stand.
type About struct {
	Idea      int64 `json:"idea,omitempty"`
	Thread    int64 `json:"thread,omitempty"`
	Article   int64 `json:"article,omitempty"`
	Gathering int64 `json:"gathering,omitempty"`
}

// About names the place in the data of an event.
func (p Place) About() About {
	switch {
	case p.Idea != nil:
		return About{Idea: p.Idea.ID}
	case p.Article != nil:
		return About{Article: p.Article.ID}
	case p.Gathering != nil:
		return About{Gathering: p.Gathering.ID}
	}
	return About{Thread: p.Thread.ID}
}

// named is the kind of what is named, as addresses say it, and its number.
func (a About) named() (kind string, id int64) {
	switch {
	case a.Thread != 0:
		return "thread", a.Thread
	case a.Article != 0:
		return "article", a.Article
	case a.Gathering != 0:
		return "event", a.Gathering
	}
	return "idea", a.Idea
}

// column is the column in which tables name what is named.
func (a About) column() string {
	if a.Gathering != 0 {
		return "gathering_id"
	}
	kind, _ := a.named()
	return kind + "_id"
}

// Path is the address of what is named, without a decoration.
func (a About) Path() string {
	kind, id := a.named()
	return "/" + kind + "s/" + strconv.FormatInt(id, 10)
}

// Posts is the address of the posts there.
func (a About) Posts() string {
	if kind, _ := a.named(); kind == "idea" {
		return a.Path() + "/comments"
	}
	return a.Path() + "/posts"
}

// Post is the permanent address of one of them.
func (a About) Post(id int64) string { return a.Posts() + "/" + strconv.FormatInt(id, 10) }

// Form is the name under which the draft of a post is kept, or of an answer to one. The browser's script and the server use the same.
func (a About) Form(parent int64) string {
	if parent != 0 {
		return a.drafts() + "/reply/" + strconv.FormatInt(parent, 10)
	}
	if kind, _ := a.named(); kind == "idea" {
		return a.drafts() + "/comment"
	}
	return a.drafts() + "/post"
}

// EditForm is the name under which what is changed of a post is kept.
func (a About) EditForm(id int64) string { return a.drafts() + "/edit/" + strconv.FormatInt(id, 10) }

func (a About) drafts() string {
	kind, id := a.named()
	return kind + "/" + strconv.FormatInt(id, 10)
}

// AuthorID is who wrote what is discussed.
func (p Place) AuthorID() int64 {
	switch {
	case p.Idea != nil:
		return p.Idea.AuthorID
	case p.Article != nil:
		return p.Article.AuthorID
	case p.Gathering != nil:
		return p.Gathering.AuthorID
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
		if place.Article != nil {
			return &NotNow{"knowledge.talk_withdrawn"}
		}
		return fmt.Errorf("%s is withdrawn: %w", place.About().Path(), ErrConflict)
	}
	return tx.MayEditIn(place)
}

// MayEditIn refuses to change a post where nothing is said now.
func (tx *Tx) MayEditIn(place Place) error {
	switch {
	case place.Idea != nil:
		return tx.InStage(place.Idea.CampaignID, PostComment)
	case place.Article != nil:
		archived, err := tx.Shelved(tx.ctx, place.Article)
		if err == nil && archived {
			err = &NotNow{"knowledge.talk_archived"}
		}
		return err
	case place.Gathering != nil: // whether it is yet to come, over or cancelled
		return nil
	case place.Thread.ClosedAt != nil:
		return &NotNow{"discussions.closed_now"}
	}
	return nil
}

// placeIDs are the columns in which tables name a place: one of them is set.
type placeIDs struct{ idea, thread, article, gathering *int64 }

func (p Place) ids() placeIDs {
	switch {
	case p.Idea != nil:
		return placeIDs{idea: &p.Idea.ID}
	case p.Article != nil:
		return placeIDs{article: &p.Article.ID}
	case p.Gathering != nil:
		return placeIDs{gathering: &p.Gathering.ID}
	}
	return placeIDs{thread: &p.Thread.ID}
}

// Place finds what an event or a form names, if the actor may read it.
func (q Queries) Place(ctx context.Context, actor *Actor, about About) (place Place, err error) {
	switch {
	case about.Idea != 0:
		place.Idea, err = q.Idea(ctx, actor, about.Idea)
	case about.Article != 0:
		place.Article, err = q.Article(ctx, actor, about.Article)
	case about.Gathering != 0:
		place.Gathering, err = q.Gathering(ctx, actor, about.Gathering)
	default:
		place.Thread, err = q.Thread(ctx, actor, about.Thread)
	}
	return place, err
}

// LockPlace is Place inside a change; see LockIdea.
func (tx *Tx) LockPlace(about About) (place Place, err error) {
	switch {
	case about.Idea != 0:
		place.Idea, err = tx.LockIdea(about.Idea)
	case about.Article != 0:
		place.Article, err = tx.LockArticle(about.Article)
	case about.Gathering != 0:
		place.Gathering, err = tx.LockGathering(about.Gathering)
	default:
		place.Thread, err = tx.LockThread(about.Thread)
	}
	return place, err
}

// counts adds a new post to what its place says of itself.
func (p Place) counts(tx *Tx, post *Post) error {
	switch {
	case p.Thread != nil:
		return tx.countPost(p.Thread, post)
	case p.Article != nil:
		return tx.talked(p.Article, post)
	case p.Gathering != nil:
		return tx.toldAt(p.Gathering, post)
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
	switch {
	case p.Thread != nil:
		return tx.recountThread(p.Thread, posts, post)
	case p.Article != nil:
		return tx.countTalk(p.Article, posts)
	case p.Gathering != nil:
		return tx.countTold(p.Gathering, posts)
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
