package models

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Sort is the order of a list of ideas.
type Sort string

// The orders of a list of ideas. Unanswered is the newest without a comment.
const (
	SortTrending   Sort = "trending"
	SortNewest     Sort = "newest"
	SortSupported  Sort = "supported"
	SortActive     Sort = "active"
	SortUnanswered Sort = "unanswered"
	SortRandom     Sort = "random" // of a campaign whose vote goes on, the reader's own: see Fair
)

// Sorts lists the orders.
func Sorts() []Sort {
	return []Sort{SortTrending, SortNewest, SortSupported, SortActive, SortUnanswered}
}

// VotingSorts lists the orders that are offered of the ideas of a campaign while its vote goes on: none that follows what others
// think of them.
func VotingSorts() []Sort { return []Sort{SortRandom, SortNewest, SortActive, SortUnanswered} }

// While is the order of a list that was asked for: by chance if none was and a vote goes on, else what is trending.
func (s Sort) While(voting *Fair) (Sort, error) {
	switch {
	case voting != nil && (s == "" || s == SortRandom):
		return SortRandom, nil
	case s == "" || s == SortRandom:
		return SortTrending, nil
	case !slices.Contains(Sorts(), s):
		return s, Invalid{"sort": "lists.sort_invalid"}
	}
	return s, nil
}

// column is the stored, indexed value that a list is ordered by, before the id.
func (s Sort) column() string {
	switch s {
	case SortTrending:
		return "hot"
	case SortSupported:
		return "support_count"
	case SortActive:
		return "active_at"
	}
	return "published_at"
}

// IdeaQuery says which ideas to list. The zero value of a filter means: any.
type IdeaQuery struct {
	Sort    Sort
	SpaceID int64
	Stage   Stage
	Tag     string
	// Department is that of the authors, and one of Places where they belong: see PlacesOf.
	Department string
	Places     []string
	Nowhere    bool // whoever asks for what is near them belongs nowhere: there is nothing
	// CampaignID is of a campaign in the space SpaceID.
	CampaignID int64
	AuthorID   int64 // or one of the co-authors
	Mine       bool  // the actor's own, those too that they wrote as somebody hidden
	Followed   bool  // only those that the actor follows
	Fair       *Fair // for SortRandom in that campaign
	After      *IdeaKey
	Limit      int
	muted      *muted // that it leaves out
}

// everywhere tells whether the list is one of all spaces and everybody, which leaves out what the reader has muted.
func (query *IdeaQuery) everywhere() bool {
	return query.SpaceID == 0 && query.CampaignID == 0 && query.AuthorID == 0 && query.Tag == "" && !query.Mine && !query.Followed
}

// IdeaKey is the place in a list after which the next page begins.
type IdeaKey struct {
	Hot   float64   `json:"h,omitempty"`
	Count int       `json:"c,omitempty"`
	At    time.Time `json:"t,omitzero"`
	Lot   uint64    `json:"l,omitempty"` // in the reader's own order, among the ideas that stand for a vote
	ID    int64     `json:"i"`
}

