package models

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// TrashCard is an article in the trash of its space.
type TrashCard struct {
	ArticleCard
	AuthorID    int64
	WithdrawnBy *int64
	RemoverName string // who took it out of sight
	RemoverRole Role
	Along       int // how many articles went with it
}

// TrashKey is the place in a list of the trash after which the next page begins.
type TrashKey struct {
	At time.Time
	ID int64
}

// TrashQuery says of what the trash is listed: a space, or a collection of it.
type TrashQuery struct {
	SpaceID      int64
	CollectionID int64 // 0 for all
	After        *TrashKey
	Limit        int
}

// Trash lists what was taken out of a space that the actor sees, the restricted collections in it that they see among them, the latest first:
// to moderators all of it, to others what they took out themselves. What went along with another article is not listed, nor what was erased with its author.
func (q Queries) Trash(ctx context.Context, actor *Actor, query TrashQuery) (cards []TrashCard, err error) {
	seen, list := q.visible(actor, "a.space_id")
	in, spaces := "a.space_id = ?", any(query.SpaceID)
	if inner := actor.EnclosuresIn(query.SpaceID); len(inner) > 0 {
		in, spaces = "a.space_id IN ?", append(inner, query.SpaceID)
	}
	condition, args := in+" AND a.state = 'withdrawn' AND a.withdrawn_with = a.id AND a.title <> '–' AND "+seen, []any{spaces, list}
	if query.CollectionID != 0 {
		condition, args = condition+" AND a.collection_id = ?", append(args, query.CollectionID)
	}
	if !actor.Can(Moderate, &Space{ID: query.SpaceID}) {
		condition, args = condition+" AND a.author_id = ? AND a.withdrawn_by = ?", append(args, actor.ID, actor.ID)
	}
	if query.After != nil {
		condition, args = condition+" AND (a.withdrawn_at, a.id) < (?, ?)", append(args, query.After.At.UTC(), query.After.ID)
	}
	err = q.raw(ctx, &cards, `SELECT a.id, a.space_id, a.collection_id, c.title AS collection_title, a.title, a.lang, a.author_id, a.withdrawn_at, a.withdrawn_by,
		coalesce(u.name, '') AS remover_name, coalesce(`+standing+`, '') AS remover_role, (SELECT count(*) FROM articles g WHERE g.withdrawn_with = a.id) - 1 AS along
		FROM articles a JOIN collections c ON c.id = a.collection_id LEFT JOIN users u ON u.id = a.withdrawn_by WHERE `+condition+" ORDER BY a.withdrawn_at DESC, a.id DESC LIMIT "+strconv.Itoa(query.Limit), args...)
	if err != nil {
		return nil, fmt.Errorf("trash of space %d: %w", query.SpaceID, err)
	}
	return cards, nil
}

// HasTwin tells whether another published article beside one has its title.
func (q Queries) HasTwin(ctx context.Context, article *Article) (has bool, err error) {
	condition, of := under(article.CollectionID, orZero(article.ParentID))
	return has, q.raw(ctx, &has, "SELECT EXISTS (SELECT 1 FROM articles a WHERE "+condition+" AND a.title = ? AND a.id <> ?)", of, article.Title, article.ID)
}

// purgeBatch is how many articles one transaction removes for good, unless those that went together are more.
const purgeBatch = 200

