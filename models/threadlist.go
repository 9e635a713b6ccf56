package models

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// ThreadSort says which threads a list has, and in which order.
type ThreadSort string

// The lists of threads: those with the newest post first unless the name says another order.
const (
	ThreadsActive    ThreadSort = ""
	ThreadsNew       ThreadSort = "new"
	ThreadsHot       ThreadSort = "hot"
	ThreadsSolved    ThreadSort = "solved"     // questions of which an answer is accepted
	ThreadsUnsolved  ThreadSort = "unanswered" // and of which none is
	ThreadsMine      ThreadSort = "mine"
	ThreadsFollowing ThreadSort = "following"
	ThreadsUnread    ThreadSort = "unread" // which the actor follows, or has read before, and in which more is written since
)

// ThreadSorts lists them.
func ThreadSorts() []ThreadSort {
	return []ThreadSort{ThreadsActive, ThreadsNew, ThreadsHot, ThreadsUnsolved, ThreadsSolved, ThreadsMine, ThreadsFollowing, ThreadsUnread}
}

// Personal tells whether the list is another one for each person.
func (s ThreadSort) Personal() bool {
	return s == ThreadsMine || s == ThreadsFollowing || s == ThreadsUnread
}

// column is the stored, indexed value that a list is ordered by, before the id.
func (s ThreadSort) column() string {
	switch s {
	case ThreadsNew, ThreadsMine:
		return "created_at"
	case ThreadsHot:
		return "hot"
	}
	return "active_at"
}

func (s ThreadSort) floor() string {
	if s == ThreadsHot {
		return "-1e300::float8"
	}
	return "'-infinity'::timestamptz"
}

// ThreadQuery says which threads to list. The zero value of a filter means: any.
type ThreadQuery struct {
	Sort    ThreadSort
	SpaceID int64
	TopicID int64 // in the space SpaceID
	Kind    ThreadKind
	Tag     string
	Loose   bool // without the pinned ones, which stand before the list
	After   *ThreadKey
	Limit   int
	muted   *muted   // that it leaves out
	said    *choices // of whom it is
	tags    []string // one of them
}

// everywhere tells whether the list is one of all spaces and everybody, which leaves out what the reader has muted.
func (query ThreadQuery) everywhere() bool {
	return query.SpaceID == 0 && query.Tag == "" && !query.Sort.Personal()
}

// heeded tells whether the list is of what the rule of following chooses.
func (query ThreadQuery) heeded() bool {
	return query.Sort == ThreadsFollowing || query.Sort == ThreadsUnread
}

// ThreadKey is the place in a list after which the next page begins.
type ThreadKey struct {
	Hot float64   `json:"h,omitempty"`
	At  time.Time `json:"t,omitzero"`
	ID  int64     `json:"i"`
}

