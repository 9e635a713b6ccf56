package models

import (
	"context"
	"fmt"
	"regexp"
	"time"
)

// Kind says why a person gets a notice.
type Kind string

// Kinds of notices.
const (
	NoticeComment       Kind = "comment"             // someone commented on an idea or an article that you follow
	NoticePost          Kind = "post"                // someone wrote in a thread that you follow
	NoticeThread        Kind = "thread"              // someone began a thread where you follow what is new
	NoticeIdea          Kind = "idea"                // or posted an idea
	NoticeSolved        Kind = "solved"              // your answer to a question is accepted
	NoticeReply         Kind = "reply"               // someone answered your comment
	NoticeMention       Kind = "mention"             // someone named you
	NoticeVersion       Kind = "version"             // an article that you follow has another text
	NoticeDoubt         Kind = "doubt"               // somebody doubts an article that you answer for
	NoticeDoubtAnswered Kind = "doubt_answered"      // a doubt of yours was dealt with
	NoticePassage       Kind = "passage"             // somebody says something of a passage of an article that you answer for, or have spoken of
	NoticeMoved         Kind = "gathering_moved"     // an event to which you come takes place at another time or elsewhere
	NoticeCancelled     Kind = "gathering_cancelled" // or does not
	NoticeResumed       Kind = "gathering_resumed"   // or does after all
	NoticePlace         Kind = "gathering_place"     // there is a place for you now
	NoticeNear          Kind = "gathering_near"      // it is near
	NoticeSupport       Kind = "support"             // people support your idea
	NoticeStage         Kind = "stage"               // an idea that you follow has come to a stage
	NoticeProject       Kind = "project"             // there is news of the project that carries out an idea that you follow
	NoticeThanks        Kind = "thanks"              // an idea in which you had a part is carried out

	NoticeAuthorAsked    Kind = "author_asked"    // someone asks you to sign an idea with them
	NoticeAuthorJoined   Kind = "author_joined"   // whom you asked does
	NoticeAuthorDeclined Kind = "author_declined" // or does not
	NoticeAuthorLeft     Kind = "author_left"     // a co-author of yours signs no longer
	NoticeAuthorRemoved  Kind = "author_removed"  // nor do you

	NoticeAnswered  Kind = "answered"  // an idea that concerns you has an official answer
	NoticeEvaluated Kind = "evaluated" // what came of the evaluation of your idea is published
	NoticeReopened  Kind = "reopened"  // one that concerns you, or that you may answer, is back before those who decide

	NoticeAmendment         Kind = "amendment"          // somebody proposes another text for your idea
	NoticeAmendmentAccepted Kind = "amendment_accepted" // yours has become the text of an idea
	NoticeAmendmentRejected Kind = "amendment_rejected" // or has not

	NoticeMergeAsked   Kind = "merge_asked"   // your idea is to go on in another one
	NoticeMergeRefused Kind = "merge_refused" // whom you asked that says no
	NoticeIdeaMerged   Kind = "idea_merged"   // an idea that concerns you goes on in another one
	NoticeIdeaJoined   Kind = "idea_joined"   // another one goes on in yours
	NoticeIdeaParted   Kind = "idea_parted"   // one that concerns you goes its own way again
)

// Notice tells a person that something happened which concerns them. Unread ones of the same
// kind about the same idea, thread, article or gathering are one, with a count.
type Notice struct {
	ID        int64
	UserID    int64
	Kind      Kind
	ActorID   int64
	IdeaID    int64 // that it is about, or
	ThreadID  int64 // or
	ArticleID int64
	PostID    *int64
	GroupID   *int64 // through which somebody was named
	Count     int
	Via       Followed // through which it came: empty where it came for another reason than following
	ViaLevel  FollowLevel
	ViaTag    string
	CreatedAt time.Time
	ReadAt    *time.Time

	GatheringID int64 // that it is about
}

// About names what the notice is about.
func (n *Notice) About() About {
	return About{Idea: n.IdeaID, Thread: n.ThreadID, Article: n.ArticleID, Gathering: n.GatheringID}
}

// NoticeCard is a notice as its page shows it.
type NoticeCard struct {
	Notice
	ActorName string
	ActorRole Role
	IdeaTitle string     // or that of the thread, article or gathering
	StartsAt  *time.Time // of the gathering
	IdeaStage Stage
	Answer    DecisionKind
	ProjectID int64 // that carries out the idea; 0 for none
	SpaceID   int64
	GroupName string // that was named; empty for none, or one that is gone
	TopicID   int64  // of the thread; 0 for none
	TopicName string
	TopicSlug string
	Excerpt   string // the beginning of the comment, as Markdown
}

