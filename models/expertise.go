package models

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// EvidenceKind is what somebody has done that shows what they know.
type EvidenceKind string

// Kinds of evidence.
const (
	EvidenceAnswer  EvidenceKind = "answer"  // to a question of somebody else, which accepted it
	EvidenceArticle EvidenceKind = "article" // that they wrote first, or answer for
	EvidenceReview  EvidenceKind = "review"  // of somebody else's article: they found it right, or read a draft of it that was published
)

// evidenceWeights say what one of each is worth, on the day that it is made.
var evidenceWeights = map[EvidenceKind]float64{EvidenceAnswer: 1, EvidenceArticle: 1, EvidenceReview: 0.5}

// expertiseHalf is the time in which what somebody did comes to count half. The house chose a year, the longest rhythm in which its articles
// are verified: what nobody would trust of an article without looking again should not speak for a person any longer either.
const expertiseHalf = 365 * 24 * time.Hour

// expertiseBegins is the day from which weights are counted. It cannot be changed without a recount.
var expertiseBegins = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// weightOf is what evidence of a time is worth. It grows with the time of what was done instead of shrinking with its age, so that sums keep
// their order while time passes and nothing has to be written anew: forward decay (Cormode, Shkapenyuk, Srivastava and Xu, "Forward Decay: A
// Practical Time Decay Model for Streaming Systems", ICDE 2009).
func weightOf(kind EvidenceKind, at time.Time) float64 {
	return evidenceWeights[kind] * math.Exp2(float64(at.Sub(expertiseBegins))/float64(expertiseHalf))
}

// Evidence is one thing that somebody has done, under one tag.
type Evidence struct {
	ID        int64
	UserID    int64
	Tag       string
	Key       string // the tag without case and accents
	SpaceID   int64
	Kind      EvidenceKind
	ThreadID  *int64
	ArticleID *int64
	Weight    float64
	At        time.Time
}

// TableName says where it is kept.
func (Evidence) TableName() string { return "expertise_evidence" }

// evidenceSays is what a note says, of which there is one.
type evidenceSays struct {
	user, space, thread, article, at int64
	tag                              string
	kind                             EvidenceKind
}

func (e *Evidence) says() evidenceSays {
	return evidenceSays{e.UserID, e.SpaceID, orZero(e.ThreadID), orZero(e.ArticleID), e.At.UnixMicro(), e.Tag, e.Kind}
}

// knower is the condition that the account u is a person's, of whom something can be shown: neither a mask, nor a program, nor a name from
// an import, nor the former member. Whether somebody hides behind a mask never matters, so that nothing hints at who it is.
const knower = "u.import_ref IS NULL AND NOT u.service AND u.merged_into IS NULL AND u.name <> '" + FormerName + "'"

// evidenceFacts is what is found of the texts, before it is told apart by tags.
type evidenceFacts struct {
	UserID  int64
	SpaceID int64
	Tags    Tags
	Kind    EvidenceKind
	Thread  int64
	Article int64
	At      time.Time
}

// answersShown finds the accepted answers of threads. What somebody answers themselves shows nothing.
const answersShown = `SELECT p.author_id AS user_id, t.space_id, t.tags, 'answer' AS kind, t.id AS thread, 0 AS article, t.accepted_at AS at
	FROM threads t JOIN posts p ON p.id = t.accepted_id JOIN users u ON u.id = p.author_id
	WHERE t.id IN ? AND t.state = 'published' AND t.merged_into_id IS NULL AND t.tags <> '' AND t.accepted_at IS NOT NULL AND p.removed_at IS NULL AND p.author_id <> t.author_id AND ` + knower

// articlesShown find who wrote articles, who answers for them, who found them right and who reviewed what was published in them: one after the
// other, since SQLite does not say of the columns of a union that they are times.
func articlesShown() []string {
	const of = " AS at FROM articles a "
	const shown = " WHERE a.id IN ? AND a.state = 'published' AND a.tags <> '' AND " + knower
	says := func(who, kind, at, join, more string) string {
		return "SELECT " + who + " AS user_id, a.space_id, a.tags, '" + kind + "' AS kind, 0 AS thread, a.id AS article, " + at + of + join + " JOIN users u ON u.id = " + who + shown + more
	}
	return []string{
		says("a.author_id", "article", "a.created_at", "", ""),
		says("a.owner_id", "article", "a.edited_at", "", ""),
		says("v.verified_by", "review", "v.verified_at", "JOIN article_verifications v ON v.article_id = a.id", ""),
		says("r.reviewer_id", "review", "r.answered_at", "JOIN article_drafts d ON d.article_id = a.id JOIN article_reviews r ON r.draft_id = d.id", " AND d.state = 'published' AND r.verdict = 'approved' AND r.answered_at IS NOT NULL"),
	}
}

