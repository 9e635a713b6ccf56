package models

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"
)

// Box is where people leave ideas by phone without signing in: a poster leads to it.
type Box struct {
	ID         int64
	SpaceID    int64
	CampaignID *int64
	Token      string // what the poster shows
	OpenedBy   int64
	OpenedAt   time.Time
	ClosedAt   *time.Time
}

func (b *Box) subject() (string, int64, int64) { return "box", b.ID, b.SpaceID }

// Bounds of what comes in by a box, whoever sends it.
const (
	notesAnHour  = 60
	notesADay    = 200
	notesWaiting = 300
)

// MayOpenBox tells whether the actor may put up a poster for a space, or for one of its campaigns: who runs the campaigns there, or
// this one. What only its members know of has no poster, nor has a campaign that hides its authors: whoever claims an idea is named.
func (a *Actor) MayOpenBox(space *SpaceAccess, campaign *Campaign) bool {
	return a.MayImport(space.ID, campaign) && space.Visibility != Restricted && (campaign == nil || campaign.Anonymity == Named)
}

// BoxOf is the box of a space or of one of its campaigns, nil if there is none. The caller has checked that the actor looks after it.
func (q Queries) BoxOf(ctx context.Context, spaceID, campaignID int64) (*Box, error) {
	place, id := "space_id = ? AND campaign_id IS NULL", spaceID
	if campaignID != 0 {
		place, id = "campaign_id = ?", campaignID
	}
	box := &Box{}
	err := q.one(ctx, box, "SELECT * FROM boxes WHERE "+place+" AND closed_at IS NULL", id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return box, err
}

// OpenBox lets people leave ideas at a place; ErrConflict if they can already.
func (tx *Tx) OpenBox(box *Box) error {
	box.Token, box.OpenedBy, box.OpenedAt = newBoxToken(), tx.actorID(), tx.now
	return tx.create(box)
}

// newBoxToken is short, so that the code of the poster is coarse enough for any phone; it need not be more than hard to guess.
func newBoxToken() string { return newSecret()[:24] }

// ReplaceBox makes the posters that hang of a box lead nowhere, and gives it another token.
func (tx *Tx) ReplaceBox(box *Box) error {
	box.Token = newBoxToken()
	_, err := tx.exec("UPDATE boxes SET token = ? WHERE id = ? AND closed_at IS NULL", box.Token, box.ID)
	return err
}

// CloseBox ends it. What waits in it goes on waiting.
func (tx *Tx) CloseBox(box *Box) error {
	_, err := tx.exec("UPDATE boxes SET closed_at = ? WHERE id = ? AND closed_at IS NULL", tx.now, box.ID)
	return err
}

// FoundBox is a box as whoever has its token finds it: with the words of its poster and nothing else.
type FoundBox struct {
	Box
	Title    string // of its campaign, or else of its space
	Question string
	Lang     string
}

// FindBox finds the box of a token; ErrNotFound if nobody can leave anything there ever: there is none, it is closed, its space is
// archived or only its members know of it, or its campaign hides its authors.
func (q Queries) FindBox(ctx context.Context, token string) (*FoundBox, error) {
	box := &FoundBox{}
	if len(token) != len(newBoxToken()) || !readable(token) {
		return nil, ErrNotFound
	}
	return box, q.one(ctx, box, `SELECT b.*, coalesce(c.title, s.title) AS title, coalesce(c.question, '') AS question, coalesce(c.lang, '') AS lang
		FROM boxes b JOIN spaces s ON s.id = b.space_id LEFT JOIN campaigns c ON c.id = b.campaign_id
		WHERE b.token = ? AND b.closed_at IS NULL AND s.archived_at IS NULL AND s.visibility <> 'restricted' AND coalesce(c.anonymity, 'named') = 'named'`, token)
}

// BoxNote is something that was left in a box and that nobody has looked at yet.
type BoxNote struct {
	ID     int64
	BoxID  int64
	Title  string
	Body   string
	Name   string
	Once   string // the number of the form that it came by, hashed
	Code   string // by which it can be claimed once it is an idea, hashed
	SentAt time.Time
}

// LeaveNote stores what somebody leaves in a box, and returns the code by which they can claim it once it is an idea. The same form sent
// again leaves nothing more and gets the same code.
func (tx *Tx) LeaveNote(box *Box, note *BoxNote) (code string, sent bool, err error) {
	code = lettersOf(sha256.Sum256([]byte("claim " + box.Token + note.Once)))
	note.BoxID, note.Once, note.Code, note.SentAt = box.ID, hash(box.Token+note.Once), hash(code), tx.now
	var counted struct {
		Lately, Today, Waiting int
		Before                 bool
	}
	err = tx.one(tx.ctx, &counted, `SELECT (SELECT count(*) FROM box_notes WHERE box_id = ? AND sent_at > ?) AS lately,
		(SELECT count(*) FROM box_notes WHERE box_id = ? AND sent_at > ?) AS today, (SELECT count(*) FROM box_notes WHERE box_id = ?) AS waiting,
		EXISTS (SELECT 1 FROM box_notes WHERE once = ?) OR EXISTS (SELECT 1 FROM paper_ideas WHERE code = ?) AS before`, box.ID, tx.now.Add(-time.Hour), box.ID, tx.now.Add(-day), box.ID, note.Once, note.Code)
	switch {
	case err != nil:
		return "", false, err
	case counted.Before:
		return code, false, nil
	case counted.Lately >= notesAnHour || counted.Today >= notesADay || counted.Waiting >= notesWaiting:
		return "", false, Invalid{"title": "boxes.full"}
	}
	changed, err := tx.exec("INSERT INTO box_notes (box_id, title, body, name, once, code, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (once) DO NOTHING",
		note.BoxID, note.Title, note.Body, note.Name, note.Once, note.Code, note.SentAt)
	return code, changed > 0, err
}

// BoxNotes are what waits in the boxes of a place, those too that are closed by now, the oldest first. The caller has checked that the
// actor looks after it.
func (q Queries) BoxNotes(ctx context.Context, spaceID, campaignID int64, limit int) (notes []BoxNote, err error) {
	return notes, q.raw(ctx, &notes, `SELECT n.* FROM box_notes n JOIN boxes b ON b.id = n.box_id WHERE b.space_id = ? AND coalesce(b.campaign_id, 0) = ?
		ORDER BY n.id LIMIT ?`, spaceID, campaignID, limit)
}

// BoxNote is one of them.
func (q Queries) BoxNote(ctx context.Context, spaceID, campaignID, id int64) (*BoxNote, error) {
	note := &BoxNote{}
	return note, q.one(ctx, note, `SELECT n.* FROM box_notes n JOIN boxes b ON b.id = n.box_id WHERE n.id = ? AND b.space_id = ? AND coalesce(b.campaign_id, 0) = ?`, id, spaceID, campaignID)
}

// DropNote takes a note out of its box; ErrConflict if somebody was quicker.
func (tx *Tx) DropNote(note *BoxNote) error {
	changed, err := tx.exec("DELETE FROM box_notes WHERE id = ?", note.ID)
	if err == nil && changed == 0 {
		err = ErrConflict
	}
	return err
}

// TakeNote publishes what was left in a box as an idea that waits for whoever left it, who has its code.
func (tx *Tx) TakeNote(note *BoxNote, idea *Idea) error {
	if err := tx.DropNote(note); err != nil {
		return err
	}
	if err := tx.CreatePaperIdea(idea, note.Name); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE paper_ideas SET source = 'box', code = ?, code_until = ? WHERE idea_id = ?", note.Code, tx.now.Add(PaperCodeKept), idea.ID)
	if err != nil {
		return fmt.Errorf("code of idea %d: %w", idea.ID, err)
	}
	return nil
}

// WaitingBox is a place in whose boxes something waits.
type WaitingBox struct {
	SpaceID    int64
	CampaignID int64
	Slug       string
	Title      string
	Lang       string
	Waiting    int
}

// WaitingBoxes are the places that the actor looks after and in whose boxes something waits: those of the spaces where they type in what
// others wrote, and those of the campaigns that they run.
func (q Queries) WaitingBoxes(ctx context.Context, actor *Actor, limit int) (boxes []WaitingBox, err error) {
	tended := &Actor{ID: actor.ID}
	for i := range actor.Spaces {
		if actor.MayEnterPaper(actor.Spaces[i].ID, nil) {
			tended.Spaces = append(tended.Spaces, actor.Spaces[i])
		}
	}
	here, list := q.visible(tended, "b.space_id")
	taking, takingList := q.visible(actor.where(PostComment), "b.space_id")
	own := actor.ID
	if actor.External() {
		own = 0 // who runs no campaign
	}
	seen, seenList := q.visible(actor, "b.space_id")
	return boxes, q.raw(ctx, &boxes, `SELECT b.space_id, coalesce(b.campaign_id, 0) AS campaign_id, s.slug, coalesce(c.title, s.title) AS title, coalesce(c.lang, '') AS lang, count(*) AS waiting
		FROM box_notes n JOIN boxes b ON b.id = n.box_id JOIN spaces s ON s.id = b.space_id LEFT JOIN campaigns c ON c.id = b.campaign_id
		WHERE (`+here+` OR (c.manager_id = ? OR EXISTS (SELECT 1 FROM campaign_team t WHERE t.campaign_id = c.id AND t.user_id = ?)) AND `+taking+`) AND `+seen+` AND s.archived_at IS NULL
		GROUP BY b.space_id, b.campaign_id, s.slug, s.title, c.title, c.lang ORDER BY waiting DESC, b.space_id LIMIT ?`, list, own, own, takingList, seenList, limit)
}
