package imports

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ruche/app/text"
	"ruche/models"
)

// batch is what one import brings, in memory until all of it is known to be right.
type batch struct {
	report   *Report
	progress func(step string, done, total int)
	now      time.Time
	run      *models.IdeaImport // that brings it; nil from the command line

	// what earlier imports made: ids by the names in the data
	knownUsers, knownSpaces, knownCampaigns, knownIdeas, knownComments, knownThreads, knownCollections, knownArticles map[string]int64

	users     map[string]*models.User
	spaces    map[string]*models.Space
	asked     map[string]campaignRow // the campaigns as the data has them
	campaigns map[string]*campaign
	ideas     map[string]*idea
	comments  map[string]*comment // and replies
	threads   map[string]*thread
	articles  map[string]*article
	pages     map[string][]*article // by the space that they are in
	links     links                 // between articles

	newUsers     []*models.User
	newSpaces    []*models.Space
	newCampaigns []*campaign
	newIdeas     []*idea
	newComments  []*comment
	newThreads   []*thread
	newReplies   []*comment

	newCollections []*collection
	newArticles    []*article // each after the one that it stands under
	shelves        []shelved

	imported []models.ImportedThread  // the new threads, once they are written
	grown    map[int64]*models.Thread // those that are there and get replies
}

// campaign is a campaign of the data in one of the spaces whose ideas answer it.
type campaign struct {
	models.Campaign
	space *models.Space
}

// idea is an idea of the data; known ones only serve their new comments.
type idea struct {
	models.Idea
	known      bool
	space      *models.Space
	campaign   *campaign // nil for none
	author     *models.User
	writer     string // of what came on paper, as far as that says
	votes      int
	supporters map[*models.User]bool
	comments   []time.Time
}

// comment is what is said under an idea, or in a thread.
type comment struct {
	models.Post
	at     place
	idea   *idea // or
	thread *thread
	author *models.User
	parent *comment
	answer string // the name of the parent
}

func newBatch(now time.Time, progress func(string, int, int)) *batch {
	if progress == nil {
		progress = func(string, int, int) {}
	}
	return &batch{
		report: &Report{}, progress: progress, now: now,
		users: map[string]*models.User{}, spaces: map[string]*models.Space{}, asked: map[string]campaignRow{}, campaigns: map[string]*campaign{},
		ideas: map[string]*idea{}, comments: map[string]*comment{}, threads: map[string]*thread{}, articles: map[string]*article{}, pages: map[string][]*article{}, links: newLinks(),
	}
}

func (b *batch) loadKnown(ctx context.Context, db *models.DB) (err error) {
	for table, ids := range map[string]*map[string]int64{"users": &b.knownUsers, "spaces": &b.knownSpaces, "campaigns": &b.knownCampaigns, "ideas": &b.knownIdeas, "posts": &b.knownComments, "threads": &b.knownThreads, "collections": &b.knownCollections, "articles": &b.knownArticles} {
		if *ids, err = db.Imported(ctx, table); err != nil {
			return err
		}
	}
	return nil
}

// maxReported bounds the problems and notes that are kept; more would not be read.
const maxReported = 1000

func (b *batch) problem(at place, text string) {
	if len(b.report.Problems) < maxReported {
		b.report.Problems = append(b.report.Problems, Problem{at.file, at.line, text})
	}
}

func (b *batch) note(at place, text string) {
	if len(b.report.Notes) < maxReported {
		b.report.Notes = append(b.report.Notes, Problem{at.file, at.line, text})
	}
}

// read takes in the files, what is referred to before what refers to it.
func (b *batch) read(ctx context.Context, dir string) error {
	if err := readLines(ctx, b, dir, "spaces.jsonl", true, b.takeSpace); err != nil {
		return err
	}
	if err := readLines(ctx, b, dir, "campaigns.jsonl", false, func(row campaignRow, at place) {
		row.at = at
		b.asked[row.ID] = row
	}); err != nil {
		return err
	}
	if err := readLines(ctx, b, dir, "ideas.jsonl", true, b.takeIdea); err != nil {
		return err
	}
	if err := readLines(ctx, b, dir, "comments.jsonl", false, b.takeComment); err != nil {
		return err
	}
	if err := readLines(ctx, b, dir, "votes_sample.jsonl", false, b.takeVote); err != nil {
		return err
	}
	if err := readLines(ctx, b, dir, "threads.jsonl", false, b.takeThread); err != nil {
		return err
	}
	if err := readLines(ctx, b, dir, "replies.jsonl", false, b.takeReply); err != nil {
		return err
	}
	if err := readLines(ctx, b, dir, "articles.jsonl", false, b.takeArticle); err != nil {
		return err
	}
	b.answers()
	b.inOrder()
	b.plant()
	b.renderArticles()
	b.count()
	return nil
}