// ShowExpertise notes anew what some threads and articles show of those who answered, wrote and reviewed. changed is how many of the notes
// were not right.
func (tx *Tx) ShowExpertise(threads, articles []int64) (changed int, err error) {
	kept, found := []Evidence{}, []Evidence{}
	for some := range slices.Chunk(threads, expertiseBatch) {
		var facts []evidenceFacts
		if err := tx.raw(tx.ctx, &facts, answersShown, some); err != nil {
			return 0, err
		}
		found = append(found, evidenceOf(facts)...)
		if kept, err = tx.keptEvidence(kept, "thread_id", some); err != nil {
			return 0, err
		}
	}
	for some := range slices.Chunk(articles, expertiseBatch) {
		var facts []evidenceFacts
		for _, query := range articlesShown() {
			var these []evidenceFacts
			if err := tx.raw(tx.ctx, &these, query, some); err != nil {
				return 0, err
			}
			facts = append(facts, these...)
		}
		found = append(found, evidenceOf(facts)...)
		if kept, err = tx.keptEvidence(kept, "article_id", some); err != nil {
			return 0, err
		}
	}
	return tx.changeEvidence(kept, found)
}

// expertiseBatch is how many texts one statement looks into.
const expertiseBatch = 200

func (tx *Tx) keptEvidence(before []Evidence, column string, ids []int64) ([]Evidence, error) {
	var some []Evidence
	err := tx.raw(tx.ctx, &some, "SELECT * FROM expertise_evidence WHERE "+column+" IN ?", ids)
	return append(before, some...), err
}

// evidenceOf tells facts apart by tags. Of what one person did for one text the greatest counts, and of that the latest.
func evidenceOf(facts []evidenceFacts) (all []Evidence) {
	type deed struct{ user, thread, article int64 }
	best := map[deed]evidenceFacts{}
	order := []deed{}
	for _, f := range facts {
		d := deed{f.UserID, f.Thread, f.Article}
		b, there := best[d]
		if !there {
			order = append(order, d)
		}
		if !there || evidenceWeights[f.Kind] > evidenceWeights[b.Kind] || f.Kind == b.Kind && f.At.After(b.At) {
			best[d] = f
		}
	}
	for _, d := range order {
		f := best[d]
		for _, tag := range f.Tags {
			e := Evidence{UserID: f.UserID, Tag: tag, Key: nameKey(tag), SpaceID: f.SpaceID, Kind: f.Kind, Weight: weightOf(f.Kind, f.At), At: f.At}
			if f.Thread != 0 {
				e.ThreadID = &d.thread
			} else {
				e.ArticleID = &d.article
			}
			all = append(all, e)
		}
	}
	return all
}

// place is where the sums of evidence are kept.
type expertisePlace struct {
	user, space int64
	key         string
}

// changeEvidence makes the notes kept those that were found, and sums up anew where something changed.
func (tx *Tx) changeEvidence(kept, found []Evidence) (changed int, err error) {
	places, right := map[expertisePlace]bool{}, map[evidenceSays]bool{}
	for i := range found {
		right[found[i].says()] = true
	}
	var gone []int64
	for i := range kept {
		if right[kept[i].says()] {
			delete(right, kept[i].says())
			continue
		}
		gone = append(gone, kept[i].ID)
		places[expertisePlace{kept[i].UserID, kept[i].SpaceID, kept[i].Key}] = true
	}
	found = slices.DeleteFunc(found, func(e Evidence) bool { return !right[e.says()] })
	for some := range slices.Chunk(gone, settleBatch) {
		if _, err := tx.exec("DELETE FROM expertise_evidence WHERE id IN ?", some); err != nil {
			return 0, err
		}
	}
	for some := range slices.Chunk(found, expertiseBatch) {
		if err := tx.create(&some); err != nil {
			return 0, err
		}
	}
	for i := range found {
		places[expertisePlace{found[i].UserID, found[i].SpaceID, found[i].Key}] = true
	}
	for p := range places { // a few: of one text, or of a batch of a recount that was wrong
		if err := tx.sumExpertise(p); err != nil {
			return 0, err
		}
	}
	return len(gone) + len(found), nil
}

