package models

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// Fair is the order in which somebody meets the ideas of a vote that goes on: their own, by chance and always the same, so that
// no idea gains by standing first. It knows which of them they were shown.
type Fair struct {
	CampaignID int64
	Options    []int64 // the ideas that stand for the vote, by their numbers
	seed       int64
	seen       []byte // a bit for each of the options
	kept       bool   // for somebody who votes, not for a visitor, a program, or who looks as others would
}

// ByChance is an order for whoever reads the ideas of a vote that has not begun, or is over.
func ByChance(actor *Actor) *Fair { return &Fair{seed: actor.ID} }

// Fair is the actor's order of the ideas of a campaign, drawn when they first come; nil if no vote goes on in it.
func (db *DB) Fair(ctx context.Context, actor *Actor, campaignID int64) (*Fair, error) {
	fair, err := db.fair(ctx, actor, campaignID)
	if err != nil || fair == nil || fair.kept || !actor.counted() {
		return fair, err
	}
	err = db.Tx(ctx, actor, func(tx *Tx) error {
		rule, err := tx.lockRule(campaignID, true)
		if err != nil || rule.ClosedAt != nil { // meanwhile, and with it went all that is kept of whom ideas were shown to
			return err
		}
		drawn := make([]byte, 8)
		if _, err := rand.Read(drawn); err != nil {
			return err
		}
		_, err = tx.exec("INSERT INTO exposures (campaign_id, user_id, seed, seen) VALUES (?, ?, ?, ?) ON CONFLICT (campaign_id, user_id) DO NOTHING",
			campaignID, actor.ID, int64(binary.LittleEndian.Uint64(drawn)>>1), []byte{})
		return err
	})
	if Unavailable(err) { // the page can be read on a full disk too
		return fair, nil
	}
	if err != nil {
		return nil, fmt.Errorf("draw an order for campaign %d: %w", campaignID, err)
	}
	return db.fair(ctx, actor, campaignID)
}

// counted tells who is counted among those whom ideas are shown to: people, as themselves, and not again where they hide.
func (a *Actor) counted() bool { return a.SignedIn() && !a.Service && a.viewer == nil && !a.Masked() }

// fair is Fair without drawing: whoever has no order of their own has that of their number.
func (q Queries) fair(ctx context.Context, actor *Actor, campaignID int64) (*Fair, error) {
	var row struct {
		Seed *int64
		Seen []byte
	}
	err := q.one(ctx, &row, `SELECT e.seed, e.seen FROM voting_rules r LEFT JOIN exposures e ON e.campaign_id = r.campaign_id AND e.user_id = ?
		WHERE r.campaign_id = ? AND r.frozen_at IS NOT NULL AND r.closed_at IS NULL`, actor.ID, campaignID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("order of campaign %d: %w", campaignID, err)
	}
	fair := &Fair{CampaignID: campaignID, seed: actor.ID}
	if row.Seed != nil {
		fair.seed, fair.seen, fair.kept = *row.Seed, row.Seen, actor.counted()
	}
	fair.Options, err = q.onBallot(ctx, campaignID)
	return fair, err
}

// onBallot are the ideas that stand for a vote since it opened, by their numbers.
func (q Queries) onBallot(ctx context.Context, campaignID int64) (ids []int64, err error) {
	return ids, q.raw(ctx, &ids, "SELECT idea_id FROM voting_options WHERE campaign_id = ? AND listed ORDER BY idea_id", campaignID)
}

// Lot is the place of an idea in the order: a number by chance, the least first.
func (f *Fair) Lot(ideaID int64) uint64 {
	lot := uint64(f.seed) + uint64(ideaID)*0x9e3779b97f4a7c15
	for _, factor := range []uint64{0xbf58476d1ce4e5b9, 0x94d049bb133111eb} { // splitmix64
		lot = (lot ^ lot>>30) * factor
	}
	return (lot^lot>>31)>>12 + 1 // which JSON keeps to the last digit
}

// Before compares two ideas by their places.
func (f *Fair) Before(a, b int64) int {
	return cmp.Or(cmp.Compare(f.Lot(a), f.Lot(b)), cmp.Compare(a, b))
}

// key is the place of a card in the list.
func (f *Fair) key(card *IdeaCard) *IdeaKey {
	if _, stands := slices.BinarySearch(f.Options, card.ID); stands {
		return &IdeaKey{Lot: f.Lot(card.ID), ID: card.ID}
	}
	return card.key(SortNewest)
}

