package models

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"
)

// PaperIdea says of an idea that it came on paper: who typed it in, and who has claimed it with the code on its slip.
type PaperIdea struct {
	IdeaID     int64 `gorm:"primaryKey"`
	SpaceID    int64
	CampaignID *int64
	Name       string // what the paper says about who wrote it; empty: nothing
	EnteredBy  int64
	EnteredAt  time.Time
	Code       *string // its hash; nil: no slip was printed, or it has served
	CodeUntil  *time.Time
	ClaimedBy  *int64
	ClaimedAt  *time.Time
	Source     string `gorm:"default:paper"` // where it was found: FromBox, or on paper
}

// FromBox is the source of what a phone has left in a box.
const FromBox = "box"

// PaperName is how the account is called that stands for those who wrote on paper; pages say it in the reader's language.
const PaperName = "On paper"

// paperRef marks that account.
const paperRef = "paper"

// Bounds of ideas on paper: how long a code serves, how many slips are printed at once, and how long a name is.
const (
	PaperCodeKept = 180 * day
	MaxSlips      = 200
	MaxPaperName  = 100
)

// MayEnterPaper tells whether the actor may type in for others what they have written on paper, in a space or for one of its
// campaigns: people of the company who run the campaigns there or moderate, and who runs this one.
func (a *Actor) MayEnterPaper(spaceID int64, campaign *Campaign) bool {
	return a.MayImport(spaceID, campaign) || a.OfTheCompany() && a.Can(Moderate, &Space{ID: spaceID}) && !a.archived(spaceID)
}

// PaperAuthor is the id of the account that stands for those who wrote on paper, made with the first such idea.
func (tx *Tx) PaperAuthor() (int64, error) { return tx.standIn(paperRef, PaperName) }

// standIn is the id of an account that stands for many people, made when it is needed first.
func (tx *Tx) standIn(ref, name string) (id int64, err error) {
	_, err = tx.exec(`INSERT INTO users (name, name_key, role, import_ref, disabled_at, created_at) VALUES (?, ?, 'employee', ?, ?, ?)
		ON CONFLICT (import_ref) WHERE import_ref IS NOT NULL DO NOTHING`, name, nameKey(name), ref, tx.now, tx.now)
	if err != nil {
		return 0, err
	}
	return id, tx.one(tx.ctx, &id, "SELECT id FROM users WHERE import_ref = ?", ref)
}

// ParsePaperName checks what a paper says about who wrote it.
func ParsePaperName(text string) (string, error) {
	if text = oneLine(text); !fits(text, MaxPaperName) && text != "" {
		return "", Invalid{"name": "papers.name_invalid"}
	}
	return text, nil
}

// CreatePaperIdea publishes an idea that the actor types in for somebody else: it is never theirs, only its first version names them.
// A campaign that hides its authors takes none: whoever claims it is named.
func (tx *Tx) CreatePaperIdea(idea *Idea, name string) (err error) {
	level, err := tx.Promise(idea.CampaignID)
	if err != nil {
		return err
	}
	if level != Named {
		return &NotNow{"anonymity.import"}
	}
	if idea.AuthorID, err = tx.PaperAuthor(); err != nil {
		return err
	}
	if err := tx.CreateIdea(idea); err != nil {
		return err
	}
	if err := tx.Unfollow(idea.AuthorID, idea.ID); err != nil {
		return err
	}
	return tx.PutOnPaper(tx.actorID(), []*PaperIdea{{IdeaID: idea.ID, SpaceID: idea.SpaceID, CampaignID: idea.CampaignID, Name: name}})
}

// PutOnPaper notes that ideas came on paper and that somebody has typed them in, as their first versions say then.
func (tx *Tx) PutOnPaper(by int64, papers []*PaperIdea) error {
	ids := make([]int64, len(papers))
	for i, paper := range papers {
		paper.EnteredBy, paper.EnteredAt, ids[i] = by, tx.now, paper.IdeaID
	}
	if err := tx.insertAll(papers); err != nil {
		return err
	}
	for len(ids) > 0 {
		some := ids[:min(importBatch, len(ids))]
		ids = ids[len(some):]
		if _, err := tx.exec("UPDATE idea_versions SET editor_id = ? WHERE idea_id IN ? AND number = 1", by, some); err != nil {
			return err
		}
	}
	return nil
}

// PaperNote is what the page of an idea says of the paper that it came on.
type PaperNote struct {
	Name      string
	Source    string
	By        string // who typed it in
	ByRole    Role
	At        *time.Time // nil: it did not come on paper
	Claimed   *time.Time
	EnteredBy int64
}

