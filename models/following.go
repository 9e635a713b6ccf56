package models

import (
	"context"
	"fmt"
	"strconv"
)

// Followed is a kind of thing that somebody follows.
type Followed string

// Kinds of what is followed, from the widest to the nearest. An idea is followed or not, see Follow; the others have levels.
const (
	FollowedSpace   Followed = "space"
	FollowedTag     Followed = "tag"
	FollowedTopic   Followed = "topic"
	FollowedPerson  Followed = "person"
	FollowedThread  Followed = "thread"
	FollowedArticle Followed = "article"
	FollowedIdea    Followed = "idea"

	FollowedGathering Followed = "event"
)

// FollowedKinds lists those that have levels, in the order in which people read of them.
func FollowedKinds() []Followed {
	return []Followed{FollowedSpace, FollowedTopic, FollowedTag, FollowedPerson, FollowedThread, FollowedArticle, FollowedGathering}
}

// MaxFollowings bounds how many spaces, topics, tags and people one person follows or mutes.
const MaxFollowings = 300

// Followable is a space, a topic, a tag or a person to follow: one of its fields is set.
type Followable struct {
	SpaceID, TopicID, PersonID int64
	Tag                        string
}

// Kind is what the target is.
func (t Followable) Kind() Followed {
	switch {
	case t.SpaceID != 0:
		return FollowedSpace
	case t.TopicID != 0:
		return FollowedTopic
	case t.PersonID != 0:
		return FollowedPerson
	}
	return FollowedTag
}

// key is the target in one text.
func (t Followable) key() string {
	if t.Tag != "" {
		return "tag:" + t.Tag
	}
	return string(t.Kind()) + ":" + strconv.FormatInt(t.SpaceID+t.TopicID+t.PersonID, 10)
}

// Address is how addresses name the target, after its kind.
func (t Followable) Address() string {
	if t.Tag != "" {
		return t.Tag
	}
	return strconv.FormatInt(t.SpaceID+t.TopicID+t.PersonID, 10)
}

// LevelOf is what the actor has said of a target, empty for nothing. The caller has made sure that they may know of it.
func (q Queries) LevelOf(ctx context.Context, actor *Actor, target Followable) (level FollowLevel, err error) {
	if !actor.SignedIn() {
		return "", nil
	}
	said, args := target.said()
	return level, q.raw(ctx, &level, "SELECT level FROM followings WHERE user_id = ? AND "+said+" ORDER BY id DESC LIMIT 1", append([]any{actor.Person().ID}, args...)...)
}

// said is the condition that a following is about the target, or about an account that has gone into it.
func (t Followable) said() (condition string, args []any) {
	if t.PersonID == 0 {
		return "target = ?", []any{t.key()}
	}
	return "(target = ? OR person_id IN (SELECT g.id FROM users g WHERE g.merged_into = ?))", []any{t.key(), t.PersonID}
}

// SetFollowing says how closely the actor follows a target, or with an empty level that they have nothing to say of it. It returns what
// they had said before. The caller has made sure that they may know of it.
func (tx *Tx) SetFollowing(target Followable, level FollowLevel) (before FollowLevel, err error) {
	if before, err = tx.LevelOf(tx.ctx, tx.actor, target); err != nil || before == level {
		return before, err
	}
	if target.PersonID == tx.actorID() && level != "" {
		return "", Invalid{"level": "follows.yourself"}
	}
	said, args := target.said()
	if _, err := tx.exec("DELETE FROM followings WHERE user_id = ? AND "+said, append([]any{tx.actorID()}, args...)...); err != nil || level == "" {
		return before, err
	}
	if before == "" {
		if _, err := tx.lockUser(&User{ID: tx.actorID()}); err != nil { // so that nobody passes the bound with many forms at once
			return before, err
		}
		var count int
		if err := tx.raw(tx.ctx, &count, "SELECT count(*) FROM followings WHERE user_id = ?", tx.actorID()); err != nil {
			return before, err
		}
		if count >= MaxFollowings {
			return before, Invalid{"level": "follows.too_many"}
		}
	}
	_, err = tx.exec(`INSERT INTO followings (user_id, target, space_id, topic_id, tag, person_id, level, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (user_id, target) DO UPDATE SET level = excluded.level, changed_at = excluded.changed_at`,
		tx.actorID(), target.key(), orNil(target.SpaceID), orNil(target.TopicID), orNoText(target.Tag), orNil(target.PersonID), level, tx.now)
	return before, err
}

