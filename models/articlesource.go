package models

import (
	"fmt"
	"net/url"
	"strings"
)

// Bounds of where an article comes from: characters of the text, and of the address.
const (
	MaxSource    = 200
	MaxSourceURL = 500
)

// TakeArticleBack gives a locked article to whom it was before it was last given away: for who gave it, as long as they write there, and
// those who arrange the collection. ErrConflict if that was taken back before.
func (tx *Tx) TakeArticleBack(article *Article) error {
	space := &Space{ID: article.SpaceID}
	if orZero(article.GivenBy) != tx.actorID() || !tx.actor.Can(WriteArticle, space) {
		if err := tx.actor.MayTrust(article); err != nil {
			return err
		}
	}
	if article.GivenBy == nil || article.State != Published {
		return fmt.Errorf("article %d has nothing to take back: %w", article.ID, ErrConflict)
	}
	article.OwnerID, article.OwnerGroupID = article.OwnerBefore, article.GroupBefore
	article.OwnerBefore, article.GroupBefore, article.GivenBy = nil, nil, nil
	return tx.belongs(article)
}

// ParseSource tidies where an article comes from and says which field is wrong. An address stands for itself where there is no text.
func ParseSource(text, address string) (source, link string, err error) {
	source, link = oneLine(text), strings.TrimSpace(address)
	problems := Invalid{}
	if source != "" && !fits(source, MaxSource) {
		problems["source"] = "knowledge.source_invalid"
	}
	if link != "" {
		parsed, err := url.Parse(link)
		if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Hostname() == "" || parsed.User != nil || !fits(link, MaxSourceURL) || strings.ContainsAny(link, " \t\n\"<>") {
			problems["source_url"] = "knowledge.source_url_invalid"
		} else if source == "" {
			source = parsed.Hostname()
		}
	}
	if len(problems) > 0 {
		return "", "", problems
	}
	return source, link, nil
}

// SourceArticle says where what a locked article says comes from, and tells whether that is new.
func (tx *Tx) SourceArticle(article *Article, text, address string) (changed bool, err error) {
	source, link, err := ParseSource(text, address)
	if err != nil || source == article.Source && link == article.SourceURL {
		return false, err
	}
	article.Source, article.SourceURL = source, link
	_, err = tx.exec("UPDATE articles SET source = ?, source_url = ? WHERE id = ?", source, link, article.ID)
	return true, err
}
