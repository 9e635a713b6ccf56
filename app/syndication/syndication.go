// Package syndication serves what is new in a space, a topic or under a tag as Atom and JSON feeds, for programs that read them, and gives
// people the token with which such a program reads what only they may read. It is not app/feed, which reads the log of events.
package syndication

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"ruche/app/web"
	"ruche/models"
)

// Syndication is the feature.
type Syndication struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *Syndication { return &Syndication{w} }

// newest is how many threads and ideas a feed has.
const newest = 30

// Source is what a feed is of: a space, one of its topics, or a tag.
type Source struct {
	Space, Topic string // slugs
	Tag          string
}

// Entry is a thread or an idea in a feed.
type Entry struct {
	Path      string // its address for ever, without words
	Page      string
	Title     string
	Summary   string // plain text
	Lang      string // empty: unknown
	Author    string // as the house calls them, masks included
	Tags      []string
	CreatedAt time.Time
}

// Feed is what is new, newest first.
type Feed struct {
	Title   string
	Page    string // where people read it
	Path    string // of the feed, without the ending that says the format
	Entries []Entry
}

// Updated is when the newest entry was written; long ago where there is none.
func (f *Feed) Updated() time.Time {
	if len(f.Entries) == 0 {
		return time.Unix(0, 0).UTC()
	}
	return f.Entries[0].CreatedAt.UTC()
}

// Read finds what is new for the actor. ErrNotFound stands for what they do not see as for what is not there; a tag is a word, whoever
// uses it.
func (f *Syndication) Read(ctx context.Context, actor *models.Actor, source Source) (*Feed, error) {
	feed, threads, ideas, err := f.source(ctx, actor, source)
	if err != nil {
		return nil, err
	}
	begun, _, err := f.web.DB.Threads(ctx, actor, threads)
	if err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	for i := range begun {
		t := &begun[i]
		feed.Entries = append(feed.Entries, Entry{fmt.Sprintf("/threads/%d", t.ID), t.Path(), t.Title, t.Summary, t.Lang, t.AuthorName, t.Tags, t.CreatedAt})
	}
	if threads.TopicID == 0 { // ideas stand in no topic
		proposed, _, err := f.web.DB.Ideas(ctx, actor, ideas)
		if err != nil {
			return nil, fmt.Errorf("feed: %w", err)
		}
		for i := range proposed {
			idea := &proposed[i]
			feed.Entries = append(feed.Entries, Entry{fmt.Sprintf("/ideas/%d", idea.ID), models.IdeaPath(idea.ID, idea.Title), idea.Title, idea.Summary, idea.Lang, idea.AuthorName, idea.Tags, idea.PublishedAt})
		}
	}
	slices.SortStableFunc(feed.Entries, func(a, b Entry) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.Path, a.Path))
	})
	feed.Entries = feed.Entries[:min(len(feed.Entries), newest)]
	return feed, nil
}

// source finds what a feed is of, and the lists that it is made from.
func (f *Syndication) source(ctx context.Context, actor *models.Actor, source Source) (*Feed, models.ThreadQuery, models.IdeaQuery, error) {
	threads, ideas := models.ThreadQuery{Sort: models.ThreadsNew, Limit: newest}, models.IdeaQuery{Sort: models.SortNewest, Limit: newest}
	if source.Space == "" {
		tag, err := models.ParseTag(source.Tag)
		if err != nil || tag == "" || tag != source.Tag {
			return nil, threads, ideas, fmt.Errorf("tag: %w", models.ErrNotFound)
		}
		threads.Tag, ideas.Tag = tag, tag
		return &Feed{Title: "#" + tag, Page: tagPage(tag), Path: web.TagFeed(tag)}, threads, ideas, nil
	}
	space := actor.AccessTo(source.Space)
	if space == nil {
		return nil, threads, ideas, fmt.Errorf("space: %w", models.ErrNotFound)
	}
	threads.SpaceID, ideas.SpaceID = space.ID, space.ID
	if source.Topic == "" {
		return &Feed{Title: space.Title, Page: "/spaces/" + space.Slug, Path: web.SpaceFeed(space.Slug)}, threads, ideas, nil
	}
	topic, err := f.web.DB.Topic(ctx, space.ID, source.Topic)
	if err != nil {
		return nil, threads, ideas, err
	}
	threads.TopicID = topic.ID
	return &Feed{Title: space.Title + " · " + topic.Title, Page: topicPage(space.Slug, topic.Slug), Path: web.TopicFeed(space.Slug, topic.Slug)}, threads, ideas, nil
}