// String is the key as it stands in an address.
func (k *IdeaKey) String() string {
	raw, _ := json.Marshal(k) // a struct of numbers and a time always marshals
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ParseIdeaKey reads a key from an address; a malformed one is a mistake at the field "cursor".
func ParseIdeaKey(text string) (*IdeaKey, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	key := &IdeaKey{}
	if err != nil || json.Unmarshal(raw, key) != nil || key.ID <= 0 || key.At.Year() > 9999 || key.Count != int(int32(key.Count)) {
		return nil, Invalid{"cursor": "lists.cursor_invalid"}
	}
	return key, nil
}

func (k *IdeaKey) value(s Sort) any {
	switch s.column() {
	case "hot":
		return k.Hot
	case "support_count":
		return k.Count
	}
	return k.At.UTC()
}

// IdeaCard is a row in a list of ideas.
type IdeaCard struct {
	ID           int64
	SpaceID      int64
	AuthorID     int64
	AuthorName   string
	AuthorRole   Role
	AuthorSite   string
	Title        string
	Summary      string
	Lang         string
	Tags         Tags
	Campaign     string
	Stage        Stage
	Answer       DecisionKind
	Anonymity    Anonymity
	SupportCount int
	CommentCount int
	Hot          float64
	PublishedAt  time.Time
	ActiveAt     time.Time
	Supported    bool
	VoteHidden   bool // how many support it, until a vote closes
	CoAuthors    int  // how many sign it beside the author
}

func (c *IdeaCard) key(s Sort) *IdeaKey {
	key := &IdeaKey{ID: c.ID}
	switch s.column() {
	case "hot":
		key.Hot = c.Hot
	case "support_count":
		key.Count = c.SupportCount
	case "active_at":
		key.At = c.ActiveAt
	default:
		key.At = c.PublishedAt
	}
	return key
}

var cardColumns = `i.id, i.space_id, i.author_id, u.name AS author_name, ` + standing + ` AS author_role, u.site AS author_site, i.title, i.summary, i.lang, i.tags,
	i.campaign, i.stage, i.answer, i.anonymity, i.support_count, i.comment_count, i.hot, i.published_at, i.active_at,
	EXISTS (SELECT 1 FROM supports p WHERE p.idea_id = i.id AND p.user_id = ?) AS supported,
	i.campaign_id IS NOT NULL AND ` + supportsHidden("i.id") + ` AS vote_hidden, ` + coAuthorCount + ` AS co_authors`

// Ideas lists published ideas that the actor may see, and the key of the next page, nil at the end.
func (q Queries) Ideas(ctx context.Context, actor *Actor, query IdeaQuery) (cards []IdeaCard, next *IdeaKey, err error) {
	scope := actor
	if query.SpaceID != 0 {
		scope = actor.within(query.SpaceID)
	}
	if len(scope.Spaces) == 0 || query.Nowhere {
		return nil, nil, nil
	}
	if query.everywhere() {
		if query.muted, err = q.mutes(ctx, actor); err != nil {
			return nil, nil, fmt.Errorf("list ideas: %w", err)
		}
		if scope = query.muted.unmuted(scope); len(scope.Spaces) == 0 {
			return nil, nil, nil
		}
	}
	wanted := query.Limit
	query.Limit++ // one more tells whether there is a next page
	if query.Sort == SortRandom {
		if cards, err = q.fairIdeas(ctx, actor, scope, query); err != nil {
			return nil, nil, fmt.Errorf("list ideas of a vote: %w", err)
		}
		if len(cards) > wanted {
			cards, next = cards[:wanted], query.Fair.key(&cards[wanted-1])
		}
		return cards, next, nil
	}
	keys, args, err := q.ideaKeys(ctx, scope, query)
	if err != nil {
		return nil, nil, fmt.Errorf("list ideas: %w", err)
	}
	if cards, err = q.keyedCards(ctx, actor, query, keys, args); err != nil {
		return nil, nil, fmt.Errorf("list ideas: %w", err)
	}
	if len(cards) > wanted {
		cards = cards[:wanted]
		next = cards[wanted-1].key(query.Sort)
	}
	return cards, next, nil
}

// keyedCards loads the ideas of keys, in the order of the query.
func (q Queries) keyedCards(ctx context.Context, actor *Actor, query IdeaQuery, keys string, args []any) ([]IdeaCard, error) {
	column := query.Sort.column()
	return q.cards(ctx, "FROM ("+keys+") k JOIN ideas i ON i.id = k.id JOIN users u ON u.id = i.author_id ORDER BY i."+column+" DESC, i.id DESC LIMIT "+strconv.Itoa(query.Limit),
		append([]any{actor.ID}, args...)...)
}

// IdeaCards loads the given ideas as far as the actor may see them, in no order: the second gate
// behind the search index.
func (q Queries) IdeaCards(ctx context.Context, actor *Actor, ids []int64) (cards []IdeaCard, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	seen, list := q.visible(actor, "i.space_id")
	return q.cards(ctx, "FROM ideas i JOIN users u ON u.id = i.author_id WHERE i.id IN ? AND i.state = 'published' AND "+seen, actor.ID, ids, list)
}

// cards reads the cards of a query that begins after its columns; the actor's id is the first argument.
func (q Queries) cards(ctx context.Context, from string, args ...any) (cards []IdeaCard, err error) {
	return cards, q.each(ctx, func(rows *sql.Rows) error {
		var c IdeaCard
		err := rows.Scan(&c.ID, &c.SpaceID, &c.AuthorID, &c.AuthorName, &c.AuthorRole, &c.AuthorSite, &c.Title, &c.Summary, &c.Lang, &c.Tags,
			&c.Campaign, &c.Stage, &c.Answer, &c.Anonymity, &c.SupportCount, &c.CommentCount, &c.Hot, &c.PublishedAt, &c.ActiveAt, &c.Supported, &c.VoteHidden, &c.CoAuthors)
		cards = append(cards, c)
		return err
	}, "SELECT "+cardColumns+" "+from, args...)
}
