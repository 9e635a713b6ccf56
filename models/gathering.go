package models

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Gathering is what people come together for, in one space: on pages an event, a word that the code has for its log.
type Gathering struct {
	ID       int64
	SpaceID  int64
	AuthorID int64
	Title    string
	Body     string // Markdown; may be empty
	HTML     string `gorm:"column:html"`
	Summary  string
	Lang     string
	StartsAt time.Time
	EndsAt   time.Time
	Place    string // in words; may be empty
	URL      string `gorm:"column:url"` // where one takes part from afar; may be empty
	Capacity *int   // how many places there are; nil for no end of them

	ComingCount  int // who have a place
	MaybeCount   int
	WaitingCount int // who would come, had they a place
	CommentCount int

	State       State // withdrawn with whoever planned it
	CancelledAt *time.Time
	CancelledBy *int64
	Reason      string // why it is cancelled
	RemindedAt  *time.Time
	Version     int
	Sequence    int // as programs for calendars count its changes, cancellations included
	CreatedAt   time.Time
	EditedAt    time.Time
	ChangedAt   time.Time // in last, cancellations included
}

func (g *Gathering) subject() (string, int64, int64) { return "gathering", g.ID, g.SpaceID }

// Path is the address of the gathering, the same for ever; what follows the number is decoration.
func (g *Gathering) Path() string { return GatheringPath(g.ID, g.Title) }

// GatheringPath is the address of a gathering with a title.
func GatheringPath(id int64, title string) string { return numbered("/events/", id, title) }

// Ended tells whether the gathering is over at a moment.
func (g *Gathering) Ended(at time.Time) bool { return !g.EndsAt.After(at) }

// Full tells whether whoever would come now has to wait for a place.
func (g *Gathering) Full() bool { return g.Capacity != nil && g.ComingCount >= *g.Capacity }

// Bounds of gatherings: characters of a place and an address, places, and how long one can take.
const (
	MaxGatheringPlace = 200
	MaxGatheringURL   = 500
	MaxCapacity       = 100_000
	MaxGatheringDays  = 31
	longestGathering  = MaxGatheringDays * 24 * time.Hour
)

