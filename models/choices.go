package models

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// choices are what somebody has said of spaces, topics, tags and people: the rule of Scene, asked the other way round. A scene finds who
// hears of it; with choices lists find what one person hears of.
type choices struct {
	person int64
	hides  bool // they follow as masks too
	said   []choice
}

// choice is what is said of one of them.
type choice struct {
	SpaceID  int64
	TopicID  int64
	PersonID int64
	Tag      string
	Level    FollowLevel
	Within   int64 // the space of the topic
}

// choices are those of the actor: few, see MaxFollowings.
func (q Queries) choices(ctx context.Context, actor *Actor) (*choices, error) {
	if !actor.SignedIn() {
		return nil, nil
	}
	c := &choices{person: actor.Person().ID, hides: actor.Hides}
	if !actor.Chooses {
		return c, nil
	}
	return c, q.raw(ctx, &c.said, `SELECT coalesce(f.space_id, 0) AS space_id, coalesce(f.topic_id, 0) AS topic_id, coalesce(u.merged_into, f.person_id, 0) AS person_id, coalesce(f.tag, '') AS tag, f.level, coalesce(o.space_id, 0) AS within
		FROM followings f LEFT JOIN topics o ON o.id = f.topic_id LEFT JOIN users u ON u.id = f.person_id WHERE f.user_id = ? ORDER BY f.id LIMIT ?`, c.person, MaxFollowings)
}

// ids are the numbers of what a level is said of, of one kind.
func (c *choices) ids(number func(*choice) int64, levels ...FollowLevel) (ids []int64) {
	for i := range c.said {
		if id := number(&c.said[i]); id != 0 && slices.Contains(levels, c.said[i].Level) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (c *choices) tags(levels ...FollowLevel) (tags []string) {
	for i := range c.said {
		if c.said[i].Tag != "" && slices.Contains(levels, c.said[i].Level) {
			tags = append(tags, c.said[i].Tag)
		}
	}
	return tags
}

func spaceOf(c *choice) int64  { return c.SpaceID }
func topicOf(c *choice) int64  { return c.TopicID }
func personOf(c *choice) int64 { return c.PersonID }

// follows tells whether one of a kind is followed or watched.
func (c *choices) follows(number func(*choice) int64, id int64) bool {
	return slices.Contains(c.ids(number, LevelWatch, LevelFollow), id)
}

// code is the number that the rule of Scene gives a new thread of that name for whoever chose, as the audience of it would; 1, which is
// normal, where nothing is said.
func (c *choices) code(thread string) (text string, args []any) {
	var cases strings.Builder
	when := func(condition string, near int, level FollowLevel, of any) {
		cases.WriteString(" WHEN " + condition + " THEN " + strconv.Itoa(10*near+level.code()))
		args = append(args, of)
	}
	muted := ""
	if people := c.ids(personOf, LevelMute); len(people) > 0 {
		muted, args = "WHEN "+thread+".author_id IN ? THEN "+strconv.Itoa(mutePerson)+" ", append(args, people)
	}
	own := "SELECT " + ownCode("p") + " AS code FROM thread_people p WHERE p.thread_id = " + thread + ".id AND p.user_id = ? AND " + ownSaid("p")
	args = append(args, c.person)
	if c.hides {
		own += " UNION ALL SELECT " + ownCode("p") + " FROM hidden_authors h JOIN thread_people p ON p.thread_id = " + thread + ".id AND p.user_id = h.mask_id WHERE h.mask_id = " + thread + ".author_id AND h.user_id = ? AND " + ownSaid("p")
		args = append(args, c.person)
	}
	levels := []FollowLevel{LevelMute, LevelWatch, LevelFollow, LevelNormal} // of several tags mute comes first
	numbered := func(column string, near int, number func(*choice) int64) {
		for _, level := range levels {
			if ids := c.ids(number, level); len(ids) > 0 {
				when(thread+"."+column+" IN ?", near, level, ids)
			}
		}
	}
	numbered("author_id", nearPerson, personOf)
	numbered("topic_id", nearTopic, topicOf)
	for _, level := range levels {
		if tags := c.tags(level); len(tags) > 0 {
			when("EXISTS (SELECT 1 FROM thread_tags w WHERE w.thread_id = "+thread+".id AND w.tag IN ? LIMIT 1 OFFSET 0)", nearTag, level, tags)
		}
	}
	numbered("space_id", nearSpace, spaceOf)
	wider := "1"
	if cases.Len() > 0 {
		wider = "CASE" + cases.String() + " ELSE 1 END"
	}
	text = "coalesce((SELECT max(o.code) FROM (" + own + ") o), " + wider + ")"
	if muted != "" {
		text = "CASE " + muted + "ELSE " + text + " END"
	}
	return text, args
}

// heeds is the condition that the thread of that name is followed or watched.
func (c *choices) heeds(thread string) (text string, args []any) {
	code, args := c.code(thread)
	return "(" + code + ") % 10 IN (0, 2, 3)", args // 0 for what they follow by itself
}

// unread is the condition that something in the thread of that name is unread: more is written in what they have read before and have not
// muted, or they follow it and have never been there, and it is about something written since they chose that. What was
// there when they began to follow a space or a tag is not a debt.
func (c *choices) unread(thread string) (text string, args []any) {
	code, args := c.code(thread)
	since, more := c.since(thread)
	text = strings.ReplaceAll(`coalesce((SELECT CASE WHEN v.n = 0 THEN v.code IN (0, 2, 3) AND `+since+` ELSE v.code <> 4 END
		FROM (SELECT r.n, (`+code+`) % 10 AS code FROM (SELECT coalesce((SELECT read_number FROM thread_people WHERE thread_id = $t.id AND user_id = ?), 0) AS n) r WHERE r.n < $t.last_number) v), false)`, "$t", thread)
	return text, slices.Concat(more, args, []any{c.person})
}

// since is the condition that the thread of that name has been written in since one of the choices that reach it was made.
func (c *choices) since(thread string) (text string, args []any) {
	const by = "SELECT 1 FROM followings f WHERE f.user_id = ? AND f.level IN ('watch', 'follow') AND f.changed_at <= $t.active_at AND "
	text = "(EXISTS (SELECT 1 FROM thread_people p WHERE p.thread_id = $t.id AND p.user_id = ? AND p.chosen_at <= $t.active_at)"
	args = []any{c.person}
	add := func(said bool, condition string) {
		if said {
			text, args = text+" OR EXISTS ("+by+condition+")", append(args, c.person)
		}
	}
	add(len(c.ids(spaceOf, LevelWatch, LevelFollow)) > 0, "f.target = 'space:' || $t.space_id")
	add(len(c.ids(topicOf, LevelWatch, LevelFollow)) > 0, "f.target = 'topic:' || $t.topic_id")
	add(len(c.tags(LevelWatch, LevelFollow)) > 0, "f.target IN (SELECT 'tag:' || w.tag FROM thread_tags w WHERE w.thread_id = $t.id)")
	add(len(c.ids(personOf, LevelWatch, LevelFollow)) > 0, "f.person_id IN (SELECT g.id FROM users g WHERE g.id = $t.author_id OR g.merged_into = $t.author_id)")
	return strings.ReplaceAll(text+")", "$t", thread), args
}