// fairIdeas lists the ideas of a campaign that votes: those that stand for the vote in the actor's own order, then the newest of the
// others.
func (q Queries) fairIdeas(ctx context.Context, actor, scope *Actor, query IdeaQuery) (cards []IdeaCard, err error) {
	fair, campaign := query.Fair, query.CampaignID
	query.Sort = SortNewest
	if query.After == nil || query.After.Lot != 0 {
		if cards, err = q.drawn(ctx, actor, query); err != nil {
			return nil, err
		}
		query.After = nil
	}
	if len(cards) == query.Limit {
		return cards, nil
	}
	query.Limit -= len(cards)
	query.CampaignID = 0 // whose own index is the order
	keys, args := q.fewIdeas(scope, query, "t.campaign_id = ? AND NOT EXISTS (SELECT 1 FROM voting_options o WHERE o.campaign_id = ? AND o.idea_id = t.id AND o.listed)", campaign, fair.CampaignID)
	others, err := q.keyedCards(ctx, actor, query, keys, args)
	return append(cards, others...), err
}

// drawn are the next of the ideas that stand for the vote and pass the filters.
func (q Queries) drawn(ctx context.Context, actor *Actor, query IdeaQuery) (cards []IdeaCard, err error) {
	fair, after := query.Fair, query.After
	if len(fair.Options) == 0 {
		return nil, nil
	}
	query.After = nil
	var ids []int64
	filter, args := query.filter("i")
	if err := q.raw(ctx, &ids, "SELECT i.id FROM ideas i WHERE i.id IN ? AND i.state = 'published'"+filter, append([]any{fair.Options}, args...)...); err != nil {
		return nil, err
	}
	if after != nil {
		ids = slices.DeleteFunc(ids, func(id int64) bool {
			return cmp.Or(cmp.Compare(fair.Lot(id), after.Lot), cmp.Compare(id, after.ID)) <= 0
		})
	}
	slices.SortFunc(ids, fair.Before)
	ids = ids[:min(len(ids), query.Limit)]
	if cards, err = q.IdeaCards(ctx, actor, ids); err != nil {
		return nil, err
	}
	slices.SortFunc(cards, func(a, b IdeaCard) int { return fair.Before(a.ID, b.ID) })
	return cards, nil
}

// unseen are those of some ideas that stand for the vote and that the actor was not shown yet.
func (f *Fair) unseen(ids []int64) (bits []int) {
	for _, id := range ids {
		if bit, stands := slices.BinarySearch(f.Options, id); stands && !marked(f.seen, bit) {
			bits = append(bits, bit)
		}
	}
	return bits
}

func marked(seen []byte, bit int) bool { return bit/8 < len(seen) && seen[bit/8]&(1<<(bit%8)) != 0 }

// Expose notes that the actor was shown ideas of a vote, each of which counts once for them. It writes nothing where it knows of
// nothing new, and one row however many ideas there are.
func (db *DB) Expose(ctx context.Context, actor *Actor, fair *Fair, ids []int64) error {
	if fair == nil || !fair.kept || len(fair.unseen(ids)) == 0 {
		return nil
	}
	err := db.Tx(ctx, actor, func(tx *Tx) error {
		lock := ""
		if tx.postgres() {
			lock = " FOR UPDATE"
		}
		var row struct{ Seen []byte }
		err := tx.one(ctx, &row, "SELECT seen FROM exposures WHERE campaign_id = ? AND user_id = ?"+lock, fair.CampaignID, actor.ID)
		if errors.Is(err, ErrNotFound) {
			return nil // the vote was closed meanwhile
		}
		if err != nil {
			return err
		}
		fair.seen = row.Seen
		seen := append(make([]byte, 0, len(fair.Options)/8+1), row.Seen...)
		for _, bit := range fair.unseen(ids) {
			for bit/8 >= len(seen) {
				seen = append(seen, 0)
			}
			seen[bit/8] |= 1 << (bit % 8)
		}
		_, err = tx.exec("UPDATE exposures SET seen = ? WHERE campaign_id = ? AND user_id = ?", seen, fair.CampaignID, actor.ID)
		return err
	})
	if Unavailable(err) {
		return nil
	}
	return err
}

