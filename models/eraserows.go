package models

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// eraseBatch is how many rows one transaction of an erasure changes.
const eraseBatch = 200

// RemoveContributions takes some of a person's ideas and messages away, with their texts; done is true when none are left. What others
// wrote below an idea stays out of sight with it. An idea that others sign too becomes theirs.
func (tx *Tx) RemoveContributions(userID int64) (done bool, err error) {
	events, err := tx.handOver(userID)
	if err != nil {
		return false, err
	}
	if err := tx.eraseAmendments(userID); err != nil {
		return false, err
	}
	handed := len(events)
	var ideas []Idea
	if err := tx.raw(tx.ctx, &ideas, "SELECT i.id, i.space_id FROM ideas i WHERE (i.author_id = ? OR "+hides+") AND i.body <> '' AND "+coAuthorCount+" = 0 ORDER BY i.id LIMIT ?", userID, userID, eraseBatch); err != nil {
		return false, err
	}
	for i := range ideas {
		idea := &ideas[i]
		for _, statement := range []string{
			"UPDATE campaigns SET idea_count = idea_count - 1 WHERE id = (SELECT campaign_id FROM ideas WHERE id = ? AND state = 'published')",
			"UPDATE ideas SET state = 'withdrawn', title = '–', body = '', html = '', summary = '', own_summary = false, tags = '' WHERE id = ?",
			"DELETE FROM idea_versions WHERE idea_id = ?", "DELETE FROM idea_tags WHERE idea_id = ?", "DELETE FROM idea_places WHERE idea_id = ?", "DELETE FROM idea_views WHERE idea_id = ?",
			"DELETE FROM co_authors WHERE idea_id = ?", "DELETE FROM idea_answers WHERE idea_id = ?", "UPDATE amendments SET title = '–', summary = '', body = '', reason = '–' WHERE idea_id = ?",
		} {
			if _, err := tx.exec(statement, idea.ID); err != nil {
				return false, err
			}
		}
		if err := tx.countFamilies("f.id = ?", idea.ID); err != nil {
			return false, err
		}
		events = append(events, Event{At: tx.now, Verb: IdeaWithdrawn, SpaceID: idea.SpaceID, Subject: "idea", SubjectID: idea.ID})
	}
	threads, err := tx.eraseThreads(userID)
	if err != nil {
		return false, err
	}
	posts, err := tx.erasePosts(userID)
	if err != nil {
		return false, err
	}
	articles, err := tx.eraseArticles(userID)
	if err != nil {
		return false, err
	}
	gatherings, err := tx.eraseGatherings(userID)
	if err != nil {
		return false, err
	}
	if err := tx.eraseDrafts("author_id = ?", userID); err != nil {
		return false, err
	}
	if _, err := tx.exec("UPDATE article_reviews SET word = '' WHERE reviewer_id = ? AND word <> ''", userID); err != nil {
		return false, err
	}
	if _, err := tx.exec("UPDATE passage_words SET body = '', removed_at = coalesce(removed_at, ?), removed_by = coalesce(removed_by, author_id) WHERE author_id = ? AND body <> ''", tx.now, userID); err != nil {
		return false, err
	}
	doubted, err := tx.eraseFeedback(userID)
	if err != nil {
		return false, err
	}
	events = slices.Concat(events, threads, posts, articles, gatherings)
	if _, err := tx.exec("UPDATE poll_votes SET reason = '' WHERE user_id = ? AND reason <> ''", userID); err != nil {
		return false, err
	}
	if _, err := tx.exec("UPDATE project_updates SET body = '', html = '', removed_at = coalesce(removed_at, ?) WHERE author_id = ? AND body <> ''", tx.now, userID); err != nil {
		return false, err
	}
	return handed+len(ideas)+len(threads)+len(posts)+len(articles)+len(gatherings)+doubted == 0, tx.RecordAll(events)
}

// eraseThreads takes the titles and tags of some of a person's threads away. Where others have written the thread stays for what they
// said; where nobody has, it goes out of sight.
func (tx *Tx) eraseThreads(userID int64) (events []Event, err error) {
	var threads []Thread
	err = tx.raw(tx.ctx, &threads, "SELECT t.id, t.space_id, t.people_count FROM threads t WHERE (t.author_id = ? OR "+ofMasks("t.author_id")+") AND t.title <> '–' ORDER BY t.id LIMIT ?", userID, userID, eraseBatch)
	if err != nil {
		return nil, err
	}
	for i := range threads {
		thread := &threads[i]
		state, verb := "state", ThreadEdited
		if thread.PeopleCount <= 1 {
			state, verb = "'withdrawn'", ThreadWithdrawn
		}
		if _, err := tx.exec("UPDATE threads SET title = '–', summary = '', tags = '', state = "+state+" WHERE id = ?", thread.ID); err != nil {
			return nil, err
		}
		if _, err := tx.exec("DELETE FROM thread_tags WHERE thread_id = ?", thread.ID); err != nil {
			return nil, err
		}
		events = append(events, Event{At: tx.now, Verb: verb, SpaceID: thread.SpaceID, Subject: "thread", SubjectID: thread.ID})
	}
	return events, nil
}