// String is the key as it stands in an address.
func (k *ThreadKey) String() string {
	raw, _ := json.Marshal(k) // a struct of numbers and a time always marshals
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ParseThreadKey reads a key from an address; a malformed one is a mistake at the field "cursor".
func ParseThreadKey(text string) (*ThreadKey, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	key := &ThreadKey{}
	if err != nil || json.Unmarshal(raw, key) != nil || key.ID <= 0 || key.At.Year() > 9999 {
		return nil, Invalid{"cursor": "lists.cursor_invalid"}
	}
	return key, nil
}

func (k *ThreadKey) value(s ThreadSort) any {
	if s == ThreadsHot {
		return k.Hot
	}
	return k.At.UTC()
}

// ThreadCard is a row in a list of threads.
type ThreadCard struct {
	ID            int64
	SpaceID       int64
	TopicID       int64 // 0 for none
	Topic         string
	TopicSlug     string
	Kind          ThreadKind
	Title         string
	Summary       string
	Lang          string
	Tags          Tags
	AuthorID      int64
	AuthorName    string
	AuthorRole    Role
	AuthorPicture int64
	Anonymity     Anonymity
	Version       int
	PostCount     int
	LastNumber    int
	SameCount     int
	Hot           float64
	Solved        bool
	Pinned        bool
	Closed        bool
	CreatedAt     time.Time
	ActiveAt      time.Time
	ReadNumber    int  // how far the actor has read; 0 if never
	Fresh         bool // the actor follows it, has never been there, and it is about something written since
}

// Path is the address of the thread.
func (c *ThreadCard) Path() string { return ThreadPath(c.ID, c.Title) }

// Unread is how many posts the actor has to read there: those since they were there last, or all of a thread that reaches them through
// what they follow.
func (c *ThreadCard) Unread() int {
	if c.ReadNumber == 0 && !c.Fresh {
		return 0
	}
	return max(0, c.LastNumber-c.ReadNumber)
}

func (c *ThreadCard) key(s ThreadSort) *ThreadKey {
	key := &ThreadKey{ID: c.ID}
	switch s.column() {
	case "hot":
		key.Hot = c.Hot
	case "created_at":
		key.At = c.CreatedAt
	default:
		key.At = c.ActiveAt
	}
	return key
}

const threadCards = `SELECT t.id, t.space_id, coalesce(o.id, 0) AS topic_id, coalesce(o.title, '') AS topic, coalesce(o.slug, '') AS topic_slug, t.kind, t.title, t.summary, t.lang, t.tags,
	t.author_id, u.name AS author_name, ` + standing + ` AS author_role, coalesce(u.picture_id, 0) AS author_picture, t.post_count, t.last_number, t.same_count, t.hot, t.anonymity, t.version,
	t.accepted_id IS NOT NULL AS solved, t.pinned_at IS NOT NULL AS pinned, t.closed_at IS NOT NULL AS closed, t.created_at, t.active_at, coalesce(p.read_number, 0) AS read_number, `

// threadCardJoins joins the threads t with what threadCards names; its one argument is who reads.
func (q Queries) threadCardJoins() string {
	own := "thread_people p ON p.thread_id = t.id AND p.user_id = ?"
	if q.postgres() { // which would else go through all that they have read
		own = "LATERAL (SELECT * FROM thread_people r WHERE r.thread_id = t.id AND r.user_id = ? LIMIT 1) p ON TRUE"
	}
	return " JOIN users u ON u.id = t.author_id LEFT JOIN topics o ON o.id = t.topic_id LEFT JOIN " + own
}

// Threads lists published threads that the actor may see, and the key of the next page, nil at the end.
func (q Queries) Threads(ctx context.Context, actor *Actor, query ThreadQuery) (cards []ThreadCard, next *ThreadKey, err error) {
	scope := actor
	if query.SpaceID != 0 {
		scope = actor.within(query.SpaceID)
	}
	if len(scope.Spaces) == 0 || query.Sort.Personal() && !actor.SignedIn() {
		return nil, nil, nil
	}
	if query.said, err = q.choices(ctx, actor); err != nil {
		return nil, nil, fmt.Errorf("list threads: %w", err)
	}
	if query.everywhere() && actor.Mutes {
		query.muted = query.said.muted()
		if scope = query.muted.unmuted(scope); len(scope.Spaces) == 0 {
			return nil, nil, nil
		}
	}
	wanted := query.Limit
	query.Limit++ // one more tells whether there is a next page
	keys, args, err := q.threadKeys(ctx, scope, query)
	if err == nil {
		column := query.Sort.column()
		each := " k JOIN threads t ON t.id = k.id"
		if q.postgres() { // which would else read all the threads in the order of their ids to find a page of them
			each = " k CROSS JOIN LATERAL (SELECT * FROM threads r WHERE r.id = k.id LIMIT 1) t"
		}
		fresh, more := query.said.unreadOf()
		err = q.raw(ctx, &cards, threadCards+fresh+" FROM ("+keys+")"+each+q.threadCardJoins()+" ORDER BY t."+column+" DESC, t.id DESC LIMIT "+strconv.Itoa(query.Limit), slices.Concat(more, args, []any{actor.ID})...)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("list threads: %w", err)
	}
	if len(cards) > wanted {
		cards = cards[:wanted]
		next = cards[wanted-1].key(query.Sort)
	}
	return cards, next, nil
}

// MostPinned is how many threads of a space can be pinned.
const MostPinned = 12

// PinnedThreads are those of a space, or of one of its topics, that stand before its list.
func (q Queries) PinnedThreads(ctx context.Context, actor *Actor, spaceID, topicID int64) (cards []ThreadCard, err error) {
	if actor.Access(spaceID) == nil {
		return nil, nil
	}
	said, err := q.choices(ctx, actor)
	if err != nil {
		return nil, fmt.Errorf("pinned threads: %w", err)
	}
	fresh, args := said.unreadOf()
	condition, args := "", append(args, actor.ID, spaceID)
	if topicID != 0 {
		condition, args = " AND t.topic_id = ?", append(args, topicID)
	}
	return cards, q.raw(ctx, &cards, threadCards+fresh+" FROM threads t"+q.threadCardJoins()+" WHERE t.space_id = ? AND t.pinned_at IS NOT NULL AND t.state = 'published'"+condition+
		" ORDER BY t.pinned_at DESC, t.id DESC LIMIT "+strconv.Itoa(MostPinned), args...)
}

// ThreadCards loads the given threads as far as the actor may see them, in no order: the second gate behind the search index.
func (q Queries) ThreadCards(ctx context.Context, actor *Actor, ids []int64) (cards []ThreadCard, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	seen, list := q.visible(actor, "t.space_id")
	return cards, q.raw(ctx, &cards, threadCards+"false AS fresh FROM threads t"+q.threadCardJoins()+" WHERE t.id IN ? AND t.state = 'published' AND "+seen, actor.ID, ids, list)
}

// threadKeys chooses the plan by what bounds the list, as ideaKeys does.
func (q Queries) threadKeys(ctx context.Context, scope *Actor, query ThreadQuery) (text string, args []any, err error) {
	switch {
	case query.Sort == ThreadsMine:
		text, args = q.fewThreads(scope, query, "t.id "+q.few("SELECT id FROM threads WHERE author_id = ? UNION SELECT a.id FROM hidden_authors h JOIN threads a ON a.author_id = h.mask_id WHERE h.user_id = ?"), scope.ID, scope.ID)
	case query.Tag != "" && (query.TopicID == 0 || query.heeded()):
		return q.taggedThreads(ctx, scope, query)
	case query.heeded():
		return q.followedThreads(ctx, scope, query)
	case query.TopicID != 0: // whose own indexes are the orders
		topic := query.TopicID
		query.TopicID = 0
		text, args = q.fewThreads(scope, query, "t.topic_id = ?", topic)
	default:
		text, args = q.topThreads(scope, query)
	}
	return text, args, nil
}

// taggedThreads is labelledIdeas for the tag of threads.
func (q Queries) taggedThreads(ctx context.Context, scope *Actor, query ThreadQuery) (string, []any, error) {
	rare, common, err := q.labelSpaces(ctx, scope, label{table: "thread_tags", column: "tag", values: []string{query.Tag}})
	if err != nil {
		return "", nil, err
	}
	var parts []string
	var args []any
	if len(rare.Spaces) > 0 {
		untagged := query
		untagged.Tag = ""
		part, more := q.rareThreads(rare, untagged, []string{query.Tag})
		parts, args = append(parts, part), append(args, more...)
	}
	if len(common.Spaces) > 0 {
		part, more := q.topThreads(common, query)
		if query.heeded() {
			if part, more, err = q.followedThreads(ctx, common, query); err != nil {
				return "", nil, err
			}
		}
		parts, args = append(parts, part), append(args, more...)
	}
	return union(parts), args, nil
}

// fewThreads finds the keys among the few threads that the condition leaves, or along an index of the condition's own.
func (q Queries) fewThreads(scope *Actor, query ThreadQuery, condition string, arg ...any) (string, []any) {
	seen, list := q.visible(scope, "(t.space_id + 0)") // the sum is in no index, so that only the condition chooses one
	filter, args := query.filter("t")
	column := query.Sort.column()
	return fmt.Sprintf("SELECT t.id FROM threads t WHERE %s AND %s AND t.state = 'published'%s ORDER BY t.%s DESC, t.id DESC LIMIT %d", condition, seen, filter, column, query.Limit),
		slices.Concat(arg, []any{list}, args)
}

func (q Queries) topThreads(scope *Actor, query ThreadQuery) (string, []any) {
	return q.tops(scope, tops{table: "threads", column: query.Sort.column(), floor: query.Sort.floor(), limit: query.Limit, filter: query.filter, bounds: boundsOf(len(scope.Spaces), query.Limit, query.Tag != "")})
}

// filter is the part of the condition that the filters and the place in the list make, on the threads of that name.
func (query ThreadQuery) filter(threads string) (text string, args []any) {
	switch query.Sort {
	case ThreadsSolved:
		text += " AND " + threads + ".accepted_id IS NOT NULL"
	case ThreadsUnsolved:
		text += " AND " + threads + ".kind = 'question' AND " + threads + ".accepted_id IS NULL"
	case ThreadsFollowing:
		heeds, more := query.said.heeds(threads)
		text, args = text+" AND "+heeds, append(args, more...)
	case ThreadsUnread:
		unread, more := query.said.unread(threads)
		text, args = text+" AND "+unread, append(args, more...)
	}
	if len(query.tags) > 0 {
		text += " AND EXISTS (SELECT 1 FROM thread_tags g WHERE g.tag IN ? AND g.thread_id = " + threads + ".id LIMIT 1 OFFSET 0)"
		args = append(args, query.tags)
	}
	if query.TopicID != 0 {
		text += " AND " + threads + ".topic_id = ?"
		args = append(args, query.TopicID)
	}
	if query.Kind != "" {
		text += " AND " + threads + ".kind = ?"
		args = append(args, query.Kind)
	}
	if query.Tag != "" {
		text += " AND EXISTS (SELECT 1 FROM thread_tags g WHERE g.tag = ? AND g.thread_id = " + threads + ".id LIMIT 1 OFFSET 0)"
		args = append(args, query.Tag)
	}
	if query.Loose {
		text += " AND " + threads + ".pinned_at IS NULL"
	}
	unmuted, more := query.muted.threads(threads)
	text, args = text+unmuted, append(args, more...)
	if query.After != nil {
		text += " AND (" + threads + "." + query.Sort.column() + ", " + threads + ".id) < (?, ?)"
		args = append(args, query.After.value(query.Sort), query.After.ID)
	}
	return text, args
}