// paperNote joins what the page of the idea i says of its paper, and paperColumns are the columns of that.
const (
	paperNote    = " LEFT JOIN paper_ideas pi ON pi.idea_id = i.id LEFT JOIN users pu ON pu.id = pi.entered_by"
	paperColumns = `coalesce(pi.name, '') AS paper_name, coalesce(pi.source, '') AS paper_source, coalesce(pu.name, '') AS paper_by, coalesce(pu.role, '') AS paper_by_role, pi.entered_at AS paper_at,
		pi.claimed_at AS paper_claimed, coalesce(pi.entered_by, 0) AS paper_entered_by`
)

// PaperCard is an idea on paper as those see it who type in.
type PaperCard struct {
	PaperIdea
	Title       string
	Lang        string
	State       State
	EntererName string
	EntererRole Role
	ClaimerName string
	ClaimerRole Role
}

// Path is the address of the idea.
func (c *PaperCard) Path() string { return (&Idea{ID: c.IdeaID, Title: c.Title}).Path() }

// Waits tells whether nobody has claimed it and somebody could.
func (c *PaperCard) Waits() bool { return c.ClaimedBy == nil && c.State == Published }

// PaperIdeas lists the ideas of a space that came on paper, the newest first, before an id; with a campaign only those that answer it.
// The caller has checked that the actor types in there.
func (q Queries) PaperIdeas(ctx context.Context, spaceID, campaignID, before int64, limit int) (cards []PaperCard, err error) {
	place, id := "p.space_id = ?", spaceID
	if campaignID != 0 {
		place, id = "p.campaign_id = ?", campaignID
	}
	return cards, q.raw(ctx, &cards, `SELECT p.*, i.title, i.lang, i.state, u.name AS enterer_name, `+standing+` AS enterer_role,
		coalesce(c.name, '') AS claimer_name, coalesce(c.role, '') AS claimer_role
		FROM paper_ideas p JOIN ideas i ON i.id = p.idea_id JOIN users u ON u.id = p.entered_by LEFT JOIN users c ON c.id = p.claimed_by
		WHERE `+place+` AND p.idea_id < ? ORDER BY p.idea_id DESC LIMIT ?`, id, beforeID(before), limit)
}

// Slip is what whoever wrote on paper is handed: the title and the code, which is kept nowhere.
type Slip struct {
	IdeaID int64
	Title  string
	Lang   string
	Name   string
	Code   string
	Until  time.Time
}

// PrintSlips gives new codes to ideas that came on paper and that nobody has claimed; those before serve no more. Others among the ids
// are left out. The codes belong to the seed, which only whoever sends the form has: a page of slips that is loaded again has the same.
func (tx *Tx) PrintSlips(spaceID, campaignID int64, ids []int64, seed string) (slips []Slip, err error) {
	if len(ids) == 0 {
		return nil, Invalid{"idea": "papers.none_chosen"}
	}
	if len(ids) > MaxSlips {
		return nil, Invalid{"idea": "papers.many_chosen"}
	}
	err = tx.raw(tx.ctx, &slips, `SELECT p.idea_id, i.title, i.lang, p.name FROM paper_ideas p JOIN ideas i ON i.id = p.idea_id
		WHERE p.idea_id IN ? AND p.space_id = ? AND (p.campaign_id = ? OR ? = 0) AND p.claimed_by IS NULL AND i.state = 'published' ORDER BY p.idea_id`, ids, spaceID, campaignID, campaignID)
	if err != nil {
		return nil, err
	}
	if len(slips) == 0 {
		return nil, Invalid{"idea": "papers.none_chosen"}
	}
	for i := range slips {
		slip := &slips[i]
		slip.Code, slip.Until = paperCode(seed, slip.IdeaID), tx.now.Add(PaperCodeKept)
		if err := tx.GivePaperCode(slip.IdeaID, slip.Code); err != nil {
			return nil, err
		}
	}
	return slips, nil
}

// GivePaperCode gives a code, which is kept nowhere as it is, to an idea that came on paper and that nobody has claimed.
func (tx *Tx) GivePaperCode(ideaID int64, code string) error {
	plain := readCode(code)
	if plain == "" {
		return fmt.Errorf("code of idea %d: this is none", ideaID)
	}
	changed, err := tx.exec("UPDATE paper_ideas SET code = ?, code_until = ? WHERE idea_id = ? AND claimed_by IS NULL", hash(plain), tx.now.Add(PaperCodeKept), ideaID)
	if err == nil && changed == 0 {
		err = ErrConflict
	}
	if err != nil {
		return fmt.Errorf("code of idea %d: %w", ideaID, err)
	}
	return nil
}

// codeLetters are those of a code: none is taken for another one in handwriting or on a bad printer. There are 32 of them.
const codeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