// eraseArticles takes some of the articles away that nobody but a person has written in; what stood under one stands in its place. In
// what others have written as well, the text is the house's.
func (tx *Tx) eraseArticles(userID int64) (events []Event, err error) {
	var articles []Article
	err = tx.raw(tx.ctx, &articles, `SELECT a.id, a.space_id, a.collection_id, a.parent_id, a.state FROM articles a WHERE a.author_id = ? AND a.title <> '–'
		AND NOT EXISTS (SELECT 1 FROM article_versions v WHERE v.article_id = a.id AND v.editor_id <> ?) ORDER BY a.id LIMIT ?`, userID, userID, eraseBatch)
	if err != nil {
		return nil, err
	}
	for i := range articles {
		article := &articles[i]
		if article.State == Published {
			if err := tx.countArticles(article.CollectionID, -1); err != nil {
				return nil, err
			}
		}
		if _, err := tx.exec("UPDATE articles SET parent_id = ? WHERE parent_id = ?", article.ParentID, article.ID); err != nil {
			return nil, err
		}
		// What others wrote and went along with it stands in the trash by itself from now on, and nothing erased comes back with others' articles.
		if _, err := tx.exec("UPDATE articles SET withdrawn_with = id WHERE withdrawn_with = ? AND id <> ?", article.ID, article.ID); err != nil {
			return nil, err
		}
		if _, err := tx.exec(`UPDATE articles SET title = '–', summary = '', body = '', html = '', outline = '', words = 0, tags = '', source = '', source_url = '', owner_id = NULL, owner_group_id = NULL, owner_before = NULL, owner_group_before = NULL, given_by = NULL, verified_until = NULL, doubt_count = 0, state = 'withdrawn', withdrawn_at = coalesce(withdrawn_at, ?),
			withdrawn_by = coalesce(withdrawn_by, author_id), withdrawn_with = id WHERE id = ?`, tx.now, article.ID); err != nil {
			return nil, err
		}
		if err := tx.eraseDrafts("article_id = ?", article.ID); err != nil {
			return nil, err
		}
		if err := tx.erasePassages("article_id = ?", article.ID); err != nil {
			return nil, err
		}
		for _, table := range []string{"article_blame", "article_version_names", "article_versions", "article_tags", "article_verifications", "article_feedback"} {
			if _, err := tx.exec("DELETE FROM "+table+" WHERE article_id = ?", article.ID); err != nil {
				return nil, err
			}
		}
		events = append(events, Event{At: tx.now, Verb: ArticleWithdrawn, SpaceID: article.SpaceID, Subject: "article", SubjectID: article.ID})
	}
	return events, nil
}

// eraseFeedback takes away what a person has said of articles in words: their doubts, with the answers to them, and what they answered
// others. Whether an article helped them still counts. doubted is of how many articles they had open doubts, a batch at a time.
func (tx *Tx) eraseFeedback(userID int64) (doubted int, err error) {
	if _, err := tx.exec("UPDATE article_feedback SET answer = '' WHERE answered_by = ? AND answer <> ''", userID); err != nil {
		return 0, err
	}
	lock := ""
	if tx.postgres() { // whoever answers a doubt meanwhile counts it too
		lock = " FOR UPDATE"
	}
	var articles []int64
	err = tx.raw(tx.ctx, &articles, "SELECT a.id FROM articles a WHERE a.id IN (SELECT f.article_id FROM article_feedback f WHERE f.user_id = ? AND f.state = 'open') ORDER BY a.id LIMIT ?"+lock, userID, eraseBatch)
	if err != nil {
		return 0, err
	}
	condition, args := "state <> 'open'", []any{userID}
	if len(articles) > 0 {
		if _, err := tx.exec("UPDATE articles SET doubt_count = doubt_count - (SELECT count(*) FROM article_feedback f WHERE f.article_id = articles.id AND f.user_id = ? AND f.state = 'open') WHERE id IN ?", userID, articles); err != nil {
			return 0, err
		}
		condition, args = "(state <> 'open' OR article_id IN ?)", append(args, articles)
	}
	if _, err := tx.exec("DELETE FROM article_feedback WHERE user_id = ? AND helped IS NULL AND "+condition, args...); err != nil {
		return 0, err
	}
	_, err = tx.exec("UPDATE article_feedback SET reason = '', state = '', answer = '', answered_by = NULL, answered_at = NULL WHERE user_id = ? AND reason <> '' AND "+condition, args...)
	return len(articles), err
}