func (b *batch) takeSpace(row spaceRow, at place) {
	title, err := text.Title(row.Title)
	if row.ID == "" || err != nil {
		b.problem(at, "a space needs an id and a title")
		return
	}
	if runes := []rune(title); len(runes) > 100 {
		title = string(runes[:99]) + "…"
	}
	space := &models.Space{ID: b.knownSpaces[row.ID], Title: title, Description: row.Description, Visibility: models.Company, ImportRef: &row.ID}
	if space.Slug = models.Slug(title); space.Slug == "" {
		space.Slug = models.Slug(row.ID)
	}
	if err := space.Validate(); err != nil {
		b.problem(at, err.Error())
		return
	}
	b.spaces[row.ID] = space
}

// user is the pseudonymous member of a name in the data; without a name it is the anonymous one.
func (b *batch) user(name string) *models.User {
	ref := name
	if ref == "" {
		ref, name = "anonymous", "Anonyme"
	}
	if user := b.users[ref]; user != nil {
		return user
	}
	shown := strings.Join(strings.Fields(name), " ")
	if runes := []rune(shown); len(runes) > 100 {
		shown = string(runes[:99]) + "…"
	}
	user := &models.User{ID: b.knownUsers[ref], Name: shown, Role: models.RoleEmployee, ImportRef: &ref, CreatedAt: b.now}
	b.users[ref] = user
	if user.ID == 0 {
		b.newUsers = append(b.newUsers, user)
	}
	return user
}

func (b *batch) takeVote(row voteRow, at place) {
	idea := b.ideas[row.IdeaID]
	if idea == nil {
		b.problem(at, fmt.Sprintf("vote for idea %q, which is not in the data", row.IdeaID))
		return
	}
	if !idea.known {
		idea.supporters[b.user(row.Voter)] = true
	}
}

// answers ties comments to those that they answer, which may come later in the file. An answer to
// something that is not there, or to itself in a circle, stands by itself.
func (b *batch) answers() {
	for _, c := range slices.Concat(b.newComments, b.newReplies) {
		if c.answer == "" {
			continue
		}
		parent := b.comments[c.answer]
		if parent == nil || parent.idea != c.idea || parent.thread != c.thread || answersTo(parent, c) {
			b.note(c.at, fmt.Sprintf("answers %q, which does not stand where it does: kept without what it answers", c.answer))
			continue
		}
		c.parent = parent
	}
}

func answersTo(c, other *comment) bool {
	for ; c != nil; c = c.parent {
		if c == other {
			return true
		}
	}
	return false
}

func (b *batch) count() {
	r := b.report
	r.Ideas.New, r.Comments.New, r.People.New = len(b.newIdeas), len(b.newComments), len(b.newUsers)
	r.Threads.New, r.Replies.New = len(b.newThreads), len(b.newReplies)
	r.Collections.New, r.Articles.New = len(b.newCollections), len(b.newArticles)
	r.People.Known = len(b.users) - len(b.newUsers)
	for _, space := range b.spaces {
		if space.ID != 0 {
			r.Spaces.Known++
		}
	}
	r.Spaces.New = len(b.newSpaces)
	for _, idea := range b.newIdeas {
		idea.ImportedSupports = max(idea.votes-len(idea.supporters), 0)
		r.Supports.New += len(idea.supporters) + idea.ImportedSupports
	}
}

// use notes that a space is needed: the data also holds spaces for what Ruche does not import.
func (b *batch) use(space *models.Space) {
	if space.ID != 0 || slices.Contains(b.newSpaces, space) {
		return
	}
	for n := 2; slices.ContainsFunc(b.newSpaces, func(other *models.Space) bool { return other.Slug == space.Slug }); n++ {
		space.Slug = fmt.Sprintf("%s-%d", models.Slug(space.Title), n)
	}
	b.newSpaces = append(b.newSpaces, space)
}
