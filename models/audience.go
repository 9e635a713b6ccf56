package models

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Scene is where something is said and by whom: what the rule of following is asked about.
//
// The rule. Of all that somebody has said of the scene the nearest holds: of the thread, idea, article or event itself, of the person who writes, of the
// topic, of a tag, of the space. Of several tags mute comes first, then the closest level. Two things stand above that: who has muted a
// person hears nothing of what that person writes, wherever it is; and who follows any of those only because they wrote there,
// or ask the same, watches it still where something wider says so. Where nothing is said, it is normal.
//
//   - watch: each new post, and each new thread and idea, is a notice;
//   - follow: of a thread, an idea, an article or an event, its new posts are one notice with a count; of anything wider, each new thread and idea
//     is a notice, and their posts are none;
//   - normal: only what is said to them: mentions, and answers to what they wrote;
//   - mute: nothing, mentions included.
//
// What is said of a space holds in its restricted collections as well, for those who see them.
//
// New texts of an article are one notice with a count, for those who follow it and those who watch it or anything wider.
//
// Nobody hears of what they do not see, nor of what they do themselves. Somebody hidden writes as a mask, whom nobody follows, so that who
// follows the person behind it hears no more than anybody else.
type Scene struct {
	SpaceID  int64
	TopicID  *int64
	Tags     Tags
	AuthorID int64 // of the post or text; or of the thread or idea that is new
	ThreadID int64 // or
	IdeaID   int64 // or

	ArticleID   int64
	GatheringID int64
}

// SceneOfThread is a thread as the scene of what somebody writes there; ErrNotFound if it is withdrawn.
func (tx *Tx) SceneOfThread(id, authorID int64) (Scene, error) {
	scene := Scene{}
	err := tx.one(tx.ctx, &scene, "SELECT t.space_id, t.topic_id, t.tags, t.id AS thread_id FROM threads t WHERE t.id = ? AND t.state = 'published'", id)
	scene.AuthorID = authorID
	return scene, err
}

// SceneOf is the idea as the scene of what somebody writes there.
func (i *Idea) SceneOf(authorID int64) Scene {
	return Scene{SpaceID: i.SpaceID, Tags: i.Tags, AuthorID: authorID, IdeaID: i.ID}
}

// What somebody has said of a scene is a number: how near it is, ten times, and the level. What they follow by itself is below the level
// that they could choose there.
const (
	byItself   = 50
	mutePerson = 94
)

// code is the level in the number that a choice makes.
func (l FollowLevel) code() int {
	switch l {
	case LevelWatch:
		return 3
	case LevelFollow:
		return 2
	case LevelMute:
		return 4
	}
	return 1
}

// saidAt is the number that a choice of the table makes, at that distance.
func saidAt(table string, near int) string {
	return fmt.Sprintf("%d + CASE %s.level WHEN 'watch' THEN 3 WHEN 'follow' THEN 2 WHEN 'mute' THEN 4 ELSE 1 END", 10*near, table)
}

// ownCode is the number that somebody's row beside a thread, an article or a gathering makes, of which something is said there: see ownSaid.
func ownCode(table string) string {
	return "CASE WHEN " + table + ".level = 'follow' AND " + table + ".chosen_at IS NULL THEN " + strconv.Itoa(byItself) + " ELSE " + saidAt(table, nearThread) + " END"
}

// ownSaid is the condition that the row says something: others only keep how far somebody has read.
func ownSaid(table string) string {
	return "(" + table + ".level <> 'normal' OR " + table + ".chosen_at IS NOT NULL)"
}

// Distances, as saidAt takes them.
const (
	nearSpace  = 1
	nearTag    = 2
	nearTopic  = 3
	nearPerson = 4
	nearThread = 5
)

