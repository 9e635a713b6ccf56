package models

import (
	"context"
	"slices"
	"strings"
)

// muted is what somebody has muted, which the lists of all spaces leave out for them; nil for nothing. A list of one place, of one tag
// or of somebody's own shows what is there: whoever opens it wants to see it. What is nearer than a mute, such as a topic that is
// followed in a muted space, comes as notices, not in these lists.
type muted struct {
	spaces, topics, people []int64
	tags                   []string
	person                 int64 // whose threads, articles and gatherings may be muted one by one
}

// mutes are what the actor has muted.
func (q Queries) mutes(ctx context.Context, actor *Actor) (*muted, error) {
	if !actor.Mutes {
		return nil, nil
	}
	said, err := q.choices(ctx, actor)
	if err != nil {
		return nil, err
	}
	return said.muted(), nil
}

// muted is what is muted among the choices, and with it whoever may have muted threads, articles and gatherings one by one.
func (c *choices) muted() *muted {
	return &muted{spaces: c.ids(spaceOf, LevelMute), topics: c.ids(topicOf, LevelMute), people: c.ids(personOf, LevelMute), tags: c.tags(LevelMute), person: c.person}
}

// unmuted is the actor with only the spaces that they have not muted.
func (m *muted) unmuted(actor *Actor) *Actor {
	if m == nil || len(m.spaces) == 0 {
		return actor
	}
	only := *actor
	only.Spaces = slices.DeleteFunc(slices.Clone(actor.Spaces), func(s SpaceAccess) bool { return slices.Contains(m.spaces, s.ID) })
	only.Inner = slices.DeleteFunc(slices.Clone(actor.Inner), func(s SpaceAccess) bool { return slices.Contains(m.spaces, s.Within) })
	return &only
}

// threads is the condition that a thread of that name is not muted.
func (m *muted) threads(name string) (text string, args []any) {
	if m == nil {
		return "", nil
	}
	text, args = m.written(name, "thread_tags", "thread_id")
	if len(m.topics) > 0 {
		text, args = text+" AND coalesce("+name+".topic_id, 0) NOT IN ?", append(args, m.topics)
	}
	return text + " AND NOT EXISTS (SELECT 1 FROM thread_people x WHERE x.thread_id = " + name + ".id AND x.user_id = ? AND x.level = 'mute' LIMIT 1 OFFSET 0)", append(args, m.person)
}

// ideas is threads for an idea.
func (m *muted) ideas(name string) (text string, args []any) {
	if m == nil {
		return "", nil
	}
	return m.written(name, "idea_tags", "idea_id")
}

// articles is threads for an article.
func (m *muted) articles(name string) (text string, args []any) {
	if m == nil {
		return "", nil
	}
	text, args = m.written(name, "article_tags", "article_id")
	return text + " AND NOT EXISTS (SELECT 1 FROM article_people x WHERE x.article_id = " + name + ".id AND x.user_id = ? AND x.level = 'mute' LIMIT 1 OFFSET 0)", append(args, m.person)
}

// gatherings is threads for a gathering, which has no tags.
func (m *muted) gatherings(name string) (text string, args []any) {
	if m == nil {
		return "", nil
	}
	if len(m.people) > 0 {
		text, args = " AND "+name+".author_id NOT IN ?", []any{m.people}
	}
	return text + " AND NOT EXISTS (SELECT 1 FROM gathering_people x WHERE x.gathering_id = " + name + ".id AND x.user_id = ? AND x.level = 'mute' LIMIT 1 OFFSET 0)", append(args, m.person)
}

// unmutedNews leaves out of what happened what is muted, and whoever did it.
func (q Queries) unmutedNews(ctx context.Context, m *muted, rows []Happening) ([]Happening, error) {
	if m == nil || len(rows) == 0 {
		return rows, nil
	}
	left := map[string][]int64{}
	for _, of := range []struct {
		kind  string
		id    func(*Happening) int64
		muted func(string) (string, []any)
	}{
		{"ideas", func(h *Happening) int64 { return h.IdeaID }, m.ideas},
		{"threads", func(h *Happening) int64 { return h.ThreadID }, m.threads},
		{"articles", func(h *Happening) int64 { return h.ArticleID }, m.articles},
		{"gatherings", func(h *Happening) int64 { return h.GatheringID }, m.gatherings},
	} {
		var ids, unmuted []int64
		for i := range rows {
			if id := of.id(&rows[i]); id != 0 {
				ids = append(ids, id)
			}
		}
		if len(ids) == 0 {
			continue
		}
		condition, args := of.muted("o")
		if err := q.raw(ctx, &unmuted, "SELECT o.id FROM "+of.kind+" o WHERE o.id IN ?"+condition, append([]any{ids}, args...)...); err != nil {
			return nil, err
		}
		left[of.kind] = unmuted
	}
	return slices.DeleteFunc(rows, func(h Happening) bool {
		return slices.Contains(m.people, h.ActorID) || !slices.Contains(left["ideas"], h.IdeaID) && !slices.Contains(left["threads"], h.ThreadID) && !slices.Contains(left["articles"], h.ArticleID) && !slices.Contains(left["gatherings"], h.GatheringID)
	}), nil
}

// written is the condition that neither the author nor a tag is muted.
func (m *muted) written(name, tags, id string) (text string, args []any) {
	if len(m.people) > 0 {
		text, args = " AND "+name+".author_id NOT IN ?", []any{m.people}
	}
	if len(m.tags) > 0 {
		text += strings.NewReplacer("$tags", tags, "$id", id, "$name", name).Replace(" AND NOT EXISTS (SELECT 1 FROM $tags y WHERE y.$id = $name.id AND y.tag IN ? LIMIT 1 OFFSET 0)")
		args = append(args, m.tags)
	}
	return text, args
}