// eraseDrafts takes the texts of some drafts of articles away, and what was said of them.
func (tx *Tx) eraseDrafts(condition string, id int64) error {
	if _, err := tx.exec("UPDATE article_reviews SET word = '' WHERE draft_id IN (SELECT id FROM article_drafts WHERE "+condition+")", id); err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE files SET draft_id = NULL, space_id = NULL WHERE draft_id IN (SELECT id FROM article_drafts WHERE "+condition+")", id); err != nil {
		return err
	}
	if err := tx.erasePassages("draft_id IN (SELECT id FROM article_drafts WHERE "+condition+")", id); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE article_drafts SET title = '–', body = '', html = '', tags = '', note = '', state = CASE WHEN state = 'open' THEN 'dropped' ELSE state END, ended_at = coalesce(ended_at, ?), sent_at = NULL WHERE title <> '–' AND "+condition, tx.now, id)
	return err
}

// EraseUnsent takes away what a person has written for articles and shown nobody, even where what they have said stays.
func (tx *Tx) EraseUnsent(userID int64) error {
	return tx.eraseDrafts("author_id = ? AND sent_at IS NULL AND state <> 'published'", userID)
}

// erasePosts takes the texts of some of a person's posts away, those that they hide behind included.
func (tx *Tx) erasePosts(userID int64) (events []Event, err error) {
	var posts []struct {
		ID, IdeaID, ThreadID, ArticleID, GatheringID, SpaceID int64
		Removed                                               bool
	}
	err = tx.raw(tx.ctx, &posts, `SELECT c.id, coalesce(c.idea_id, 0) AS idea_id, coalesce(c.thread_id, 0) AS thread_id, coalesce(c.article_id, 0) AS article_id, coalesce(c.gathering_id, 0) AS gathering_id, coalesce(i.space_id, t.space_id, a.space_id, ga.space_id) AS space_id, c.removed_at IS NOT NULL AS removed
		FROM posts c LEFT JOIN ideas i ON i.id = c.idea_id LEFT JOIN threads t ON t.id = c.thread_id LEFT JOIN articles a ON a.id = c.article_id LEFT JOIN gatherings ga ON ga.id = c.gathering_id
		WHERE (c.author_id = ? OR c.author_id IN (SELECT h.mask_id FROM hidden_authors h WHERE h.user_id = ?)) AND c.body <> '' ORDER BY c.id LIMIT ?`, userID, userID, eraseBatch)
	if err != nil {
		return nil, err
	}
	for _, post := range posts {
		if !post.Removed {
			count := "UPDATE ideas SET comment_count = comment_count - 1 WHERE id = ?"
			switch {
			case post.ThreadID != 0:
				count = "UPDATE threads SET post_count = post_count - 1 WHERE id = ?"
			case post.ArticleID != 0:
				count = "UPDATE articles SET comment_count = comment_count - 1 WHERE id = ?"
			case post.GatheringID != 0:
				count = "UPDATE gatherings SET comment_count = comment_count - 1 WHERE id = ?"
			}
			if _, err := tx.exec(count, post.IdeaID+post.ThreadID+post.ArticleID+post.GatheringID); err != nil { // one of them is not 0
				return nil, err
			}
		}
		for _, statement := range []string{
			"UPDATE threads SET accepted_id = NULL, accepted_by = NULL, accepted_at = NULL WHERE accepted_id = ?", "DELETE FROM post_versions WHERE post_id = ?", "DELETE FROM reactions WHERE post_id = ?", "DELETE FROM reaction_counts WHERE post_id = ?",
		} {
			if _, err := tx.exec(statement, post.ID); err != nil {
				return nil, err
			}
		}
		if _, err := tx.exec("UPDATE posts SET body = '', html = '', removed_at = coalesce(removed_at, ?), removed_by = coalesce(removed_by, author_id) WHERE id = ?", tx.now, post.ID); err != nil {
			return nil, err
		}
		data, err := json.Marshal(About{Idea: post.IdeaID, Thread: post.ThreadID, Article: post.ArticleID, Gathering: post.GatheringID})
		if err != nil {
			return nil, err
		}
		events = append(events, Event{At: tx.now, Verb: PostRemoved, SpaceID: post.SpaceID, Subject: "post", SubjectID: post.ID, Data: string(data)})
	}
	return events, nil
}

