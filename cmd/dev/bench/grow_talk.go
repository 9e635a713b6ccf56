package main

import (
	"context"
	"fmt"
	"time"

	"ruche/models"
)

// Threads of a grown house: as many as ideas, of which one has a long history at every size.
const (
	longThread = "banc-long"
	longPosts  = 5000
	askedMost  = 3 // one thread in so many is a question
)

// addTalk has people discuss as much as they propose.
func (g *grower) addTalk(ctx context.Context) error {
	for first := 0; first < g.size; first += growBatch {
		if err := g.db.Tx(ctx, nil, func(tx *models.Tx) error { return g.addThreads(tx, first, min(first+growBatch, g.size)) }); err != nil {
			return fmt.Errorf("threads from %d: %w", first, err)
		}
	}
	return g.db.Tx(ctx, nil, g.addLongThread)
}

func (g *grower) addThreads(tx *models.Tx, first, end int) error {
	imported := make([]models.ImportedThread, 0, end-first)
	for n := first; n < end; n++ {
		imported = append(imported, g.thread(n))
	}
	return g.storeThreads(tx, imported)
}

// thread is the nth thread: a question in three, and an answer to half of those.
func (g *grower) thread(n int) models.ImportedThread {
	s := g.material.idea(n + 7)
	at := g.end.Add(-time.Duration(float64(3*365*24*time.Hour) * float64(g.size-n) / float64(g.size))).Truncate(time.Second)
	thread := &models.Thread{
		SpaceID: g.spaces[g.weighted()].ID, AuthorID: g.person().ID, Kind: models.Discussion, Title: s.title, Summary: s.summary, Lang: s.lang, Tags: s.tags, CreatedAt: at,
	}
	posts := []*models.Post{{AuthorID: thread.AuthorID, Body: s.markdown, HTML: s.html, Lang: s.lang, CreatedAt: at}}
	one := models.ImportedThread{Thread: thread}
	if n%askedMost == 0 {
		thread.Kind = models.Question
		if n%(2*askedMost) == 0 {
			answer := g.said(n, at.Add(time.Hour))
			posts, one.Accepted = append(posts, answer), answer
		}
	}
	one.Posts = posts
	return one
}

// said is what somebody writes in a thread.
func (g *grower) said(n int, at time.Time) *models.Post {
	s := g.material.comment(n)
	return &models.Post{AuthorID: g.person().ID, Body: s.markdown, HTML: s.html, Lang: s.lang, CreatedAt: at}
}

// addLongThread begins a thread of the first space in which very much is written.
func (g *grower) addLongThread(tx *models.Tx) error {
	name, at := longThread, g.end.Add(-longPosts*time.Minute)
	thread := &models.Thread{SpaceID: g.spaces[0].ID, AuthorID: g.people[benchPeople].ID, Kind: models.Discussion, Title: "Le long fil du banc d’essai", Lang: "fr", ImportRef: &name, CreatedAt: at}
	one := models.ImportedThread{Thread: thread}
	for n := range longPosts {
		one.Posts = append(one.Posts, g.said(n, at.Add(time.Duration(n)*time.Minute)))
	}
	one.Posts[0].AuthorID = thread.AuthorID
	return g.storeThreads(tx, []models.ImportedThread{one})
}

func (g *grower) storeThreads(tx *models.Tx, imported []models.ImportedThread) error {
	if err := tx.ImportThreads(imported); err != nil {
		return err
	}
	var posts []*models.Post
	var events []models.Event
	for _, one := range imported {
		events = append(events, models.Event{At: one.CreatedAt, Verb: models.ThreadBegun, ActorID: one.AuthorID, SpaceID: one.SpaceID, Subject: "thread", SubjectID: one.ID})
		for _, post := range one.Posts {
			post.ThreadID = &one.ID
			posts = append(posts, post)
		}
	}
	if err := tx.ImportPosts(posts); err != nil {
		return err
	}
	if err := tx.SettleThreads(imported); err != nil {
		return err
	}
	return tx.RecordAll(events)
}