// purgeArticles removes some of what has been in the trash for too long, with all that hangs on it. What went together goes together, so
// that nothing can be brought back in part. removed is how many articles it was.
func (tx *Tx) purgeArticles(days int) (removed int64, err error) {
	_, _, condition, args := tx.spent(PeriodTrash, days)
	lock := ""
	if tx.postgres() { // whoever brings one back meanwhile waits, and finds it gone
		lock = " FOR UPDATE"
	}
	var tops []Article
	err = tx.raw(tx.ctx, &tops, "SELECT id, space_id FROM articles WHERE "+condition+" ORDER BY withdrawn_at, id LIMIT "+strconv.Itoa(purgeBatch)+lock, args...)
	if err != nil || len(tops) == 0 {
		return 0, err
	}
	roots := make([]int64, len(tops))
	for i := range tops {
		roots[i] = tops[i].ID
	}
	var rows []struct{ ID, Root int64 }
	if err := tx.raw(tx.ctx, &rows, "SELECT id, withdrawn_with AS root FROM articles WHERE withdrawn_with IN ? ORDER BY withdrawn_with, id"+lock, roots); err != nil {
		return 0, err
	}
	groups := map[int64][]int64{}
	for _, row := range rows {
		groups[row.Root] = append(groups[row.Root], row.ID)
	}
	var ids []int64
	var events []Event
	for i := range tops {
		if len(ids) > 0 && len(ids)+len(groups[tops[i].ID]) > purgeBatch {
			break
		}
		ids = append(ids, groups[tops[i].ID]...)
		events = append(events, Event{At: tx.now, Verb: ArticlePurged, SpaceID: tops[i].SpaceID, Subject: "article", SubjectID: tops[i].ID})
	}
	for some := range slices.Chunk(ids, purgeBatch) {
		if err := tx.strip(some); err != nil {
			return 0, fmt.Errorf("remove %d articles: %w", len(some), err)
		}
	}
	for some := range slices.Chunk(ids, purgeBatch) { // after the last of them names another
		if _, err := tx.exec("DELETE FROM articles WHERE id IN ?", some); err != nil {
			return 0, err
		}
	}
	return int64(len(ids)), tx.RecordAll(events)
}

// Hanging is what becomes of the rows that hang on articles, in an order in which nothing names what is gone. Files become those of
// nobody, whose bytes the sweep of files then removes; what stood under an article and is in the trash by itself comes back at the top.
func Hanging() []string {
	const posts = "(SELECT p.id FROM posts p WHERE p.article_id IN ?)"
	const drafts = "(SELECT d.id FROM article_drafts d WHERE d.article_id IN ?)"
	const passages = "(SELECT p.id FROM passages p WHERE p.article_id IN ?)"
	const draftPassages = "(SELECT p.id FROM passages p WHERE p.draft_id IN " + drafts + ")"
	return []string{
		"DELETE FROM notices WHERE post_id IN " + posts,
		"DELETE FROM notices WHERE article_id IN ?",
		"DELETE FROM text_links WHERE post_id IN " + posts,
		"DELETE FROM text_links WHERE article_id IN ?",
		"DELETE FROM text_references WHERE post_id IN " + posts,
		"DELETE FROM text_references WHERE article_id IN ?",
		"DELETE FROM thread_shift_posts WHERE post_id IN " + posts,
		"UPDATE posts SET parent_id = NULL WHERE article_id IN ? AND parent_id IS NOT NULL",
		"DELETE FROM posts WHERE article_id IN ?",
		"UPDATE files SET draft_id = NULL, space_id = NULL WHERE draft_id IN " + drafts,
		"UPDATE files SET article_id = NULL, space_id = NULL WHERE article_id IN ?",
		"DELETE FROM house_notices WHERE draft_id IN " + drafts,
		"DELETE FROM article_reviews WHERE draft_id IN " + drafts,
		"DELETE FROM passage_words WHERE passage_id IN " + draftPassages,
		"DELETE FROM passages WHERE draft_id IN " + drafts,
		"DELETE FROM passage_words WHERE passage_id IN " + passages,
		"DELETE FROM passages WHERE article_id IN ?",
		"DELETE FROM article_drafts WHERE article_id IN ?",
		"UPDATE article_drafts SET parent_id = NULL WHERE parent_id IN ?",
		"DELETE FROM article_tags WHERE article_id IN ?",
		"DELETE FROM article_blame WHERE article_id IN ?",
		"DELETE FROM article_version_names WHERE article_id IN ?",
		"DELETE FROM article_versions WHERE article_id IN ?",
		"DELETE FROM expertise_evidence WHERE article_id IN ?",
		"UPDATE terms SET article_id = NULL WHERE article_id IN ?",
		"UPDATE term_versions SET article_id = NULL WHERE article_id IN ?",
		"DELETE FROM article_origins WHERE article_id IN ?",
		"DELETE FROM article_people WHERE article_id IN ?",
		"DELETE FROM article_verifications WHERE article_id IN ?",
		"DELETE FROM article_stars WHERE article_id IN ?",
		"DELETE FROM article_reads WHERE article_id IN ?",
		"DELETE FROM article_feedback WHERE article_id IN ?",
		"UPDATE legal_holds SET article_id = NULL WHERE article_id IN ? AND released_at IS NOT NULL",
		"UPDATE articles SET parent_id = NULL WHERE parent_id IN ?",
		"UPDATE articles SET withdrawn_with = NULL WHERE id IN ?",
	}
}