// Path is the address of what the notice is about.
func (n *NoticeCard) Path() string {
	switch {
	case n.Kind == NoticeAuthorAsked, n.Kind == NoticeAuthorDeclined:
		return fmt.Sprintf("/ideas/%d/coauthors", n.IdeaID)
	case n.Kind == NoticeProject && n.ProjectID != 0:
		return fmt.Sprintf("/projects/%d", n.ProjectID)
	case n.Kind == NoticeThanks && n.ProjectID != 0:
		return fmt.Sprintf("/projects/%d/thanks", n.ProjectID)
	case n.Kind == NoticeAmendment, n.Kind == NoticeAmendmentRejected:
		return fmt.Sprintf("/ideas/%d/amendments", n.IdeaID)
	}
	switch {
	case n.Kind == NoticeDoubt, n.Kind == NoticeDoubtAnswered:
		return fmt.Sprintf("/articles/%d/doubts", n.ArticleID)
	case n.Kind == NoticePassage:
		return fmt.Sprintf("/articles/%d/passages", n.ArticleID)
	case n.PostID != nil:
		return n.About().Post(*n.PostID)
	case n.ThreadID != 0:
		return ThreadPath(n.ThreadID, n.IdeaTitle)
	case n.ArticleID != 0:
		return ArticlePath(n.ArticleID, n.IdeaTitle)
	case n.GatheringID != 0:
		return GatheringPath(n.GatheringID, n.IdeaTitle)
	}
	return IdeaPath(n.IdeaID, n.IdeaTitle)
}

var (
	markdownLinks = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
	markdownMarks = regexp.MustCompile("[*_`>#]+")
)

// excerptWords is how many characters of a comment a notice shows.
const excerptWords = 180

// Words is the beginning of the comment without the marks of Markdown.
func (n *NoticeCard) Words() string { return excerpt(n.Excerpt, excerptWords) }

// readableNotice is the condition that the notice n is about an idea, a thread, an article or a gathering that its reader may still see. Each is looked up
// by itself: PostgreSQL would rather read all the ideas and join them.
func (q Queries) readableNotice(actor *Actor) (condition string, args []any) {
	seen, list := q.visible(actor, "i.space_id")
	inThread, _ := q.visible(actor, "t.space_id")
	inArticle, _ := q.visible(actor, "a.space_id")
	inGathering, _ := q.visible(actor, "ga.space_id")
	return "n.user_id = ? AND (EXISTS (SELECT 1 FROM ideas i WHERE i.id = n.idea_id AND i.state = 'published' AND " + seen + ` LIMIT 1 OFFSET 0)
		OR EXISTS (SELECT 1 FROM threads t WHERE t.id = n.thread_id AND t.state = 'published' AND ` + inThread + ` LIMIT 1 OFFSET 0)
		OR EXISTS (SELECT 1 FROM articles a WHERE a.id = n.article_id AND a.state = 'published' AND ` + inArticle + ` LIMIT 1 OFFSET 0)
		OR EXISTS (SELECT 1 FROM gatherings ga WHERE ga.id = n.gathering_id AND ga.state = 'published' AND ` + inGathering + " LIMIT 1 OFFSET 0))", []any{actor.ID, list, list, list, list}
}

// noticeCards are the columns of the cards of some notices n, and what those come from.
const noticeCards = `SELECT n.*, u.name AS actor_name, ` + standing + ` AS actor_role, coalesce(i.title, t.title, a.title, ga.title) AS idea_title, ga.starts_at, coalesce(i.stage, '') AS idea_stage, coalesce(i.answer, '') AS answer, coalesce(r.id, 0) AS project_id,
	coalesce(i.space_id, t.space_id, a.space_id, ga.space_id) AS space_id, coalesce(g.name, '') AS group_name,
	coalesce(o.id, 0) AS topic_id, coalesce(o.title, '') AS topic_name, coalesce(o.slug, '') AS topic_slug, coalesce(substr(c.body, 1, 300), '') AS excerpt
	FROM (SELECT n.* FROM notices n WHERE `

const noticeJoins = ` ORDER BY n.id DESC LIMIT ?) n LEFT JOIN ideas i ON i.id = n.idea_id LEFT JOIN threads t ON t.id = n.thread_id LEFT JOIN articles a ON a.id = n.article_id LEFT JOIN gatherings ga ON ga.id = n.gathering_id LEFT JOIN topics o ON o.id = t.topic_id JOIN users u ON u.id = n.actor_id
	LEFT JOIN posts c ON c.id = n.post_id AND c.removed_at IS NULL LEFT JOIN projects r ON r.idea_id = n.idea_id
	LEFT JOIN groups g ON g.id = n.group_id AND g.deleted_at IS NULL ORDER BY n.id DESC`

