package models

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// unreadWindow is among how many of the newest threads of what somebody follows of each kind a list looks for those that they have not
// read: who has read them all would else have all the threads of a space looked at, to find none.
const unreadWindow = 500

// followedThreads finds the keys of the threads that somebody follows, or that they have not read: in whatever they follow, along
// its index. The rule itself is part of the filter, so that a thread is left out that a nearer choice mutes, however it was found.
func (q Queries) followedThreads(ctx context.Context, scope *Actor, query ThreadQuery) (string, []any, error) {
	var parts []string
	var args []any
	add := func(part string, more []any) { parts, args = append(parts, part), append(args, more...) }
	add(q.ownThreads(scope, query))
	spaces, rest := scope.parted(func(s *SpaceAccess) bool { return query.said.follows(spaceOf, s.ID) })
	switch {
	case len(spaces.Spaces) == 0:
	case query.TopicID != 0: // of a followed space: its own index is shorter
		add(q.followedAlong(spaces, query, "topic_id", []int64{query.TopicID}))
	default:
		add(q.followedAlong(spaces, query, "space_id", spaces.SpaceIDs()))
	}
	if len(rest.Spaces) > 0 { // what else is followed in the followed spaces is found there
		if topics := query.said.topicsIn(rest, query.TopicID); len(topics) > 0 {
			add(q.followedAlong(rest, query, "topic_id", topics))
		}
		if people := query.said.ids(personOf, LevelWatch, LevelFollow); len(people) > 0 {
			add(q.followedAlong(rest, query, "author_id", people))
		}
		if tags := query.said.tags(LevelWatch, LevelFollow); len(tags) > 0 {
			part, more, err := q.followedTags(ctx, rest, query, tags)
			if err != nil {
				return "", nil, err
			}
			add(part, more)
		}
	}
	return union(parts), args, nil
}

// union is one list of what several find, each once.
func union(parts []string) string {
	if len(parts) == 1 {
		return parts[0]
	}
	return "SELECT id FROM (" + strings.Join(parts, ") a UNION SELECT id FROM (") + ") a"
}

// parted is the actor with the spaces that a condition chooses, and with the others.
func (a *Actor) parted(chosen func(*SpaceAccess) bool) (some, others *Actor) {
	some, others = &Actor{ID: a.ID, Role: a.Role}, &Actor{ID: a.ID, Role: a.Role}
	for i := range a.Spaces {
		to := others
		if chosen(&a.Spaces[i]) {
			to = some
		}
		to.Spaces = append(to.Spaces, a.Spaces[i])
	}
	return some, others
}

// topicsIn are the followed topics of the spaces, or the one among them that a list is of.
func (c *choices) topicsIn(scope *Actor, only int64) (topics []int64) {
	for i := range c.said {
		one := &c.said[i]
		if one.TopicID != 0 && (one.Level == LevelWatch || one.Level == LevelFollow) && scope.Access(one.Within) != nil && (only == 0 || only == one.TopicID) {
			topics = append(topics, one.TopicID)
		}
	}
	return topics
}

// ownThreads are those in which somebody has written or which they have read, and those that they have chosen one by one: the few rows beside
// them, as the person and as whoever they hide behind.
func (q Queries) ownThreads(scope *Actor, query ThreadQuery) (string, []any) {
	person := query.said.person
	if query.Sort == ThreadsUnread {
		return q.fewThreads(scope, query, "t.id "+q.few(`SELECT p.thread_id FROM thread_people p WHERE p.user_id = ? AND p.level IN ('watch', 'follow', 'normal') AND (p.read_number > 0 OR p.chosen_at IS NOT NULL)
			AND EXISTS (SELECT 1 FROM threads r WHERE r.id = p.thread_id AND r.last_number > p.read_number LIMIT 1 OFFSET 0)`), person)
	}
	return q.fewThreads(scope, query, "t.id "+q.few(`SELECT thread_id FROM thread_people WHERE user_id = ? AND level IN ('watch', 'follow')
		UNION SELECT m.thread_id FROM hidden_authors h JOIN thread_people m ON m.user_id = h.mask_id WHERE h.user_id = ? AND m.level IN ('watch', 'follow')`), person, person)
}

// followedAlong finds them along the index that a column of what is followed has in the order of the list.
func (q Queries) followedAlong(scope *Actor, query ThreadQuery, column string, of []int64) (string, []any) {
	if column == "topic_id" {
		query.TopicID = 0
	}
	texts := make([]string, len(of))
	for i, id := range of {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return q.newest(scope, query, func(narrowed ThreadQuery) (string, []any) {
		return q.topsOf(strings.Join(texts, ","), tops{table: "threads", column: narrowed.Sort.column(), by: column, floor: narrowed.Sort.floor(), limit: narrowed.Limit, bounds: boundsOf(len(of), narrowed.Limit, narrowed.Tag != ""),
			filter: func(threads string) (string, []any) {
				text, args := narrowed.filter(threads)
				if column == "space_id" {
					return text, args
				}
				seen, list := q.visible(scope, "("+threads+".space_id + 0)")
				return text + " AND " + seen, append(args, list)
			}})
	})
}

// newest lists what keys find; of what is unread it looks at the newest alone.
func (q Queries) newest(scope *Actor, query ThreadQuery, keys func(ThreadQuery) (string, []any)) (string, []any) {
	if query.Sort != ThreadsUnread {
		return keys(query)
	}
	window := query
	window.Sort, window.After, window.Limit = ThreadsActive, nil, unreadWindow
	text, args := keys(window)
	return q.fewThreads(scope, query, "t.id "+q.few(text), args...)
}

// followedTags finds them by the tags: see taggedThreads.
func (q Queries) followedTags(ctx context.Context, scope *Actor, query ThreadQuery, tags []string) (string, []any, error) {
	rare, common, err := q.labelSpaces(ctx, scope, label{table: "thread_tags", column: "tag", values: tags})
	if err != nil {
		return "", nil, err
	}
	var parts []string
	var args []any
	if len(rare.Spaces) > 0 {
		part, more := q.rareThreads(rare, query, tags)
		parts, args = append(parts, part), append(args, more...)
	}
	if len(common.Spaces) > 0 {
		query.tags = tags
		part, more := q.newest(common, query, func(narrowed ThreadQuery) (string, []any) { return q.topThreads(common, narrowed) })
		parts, args = append(parts, part), append(args, more...)
	}
	return union(parts), args, nil
}

// rareThreads are those with one of the tags where they are few.
func (q Queries) rareThreads(scope *Actor, query ThreadQuery, tags []string) (string, []any) {
	seen, list := q.visible(scope, "g.space_id")
	return q.fewThreads(scope, query, "t.id "+q.few("SELECT g.thread_id FROM thread_tags g WHERE g.tag IN ? AND "+strings.TrimPrefix(seen, "+")), tags, list)
}

// unreadOf is the column of a card that says whether something in the thread t is unread for whom it is listed, who has never been there.
func (c *choices) unreadOf() (column string, args []any) {
	if c == nil {
		return "false AS fresh", nil
	}
	text, args := c.unread("t")
	return "CASE WHEN coalesce(p.read_number, 0) > 0 THEN false ELSE " + text + " END AS fresh", slices.Clip(args)
}
