package models

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// VersionName is what people call a version of an article, to find it again.
type VersionName struct {
	ArticleID int64
	Number    int
	Name      string
	Note      string
	NamedBy   int64
	NamedAt   time.Time
}

// TableName says whose versions they are.
func (VersionName) TableName() string { return "article_version_names" }

// Bounds of the names of versions: characters of a name and of what is said about it, and versions of one article that have one.
const (
	MaxVersionName = 80
	MaxVersionNote = 300
	mostNamed      = 200
)

// VersionNames are those of an article that the actor has loaded, the newest version first.
func (q Queries) VersionNames(ctx context.Context, articleID int64) (names []VersionName, err error) {
	err = q.raw(ctx, &names, "SELECT * FROM article_version_names WHERE article_id = ? ORDER BY number DESC LIMIT "+strconv.Itoa(mostNamed), articleID)
	if err != nil {
		return nil, fmt.Errorf("names of versions of article %d: %w", articleID, err)
	}
	return names, nil
}

// VersionCalled is the number of the version of an article that a person calls by its name, or by its number. ErrNotFound if none is
// called so.
func (q Queries) VersionCalled(ctx context.Context, articleID int64, called string) (number int, err error) {
	called = oneLine(called)
	names, err := q.VersionNames(ctx, articleID)
	if err != nil {
		return 0, err
	}
	for i := range names {
		if strings.EqualFold(names[i].Name, called) {
			return names[i].Number, nil
		}
	}
	number, err = strconv.Atoi(called)
	if err != nil || number < 1 {
		return 0, fmt.Errorf("no version of article %d is called so: %w", articleID, ErrNotFound)
	}
	version, err := q.ArticleVersion(ctx, articleID, number)
	if err != nil {
		return 0, err
	}
	return version.Number, nil
}

// NameVersion gives a version of a locked article a name in the place of the one that it had. changed is false if it is called just that.
func (tx *Tx) NameVersion(article *Article, number int, name, note string) (changed bool, err error) {
	name, note = oneLine(name), oneLine(note)
	switch {
	case name == "":
		return false, Invalid{"name": "versions.name_missing"}
	case !fits(name, MaxVersionName):
		return false, Invalid{"name": "versions.name_too_long"}
	case note != "" && !fits(note, MaxVersionNote):
		return false, Invalid{"note": "versions.note_too_long"}
	}
	if _, err := tx.ArticleVersion(tx.ctx, article.ID, number); err != nil {
		return false, err
	}
	names, err := tx.VersionNames(tx.ctx, article.ID)
	if err != nil {
		return false, err
	}
	var before *VersionName
	for i := range names {
		switch {
		case names[i].Number == number:
			before = &names[i]
		case strings.EqualFold(names[i].Name, name):
			return false, Invalid{"name": "versions.name_taken"}
		}
	}
	switch {
	case before != nil && before.Name == name && before.Note == note:
		return false, nil
	case before == nil && len(names) >= mostNamed:
		return false, Invalid{"name": "versions.too_many"}
	}
	_, err = tx.exec(`INSERT INTO article_version_names (article_id, number, name, note, named_by, named_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (article_id, number) DO UPDATE SET name = excluded.name, note = excluded.note, named_by = excluded.named_by, named_at = excluded.named_at`, article.ID, number, name, note, tx.actorID(), tx.now)
	return true, err
}

// VersionName is what a version of an article that the actor has loaded is called, nil for nothing.
func (q Queries) VersionName(ctx context.Context, articleID int64, number int) (*VersionName, error) {
	if number > mostVersions {
		return nil, nil
	}
	var found []VersionName
	err := q.raw(ctx, &found, "SELECT * FROM article_version_names WHERE article_id = ? AND number = ?", articleID, number)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// UnnameVersion takes the name of a version of a locked article away; before is the one that it had. ErrNotFound if it had none.
func (tx *Tx) UnnameVersion(article *Article, number int) (before *VersionName, err error) {
	if before, err = tx.VersionName(tx.ctx, article.ID, number); err != nil {
		return nil, err
	}
	if before == nil {
		return nil, fmt.Errorf("version %d of article %d has no name: %w", number, article.ID, ErrNotFound)
	}
	_, err = tx.exec("DELETE FROM article_version_names WHERE article_id = ? AND number = ?", article.ID, number)
	return before, err
}