// Notices lists a person's notices, newest first, before the given id (0 for the start).
func (q Queries) Notices(ctx context.Context, actor *Actor, before int64, limit int) (cards []NoticeCard, err error) {
	if before == 0 {
		before = 1 << 62
	}
	condition, args := q.readableNotice(actor)
	return cards, q.raw(ctx, &cards, noticeCards+condition+" AND n.id < ?"+noticeJoins, append(args, before, limit)...)
}

// maxUnread is where counting stops: who has that many to read does not count them, and every page looks up the idea of each.
const maxUnread = 10

// Unread is how many notices a person has not read, at most maxUnread. Each idea is looked up by itself, and no more than
// are counted: PostgreSQL would rather read all the ideas of the spaces and join them.
func (q Queries) Unread(ctx context.Context, actor *Actor) (n int, err error) {
	seen, list := q.visible(actor, "i.space_id")
	inThread, _ := q.visible(actor, "t.space_id")
	inArticle, _ := q.visible(actor, "a.space_id")
	inGathering, _ := q.visible(actor, "ga.space_id")
	about, args := q.readableSpaceNotice(actor)
	told, more := q.readableHouseNotice(actor)
	args = append(append(append([]any{actor.ID, list, actor.ID, list, actor.ID, list, actor.ID, list, actor.ID}, more...), args...), maxUnread)
	return n, q.raw(ctx, &n, `SELECT count(*) FROM (SELECT 1 FROM notices n WHERE n.user_id = ? AND n.read_at IS NULL
			AND EXISTS (SELECT 1 FROM ideas i WHERE i.id = n.idea_id AND i.state = 'published' AND `+seen+` LIMIT 1 OFFSET 0)
		UNION ALL SELECT 1 FROM notices n WHERE n.user_id = ? AND n.read_at IS NULL AND n.thread_id IS NOT NULL
			AND EXISTS (SELECT 1 FROM threads t WHERE t.id = n.thread_id AND t.state = 'published' AND `+inThread+` LIMIT 1 OFFSET 0)
		UNION ALL SELECT 1 FROM notices n WHERE n.user_id = ? AND n.read_at IS NULL AND n.article_id IS NOT NULL
			AND EXISTS (SELECT 1 FROM articles a WHERE a.id = n.article_id AND a.state = 'published' AND `+inArticle+` LIMIT 1 OFFSET 0)
		UNION ALL SELECT 1 FROM notices n WHERE n.user_id = ? AND n.read_at IS NULL AND n.gathering_id IS NOT NULL
			AND EXISTS (SELECT 1 FROM gatherings ga WHERE ga.id = n.gathering_id AND ga.state = 'published' AND `+inGathering+` LIMIT 1 OFFSET 0)
		UNION ALL SELECT 1 FROM house_notices h WHERE h.user_id = ? AND h.read_at IS NULL AND `+told+`
		UNION ALL SELECT 1 FROM space_notices n JOIN spaces s ON s.id = n.space_id WHERE `+about+` AND n.read_at IS NULL LIMIT ?) t`, args...)
}

// Notify adds a notice for one person.
func (tx *Tx) Notify(notice Notice) error {
	return tx.notifyEach(notice, "SELECT u.id AS user_id FROM users u WHERE u.id = ?", notice.UserID)
}

// notifyEach adds a notice for everyone whom who selects, as notifyMany does, and bundles nothing.
func (tx *Tx) notifyEach(notice Notice, who string, args ...any) error {
	_, err := tx.exec(`INSERT INTO notices (user_id, kind, actor_id, idea_id, thread_id, article_id, gathering_id, post_id, count, created_at)
		SELECT w.user_id, ?, ?, ?, ?, ?, ?, ?, 1, ? FROM (SELECT DISTINCT `+behind("t.user_id")+` AS user_id FROM (`+who+`) t) w`,
		append([]any{notice.Kind, notice.ActorID, orNil(notice.IdeaID), orNil(notice.ThreadID), orNil(notice.ArticleID), orNil(notice.GatheringID), notice.PostID, notice.CreatedAt}, args...)...)
	return err
}

