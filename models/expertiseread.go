package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Shown is what somebody has done under a tag, in the spaces that the reader sees.
type Shown struct {
	Tag      string
	Key      string
	Answers  int
	Articles int
	Reviews  int
	Evidence []ShownEvidence // the latest of it
	score    float64
}

// ShownEvidence is a text that shows what somebody knows, which the reader may read.
type ShownEvidence struct {
	Kind  EvidenceKind
	Path  string
	Title string
	Lang  string
	At    time.Time
}

// Expert is somebody who knows about what was looked for: as they say themselves, as what they did shows, or both.
type Expert struct {
	ID           int64
	Name         string
	Role         Role
	Picture      int64
	Job          string
	Site         string
	Organisation string
	Declared     []HeldSkill `gorm:"-"`
	Shown        []Shown     `gorm:"-"`
}

func (e *Expert) score() (sum float64) {
	for i := range e.Shown {
		sum += e.Shown[i].score
	}
	return sum
}

// vouched is how many vouch for what they declare.
func (e *Expert) vouched() (sum int) {
	for i := range e.Declared {
		sum += e.Declared[i].Endorsers
	}
	return sum
}

// Bounds of what is found: terms that words are looked up in, people of a term, and texts that are named of what one did under a tag.
const (
	mostTerms     = 5
	MostExperts   = 20
	evidenceNamed = 3
	mostShown     = 8 // tags of one person

	keysWalked       = 100 // tags that begin with what was said
	endorsementsRead = 100 // of a skill, the latest
)

// expertTerms are the keys that words can mean: all of them together, and each.
func expertTerms(words string) (keys []string) {
	phrase := nameKey(oneLine(words))
	if phrase == "" || !fits(phrase, 200) {
		return nil
	}
	keys = append(keys, phrase)
	for _, word := range strings.FieldsFunc(phrase, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '-' }) {
		if len([]rune(word)) > 2 && !slices.Contains(keys, word) && len(keys) < mostWordsOfQuestion {
			keys = append(keys, word)
		}
	}
	return keys
}

// mostWordsOfQuestion bounds the words of a question that are looked up.
const mostWordsOfQuestion = 12