// ErasedFiles are pictures that go with a person: all, or with the texts kept only those that no text shows. What a campaign shows
// is the campaign's.
func (q Queries) ErasedFiles(ctx context.Context, erasure *Erasure, limit int) (files []File, err error) {
	return files, q.raw(ctx, &files, `SELECT f.* FROM files f WHERE f.user_id = ? AND (`+unused+` OR ? = 'remove') AND NOT `+isBanner+`
		OR ? = 'remove' AND f.user_id IN (SELECT h.mask_id FROM hidden_authors h WHERE h.user_id = ?) ORDER BY f.id LIMIT ?`, *erasure.UserID, erasure.Contributions, erasure.Contributions, *erasure.UserID, limit)
}

// SharedKeys are the keys of the given files that name the bytes of others too.
func (q Queries) SharedKeys(ctx context.Context, files []File) (keys []string, err error) {
	if len(files) == 0 {
		return nil, nil
	}
	ids, named := make([]int64, len(files)), make([]string, len(files))
	for i := range files {
		ids[i], named[i] = files[i].ID, files[i].Key
	}
	return keys, q.raw(ctx, &keys, "SELECT DISTINCT key FROM files WHERE key IN ? AND id NOT IN ?", named, ids)
}

// EraseFile forgets a picture whose bytes are gone.
func (tx *Tx) EraseFile(id int64) error {
	_, err := tx.exec("UPDATE users SET picture_id = NULL, picture_from = ? WHERE picture_id = ?", pictureOfOwn, id)
	if err == nil {
		_, err = tx.exec("DELETE FROM files WHERE id = ?", id)
	}
	return err
}

// ExportsOf are the copies that are there of a person's data.
func (q Queries) ExportsOf(ctx context.Context, userID int64, limit int) (exports []Export, err error) {
	return exports, q.raw(ctx, &exports, "SELECT * FROM exports WHERE user_id = ? ORDER BY id LIMIT ?", userID, limit)
}

// CountSupports turns some of a person's supports into numbers; done is true when none are left.
func (tx *Tx) CountSupports(userID int64) (done bool, err error) {
	var ideas []int64
	if err := tx.raw(tx.ctx, &ideas, "SELECT idea_id FROM supports WHERE user_id = ? ORDER BY idea_id LIMIT ?", userID, eraseBatch); err != nil || len(ideas) == 0 {
		return true, err
	}
	if _, err := tx.exec("UPDATE ideas SET imported_supports = imported_supports + 1 WHERE id IN ?", ideas); err != nil {
		return false, err
	}
	if _, err = tx.exec("DELETE FROM supports WHERE user_id = ? AND idea_id IN ?", userID, ideas); err != nil {
		return false, err
	}
	return false, tx.countFamilies("f.id IN ?", ideas)
}

// EraseRows lets some rows of a table go, or name the former member in a person's place; done is true when none are left that name them.
// The account itself and the erasure stay to the end.
func (tx *Tx) EraseRows(h *Holding, userID int64) (done bool, err error) {
	former, err := tx.former()
	if err != nil {
		return false, err
	}
	keys := strings.Join(h.Key, ", ")
	change := func(statement, condition string, args ...any) error {
		n, err := tx.exec(fmt.Sprintf("%s WHERE (%s) IN (SELECT %s FROM %s WHERE %s LIMIT %d)", statement, keys, keys, h.Table, condition, eraseBatch), args...)
		done = done && n < eraseBatch
		if err != nil {
			return fmt.Errorf("erase from %s: %w", h.Table, err)
		}
		return nil
	}
	done = true
	if h.Table == "events" { // those about the account may hold its identity
		if err := change("UPDATE events SET data = '', subject_id = ?", "subject = 'user' AND subject_id = ?", former, userID); err != nil {
			return false, err
		}
	}
	if h.Table == "paper_ideas" { // who has claimed an idea is whom its paper names
		if err := change("UPDATE paper_ideas SET name = ''", "claimed_by = ? AND name <> ''", userID); err != nil {
			return false, err
		}
	}
	for _, column := range h.withFate(Goes) {
		if err := change("DELETE FROM "+h.Table, column+" = ?", userID); err != nil {
			return false, err
		}
	}
	for _, column := range h.withFate(Former) {
		if err := change("UPDATE "+h.Table+" SET "+column+" = ?", column+" = ?", former, userID); err != nil {
			return false, err
		}
	}
	for _, column := range h.withFate(Forgets) {
		if h.Table == "erasures" && column == "user_id" {
			continue
		}
		if err := change("UPDATE "+h.Table+" SET "+column+" = NULL", column+" = ?", userID); err != nil {
			return false, err
		}
	}
	return done, nil
}