// notifyMany adds a notice for everyone whom who selects: a query for user ids, of which a mask stands for whoever is behind it. What someone has not
// read yet of the same kind about the same idea, thread, article or gathering becomes one notice with a higher count, the newest in
// their list. Only the reader of the event log calls it, one at a time.
func (tx *Tx) notifyMany(notice Notice, who string, args ...any) error {
	var last int64
	if err := tx.raw(tx.ctx, &last, "SELECT coalesce(max(id), 0) FROM notices"); err != nil {
		return err
	}
	_, id := notice.About().named()
	about := notice.About().column()
	added, err := tx.exec(`INSERT INTO notices (user_id, kind, actor_id, `+about+`, post_id, count, via, via_level, created_at)
		SELECT w.user_id, ?, ?, ?, ?, coalesce(n.count, 0) + 1, ?, ?, ?
		FROM (SELECT DISTINCT `+behind("t.user_id")+` AS user_id FROM (`+who+`) t) w LEFT JOIN notices n ON n.user_id = w.user_id AND n.`+about+` = ? AND n.kind = ? AND n.read_at IS NULL AND n.id <= ?`,
		append(append([]any{notice.Kind, notice.ActorID, id, notice.PostID, notice.Via, notice.ViaLevel, notice.CreatedAt}, args...), id, notice.Kind, last)...)
	if err != nil || added == 0 {
		return err
	}
	// From the new ones on: of a thread that ten thousand people watch there may be many more notices than these replace.
	_, err = tx.exec(`DELETE FROM notices WHERE id IN (SELECT o.id FROM notices n JOIN notices o ON o.user_id = n.user_id AND o.`+about+` = n.`+about+` AND o.kind = n.kind AND o.read_at IS NULL AND o.id <= ?
		WHERE n.id > ? AND n.`+about+` = ? AND n.kind = ?)`, last, last, id, notice.Kind)
	return err
}

// NotifyFollowers tells those who follow an idea, except the given persons.
func (tx *Tx) NotifyFollowers(notice Notice, except []int64) error {
	return tx.notifyMany(notice, "SELECT f.user_id FROM follows f WHERE f.idea_id = ? AND f.user_id NOT IN ? AND "+behind("f.user_id")+" NOT IN ?", notice.IdeaID, except, except)
}

// NotifyAuthor tells the author of an idea, unless they did it themselves.
func (tx *Tx) NotifyAuthor(notice Notice) error {
	return tx.notifyMany(notice, "SELECT i.author_id AS user_id FROM ideas i WHERE i.id = ? AND i.author_id <> ? AND "+authorBehind+" <> ?", notice.IdeaID, notice.ActorID, notice.ActorID)
}

// LastNoticeID is the id of the newest notice, 0 if there is none.
func (q Queries) LastNoticeID(ctx context.Context) (id int64, err error) {
	return id, q.raw(ctx, &id, "SELECT coalesce(max(id), 0) FROM notices")
}

// NoticedSince are the persons who got a notice after the given one, and the newest notice's id.
// It is for the live counters, which tell them to ask for the number.
func (q Queries) NoticedSince(ctx context.Context, id int64) (users []int64, last int64, err error) {
	if last, err = q.LastNoticeID(ctx); err != nil || last <= id {
		return nil, id, err
	}
	return users, last, q.raw(ctx, &users, "SELECT DISTINCT user_id FROM notices WHERE id > ? AND id <= ?", id, last)
}

// ReadNotices marks a person's notices as read: all of them, or with an idea only those about it.
func (tx *Tx) ReadNotices(userID, ideaID int64) (changed int64, err error) {
	if ideaID != 0 {
		return tx.exec("UPDATE notices SET read_at = ? WHERE user_id = ? AND idea_id = ? AND read_at IS NULL", tx.now, userID, ideaID)
	}
	if changed, err = tx.exec("UPDATE house_notices SET read_at = ? WHERE user_id = ? AND read_at IS NULL", tx.now, userID); err != nil {
		return changed, err
	}
	more, err := tx.exec("UPDATE notices SET read_at = ? WHERE user_id = ? AND read_at IS NULL", tx.now, userID)
	return changed + more, err
}

// Question is the notice that most wants an answer: the newest unread reply or mention, nil if there is none.
func (q Queries) Question(ctx context.Context, actor *Actor) (*NoticeCard, error) {
	condition, args := q.readableNotice(actor)
	var cards []NoticeCard
	err := q.raw(ctx, &cards, noticeCards+condition+" AND n.read_at IS NULL AND n.kind IN ('reply', 'mention')"+noticeJoins, append(args, 1)...)
	if err != nil || len(cards) == 0 {
		return nil, err
	}
	return &cards[0], nil
}
