package models

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// Link is a page outside that texts show as a card, with what is known of it.
type Link struct {
	ID          int64
	Hash        string // of the address, by which it is found
	URL         string `gorm:"column:url"` // in its usual form
	State       LinkState
	Title       string
	Description string
	Site        string // as it calls itself; may be empty
	Lang        string
	PictureType string // its content type; empty without a picture
	// PictureWidth and PictureHeight are in pixels.
	PictureWidth, PictureHeight int

	Tries     int // in vain, since it was last found
	FetchedAt *time.Time
	DueAt     time.Time // from when it is asked for anew
}

// LinkState is what became of a link.
type LinkState string

// States of a link.
const (
	LinkWaiting LinkState = "waiting"
	LinkReady   LinkState = "ready"
	LinkEmpty   LinkState = "empty"  // nothing to show
	LinkFailed  LinkState = "failed" // not found
)

// PictureKey is where the file store keeps the picture of the link: always in the same place, so that none is left behind.
func (l *Link) PictureKey() string { return "links/" + strconv.FormatInt(l.ID, 10) }

// Target is a kind of thing of the house that a text can show as a card.
type Target string

// Targets.
const (
	TargetIdea    Target = "idea"
	TargetThread  Target = "thread"
	TargetArticle Target = "article"
	TargetPost    Target = "post"

	TargetGathering Target = "event"
)

// TextLink is a link that stands alone in a text: outside, or with a Target to something of the house.
type TextLink struct {
	URL    string // outside
	Target Target
	ID     int64 // of the target
}

// LinkedText is a text with the links that stand alone in it, and what of the house all its links lead to. It is that of an idea, of a post, of an article or of a gathering.
type LinkedText struct {
	IdeaID, PostID, ArticleID, GatheringID int64
	Body                                   string     // Markdown
	Links                                  []TextLink `gorm:"-"`
	Leads                                  []TextLink `gorm:"-"` // all that of the house it leads to, once each
}

// Same tells whether two are of the same text.
func (t *LinkedText) Same(other LinkedText) bool {
	return t.IdeaID == other.IdeaID && t.PostID == other.PostID && t.ArticleID == other.ArticleID && t.GatheringID == other.GatheringID
}

// linkLimit is how long the address of a page can be that is shown as a card.
const linkLimit = 2000

// TextsOfIdeas are the texts of ideas, for those who read the events about them, whoever may see them.
func (tx *Tx) TextsOfIdeas(ids []int64) (texts []LinkedText, err error) {
	return texts, tx.raw(tx.ctx, &texts, "SELECT id AS idea_id, body FROM ideas WHERE id IN ? ORDER BY id", ids)
}

// TextsOfPosts are the texts of posts, empty for those that are removed.
func (tx *Tx) TextsOfPosts(ids []int64) (texts []LinkedText, err error) {
	return texts, tx.raw(tx.ctx, &texts, "SELECT id AS post_id, CASE WHEN removed_at IS NULL THEN body ELSE '' END AS body FROM posts WHERE id IN ? ORDER BY id", ids)
}

// TextsOfThreads are the texts that threads begin with, as TextsOfPosts has them.
func (tx *Tx) TextsOfThreads(ids []int64) (texts []LinkedText, err error) {
	return texts, tx.raw(tx.ctx, &texts, "SELECT id AS post_id, CASE WHEN removed_at IS NULL THEN body ELSE '' END AS body FROM posts WHERE thread_id IN ? AND number = 1 ORDER BY id", ids)
}

// TextsOfArticles are the texts of articles, empty for those that are withdrawn.
func (tx *Tx) TextsOfArticles(ids []int64) (texts []LinkedText, err error) {
	return texts, tx.raw(tx.ctx, &texts, "SELECT id AS article_id, CASE WHEN state = 'published' THEN body ELSE '' END AS body FROM articles WHERE id IN ? ORDER BY id", ids)
}

// ShowLinks stores which links some texts have, in the place of those they had. waiting tells whether a page outside is new among them.
func (tx *Tx) ShowLinks(texts []LinkedText) (waiting bool, err error) {
	var urls []string
	for i := range texts {
		for _, link := range texts[i].Links {
			if link.Target == "" && len(link.URL) <= linkLimit {
				urls = append(urls, link.URL)
			}
		}
	}
	for column, written := range byColumn(texts) {
		if _, err := tx.exec("DELETE FROM text_links WHERE "+column+" IN ?", written); err != nil {
			return false, err
		}
	}
	ids, waiting, err := tx.linkIDs(urls)
	if err != nil {
		return false, err
	}
	return waiting, tx.showLinks(texts, ids)
}

// byColumn are the ids of texts by the column that names them.
func byColumn(texts []LinkedText) map[string][]int64 {
	of := map[string][]int64{}
	for i := range texts {
		t := &texts[i]
		switch {
		case t.IdeaID != 0:
			of["idea_id"] = append(of["idea_id"], t.IdeaID)
		case t.ArticleID != 0:
			of["article_id"] = append(of["article_id"], t.ArticleID)
		case t.GatheringID != 0:
			of["gathering_id"] = append(of["gathering_id"], t.GatheringID)
		default:
			of["post_id"] = append(of["post_id"], t.PostID)
		}
	}
	return of
}