// audience finds who has said something of the scene, as rows of a person and the number that holds for them. With people it looks at
// those alone. Each part goes along an index of the target, so that it reads as many rows as there are followers.
func (tx *Tx) audience(scene Scene, people []int64) (text string, args []any) {
	var parts []string
	add := func(part, person string, arg ...any) {
		args = append(args, arg...)
		if people != nil {
			condition, list := tx.listed(person, people)
			part, args = part+" AND "+condition, append(args, list)
		}
		parts = append(parts, part)
	}
	add("SELECT f.user_id, "+saidAt("f", nearSpace)+" AS code FROM followings f WHERE f.space_id = ?", "f.user_id", scene.SpaceID)
	add("SELECT f.user_id, "+saidAt("f", nearSpace)+" FROM followings f WHERE f.space_id = (SELECT e.within_id FROM spaces e WHERE e.id = ?)", "f.user_id", scene.SpaceID)
	if len(scene.Tags) > 0 {
		add("SELECT f.user_id, "+saidAt("f", nearTag)+" FROM followings f WHERE f.tag IN ?", "f.user_id", []string(scene.Tags))
	}
	if scene.TopicID != nil {
		add("SELECT f.user_id, "+saidAt("f", nearTopic)+" FROM followings f WHERE f.topic_id = ?", "f.user_id", *scene.TopicID)
	}
	add("SELECT f.user_id, CASE WHEN f.level = 'mute' THEN "+strconv.Itoa(mutePerson)+" ELSE "+saidAt("f", nearPerson)+" END FROM followings f WHERE f.person_id IN (SELECT g.id FROM users g WHERE g.id = ? OR g.merged_into = ?)",
		"f.user_id", scene.AuthorID, scene.AuthorID)
	if scene.ThreadID != 0 {
		add("SELECT p.user_id, "+ownCode("p")+" FROM thread_people p WHERE p.thread_id = ? AND "+ownSaid("p"),
			"p.user_id", scene.ThreadID)
		add("SELECT h.user_id, "+ownCode("p")+` FROM threads t JOIN hidden_authors h ON h.mask_id = t.author_id
			JOIN thread_people p ON p.thread_id = t.id AND p.user_id = t.author_id WHERE t.id = ? AND `+ownSaid("p"), "h.user_id", scene.ThreadID) // who began it hidden hears of it too
	}
	if scene.IdeaID != 0 {
		add("SELECT b.user_id, "+strconv.Itoa(byItself)+" FROM (SELECT "+behind("w.user_id")+" AS user_id FROM follows w WHERE w.idea_id = ?) b WHERE 1 = 1", "b.user_id", scene.IdeaID)
	}
	if scene.ArticleID != 0 {
		add("SELECT p.user_id, "+ownCode("p")+" FROM article_people p WHERE p.article_id = ? AND "+ownSaid("p"),
			"p.user_id", scene.ArticleID)
	}
	if scene.GatheringID != 0 {
		add("SELECT p.user_id, "+ownCode("p")+" FROM gathering_people p WHERE p.gathering_id = ? AND "+ownSaid("p"),
			"p.user_id", scene.GatheringID)
	}
	return `SELECT a.user_id, CASE WHEN a.code <> ` + strconv.Itoa(byItself) + ` THEN a.code WHEN a.wider % 10 = 3 THEN a.wider ELSE ` + strconv.Itoa(byItself+2) + ` END AS code
		FROM (SELECT l.user_id, max(l.code) AS code, max(CASE WHEN l.code < ` + strconv.Itoa(byItself) + ` THEN l.code ELSE 0 END) AS wider
			FROM (` + strings.Join(parts, " UNION ALL ") + `) l GROUP BY l.user_id) a`, args
}

// listed is the condition that a column is among some numbers, as one argument: they may be thousands.
func (q Queries) listed(column string, ids []int64) (condition string, list any) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	list = strings.Join(texts, ",")
	if q.postgres() {
		return column + " = ANY (string_to_array(?, ',')::bigint[])", list
	}
	return column + " IN (SELECT value FROM json_each('[' || ? || ']'))", list
}

// hearers are those of the audience, as a, who see the scene and can be told, as the person u, except some people.
func (tx *Tx) hearers(scene Scene, actorID int64, except []int64) (from string, args []any) {
	audience, args := tx.audience(scene, nil)
	here, now := tx.here()
	told, list := tx.listed("u.id", except)
	return " FROM (" + audience + ") a JOIN users u ON u.id = a.user_id JOIN spaces s ON s.id = ? LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = u.id WHERE " + sees +
		" AND u.import_ref IS NULL AND NOT u.service AND " + here + " AND NOT (" + told + ") AND u.id <> " + behind("?"), append(args, scene.SpaceID, now, list, actorID, actorID)
}