// codeLength is how many letters a code has: 60 bits, so that guessing one is hopeless.
const codeLength = 12

// paperCode is the code of an idea that belongs to a seed of our own making; any code where there is none.
func paperCode(seed string, ideaID int64) string {
	if len(seed) < len(rand.Text()) {
		seed = rand.Text()
	}
	return lettersOf(sha256.Sum256([]byte(fmt.Sprintf("slip\x00%s\x00%d", seed, ideaID))))
}

func lettersOf(random [32]byte) string {
	code := make([]byte, codeLength)
	for i := range code {
		code[i] = codeLetters[random[i]%byte(len(codeLetters))]
	}
	return string(code)
}

// SpacedCode is a code as slips show it, in groups of four.
func SpacedCode(code string) string {
	if len(code) != codeLength {
		return code
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:]
}

// readCode is a code as somebody has typed it, whatever is between its groups; empty if it is none.
func readCode(text string) string {
	if len(text) > 100 {
		return ""
	}
	code := strings.Map(func(r rune) rune {
		switch {
		case r == '1' || r == 'I':
			return 'L' // which looks like them
		case strings.ContainsRune(codeLetters, r):
			return r
		case r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			return '?'
		}
		return -1
	}, strings.ToUpper(text))
	if len(code) != codeLength || strings.Contains(code, "?") {
		return ""
	}
	return code
}

// ClaimPaper makes the actor, who has the code of a slip, the author of its idea. A code that is wrong, has served or has run out, and
// one whose idea the actor may not see or could not have posted, say the same: nothing.
func (tx *Tx) ClaimPaper(code string) (*Idea, error) {
	wrong := Invalid{"code": "papers.code_wrong"}
	if code = readCode(code); code == "" {
		return nil, wrong
	}
	paper := &PaperIdea{}
	err := tx.one(tx.ctx, paper, "SELECT * FROM paper_ideas WHERE code = ? AND code_until > ? AND claimed_by IS NULL", hash(code), tx.now)
	if errors.Is(err, ErrNotFound) {
		return nil, wrong
	}
	if err != nil {
		return nil, err
	}
	idea, err := tx.LockIdea(paper.IdeaID)
	if errors.Is(err, ErrNotFound) || err == nil && (idea.State != Published || !tx.actor.Can(PostIdea, &Space{ID: idea.SpaceID})) {
		return nil, wrong
	}
	if err != nil {
		return nil, err
	}
	if paper.EnteredBy == tx.actorID() {
		return nil, Invalid{"code": "papers.code_own"}
	}
	changed, err := tx.exec("UPDATE paper_ideas SET code = NULL, code_until = NULL, claimed_by = ?, claimed_at = ? WHERE idea_id = ? AND code = ?", tx.actorID(), tx.now, idea.ID, paper.Code)
	if err == nil && changed == 0 {
		return nil, wrong // somebody else was quicker
	}
	if err != nil {
		return nil, err
	}
	under, err := tx.underAgreement(idea.SpaceID)
	if err != nil {
		return nil, err
	}
	if err := tx.setAuthor(idea, tx.actorID(), under); err != nil {
		return nil, err
	}
	return idea, tx.Follow(tx.actorID(), idea.ID)
}

// setAuthor gives an idea another author, who is none of its co-authors then.
func (tx *Tx) setAuthor(idea *Idea, userID int64, agreementID *int64) error {
	idea.AuthorID, idea.AgreementID = userID, agreementID
	if _, err := tx.exec("DELETE FROM co_authors WHERE idea_id = ? AND user_id = ?", idea.ID, userID); err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE ideas SET author_id = ?, agreement_id = ? WHERE id = ?", userID, agreementID, idea.ID); err != nil {
		return err
	}
	return tx.placeIdeas("i.id = ?", idea.ID)
}

// ReturnPaper takes a locked idea from somebody who has claimed it wrongly and gives it back to whoever wrote it, with a new slip; what
// was written meanwhile stays in its history. ErrConflict if nobody has claimed it, or if it has gone on to somebody else since.
func (tx *Tx) ReturnPaper(idea *Idea) error {
	changed, err := tx.exec("UPDATE paper_ideas SET claimed_by = NULL, claimed_at = NULL WHERE idea_id = ? AND claimed_by = ?", idea.ID, idea.AuthorID)
	if err == nil && changed == 0 {
		err = ErrConflict
	}
	if err != nil {
		return fmt.Errorf("give idea %d back: %w", idea.ID, err)
	}
	author, err := tx.PaperAuthor()
	if err != nil {
		return err
	}
	return tx.setAuthor(idea, author, nil)
}