// Exposure says to how many people an idea of a vote was shown.
type Exposure struct {
	IdeaID int64
	Title  string // empty if the idea was withdrawn since
	Lang   string
	People int
}

// Path is the address of the idea.
func (e *Exposure) Path() string { return numbered("/ideas/", e.IdeaID, e.Title) }

// Reach sums up to how many people the ideas of a vote were shown.
type Reach struct {
	Least, Median, Most int
	Rows                []Exposure // the least shown first
	Seldom              int        // how many of them were shown to less than half as many people as the idea in the middle
}

// fewViewers is up to how many people nothing can be said of differences.
const fewViewers = 10

// Uneven tells whether some ideas were shown to more than twice as many people as others: what is seen more gets more votes.
func (r *Reach) Uneven() bool { return r.Most >= fewViewers && 2*r.Least < r.Most }

// ReachOf sums up exposures, the least shown first.
func ReachOf(rows []Exposure) *Reach {
	if len(rows) == 0 {
		return nil
	}
	reach := &Reach{Least: rows[0].People, Median: rows[len(rows)/2].People, Most: rows[len(rows)-1].People, Rows: rows}
	if len(rows)%2 == 0 {
		reach.Median = (rows[len(rows)/2-1].People + rows[len(rows)/2].People) / 2
	}
	for _, row := range rows {
		if 2*row.People < reach.Median {
			reach.Seldom++
		}
	}
	return reach
}

// Exposures says to how many people each idea of a vote was shown, the least shown first. It is for those who run the campaign.
func (q Queries) Exposures(ctx context.Context, actor *Actor, campaign *Campaign) (rows []Exposure, err error) {
	if !actor.MayRun(campaign) {
		return nil, fmt.Errorf("exposures in campaign %d: %w", campaign.ID, ErrForbidden)
	}
	err = q.raw(ctx, &rows, `SELECT o.idea_id, o.seen AS people, i.lang, CASE WHEN i.state = 'published' THEN i.title ELSE '' END AS title
		FROM voting_options o JOIN ideas i ON i.id = o.idea_id WHERE o.campaign_id = ? AND o.listed ORDER BY o.idea_id`, campaign.ID)
	if err != nil {
		return nil, err
	}
	people, err := q.shownTo(ctx, campaign.ID, len(rows))
	for i := range rows {
		rows[i].People += people[i]
	}
	slices.SortStableFunc(rows, func(a, b Exposure) int { return cmp.Compare(a.People, b.People) })
	return rows, err
}

// shownTo adds up what is noted of each person while a vote goes on, in the order of its options. Of two merged accounts the one
// that stays counts.
func (q Queries) shownTo(ctx context.Context, campaignID int64, options int) ([]int, error) {
	people := make([]int, options)
	var seen sql.RawBytes
	err := q.each(ctx, func(rows *sql.Rows) error {
		if err := rows.Scan(&seen); err != nil {
			return err
		}
		for at, eight := range seen {
			for ; eight != 0; eight &= eight - 1 {
				if bit := at*8 + bits.TrailingZeros8(eight); bit < options {
					people[bit]++
				}
			}
		}
		return nil
	}, `SELECT e.seen FROM exposures e JOIN users u ON u.id = e.user_id WHERE e.campaign_id = ? AND NOT EXISTS (SELECT 1 FROM exposures k WHERE k.campaign_id = e.campaign_id AND k.user_id = u.merged_into)`, campaignID)
	return people, err
}

// keepExposures keeps of a vote that closes to how many people each idea was shown, and forgets to whom.
func (tx *Tx) keepExposures(campaignID int64) error {
	ids, err := tx.onBallot(tx.ctx, campaignID)
	if err != nil {
		return err
	}
	if len(ids) > 0 {
		people, err := tx.shownTo(tx.ctx, campaignID, len(ids))
		if err != nil {
			return err
		}
		cases, args := strings.Builder{}, []any{}
		for i, id := range ids {
			cases.WriteString(" WHEN ? THEN CAST(? AS INTEGER)")
			args = append(args, id, people[i])
		}
		if _, err := tx.exec("UPDATE voting_options SET seen = CASE idea_id"+cases.String()+" ELSE 0 END WHERE campaign_id = ? AND listed", append(args, campaignID)...); err != nil {
			return err
		}
	}
	_, err = tx.exec("DELETE FROM exposures WHERE campaign_id = ?", campaignID)
	return err
}
