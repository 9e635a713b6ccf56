package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"ruche/models"
)

// Sizes of a grown house, whatever the number of its ideas.
const (
	peopleCount = 5000
	spaceCount  = 40
	supportMean = 5
	commentMean = 3
	growBatch   = 2000 // ideas in one transaction
)

// grower fills an empty database with a company that has written a lot.
type grower struct {
	db        *models.DB
	material  *material
	size      int
	random    *rand.Rand
	end       time.Time // when the newest idea was published
	people    []*models.User
	spaces    []*models.Space
	weights   []float64 // how much is written in each space
	campaigns []*models.Campaign
	comments  int // so far
	voted     int // ideas of the campaign that votes, so far
	progress  func(done int)
}

// A rare tag and rare words are on ten ideas each at any size, so that what finds them shows as much at each.
const (
	rareTag   = "banc d’essai"
	rareIdeas = 10
	rareWords = 20
)

// rareWord is the n'th word that nobody else uses.
func rareWord(n int) string { return "zi" + "bcdfghjklmnpqrstvwxz"[n:n+1] + "okar" }

// grow fills the database: people, spaces and their members, campaigns, ideas with what became of them, and the
// event log as if it had happened one after the other. The same size gives the same company each time.
func grow(ctx context.Context, db *models.DB, m *material, size int, progress func(done int)) error {
	g := &grower{db: db, material: m, size: size, random: rand.New(rand.NewPCG(1, uint64(size))), end: db.Now(), progress: progress}
	if err := db.Tx(ctx, nil, g.addPeople); err != nil {
		return fmt.Errorf("people: %w", err)
	}
	if err := db.Tx(ctx, nil, g.addSpaces); err != nil {
		return fmt.Errorf("spaces: %w", err)
	}
	if err := db.Tx(ctx, nil, g.addCampaigns); err != nil {
		return fmt.Errorf("campaigns: %w", err)
	}
	for first := 0; first < size; first += growBatch {
		err := db.Tx(ctx, nil, func(tx *models.Tx) error { return g.addIdeas(tx, first, min(first+growBatch, size)) })
		if err != nil {
			return fmt.Errorf("ideas from %d: %w", first, err)
		}
		g.progress(min(first+growBatch, size))
	}
	if err := g.addBallots(ctx); err != nil {
		return fmt.Errorf("ballots: %w", err)
	}
	if err := g.addTalk(ctx); err != nil {
		return fmt.Errorf("talk: %w", err)
	}
	if err := g.addKnowledge(ctx); err != nil {
		return fmt.Errorf("knowledge: %w", err)
	}
	return nil
}

// readers are the names of the cursors of app/notifications, app/spaces, app/accounts, app/decisions, app/links and app/experts.
var readers = []string{"notifications", "spaces", "accounts", "decisions", "links", "experts"}

// bringUpToDate makes the readers of the event log believe that they have read all of it: otherwise what is
// measured is a million events of a past that never was.
func bringUpToDate(ctx context.Context, db *models.DB) error {
	return db.Tx(ctx, nil, func(tx *models.Tx) error {
		last, err := tx.LastEventID(ctx)
		if err != nil {
			return err
		}
		for _, reader := range readers {
			if _, err := tx.Cursor(reader); err != nil {
				return err
			}
			if err := tx.MoveCursor(reader, last); err != nil {
				return err
			}
		}
		return nil
	})
}

// upToDate is an error if a reader was left out there.
func upToDate(ctx context.Context, db *models.DB) error {
	cursors, err := db.Cursors(ctx)
	if err != nil {
		return err
	}
	for reader := range cursors {
		if !slices.Contains(readers, reader) {
			return fmt.Errorf("the reader %q works through the whole event log while something else is measured", reader)
		}
	}
	return nil
}

func (g *grower) addIdeas(tx *models.Tx, first, end int) error {
	imported := make([]models.ImportedIdea, 0, end-first)
	samples := make([][]time.Time, 0, end-first)
	for n := first; n < end; n++ {
		idea := g.idea(n)
		times := g.commentTimes(idea.PublishedAt)
		imported = append(imported, models.ImportedIdea{Idea: idea, Supporters: g.supporters(), Comments: times})
		samples = append(samples, times)
	}
	if err := tx.ImportIdeas(imported); err != nil {
		return err
	}
	comments, err := g.addComments(tx, imported, samples)
	if err != nil {
		return err
	}
	for i := range imported {
		if err := tx.Follow(imported[i].AuthorID, imported[i].ID); err != nil {
			return err
		}
	}
	if err := g.addFacts(tx, imported); err != nil {
		return err
	}
	return tx.RecordAll(g.events(imported, comments))
}

func (g *grower) idea(n int) *models.Idea {
	s := g.material.idea(n)
	age := time.Duration(float64(3*365*24*time.Hour) * float64(g.size-n) / float64(g.size))
	idea := &models.Idea{
		SpaceID: g.spaces[g.weighted()].ID, AuthorID: g.person().ID, Title: s.title, Body: s.markdown, HTML: s.html, Summary: s.summary, Lang: s.lang,
		Tags: s.tags, Stage: g.stage(), State: models.Published, PublishedAt: g.end.Add(-age).Truncate(time.Second),
	}
	switch turn := n % (g.size / rareIdeas); {
	case turn == 0:
		idea.SpaceID = g.spaces[0].ID
		idea.Tags = append(models.Tags{rareTag}, idea.Tags[:min(len(idea.Tags), models.MaxTags-1)]...)
	case turn <= rareWords:
		idea.SpaceID = g.spaces[n%6].ID
		idea.Body += "\n\n" + rareWord(turn-1)
		idea.HTML += "<p>" + rareWord(turn-1) + "</p>"
	}
	if idea.Stage != models.Proposed {
		at := idea.PublishedAt.Add(time.Duration(g.random.Int64N(int64(age)/2 + 1)))
		idea.StagedAt = &at
	}
	if n < 3*benchPeople { // whoever is measured has written something, too
		idea.AuthorID, idea.SpaceID = g.people[n%benchPeople].ID, g.spaces[n%6].ID
	}
	g.asked(idea)
	return idea
}

// stage is how far an idea has come: nearly half of them nowhere yet.
func (g *grower) stage() models.Stage {
	shares := []int{45, 20, 10, 8, 7, 6, 4}
	at := g.random.IntN(100)
	for i, stage := range models.Stages() {
		if at -= shares[i]; at < 0 {
			return stage
		}
	}
	return models.Proposed
}

// few is a number that is mostly small and sometimes large, with the given mean.
func (g *grower) few(mean float64) int { return min(int(g.random.ExpFloat64()*(mean+0.5)), 100) }

func (g *grower) supporters() []int64 {
	ids := make([]int64, 0, supportMean)
	for range g.few(supportMean) {
		if id := g.person().ID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (g *grower) commentTimes(published time.Time) []time.Time {
	times := make([]time.Time, g.few(commentMean))
	for i := range times {
		at := published.Add(time.Duration(g.random.ExpFloat64() * float64(7*24*time.Hour)))
		if at.After(g.end) {
			at = g.end
		}
		times[i] = at.Truncate(time.Second)
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// person is anyone but those who are measured, some much more often than others.
func (g *grower) person() *models.User {
	share := g.random.Float64()
	return g.people[benchPeople+int(share*share*float64(peopleCount-benchPeople))]
}

func (g *grower) weighted() int {
	at := g.random.Float64()
	for i, weight := range g.weights {
		if at -= weight; at < 0 {
			return i
		}
	}
	return 0
}