// strip takes everything away that hangs on articles which are about to go.
func (tx *Tx) strip(ids []int64) error {
	for _, statement := range Hanging() {
		if _, err := tx.exec(statement, ids); err != nil {
			return err
		}
	}
	return nil
}

// dropDrafts removes some of the drafts of articles that were thrown away long ago.
func (tx *Tx) dropDrafts(days int) (removed int64, err error) {
	_, _, condition, args := tx.spent(PeriodArticleDrafts, days)
	lock := ""
	if tx.postgres() { // whoever takes one up again meanwhile waits, and finds it gone
		lock = " FOR UPDATE"
	}
	var ids []int64
	if err := tx.raw(tx.ctx, &ids, "SELECT id FROM article_drafts WHERE "+condition+" ORDER BY ended_at, id LIMIT "+strconv.Itoa(eraseBatch)+lock, args...); err != nil || len(ids) == 0 {
		return 0, err
	}
	for _, statement := range []string{
		"UPDATE files SET draft_id = NULL, space_id = NULL WHERE draft_id IN ?", "DELETE FROM house_notices WHERE draft_id IN ?", "DELETE FROM article_reviews WHERE draft_id IN ?",
		"DELETE FROM passage_words WHERE passage_id IN (SELECT p.id FROM passages p WHERE p.draft_id IN ?)", "DELETE FROM passages WHERE draft_id IN ?",
	} {
		if _, err := tx.exec(statement, ids); err != nil {
			return 0, err
		}
	}
	return tx.exec("DELETE FROM article_drafts WHERE id IN ? AND state = 'dropped'", ids)
}

// VersionBefore is the number of the version before one of an article that the actor has loaded, as far as it is kept: 0 for none.
func (q Queries) VersionBefore(ctx context.Context, articleID int64, number int) (before int, err error) {
	return before, q.raw(ctx, &before, "SELECT coalesce(max(number), 0) FROM article_versions WHERE article_id = ? AND number < ?", articleID, min(number, mostVersions))
}

// latestVersions is how many of the latest versions of an article stay whole, however old they are.
const latestVersions = 20

// spentVersions is the condition that an old version of an article need not stay: it is neither the first nor one of the latest, nobody has named or
// verified it, no draft or open doubt goes by it, and the same person saved another one later on the same day.
func (q Queries) spentVersions() string {
	day := func(of string) string {
		if q.postgres() {
			return "CAST(" + of + ".created_at AT TIME ZONE 'UTC' AS DATE)"
		}
		return "substr(" + of + ".created_at, 1, 10)"
	}
	const v = "article_versions"
	return `number > 1 AND created_at < ? AND number <= (SELECT a.version FROM articles a WHERE a.id = article_versions.article_id) - ` + strconv.Itoa(latestVersions) + `
		AND NOT EXISTS (SELECT 1 FROM article_version_names n WHERE n.article_id = article_versions.article_id AND n.number = article_versions.number)
		AND NOT EXISTS (SELECT 1 FROM article_verifications f WHERE f.article_id = article_versions.article_id AND f.version = article_versions.number)
		AND NOT EXISTS (SELECT 1 FROM article_drafts d WHERE d.article_id = article_versions.article_id AND d.base_version = article_versions.number AND d.state = 'open')
		AND NOT EXISTS (SELECT 1 FROM article_feedback b WHERE b.article_id = article_versions.article_id AND b.version = article_versions.number AND b.state = 'open')
		AND EXISTS (SELECT 1 FROM article_versions l WHERE l.article_id = article_versions.article_id AND l.number > article_versions.number AND l.editor_id = article_versions.editor_id
			AND ` + day("l") + " = " + day(v) + ")"
}