// sumExpertise sums up what one person did under one tag in one space.
func (tx *Tx) sumExpertise(p expertisePlace) error {
	if _, err := tx.exec("DELETE FROM expertise WHERE user_id = ? AND key = ? AND space_id = ?", p.user, p.key, p.space); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO expertise (user_id, tag, key, space_id, score, answers, articles, reviews) SELECT e.user_id, min(e.tag), e.key, e.space_id, sum(e.weight),
		sum(CASE WHEN e.kind = 'answer' THEN 1 ELSE 0 END), sum(CASE WHEN e.kind = 'article' THEN 1 ELSE 0 END), sum(CASE WHEN e.kind = 'review' THEN 1 ELSE 0 END)
		FROM expertise_evidence e WHERE e.user_id = ? AND e.key = ? AND e.space_id = ? GROUP BY e.user_id, e.key, e.space_id`, p.user, p.key, p.space)
	if err != nil {
		return fmt.Errorf("sum up what person %d did: %w", p.user, err)
	}
	return nil
}

// ShowExpertiseOf notes anew what is shown of people, after accounts of theirs have become one or two.
func (tx *Tx) ShowExpertiseOf(people []int64) error {
	for _, column := range []string{"thread_id", "article_id"} {
		var ids []int64
		if err := tx.raw(tx.ctx, &ids, "SELECT DISTINCT e."+column+" FROM expertise_evidence e WHERE e.user_id IN ? AND e."+column+" IS NOT NULL ORDER BY e."+column, people); err != nil {
			return err
		}
		threads, articles := ids, []int64(nil)
		if column == "article_id" {
			threads, articles = nil, ids
		}
		if _, err := tx.ShowExpertise(threads, articles); err != nil {
			return err
		}
	}
	return nil
}

// recountThreadExpertise mends what some threads show, and tells how many there were wrong.
func (tx *Tx) recountThreadExpertise(ids []int64) ([]Miscount, error) {
	return miscounted(ids)(tx.ShowExpertise(ids, nil))
}

func (tx *Tx) recountArticleExpertise(ids []int64) ([]Miscount, error) {
	return miscounted(ids)(tx.ShowExpertise(nil, ids))
}

// miscounted tells of a batch of texts as of its first.
func miscounted(ids []int64) func(int, error) ([]Miscount, error) {
	return func(changed int, err error) ([]Miscount, error) {
		if err != nil || changed == 0 {
			return nil, err
		}
		return []Miscount{{Counter: "expertise_evidence", ID: ids[0], Counted: changed}}, nil
	}
}

// recountSums mends the sums of some rows, those that stand for nothing among them.
func (tx *Tx) recountSums(ids []int64) (wrong []Miscount, err error) {
	var rows []struct {
		ID            int64
		UserID        int64
		SpaceID       int64
		Key           string
		Kept, Counted int
		Drift         float64
	}
	err = tx.raw(tx.ctx, &rows, `SELECT x.id, x.user_id, x.space_id, x.key, x.answers + x.articles + x.reviews AS kept, count(e.id) AS counted, abs(x.score - coalesce(sum(e.weight), 0)) / (1 + x.score) AS drift
		FROM expertise x LEFT JOIN expertise_evidence e ON e.user_id = x.user_id AND e.key = x.key AND e.space_id = x.space_id WHERE x.id IN ? GROUP BY x.id, x.user_id, x.space_id, x.key, x.answers, x.articles, x.reviews, x.score`, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r.Kept == r.Counted && r.Drift < 1e-9 {
			continue
		}
		if err := tx.sumExpertise(expertisePlace{r.UserID, r.SpaceID, r.Key}); err != nil {
			return nil, err
		}
		wrong = append(wrong, Miscount{Counter: "expertise.score", ID: r.ID, Kept: r.Kept, Counted: r.Counted})
	}
	return wrong, nil
}

// recountMissing sums up some notes of which no sum knows.
func (tx *Tx) recountMissing(ids []int64) (wrong []Miscount, err error) {
	var rows []Evidence
	err = tx.raw(tx.ctx, &rows, `SELECT min(e.id) AS id, e.user_id, e.space_id, e.key FROM expertise_evidence e WHERE e.id IN ?
		AND NOT EXISTS (SELECT 1 FROM expertise x WHERE x.user_id = e.user_id AND x.key = e.key AND x.space_id = e.space_id) GROUP BY e.user_id, e.space_id, e.key`, ids)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if err := tx.sumExpertise(expertisePlace{rows[i].UserID, rows[i].SpaceID, rows[i].Key}); err != nil {
			return nil, err
		}
		wrong = append(wrong, Miscount{Counter: "expertise.score", ID: rows[i].ID, Counted: 1})
	}
	return wrong, nil
}

// ThreadAnsweredBy is the thread whose question a post answers; none if it answers none.
func (tx *Tx) ThreadAnsweredBy(postID int64) (ids []int64, err error) {
	return ids, tx.raw(tx.ctx, &ids, "SELECT t.id FROM threads t JOIN posts p ON p.thread_id = t.id WHERE p.id = ? AND t.accepted_id = p.id", postID)
}