// keysMeant are those of the terms that words mean: tags under which somebody has done something where the actor reads, and skills that
// somebody declares. What the words begin is meant too, if it is one word or the beginning of one.
func (q Queries) keysMeant(ctx context.Context, actor *Actor, words string) (keys []string, err error) {
	terms := expertTerms(words)
	if len(terms) == 0 {
		return nil, nil
	}
	seen, list := q.visible(actor, "x.space_id")
	declared := " AND (s.people > 0 OR s.merged_into IS NOT NULL)"
	// A tag under which very many did something is one step of the walk, so that it hides none of those after it.
	err = q.raw(ctx, &keys, `WITH RECURSIVE begun(key, n) AS (SELECT min(x.key), 1 FROM expertise x WHERE x.key >= ? AND x.key < ?
			UNION ALL SELECT (SELECT min(x.key) FROM expertise x WHERE x.key > b.key AND x.key < ?), b.n + 1 FROM begun b WHERE b.key IS NOT NULL AND b.n < `+strconv.Itoa(keysWalked)+`)
		SELECT DISTINCT k.key FROM (SELECT s.key FROM skills s WHERE s.key IN ?`+declared+`
			UNION ALL SELECT key FROM (SELECT s.key FROM skills s WHERE s.key >= ? AND s.key < ?`+declared+` ORDER BY s.key LIMIT `+strconv.Itoa(termsScanned)+`) c
			UNION ALL SELECT b.key FROM (SELECT key FROM begun WHERE key IS NOT NULL UNION SELECT key FROM expertise WHERE key IN ?) b WHERE EXISTS (SELECT 1 FROM expertise x WHERE x.key = b.key AND `+seen+`)) k`,
		terms[0], terms[0]+wordEnd, terms[0]+wordEnd, terms, terms[0], terms[0]+wordEnd, terms, list)
	if err != nil {
		return nil, fmt.Errorf("what words mean: %w", err)
	}
	slices.SortFunc(keys, func(a, b string) int { // what was said as it is comes first, and then the longer, which says more
		return cmp.Or(cmp.Compare(place(terms, a), place(terms, b)), cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	return keys[:min(len(keys), mostTerms)], nil
}

func place(terms []string, key string) int {
	if i := slices.Index(terms, key); i >= 0 {
		return min(i, 1)
	}
	return 2
}

// WhoKnows finds people who know about what words say and about tags, whom the actor may know: those first of whom more is shown, then those
// who say so. Of what is shown only what was done in the spaces of the actor counts.
func (q Queries) WhoKnows(ctx context.Context, actor *Actor, words string, tags []string) ([]Expert, error) {
	keys, err := q.expertKeys(ctx, actor, words, tags)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	return q.expertsOf(ctx, actor, keys, "1 = 1")
}

// expertKeys are the keys of tags, and of what words mean where that leaves room.
func (q Queries) expertKeys(ctx context.Context, actor *Actor, words string, tags []string) ([]string, error) {
	keys := keysOf(tags)
	if len(keys) >= mostTerms || words == "" {
		return keys, nil
	}
	more, err := q.keysMeant(ctx, actor, words)
	for _, key := range more {
		if len(keys) < mostTerms && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys, err
}

func keysOf(tags []string) (keys []string) {
	for _, tag := range tags {
		if key := nameKey(oneLine(tag)); readable(key) && !slices.Contains(keys, key) && len(keys) < MaxTags {
			keys = append(keys, key)
		}
	}
	return keys
}

// shownRow is a sum as it is kept.
type shownRow struct {
	ID                         int64
	UserID                     int64
	Tag                        string
	Key                        string
	SpaceID                    int64
	Score                      float64
	Answers, Articles, Reviews int
}

// expertsOf finds people who know about keys and meet a condition on the user u.
func (q Queries) expertsOf(ctx context.Context, actor *Actor, keys []string, condition string, args ...any) ([]Expert, error) {
	rows, err := q.topExpertise(ctx, actor, keys, condition, args)
	if err != nil {
		return nil, fmt.Errorf("who has shown: %w", err)
	}
	declared, err := q.declaredOf(ctx, actor, keys, condition, args)
	if err != nil {
		return nil, fmt.Errorf("who declares: %w", err)
	}
	ids := expertIDs(rows, declared)
	experts, err := q.expertCards(ctx, ids)
	if err != nil || len(experts) == 0 {
		return nil, err
	}
	if err := q.addShown(ctx, actor, experts, rows); err != nil {
		return nil, err
	}
	for i := range experts {
		for _, skill := range declared {
			if skill.UserID == experts[i].ID {
				experts[i].Declared = append(experts[i].Declared, skill)
			}
		}
	}
	experts = slices.DeleteFunc(experts, func(e Expert) bool { return len(e.Shown)+len(e.Declared) == 0 })
	slices.SortStableFunc(experts, func(a, b Expert) int {
		return cmp.Or(cmp.Compare(b.score(), a.score()), cmp.Compare(b.vouched(), a.vouched()))
	})
	return experts[:min(len(experts), MostExperts)], nil
}

// expertIDs are the people of the rows, those first of whom more is shown.
func expertIDs(rows []shownRow, declared []HeldSkill) (ids []int64) {
	sums := map[int64]float64{}
	for _, row := range rows {
		if _, there := sums[row.UserID]; !there {
			ids = append(ids, row.UserID)
		}
		sums[row.UserID] += row.Score
	}
	slices.SortStableFunc(ids, func(a, b int64) int { return cmp.Compare(sums[b], sums[a]) })
	ids = ids[:min(len(ids), MostExperts)]
	for _, skill := range declared {
		if !slices.Contains(ids, skill.UserID) {
			ids = append(ids, skill.UserID)
		}
	}
	return ids
}

// shows is the condition that what the user u did may be shown, unless the reader is they.
const shows = "NOT EXISTS (SELECT 1 FROM expert_choices c WHERE c.user_id = u.id AND c.hidden)"

// topExpertise finds the sums of those of whom most is shown under each of some keys, of each space that the actor sees the first ones: the
// cost goes with the spaces and not with the people. Somebody who did a little in very many spaces and nowhere much may be missed.
func (q Queries) topExpertise(ctx context.Context, actor *Actor, keys []string, condition string, more []any) (rows []shownRow, err error) {
	if len(actor.Spaces) == 0 {
		return nil, nil
	}
	query, args := q.topQuery(actor, keys, condition, more)
	return rows, q.raw(ctx, &rows, "SELECT * FROM ("+query+") a ORDER BY score DESC, id", args...)
}

// topQuery is the query of topExpertise, without its order.
func (q Queries) topQuery(actor *Actor, keys []string, condition string, more []any) (query string, all []any) {
	known, its := q.knowsOfCompany(actor)
	one := "SELECT y.* FROM expertise y JOIN users u ON u.id = y.user_id WHERE y.key = ? AND y.space_id = $space AND " + shows + " AND " + known + " AND " + condition + " ORDER BY y.score DESC, y.id DESC LIMIT " + strconv.Itoa(MostExperts)
	var parts []string
	for _, key := range keys {
		if q.postgres() {
			parts = append(parts, "SELECT x.* FROM unnest(string_to_array(?, ',')::bigint[]) AS s(value) CROSS JOIN LATERAL ("+strings.ReplaceAll(one, "$space", "s.value")+") x")
		} else {
			inner := strings.Replace(strings.ReplaceAll(one, "$space", "s.value"), "y.*", "y.id", 1)
			parts = append(parts, "SELECT x.* FROM json_each('[' || ? || ']') s CROSS JOIN expertise x ON x.id IN ("+inner+")")
		}
		all = append(append(append(all, actor.spaceList(), key), its...), more...)
	}
	return "SELECT * FROM (" + strings.Join(parts, ") a UNION ALL SELECT * FROM (") + ") a", all
}

// declaredOf finds who declares the skills with some keys: of each those whom somebody vouched for last, and those who said so last. All who
// declare one are listed on its own page.
func (q Queries) declaredOf(ctx context.Context, actor *Actor, keys []string, condition string, its []any) (skills []HeldSkill, err error) {
	if len(keys) == 0 {
		return nil, nil
	}
	query, more := q.declarersQuery(actor, keys, condition, its)
	endorser, all := q.knowsAs(actor, "v")
	all = append(append([]any{actor.ID}, all...), more...)
	return skills, q.raw(ctx, &skills, `SELECT s.id, s.name, n.user_id, EXISTS (SELECT 1 FROM skill_endorsements e WHERE e.user_id = n.user_id AND e.skill_id = s.id AND e.endorser_id = ?) AS mine,
		(SELECT count(*) FROM skill_endorsements e JOIN users v ON v.id = e.endorser_id WHERE e.user_id = n.user_id AND e.skill_id = s.id AND e.endorser_id <> e.user_id AND `+endorser+`) AS endorsers
		FROM (`+query+`) n JOIN skills s ON s.id = n.skill_id JOIN person_skills h ON h.user_id = n.user_id AND h.skill_id = n.skill_id ORDER BY n.user_id, s.name`, all...)
}

// declarersQuery is the query of the people of declaredOf and their skills.
func (q Queries) declarersQuery(actor *Actor, keys []string, condition string, its []any) (query string, all []any) {
	known, more := q.knowsOfCompany(actor)
	its = append(more, its...)
	few := " AND " + known + " AND " + condition
	skill := "(SELECT coalesce(k.merged_into, k.id) FROM skills k WHERE k.key = ?)"
	endorsed := "SELECT e.user_id, e.skill_id FROM skill_endorsements e JOIN users u ON u.id = e.user_id WHERE e.skill_id = " + skill + few + " ORDER BY e.skill_id, e.id DESC LIMIT " + strconv.Itoa(endorsementsRead)
	said := "SELECT p.user_id, p.skill_id FROM person_skills p JOIN users u ON u.id = p.user_id WHERE p.skill_id = " + skill + few + " ORDER BY p.skill_id, p.created_at DESC, p.user_id LIMIT " + strconv.Itoa(MostExperts)
	var parts []string
	for _, key := range keys {
		parts = append(parts, endorsed, said)
		for range 2 {
			all = append(append(all, key), its...)
		}
	}
	return "SELECT DISTINCT user_id, skill_id FROM (SELECT * FROM (" + strings.Join(parts, ") a UNION ALL SELECT * FROM (") + ") a) a", all
}

// expertCards are people in the order of their ids here.
func (q Queries) expertCards(ctx context.Context, ids []int64) (experts []Expert, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = q.raw(ctx, &experts, "SELECT u.id, u.name, "+standing+" AS role, coalesce(u.picture_id, 0) AS picture, u.job, u.site, u.organisation FROM users u WHERE u.id IN ?", ids)
	slices.SortFunc(experts, func(a, b Expert) int { return cmp.Compare(slices.Index(ids, a.ID), slices.Index(ids, b.ID)) })
	return experts, err
}

// addShown puts sums together by person and tag, each with the latest of the texts that the actor may read. What has none is left out.
func (q Queries) addShown(ctx context.Context, actor *Actor, experts []Expert, rows []shownRow) error {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r shownRow) bool {
		return !slices.ContainsFunc(experts, func(e Expert) bool { return e.ID == r.UserID })
	})
	evidence, err := q.evidenceNamed(ctx, actor, rows)
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	for i := range experts {
		experts[i].Shown = shownOf(experts[i].ID, rows, evidence)
	}
	return nil
}

func shownOf(userID int64, rows []shownRow, evidence []namedEvidence) (all []Shown) {
	for _, row := range rows {
		if row.UserID != userID {
			continue
		}
		at := slices.IndexFunc(all, func(s Shown) bool { return s.Key == row.Key })
		if at < 0 {
			at, all = len(all), append(all, Shown{Tag: row.Tag, Key: row.Key})
		}
		s := &all[at]
		s.score, s.Answers, s.Articles, s.Reviews = s.score+row.Score, s.Answers+row.Answers, s.Articles+row.Articles, s.Reviews+row.Reviews
	}
	for i := range all {
		for _, e := range evidence {
			if e.UserID == userID && e.Key == all[i].Key && len(all[i].Evidence) < evidenceNamed {
				all[i].Evidence = append(all[i].Evidence, e.shown())
			}
		}
	}
	all = slices.DeleteFunc(all, func(s Shown) bool { return len(s.Evidence) == 0 })
	slices.SortStableFunc(all, func(a, b Shown) int { return cmp.Compare(b.score, a.score) })
	return all
}

// namedEvidence is evidence with the text that it leads to.
type namedEvidence struct {
	Evidence
	Title string
	Lang  string
}

func (e *namedEvidence) shown() ShownEvidence {
	path := ArticlePath(orZero(e.ArticleID), e.Title)
	if e.ThreadID != nil {
		path = ThreadPath(*e.ThreadID, e.Title)
	}
	return ShownEvidence{Kind: e.Kind, Path: path, Title: e.Title, Lang: e.Lang, At: e.At}
}

// evidenceNamed finds the latest evidence of each of some sums, of what the actor may still read: the notes may be a moment behind the texts.
func (q Queries) evidenceNamed(ctx context.Context, actor *Actor, rows []shownRow) (evidence []namedEvidence, err error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	few := "FROM expertise_evidence y WHERE y.user_id = x.user_id AND y.key = x.key AND y.space_id = x.space_id ORDER BY y.at DESC, y.id DESC LIMIT " + strconv.Itoa(evidenceNamed)
	join := "CROSS JOIN expertise_evidence e ON e.id IN (SELECT y.id " + few + ")"
	if q.postgres() {
		join = "CROSS JOIN LATERAL (SELECT y.* " + few + ") e"
	}
	thread, list := q.visible(actor, "t.space_id")
	article, _ := q.visible(actor, "a.space_id")
	return evidence, q.raw(ctx, &evidence, `SELECT e.*, coalesce(t.title, a.title) AS title, coalesce(t.lang, a.lang) AS lang FROM expertise x `+join+`
		LEFT JOIN threads t ON t.id = e.thread_id AND t.state = 'published' AND t.merged_into_id IS NULL AND `+thread+` LEFT JOIN articles a ON a.id = e.article_id AND a.state = 'published' AND `+article+`
		WHERE x.id IN ? AND (t.id IS NOT NULL OR a.id IS NOT NULL) ORDER BY e.at DESC, e.id DESC`, list, list, ids)
}

// ShownBy is what somebody whom the actor may know has shown to know, most first. Of those who do not want it only they themselves see it.
func (q Queries) ShownBy(ctx context.Context, actor *Actor, personID int64) ([]Shown, error) {
	seen, list := q.visible(actor, "x.space_id")
	hidden := ""
	if actor.ID != personID {
		hidden = " AND " + shows
	}
	var rows []shownRow
	err := q.raw(ctx, &rows, "SELECT x.* FROM expertise x JOIN users u ON u.id = x.user_id WHERE x.user_id = ? AND "+seen+hidden+" ORDER BY x.score DESC, x.id LIMIT "+strconv.Itoa(4*mostShown), personID, list)
	var evidence []namedEvidence
	if err == nil {
		evidence, err = q.evidenceNamed(ctx, actor, rows)
	}
	if err != nil {
		return nil, fmt.Errorf("what person %d has shown: %w", personID, err)
	}
	all := shownOf(personID, rows, evidence)
	return all[:min(len(all), mostShown)], nil
}