// EraseMails drops the letters to an address that wait.
func (tx *Tx) EraseMails(email string) error {
	if email == "" {
		return nil
	}
	_, err := tx.exec("DELETE FROM jobs WHERE kind = 'mail' AND args LIKE ? ESCAPE '\\'", mailTo(email))
	return err
}

// TextRow is a row with what people wrote in it.
type TextRow struct {
	Key   []any
	Lang  string
	Texts map[string]string
	Old   map[string]string // as they were read
}

// Written tells whether people write into a table what an erasure has to look through. Names of other people are theirs.
func (h *Holding) Written() bool { return h.Table != "users" && len(h.withFate(Prose, Markup)) > 0 }

// Texts are rows of a table with what people wrote, in the order of its key after the given one. It is for erasure, which looks everywhere.
func (q Queries) Texts(ctx context.Context, h *Holding, after []any) (rows []TextRow, err error) {
	columns, keys := h.withFate(Prose, Markup), strings.Join(h.Key, ", ")
	lang := "''"
	if _, known := h.Columns["lang"]; known {
		lang = "lang"
	}
	query, args := "SELECT "+keys+", "+lang+", "+strings.Join(columns, ", ")+" FROM "+h.Table, []any{}
	if after != nil {
		query += " WHERE (" + keys + ") > (?" + strings.Repeat(", ?", len(after)-1) + ")"
		args = append(args, after...)
	}
	result, err := q.g.WithContext(ctx).Raw(query+" ORDER BY "+keys+" LIMIT ?", append(args, eraseBatch)...).Rows()
	if err != nil {
		return nil, classify(err)
	}
	defer result.Close()
	for result.Next() {
		row := TextRow{Key: make([]any, len(h.Key)), Texts: map[string]string{}, Old: map[string]string{}}
		texts, into := make([]string, len(columns)), []any{}
		for i := range row.Key {
			into = append(into, &row.Key[i])
		}
		into = append(into, &row.Lang)
		for i := range texts {
			into = append(into, &texts[i])
		}
		if err := result.Scan(into...); err != nil {
			return nil, fmt.Errorf("read %s: %w", h.Table, err)
		}
		for i, column := range columns {
			row.Texts[column], row.Old[column] = texts[i], texts[i]
		}
		rows = append(rows, row)
	}
	return rows, classify(result.Err())
}

// Last tells whether a batch of Texts was the last of its table.
func Last(rows []TextRow) bool { return len(rows) < eraseBatch }

// Rewrite stores the texts of a row anew; ErrConflict if they have changed since they were read. Where a text is part of the key, the row
// goes instead: a tag is kept beside its idea as well.
func (tx *Tx) Rewrite(h *Holding, row *TextRow) error {
	keys := strings.Join(h.Key, " = ? AND ") + " = ?"
	var set, same []string
	var texts, old []any
	for _, column := range h.withFate(Prose, Markup) {
		if slices.Contains(h.Key, column) {
			_, err := tx.exec("DELETE FROM "+h.Table+" WHERE "+keys, row.Key...)
			return err
		}
		set, same = append(set, column+" = ?"), append(same, column+" = ?")
		texts, old = append(texts, row.Texts[column]), append(old, row.Old[column])
	}
	changed, err := tx.exec("UPDATE "+h.Table+" SET "+strings.Join(set, ", ")+" WHERE "+keys+" AND "+strings.Join(same, " AND "), slices.Concat(texts, row.Key, old)...)
	if err == nil && changed == 0 {
		return ErrConflict
	}
	return err
}

// HasNamesake tells whether somebody else has the same name: then it cannot be taken from texts without taking theirs. Accounts that
// have gone into this one are theirs.
func (q Queries) HasNamesake(ctx context.Context, user *User) (found bool, err error) {
	return found, q.raw(ctx, &found, "SELECT EXISTS (SELECT 1 FROM users WHERE name_key = ? AND id <> ? AND (merged_into IS NULL OR merged_into <> ?))", user.NameKey, user.ID, user.ID)
}
