package models_test

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ruche/models"
)

// town is a house in which much is written: an employee sees twelve of its spaces, one guest a single
// one and another only an empty one.
type town struct {
	*house
	people              []*models.User
	spaces              []*models.Space
	usual, narrow, idle *models.Actor
	ideas               []*models.Idea
	campaign            *models.Campaign // the first of them runs it
}

const (
	townIdeas  = 2400
	seenSpaces = 12
)

func build(t *testing.T) *town {
	t.Helper()
	b := &town{house: open(t)}
	for n := range 40 {
		b.people = append(b.people, b.user("p"+strconv.Itoa(n), models.RoleEmployee))
	}
	b.settle()
	for n := range seenSpaces + 3 {
		visibility := models.Company
		if n >= seenSpaces {
			visibility = models.External
		}
		b.spaces = append(b.spaces, b.space("s"+strconv.Itoa(n), visibility))
	}
	guest, idler := b.user("guest", models.RoleExternal), b.user("idler", models.RoleExternal)
	b.member(b.spaces[seenSpaces], guest, models.SpaceMember)
	b.member(b.spaces[seenSpaces+1], idler, models.SpaceMember) // nothing is written there
	stage := models.NewStage(models.Gather, nil)
	stage.MaxDays = 1
	b.campaign = &models.Campaign{SpaceID: b.spaces[0].ID, Kind: models.Channel, Title: "All that helps", Question: "What does?", ManagerID: &b.people[0].ID, SponsorID: &b.people[1].ID, AnswerDays: 30, Stages: []models.CampaignStage{stage}}
	b.tx(nil, func(tx *models.Tx) error { return tx.ImportCampaign(b.campaign) })
	for first := 0; first < townIdeas; first += 400 {
		b.write(first, first+400)
	}
	b.usual, b.narrow, b.idle = b.actor(b.people[0]), b.actor(guest), b.actor(idler)
	if err := b.Analyze(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// settle gives people departments and sites: a quarter of them one, a few another, and one alone a third.
func (b *town) settle() {
	b.t.Helper()
	for n, user := range b.people {
		switch {
		case n%4 == 0:
			user.Department = "Paint"
		case n%8 == 1:
			user.Department = "Assembly"
		case n == 2:
			user.Department = "Board"
		}
		if n%5 == 0 {
			user.Site = "Lyon"
		}
		b.tx(nil, func(tx *models.Tx) error {
			if err := tx.SaveProfile(user); err != nil {
				return err
			}
			return tx.SetDepartment(user.ID, user.Department)
		})
	}
}

// belongs tells whether an author is of one of some places.
func (b *town) belongs(idea *models.Idea, places ...string) bool {
	author := b.people[slices.IndexFunc(b.people, func(u *models.User) bool { return u.ID == idea.AuthorID })]
	return slices.Contains(places, "department:"+author.Department) || slices.Contains(places, "site:"+author.Site)
}

// write adds ideas in the way of an import, with what people do about them.
func (b *town) write(first, end int) {
	b.t.Helper()
	start := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)
	var imported []models.ImportedIdea
	for n := first; n < end; n++ {
		space := n % 7 // the first spaces hold most
		if n%5 == 0 {
			space = n / 5 % (seenSpaces + 3)
		}
		if space == seenSpaces+1 {
			space = 0
		}
		idea := &models.Idea{
			SpaceID: b.spaces[space].ID, AuthorID: b.people[n*n%40].ID, Title: "idea " + strconv.Itoa(n), Body: strings.Repeat("body ", 300), HTML: strings.Repeat("body ", 300),
			Stage: models.Stages()[n*n/3%7], State: models.Published, PublishedAt: start.Add(time.Duration(n*7919%townIdeas) * time.Minute), Tags: models.Tags{"all"},
		}
		if space == 0 {
			idea.CampaignID = &b.campaign.ID
		}
		if space < 2 { // many in two spaces, few in a third, none elsewhere
			idea.Tags = append(idea.Tags, "common")
		}
		if space == 4 && n%40 == 0 || space == seenSpaces {
			idea.Tags = append(idea.Tags, "common", "rare")
		}
		if n%50 == 3 {
			idea.State = models.Withdrawn
		}
		one := models.ImportedIdea{Idea: idea}
		for i := range n % 6 {
			one.Supporters = append(one.Supporters, b.people[(n+i)%40].ID)
		}
		for i := range n * 3 % 4 {
			one.Comments = append(one.Comments, idea.PublishedAt.Add(time.Duration(i+n%90)*time.Hour))
		}
		imported = append(imported, one)
		b.ideas = append(b.ideas, idea)
	}
	b.tx(nil, func(tx *models.Tx) error {
		if err := tx.ImportIdeas(imported); err != nil {
			return err
		}
		var events []models.Event
		var comments []*models.Post
		for i := range imported {
			idea := imported[i].Idea
			events = append(events, models.Event{At: idea.PublishedAt, Verb: models.IdeaPosted, ActorID: idea.AuthorID, SpaceID: idea.SpaceID, Subject: "idea", SubjectID: idea.ID})
			for _, at := range imported[i].Comments {
				comments = append(comments, &models.Post{IdeaID: &idea.ID, AuthorID: b.people[i%40].ID, Body: "a word", HTML: "a word", CreatedAt: at})
			}
			if i%8 == 0 {
				if err := tx.Follow(b.people[0].ID, idea.ID); err != nil {
					return err
				}
				if err := tx.Notify(models.Notice{UserID: b.people[0].ID, Kind: models.NoticeReply, ActorID: idea.AuthorID, IdeaID: idea.ID, CreatedAt: idea.PublishedAt}); err != nil {
					return err
				}
			}
		}
		if err := tx.ImportPosts(comments); err != nil {
			return err
		}
		return tx.RecordAll(events)
	})
}

// queries are lists of every order with every filter.
func (b *town) queries() (queries []models.IdeaQuery) {
	for _, sort := range models.Sorts() {
		for _, filter := range []models.IdeaQuery{
			{}, {Stage: models.Evaluated}, {Tag: "common"}, {Tag: "rare"}, {Tag: "all"}, {Tag: "nowhere"}, {Tag: "common", Stage: models.Proposed},
			{SpaceID: b.spaces[0].ID}, {SpaceID: b.spaces[4].ID, Tag: "common"}, {SpaceID: b.spaces[0].ID, Tag: "common", Stage: models.Refined},
			{AuthorID: b.people[0].ID}, {Followed: true},
			{Department: "Paint"}, {Department: "Assembly", Stage: models.Evaluated}, {Department: "Nowhere"}, {Department: "Paint", Tag: "rare"}, {Department: "Assembly", Tag: "common", SpaceID: b.spaces[0].ID},
			{Places: []string{"department:Paint", "site:Lyon"}}, {Places: []string{"site:Lyon"}, Tag: "all", Department: "Paint"},
		} {
			filter.Sort, filter.Limit = sort, 30
			queries = append(queries, filter)
		}
	}
	return queries
}

// expected are the titles of a whole list, found by looking at every idea.
func (b *town) expected(actor *models.Actor, q models.IdeaQuery) (titles []string) {
	var found []*models.Idea
	for _, idea := range b.ideas {
		if idea.State == models.Published && actor.Access(idea.SpaceID) != nil && (q.Stage == "" || idea.Stage == q.Stage) &&
			(q.Tag == "" || slices.Contains(idea.Tags, q.Tag)) && (q.SpaceID == 0 || idea.SpaceID == q.SpaceID) &&
			(q.Department == "" || b.belongs(idea, "department:"+q.Department)) && (len(q.Places) == 0 || b.belongs(idea, q.Places...)) &&
			(q.AuthorID == 0 || idea.AuthorID == q.AuthorID) && (!q.Followed || actor.ID == b.people[0].ID && (idea.ID-1)%8 == 0) &&
			(q.Sort != models.SortUnanswered || idea.CommentCount == 0) {
			found = append(found, idea)
		}
	}
	slices.SortFunc(found, func(x, y *models.Idea) int {
		order := 0
		switch q.Sort {
		case models.SortTrending:
			order = cmp.Compare(x.Hot, y.Hot)
		case models.SortSupported:
			order = cmp.Compare(x.SupportCount, y.SupportCount)
		case models.SortActive:
			order = x.ActiveAt.Compare(y.ActiveAt)
		default:
			order = x.PublishedAt.Compare(y.PublishedAt)
		}
		if order == 0 {
			order = cmp.Compare(x.ID, y.ID)
		}
		return -order
	})
	for _, idea := range found {
		titles = append(titles, idea.Title)
	}
	return titles
}

func TestListsAreThoseThatLookingAtEveryIdeaWouldFind(t *testing.T) {
	b := build(t)
	for _, query := range b.queries() {
		for name, actor := range map[string]*models.Actor{"usual": b.usual, "narrow": b.narrow, "idle": b.idle} {
			if query.SpaceID != 0 && actor.Access(query.SpaceID) == nil {
				continue
			}
			if got, want := b.walk(actor, query), b.expected(actor, query); !slices.Equal(got, want) {
				t.Errorf("%s %+v: %d ideas, want %d, as %v", name, query, len(got), len(want), want[:min(len(want), 3)])
			}
		}
	}
}

// Steps that read a whole table, whose cost grows with what is written. Spaces are few.
var (
	wholeLite = regexp.MustCompile(`SCAN ([cefginptu]|ga|gatherings|attendances|gathering_people|ideas|threads|drafts|idea_threads|thread_shift_posts|events|posts|supports|follows|idea_tags|thread_tags|thread_people|idea_places|notices|users)\b.*`) // by its name, or as the statements call it
	spaceLite = regexp.MustCompile(strings.Join([]string{
		`SEARCH t USING .*\(space_id=\?(?: AND stage=\?)?\)`,                                 // all of a space
		`SEARCH [tf] USING INDEX (?:ideas_(?:hot|active|sup|new|stage_[has])|events_[^n]).*`, // rows, rather than their index alone
		`CORRELATED.* / USE TEMP B-TREE.*`,                                                   // sorted
		`SEARCH \w+ USING INDEX posts_thread \(thread_id=\?\)`,                               // all of a thread
		`SEARCH \w+ USING COVERING INDEX sqlite_autoindex_\w+_tags_1 \(tag=\?\)`,             // all with a tag
	}, "|"))
	wholePostgres = regexp.MustCompile(`Seq Scan on (?:ideas|threads|events|posts|supports|follows|idea_tags|thread_tags|thread_people|idea_places|notices|users|memberships)\b.*`)
	rowsPostgres  = regexp.MustCompile(`(?m)^.*actual rows=(\d+) loops=(\d+)`)
)

// mostRows is how many rows any step of a list may read: pages of twelve spaces, and the few ideas of an author or a tag.
const mostRows = 1300

func TestNoListReadsAWholeTable(t *testing.T) {
	b := build(t)
	ctx := t.Context()
	for _, query := range b.queries() {
		for name, actor := range map[string]*models.Actor{"usual": b.usual, "narrow": b.narrow} {
			if query.SpaceID != 0 && actor.Access(query.SpaceID) == nil {
				continue
			}
			b.bounded(fmt.Sprintf("%s %+v", name, query), func() error {
				_, next, err := b.Ideas(ctx, actor, query)
				if next != nil && err == nil {
					query.After = next
					_, _, err = b.Ideas(ctx, actor, query)
				}
				return err
			})
		}
	}
	b.bounded("department", func() error {
		known, err := b.KnowsDepartment(ctx, b.usual, "Paint")
		if !known {
			return fmt.Errorf("Paint is not known: %w", err)
		}
		_, err = b.PlacesOf(ctx, b.usual)
		return err
	})
	idea, owner := b.ideas[8], &models.Actor{ID: 1, Role: models.RoleOwner}
	for what, read := range map[string]func() error{
		"actor":    func() error { _, err := b.ActorByID(ctx, b.usual.ID); return err },
		"activity": func() error { _, err := b.Activity(ctx, b.usual, 6); return err },
		"due":      func() error { _, _, err := b.DueAnswers(ctx, b.usual, nil, 30); return err },
		"stalled": func() error {
			cards, next, err := b.StalledIdeas(ctx, b.usual, nil, 30)
			if len(cards) != 30 || next == nil || err != nil {
				return fmt.Errorf("%d ideas stand still: %w", len(cards), err)
			}
			_, _, err = b.StalledIdeas(ctx, b.usual, next, 30)
			return err
		},
		"unread":  func() error { _, err := b.Unread(ctx, b.usual); return err },
		"notices": func() error { _, err := b.Notices(ctx, b.usual, 0, 30); return err },
		"house":   func() error { _, err := b.HouseNotices(ctx, b.usual); return err },
		"follows": func() error { _, err := b.FollowsSpace(ctx, b.usual, b.spaces[0].ID); return err },
		"turns": func() error {
			return b.Tx(ctx, nil, func(tx *models.Tx) error { return tx.TellOfTurns() })
		},
		"file": func() error {
			_, err := b.File(ctx, b.usual, 1)
			if errors.Is(err, models.ErrNotFound) {
				return nil
			}
			return err
		},
		"question":  func() error { _, err := b.Question(ctx, b.usual); return err },
		"idea page": func() error { _, err := b.IdeaPage(ctx, b.usual, idea.ID); return err },
		"comments": func() error {
			_, _, err := b.Posts(ctx, idea, &models.PostKey{At: idea.PublishedAt, ID: 1}, 50)
			return err
		},
		"seal":        func() error { _, err := b.SealOf(ctx, b.usual, idea.ID); return ignore(err, models.ErrNotFound) },
		"openings":    func() error { _, err := b.SealOpenings(ctx, b.usual); return err },
		"told":        func() error { _, err := b.ToldOpenings(ctx, b.usual); return err },
		"keepers":     func() error { _, err := b.SealKeepers(ctx, 1); return err },
		"supporters":  func() error { _, err := b.Supporters(ctx, idea, 5); return err },
		"cards":       func() error { _, err := b.IdeaCards(ctx, b.usual, []int64{1, 2, 3}); return err },
		"stages":      func() error { _, err := b.StageHistory(ctx, idea); return err },
		"new events":  func() error { _, err := b.EventsAfter(ctx, 2000, 100); return err },
		"security":    func() error { _, err := b.Audit(ctx, owner, models.OnlySecurity, 2000, 50); return err },
		"own":         func() error { _, err := b.OwnSecurity(ctx, b.usual, 2000, 50); return err },
		"sessions":    func() error { _, err := b.Sessions(ctx, b.usual.ID); return err },
		"last notice": func() error { _, err := b.LastNoticeID(ctx); return err },
	} {
		b.bounded(what, read)
	}
}

// ignore is an error but for a kind of it.
func ignore(err, kind error) error {
	if errors.Is(err, kind) {
		return nil
	}
	return err
}

// costly is the step of a plan that reads too much, if any.
func (b *town) costly(plan string) string {
	if !b.Postgres() {
		for _, match := range wholeLite.FindAllStringSubmatch(plan, -1) {
			if !strings.Contains(plan, "CO-ROUTINE "+match[1]) { // what a subquery has found is no table
				return match[0]
			}
		}
		return spaceLite.FindString(plan)
	}
	if step := wholePostgres.FindString(plan); step != "" {
		return step
	}
	for _, match := range rowsPostgres.FindAllStringSubmatch(plan, -1) {
		rows, _ := strconv.Atoi(match[1])
		loops, _ := strconv.Atoi(match[2])
		if rows*loops > mostRows {
			return match[0]
		}
	}
	return ""
}