// Validate tidies the facts of the gathering and says which fields are wrong. Its title and its text are the matter of whoever renders them.
func (g *Gathering) Validate() error {
	problems := Invalid{}
	g.Place, g.URL = oneLine(g.Place), strings.TrimSpace(g.URL)
	if g.Place != "" && !fits(g.Place, MaxGatheringPlace) {
		problems["place"] = "agenda.place_invalid"
	}
	if g.URL != "" && !leadsOut(g.URL) {
		problems["url"] = "agenda.url_invalid"
	}
	if g.Capacity != nil && (*g.Capacity < 1 || *g.Capacity > MaxCapacity) {
		problems["capacity"] = "agenda.capacity_invalid"
	}
	switch {
	case g.StartsAt.Year() < 2000 || g.StartsAt.Year() > 2200:
		problems["starts"] = "agenda.starts_invalid"
	case g.EndsAt.Year() < 2000 || g.EndsAt.Year() > 2200:
		problems["ends"] = "agenda.ends_invalid"
	case !g.EndsAt.After(g.StartsAt):
		problems["ends"] = "agenda.ends_before"
	case g.EndsAt.Sub(g.StartsAt) > longestGathering:
		problems["ends"] = "agenda.too_long"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// leadsOut tells whether a text is the address of a page.
func leadsOut(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && utf8.RuneCountInString(text) <= MaxGatheringURL && readable(text)
}

// Moved tells whether another text of the gathering takes place at another time or elsewhere.
func (g *Gathering) Moved(other *Gathering) bool {
	return !g.StartsAt.Equal(other.StartsAt) || !g.EndsAt.Equal(other.EndsAt) || g.Place != other.Place || g.URL != other.URL
}

// Says tells whether another text of the gathering says the same.
func (g *Gathering) Says(other *Gathering) bool {
	return !g.Moved(other) && g.Title == other.Title && g.Body == other.Body && (g.Capacity == nil) == (other.Capacity == nil) && (g.Capacity == nil || *g.Capacity == *other.Capacity)
}

// MayPlan tells whether the actor may say something else of a gathering, cancel it and take that back: whoever planned it as long as they
// may plan some, and moderators. Nobody may in an archived space.
func (a *Actor) MayPlan(gathering *Gathering) bool {
	space := &Space{ID: gathering.SpaceID}
	return a.SignedIn() && !a.archived(gathering.SpaceID) && (gathering.AuthorID == a.ID && a.Can(PlanGathering, space) || a.Can(Moderate, space))
}

// readableGathering is the condition that the actor may read the gathering ga.
func (q Queries) readableGathering(actor *Actor) (condition string, args []any) {
	seen, list := q.visible(actor, "ga.space_id")
	return "ga.state = 'published' AND " + seen, []any{list}
}

// Gathering finds a gathering that the actor may read.
func (q Queries) Gathering(ctx context.Context, actor *Actor, id int64) (*Gathering, error) {
	return q.gathering(ctx, actor, id, "")
}

// LockGathering is Gathering inside a change; see LockIdea.
func (tx *Tx) LockGathering(id int64) (*Gathering, error) {
	lock := ""
	if tx.postgres() {
		lock = " FOR UPDATE OF ga"
	}
	return tx.gathering(tx.ctx, tx.actor, id, lock)
}

func (q Queries) gathering(ctx context.Context, actor *Actor, id int64, lock string) (*Gathering, error) {
	condition, args := q.readableGathering(actor)
	gathering := &Gathering{}
	if err := q.one(ctx, gathering, "SELECT ga.* FROM gatherings ga WHERE ga.id = ? AND "+condition+lock, append([]any{id}, args...)...); err != nil {
		return nil, fmt.Errorf("gathering %d: %w", id, err)
	}
	return gathering, nil
}

// GatheringDetail is a gathering with what its page shows of who planned it and of its reader.
type GatheringDetail struct {
	Gathering
	AuthorName    string
	AuthorRole    Role
	AuthorPicture int64
	Level         FollowLevel
	Answer        Coming // of the reader; empty for none
	Waiting       bool   // the reader has to wait for a place
	Told          bool   // there are unread notices about it
	DraftFields   string // of the post that the reader has begun
	DraftSavedAt  *time.Time
}

// Draft is the post that the reader has begun and not sent, nil if there is none.
func (d *GatheringDetail) Draft() (*Draft, error) {
	if d.DraftSavedAt == nil {
		return nil, nil
	}
	draft := &Draft{SavedAt: *d.DraftSavedAt}
	return draft, json.Unmarshal([]byte(d.DraftFields), &draft.Fields)
}

// GatheringDetail finds a gathering that the actor may read, as its page shows it.
func (q Queries) GatheringDetail(ctx context.Context, actor *Actor, id int64) (*GatheringDetail, error) {
	condition, args := q.readableGathering(actor)
	page := &GatheringDetail{}
	err := q.one(ctx, page, `SELECT ga.*, u.name AS author_name, `+standing+` AS author_role, coalesce(u.picture_id, 0) AS author_picture,
		CASE WHEN p.level <> 'normal' OR p.chosen_at IS NOT NULL THEN p.level ELSE '' END AS level,
		coalesce(w.answer, '') AS answer, coalesce(w.waiting, FALSE) AS waiting,
		EXISTS (SELECT 1 FROM notices n WHERE n.user_id = ? AND n.gathering_id = ga.id AND n.read_at IS NULL) AS told,
		coalesce(d.fields, '') AS draft_fields, d.saved_at AS draft_saved_at
		FROM gatherings ga JOIN users u ON u.id = ga.author_id LEFT JOIN gathering_people p ON p.gathering_id = ga.id AND p.user_id = ?
		LEFT JOIN attendances w ON w.gathering_id = ga.id AND w.user_id = ? LEFT JOIN drafts d ON d.user_id = ? AND d.form = ? WHERE ga.id = ? AND `+condition,
		append([]any{actor.ID, actor.ID, actor.ID, actor.ID, About{Gathering: id}.Form(0), id}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("gathering page %d: %w", id, err)
	}
	return page, nil
}

// GatheringKey is the place in a list of gatherings after which the next page begins.
type GatheringKey struct {
	At time.Time `json:"t"`
	ID int64     `json:"i"`
}

// String is the key as it stands in an address.
func (k *GatheringKey) String() string {
	raw, _ := json.Marshal(k) // a number and a time always marshal
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ParseGatheringKey reads a key from an address; a malformed one is a mistake at the field "cursor".
func ParseGatheringKey(text string) (*GatheringKey, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	key := &GatheringKey{}
	if err != nil || json.Unmarshal(raw, key) != nil || key.ID < 0 || key.At.Year() < 1000 || key.At.Year() > 9999 {
		return nil, Invalid{"cursor": "lists.cursor_invalid"}
	}
	return key, nil
}

// GatheringCard is a gathering as lists show it, with what the reader has answered.
type GatheringCard struct {
	Gathering
	Answer  Coming
	Waiting bool
}

// GatheringQuery says which gatherings a list shows.
type GatheringQuery struct {
	SpaceID int64 // 0 for all that the actor may see
	Past    bool  // those that are over, the latest first, instead of those that are not, the next first
	After   *GatheringKey
	Limit   int
}

// Gatherings lists what the actor may see of the agenda. next is the key of the next page, nil at the end.
func (q Queries) Gatherings(ctx context.Context, actor *Actor, query GatheringQuery) (cards []GatheringCard, next *GatheringKey, err error) {
	scope := actor
	if query.SpaceID != 0 {
		scope = actor.within(query.SpaceID)
	}
	now, after := q.present(), query.After
	compare, order, ended := ">", "", "ga.ends_at > ?"
	if query.Past {
		compare, order, ended = "<", " DESC", "ga.ends_at <= ?"
		if after == nil {
			after = &GatheringKey{At: now, ID: 1 << 62}
		}
	}
	if after == nil { // what is going on has begun no longer ago than one takes at most
		after = &GatheringKey{At: now.Add(-longestGathering)}
	}
	// The first of each space from its own index, since few of many may be seen.
	limit := strconv.Itoa(query.Limit + 1)
	first := "SELECT ga.id FROM gatherings ga WHERE ga.space_id = s.value AND ga.state = 'published' AND (ga.starts_at, ga.id) " + compare + " (?, ?) AND " + ended + " ORDER BY ga.starts_at" + order + ", ga.id" + order + " LIMIT " + limit
	keys := "json_each('[' || ? || ']') s JOIN gatherings k ON k.id IN (" + first + ")"
	if q.postgres() {
		keys = "unnest(string_to_array(?, ',')::bigint[]) AS s(value) CROSS JOIN LATERAL (" + first + ") k"
	}
	err = q.raw(ctx, &cards, "SELECT ga.*, coalesce(w.answer, '') AS answer, coalesce(w.waiting, FALSE) AS waiting FROM (SELECT k.id FROM "+keys+`) k JOIN gatherings ga ON ga.id = k.id
		LEFT JOIN attendances w ON w.gathering_id = ga.id AND w.user_id = ? ORDER BY ga.starts_at`+order+", ga.id"+order+" LIMIT "+limit, scope.spaceList(), after.At.UTC(), after.ID, now, actor.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("list gatherings: %w", err)
	}
	if len(cards) > query.Limit {
		cards = cards[:query.Limit]
		last := &cards[query.Limit-1]
		next = &GatheringKey{At: last.StartsAt, ID: last.ID}
	}
	return cards, next, nil
}

// OwnGatherings are the gatherings that somebody comes to or may come to, from a moment on, the next first, as far as they may still see them.
func (q Queries) OwnGatherings(ctx context.Context, actor *Actor, from time.Time, limit int) (cards []GatheringCard, err error) {
	condition, args := q.readableGathering(actor)
	err = q.raw(ctx, &cards, `SELECT ga.*, w.answer, w.waiting FROM attendances w JOIN gatherings ga ON ga.id = w.gathering_id
		WHERE w.user_id = ? AND w.answer <> 'no' AND ga.ends_at > ? AND `+condition+" ORDER BY ga.starts_at, ga.id LIMIT "+strconv.Itoa(limit), append([]any{actor.ID, from.UTC()}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("gatherings of %d: %w", actor.ID, err)
	}
	return cards, nil
}

// GatheringCards loads the given gatherings as far as the actor may see them, in no order.
func (q Queries) GatheringCards(ctx context.Context, actor *Actor, ids []int64) (gatherings []Gathering, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	condition, args := q.readableGathering(actor)
	return gatherings, q.raw(ctx, &gatherings, "SELECT ga.* FROM gatherings ga WHERE ga.id IN ? AND "+condition, append([]any{ids}, args...)...)
}