// Hearing leaves out of some people those to whom the scene is muted.
func (tx *Tx) Hearing(scene Scene, people []int64) ([]int64, error) {
	if len(people) == 0 {
		return people, nil
	}
	audience, args := tx.audience(scene, people)
	var muted []int64
	if err := tx.raw(tx.ctx, &muted, "SELECT a.user_id FROM ("+audience+") a WHERE a.code % 10 = 4", args...); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(people), func(id int64) bool { return slices.Contains(muted, id) }), nil
}

// NotifyBegun tells those who watch or follow where a thread or an idea is new, except the given people.
func (tx *Tx) NotifyBegun(notice Notice, scene Scene, except []int64) error {
	return tx.notifyFollowers(notice, scene, except, "a.code % 10 IN (2, 3) AND a.code < "+strconv.Itoa(byItself))
}

// NotifyPost tells of a post in a thread or under an idea, an article or a gathering, except the given people: those who watch, of each; those who follow the
// thread, idea, article or gathering itself, of all that they have not read at once.
func (tx *Tx) NotifyPost(notice Notice, scene Scene, except []int64) error {
	if err := tx.notifyFollowers(notice, scene, except, "a.code % 10 = 3"); err != nil {
		return err
	}
	from, args := tx.hearers(scene, notice.ActorID, except)
	notice.Via, notice.ViaLevel = scene.itself(), LevelFollow
	return tx.notifyMany(notice, "SELECT u.id AS user_id"+from+" AND a.code = "+strconv.Itoa(byItself+2), args...)
}

// NotifyVersion tells of another text of an article, except the given people: of all the texts that they have not read at once.
func (tx *Tx) NotifyVersion(notice Notice, scene Scene, except []int64) error {
	for _, level := range []struct {
		via  FollowLevel
		code string
	}{{LevelFollow, strconv.Itoa(byItself + 2)}, {LevelWatch, strconv.Itoa(byItself + 3)}} {
		from, args := tx.hearers(scene, notice.ActorID, except)
		notice.Via, notice.ViaLevel = FollowedArticle, level.via
		if err := tx.notifyMany(notice, "SELECT u.id AS user_id"+from+" AND a.code = "+level.code, args...); err != nil {
			return err
		}
	}
	return nil
}

// itself is what the scene is, as somebody follows it.
func (s Scene) itself() Followed {
	switch {
	case s.IdeaID != 0:
		return FollowedIdea
	case s.ArticleID != 0:
		return FollowedArticle
	case s.GatheringID != 0:
		return FollowedGathering
	}
	return FollowedThread
}

// notifyFollowers adds a notice for each of the audience whom a condition chooses, with the reason why they get it.
func (tx *Tx) notifyFollowers(notice Notice, scene Scene, except []int64, condition string) error {
	from, args := tx.hearers(scene, notice.ActorID, except)
	tag, tags := "''", []any{}
	if len(scene.Tags) > 0 {
		tag = "CASE WHEN a.code / 10 = " + strconv.Itoa(nearTag) + " THEN coalesce((SELECT min(f.tag) FROM followings f WHERE f.user_id = u.id AND f.tag IN ? AND f.level = CASE a.code % 10 WHEN 3 THEN 'watch' ELSE 'follow' END), '') ELSE '' END"
		tags = append(tags, []string(scene.Tags))
	}
	_, err := tx.exec(`INSERT INTO notices (user_id, kind, actor_id, idea_id, thread_id, article_id, gathering_id, post_id, count, via, via_level, via_tag, created_at)
		SELECT u.id, ?, ?, ?, ?, ?, ?, ?, 1, CASE a.code / 10 WHEN `+strconv.Itoa(nearSpace)+` THEN 'space' WHEN `+strconv.Itoa(nearTag)+` THEN 'tag' WHEN `+strconv.Itoa(nearTopic)+` THEN 'topic' WHEN `+strconv.Itoa(nearPerson)+` THEN 'person' ELSE '`+string(scene.itself())+`' END,
			CASE a.code % 10 WHEN 3 THEN 'watch' ELSE 'follow' END, `+tag+`, ?`+from+" AND "+condition,
		slices.Concat([]any{notice.Kind, notice.ActorID, orNil(notice.IdeaID), orNil(notice.ThreadID), orNil(notice.ArticleID), orNil(notice.GatheringID), notice.PostID}, tags, []any{notice.CreatedAt}, args)...)
	return err
}