// linkIDs are the numbers of addresses by their hashes; what is not known yet waits to be asked for.
func (tx *Tx) linkIDs(urls []string) (ids map[string]int64, waiting bool, err error) {
	if len(urls) == 0 {
		return nil, false, nil
	}
	values, hashes, args := make([]string, len(urls)), make([]string, len(urls)), make([]any, 0, 3*len(urls))
	for i, url := range urls {
		hashes[i] = linkHash(url)
		values[i], args = "(?, ?, 'waiting', ?)", append(args, hashes[i], url, tx.now)
	}
	added, err := tx.exec("INSERT INTO links (hash, url, state, due_at) VALUES "+strings.Join(values, ", ")+" ON CONFLICT DO NOTHING", args...)
	if err != nil {
		return nil, false, err
	}
	var links []Link
	if err := tx.raw(tx.ctx, &links, "SELECT id, hash FROM links WHERE hash IN ?", hashes); err != nil {
		return nil, false, err
	}
	ids = make(map[string]int64, len(links))
	for i := range links {
		ids[links[i].Hash] = links[i].ID
	}
	return ids, added > 0, nil
}

func linkHash(url string) string {
	sum := sha256.Sum256([]byte(url))
	return hex.EncodeToString(sum[:])
}

func (tx *Tx) showLinks(texts []LinkedText, ids map[string]int64) error {
	var values []string
	var args []any
	for i := range texts {
		t := &texts[i]
		for place, link := range t.Links {
			row := []any{orNull(t.IdeaID), orNull(t.PostID), orNull(t.ArticleID), orNull(t.GatheringID), place, nil, nil, nil}
			if link.Target != "" {
				row[6], row[7] = link.Target, link.ID
			} else if id := ids[linkHash(link.URL)]; id != 0 {
				row[5] = id
			} else {
				continue // its address is too long
			}
			values, args = append(values, "(CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), ?, CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT))"), append(args, row...)
		}
	}
	if len(values) == 0 {
		return nil
	}
	_, err := tx.exec("INSERT INTO text_links (idea_id, post_id, article_id, gathering_id, place, link_id, target, target_id) VALUES "+strings.Join(values, ", "), args...)
	return err
}

const shown = "EXISTS (SELECT 1 FROM text_links t WHERE t.link_id = l.id)"

const dueLinks = " FROM links l WHERE l.due_at <= ? AND " + shown

// LinksDue tells whether there are links to ask for now.
func (tx *Tx) LinksDue() (due bool, err error) {
	return due, tx.raw(tx.ctx, &due, "SELECT EXISTS (SELECT 1"+dueLinks+")", tx.now)
}

// ClaimLinks takes links to ask for now that a text shows, those that wait longest first. They are due again after a while, in
// case whoever takes them stops to exist.
func (tx *Tx) ClaimLinks(limit int, again time.Duration) (links []Link, err error) {
	if err := tx.raw(tx.ctx, &links, "SELECT l.*"+dueLinks+" ORDER BY l.due_at, l.id LIMIT ?", tx.now, limit); err != nil || len(links) == 0 {
		return nil, err
	}
	ids := make([]int64, len(links))
	for i := range links {
		ids[i] = links[i].ID
	}
	_, err = tx.exec("UPDATE links SET due_at = ? WHERE id IN ?", tx.now.Add(again), ids)
	return links, err
}

// KeepLink stores what has become known of a link.
func (tx *Tx) KeepLink(link *Link) error {
	_, err := tx.exec(`UPDATE links SET state = ?, title = ?, description = ?, site = ?, lang = ?, picture_type = ?, picture_width = ?, picture_height = ?, tries = ?, fetched_at = ?, due_at = ? WHERE id = ?`,
		link.State, link.Title, link.Description, link.Site, link.Lang, link.PictureType, link.PictureWidth, link.PictureHeight, link.Tries, link.FetchedAt, link.DueAt.UTC(), link.ID)
	return err
}

// UnshownLinks are links that would be asked for now if a text still showed them. What is known of them is forgotten: one that is shown
// again meanwhile is asked for anew.
func (tx *Tx) UnshownLinks(limit int) (links []Link, err error) {
	if err := tx.raw(tx.ctx, &links, "SELECT l.* FROM links l WHERE l.due_at <= ? AND NOT "+shown+" ORDER BY l.due_at, l.id LIMIT ?", tx.now, limit); err != nil {
		return nil, err
	}
	for i := range links {
		if err := tx.KeepLink(&Link{ID: links[i].ID, State: LinkWaiting, DueAt: links[i].DueAt}); err != nil {
			return nil, err
		}
	}
	return links, nil
}

// DropLinks deletes those of some links that no text shows.
func (tx *Tx) DropLinks(ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.exec("DELETE FROM links AS l WHERE l.id IN ? AND NOT "+shown, ids)
	return err
}
