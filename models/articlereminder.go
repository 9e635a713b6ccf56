package models

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Of what whoever answers for an article is reminded, and when before or after the end of its verification.
var articleReminders = []struct {
	level  int
	before time.Duration
	kind   Kind
}{
	{2, 0, NoticeArticlesEnded},
	{1, SoonDue / 2, NoticeArticlesSoon},
}

// remindedAtOnce is how many articles one round of reminders looks at; the next round has the others.
const remindedAtOnce = 2000

// ArticleReminder is that somebody is reminded of articles that have to be read again.
type ArticleReminder struct {
	UserID        int64
	Email, Locale string
	Ended         bool // their verification has ended; otherwise it does soon
	Count         int
	Title         string // of the one whose verification ends first
}

// RemindOfArticles tells those who answer for articles, and of what nobody answers for any more those who arrange the collections, that
// verifications end soon or have ended: each article is a reason once for each of the two, and everyone gets one notice of a kind.
func (tx *Tx) RemindOfArticles() (told []ArticleReminder, err error) {
	known := &answerable{owners: map[int64]*Actor{}, arrangers: map[int64][]ArticleReminder{}, groups: map[[2]int64][]ArticleReminder{}}
	for _, r := range articleReminders {
		var due []Article
		condition, args := "verified_until <= ?", []any{tx.now.Add(r.before)}
		if r.before > 0 { // what has ended waits for its own reminder
			condition, args = condition+" AND verified_until > ?", append(args, tx.now)
		}
		err := tx.raw(tx.ctx, &due, "SELECT id, space_id, owner_id, owner_group_id, title FROM articles WHERE verified_until IS NOT NULL AND state = 'published' AND trust_reminded < 2 AND trust_reminded < "+strconv.Itoa(r.level)+
			" AND "+condition+" ORDER BY verified_until, id LIMIT "+strconv.Itoa(remindedAtOnce), args...)
		if err != nil {
			return nil, fmt.Errorf("articles to remind of: %w", err)
		}
		if len(due) == 0 {
			continue
		}
		these, err := tx.remindersOf(due, known)
		if err != nil {
			return nil, err
		}
		for i := range these {
			these[i].Ended = r.kind == NoticeArticlesEnded
			if _, err := tx.exec("DELETE FROM house_notices WHERE user_id = ? AND kind = ? AND read_at IS NULL", these[i].UserID, r.kind); err != nil {
				return nil, err
			}
			if err := tx.NotifyFromHouse(these[i].UserID, r.kind); err != nil {
				return nil, err
			}
		}
		// What was verified anew meanwhile is reminded of in its time.
		if _, err := tx.exec("UPDATE articles SET trust_reminded = ? WHERE id IN ? AND verified_until <= ?", r.level, articleIDs(due), tx.now.Add(r.before)); err != nil {
			return nil, err
		}
		told = append(told, these...)
	}
	return told, nil
}

func articleIDs(articles []Article) []int64 {
	ids := make([]int64, len(articles))
	for i := range articles {
		ids[i] = articles[i].ID
	}
	return ids
}

// remindersOf gathers by person what they are to be reminded of.
func (tx *Tx) remindersOf(due []Article, known *answerable) (reminders []ArticleReminder, err error) {
	at := map[int64]int{}
	for i := range due {
		people, err := tx.answerFor(&due[i], known)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			place, ok := at[p.UserID]
			if !ok {
				place = len(reminders)
				at[p.UserID] = place
				p.Title = due[i].Title
				reminders = append(reminders, p)
			}
			reminders[place].Count++
		}
	}
	return reminders, nil
}

// answerable keeps who was found to answer for articles, so that each is looked for once.
type answerable struct {
	owners    map[int64]*Actor // nil for who is gone
	arrangers map[int64][]ArticleReminder
	groups    map[[2]int64][]ArticleReminder // by group and space
}

// answerFor are those who answer for an article: its owner, as long as they write there, or some of its group, or else those who arrange its collection.
func (tx *Tx) answerFor(article *Article, known *answerable) ([]ArticleReminder, error) {
	if id := orZero(article.OwnerID); id != 0 {
		owner, looked := known.owners[id]
		if !looked {
			var err error
			if owner, err = tx.ActorByID(tx.ctx, id); err != nil && !errors.Is(err, ErrNotFound) {
				return nil, err
			}
			if err != nil {
				owner = nil
			}
			known.owners[id] = owner
		}
		if owner != nil && owner.Can(WriteArticle, &Space{ID: article.SpaceID}) {
			return []ArticleReminder{{UserID: owner.ID, Email: owner.Email, Locale: owner.Locale}}, nil
		}
	}
	if people, err := tx.keptBy(article, known); err != nil || len(people) > 0 {
		return people, err
	}
	people, looked := known.arrangers[article.SpaceID]
	if looked {
		return people, nil
	}
	here, now := tx.here()
	err := tx.raw(tx.ctx, &people, `SELECT u.id AS user_id, u.email, u.locale FROM `+arrangers+` JOIN users u ON u.id = m.user_id
		WHERE s.archived_at IS NULL AND u.role NOT IN ('external', 'auditor') AND NOT u.service AND `+here+" ORDER BY u.id", article.SpaceID, now)
	known.arrangers[article.SpaceID] = people
	return people, err
}