func orNoText(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// FollowTarget finds a target by its kind and how addresses name it, as far as the actor may know of it: a space by its slug or its
// number, a topic and a person by their numbers. A tag is a word, whoever uses it.
func (q Queries) FollowTarget(ctx context.Context, actor *Actor, kind Followed, name string) (Followable, error) {
	if kind == FollowedTag {
		tag, err := ParseTag(name)
		if err == nil && tag == "" {
			err = ErrNotFound
		}
		return Followable{Tag: tag}, err
	}
	id, err := strconv.ParseInt(name, 10, 64)
	if kind == FollowedSpace {
		access := actor.AccessTo(name)
		if access == nil && err == nil {
			access = actor.Access(id)
		}
		if access == nil || access.Within != 0 {
			return Followable{}, fmt.Errorf("space: %w", ErrNotFound)
		}
		return Followable{SpaceID: access.ID}, nil
	}
	if err != nil || id <= 0 {
		return Followable{}, ErrNotFound
	}
	switch kind {
	case FollowedTopic:
		topic, err := q.TopicByID(ctx, actor, id)
		if err != nil {
			return Followable{}, err
		}
		return Followable{TopicID: topic.ID}, nil
	case FollowedPerson:
		person, err := q.Person(ctx, actor, id)
		if err != nil {
			return Followable{}, err
		}
		return Followable{PersonID: person.ID}, nil
	}
	return Followable{}, ErrNotFound
}

// TopicByID finds a topic of a space that the actor may see.
func (q Queries) TopicByID(ctx context.Context, actor *Actor, id int64) (*Topic, error) {
	seen, list := q.visible(actor, "o.space_id")
	topic := &Topic{}
	if err := q.one(ctx, topic, "SELECT o.* FROM topics o WHERE o.id = ? AND "+seen, id, list); err != nil {
		return nil, fmt.Errorf("topic %d: %w", id, err)
	}
	return topic, nil
}

// FollowingCard is what the actor follows, as the page of it shows it.
type FollowingCard struct {
	ID       int64 // to page by
	Level    FollowLevel
	SpaceID  int64 // 0 where it has none
	TopicID  int64
	PersonID int64
	ThreadID int64
	Tag      string
	Name     string // the title of a space, topic, thread, article or gathering, or the name of a person
	Slug     string // of a topic
	Role     Role   // of a person

	ArticleID   int64
	GatheringID int64
}

// Kind is what is followed.
func (c *FollowingCard) Kind() Followed {
	switch {
	case c.ThreadID != 0:
		return FollowedThread
	case c.ArticleID != 0:
		return FollowedArticle
	case c.GatheringID != 0:
		return FollowedGathering
	case c.TopicID != 0:
		return FollowedTopic
	}
	return c.target().Kind()
}

func (c *FollowingCard) target() Followable {
	if c.TopicID != 0 {
		return Followable{TopicID: c.TopicID}
	}
	return Followable{SpaceID: c.SpaceID, PersonID: c.PersonID, Tag: c.Tag}
}

// Address is how addresses name it, after its kind.
func (c *FollowingCard) Address() string {
	if id := c.ThreadID + c.ArticleID + c.GatheringID; id != 0 { // one of the three
		return strconv.FormatInt(id, 10)
	}
	return c.target().Address()
}

// Followings lists what of a kind the actor follows or mutes, the latest first (threads, articles and events by their number), before the given id (0 for the start). What they may no
// longer see is left out: it has no effect, and they do not learn what became of it.
func (q Queries) Followings(ctx context.Context, actor *Actor, kind Followed, before int64, limit int) (cards []FollowingCard, err error) {
	person, before := actor.Person().ID, beforeID(before)
	const of = "SELECT f.id, f.level, "
	switch kind {
	case FollowedSpace:
		seen, list := q.visible(actor, "f.space_id")
		err = q.raw(ctx, &cards, of+"f.space_id, s.title AS name, s.slug FROM followings f JOIN spaces s ON s.id = f.space_id WHERE f.user_id = ? AND f.space_id IS NOT NULL AND f.id < ? AND "+seen+" ORDER BY f.id DESC LIMIT ?", person, before, list, limit)
	case FollowedTopic:
		seen, list := q.visible(actor, "o.space_id")
		err = q.raw(ctx, &cards, of+"o.space_id, f.topic_id, o.title AS name, o.slug FROM followings f JOIN topics o ON o.id = f.topic_id WHERE f.user_id = ? AND f.id < ? AND "+seen+" ORDER BY f.id DESC LIMIT ?", person, before, list, limit)
	case FollowedTag:
		err = q.raw(ctx, &cards, of+"f.tag FROM followings f WHERE f.user_id = ? AND f.tag IS NOT NULL AND f.id < ? ORDER BY f.id DESC LIMIT ?", person, before, limit)
	case FollowedPerson:
		known, args := q.knows(actor)
		err = q.raw(ctx, &cards, of+"f.person_id, u.name, "+standing+" AS role FROM followings f JOIN users w ON w.id = f.person_id JOIN users u ON u.id = coalesce(w.merged_into, w.id) WHERE f.user_id = ? AND f.id < ? AND "+known+" ORDER BY f.id DESC LIMIT ?",
			append(append([]any{person, before}, args...), limit)...)
	case FollowedThread:
		readable, args := q.readableThread(actor)
		err = q.raw(ctx, &cards, `SELECT t.id, p.level, t.space_id, t.id AS thread_id, t.title AS name FROM thread_people p JOIN threads t ON t.id = p.thread_id
			WHERE p.user_id = ? AND p.level IN ('watch', 'follow', 'mute') AND p.thread_id < ? AND `+readable+" ORDER BY p.thread_id DESC LIMIT ?", append(append([]any{person, before}, args...), limit)...)
	case FollowedArticle:
		readable, args := q.readableArticle(actor)
		err = q.raw(ctx, &cards, `SELECT a.id, p.level, a.space_id, a.id AS article_id, a.title AS name FROM article_people p JOIN articles a ON a.id = p.article_id
			WHERE p.user_id = ? AND p.level IN ('watch', 'follow', 'mute') AND p.article_id < ? AND `+readable+" ORDER BY p.article_id DESC LIMIT ?", append(append([]any{person, before}, args...), limit)...)
	case FollowedGathering:
		readable, args := q.readableGathering(actor)
		err = q.raw(ctx, &cards, `SELECT ga.id, p.level, ga.space_id, ga.id AS gathering_id, ga.title AS name FROM gathering_people p JOIN gatherings ga ON ga.id = p.gathering_id
			WHERE p.user_id = ? AND p.level IN ('watch', 'follow', 'mute') AND p.gathering_id < ? AND `+readable+" ORDER BY p.gathering_id DESC LIMIT ?", append(append([]any{person, before}, args...), limit)...)
	}
	if err != nil {
		return nil, fmt.Errorf("what is followed of %s: %w", kind, err)
	}
	return cards, nil
}
