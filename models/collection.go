package models

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Collection is a part of the knowledge of a space: a tree of articles.
type Collection struct {
	ID           int64
	SpaceID      int64
	Title        string
	Description  string
	Position     int // in the list of its space
	ArticleCount int // of those that are published
	ImportRef    *string
	Reviewed     bool // what is written there is approved by somebody else before it is published
	CreatedAt    time.Time
	ArchivedAt   *time.Time // nothing new is written there
}

func (c *Collection) subject() (string, int64, int64) { return "collection", c.ID, c.SpaceID }

// Path is the address of the collection, the same for ever; what follows the number is decoration.
func (c *Collection) Path() string { return CollectionPath(c.ID, c.Title) }

// CollectionPath is the address of a collection with a title.
func CollectionPath(id int64, title string) string { return numbered("/collections/", id, title) }

// Bounds of collections: characters of a title and of a description, and collections of one space.
const (
	maxCollectionTitle       = 120
	maxCollectionDescription = 400
	maxCollections           = 5000
)

// Validate tidies the collection and says which fields are wrong.
func (c *Collection) Validate() error {
	c.Title, c.Description = oneLine(c.Title), strings.TrimSpace(c.Description)
	problems := Invalid{}
	if c.Title == "" || utf8.RuneCountInString(c.Title) > maxCollectionTitle {
		problems["title"] = "knowledge.collection_title_invalid"
	}
	if utf8.RuneCountInString(c.Description) > maxCollectionDescription {
		problems["description"] = "knowledge.collection_description_invalid"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// CollectionKey is the place in the list of all collections after which the next page begins.
type CollectionKey struct {
	Space    int64 `json:"s"`
	Position int   `json:"p"`
	ID       int64 `json:"i"`
}

// String is the key as it stands in an address.
func (k *CollectionKey) String() string {
	raw, _ := json.Marshal(k) // numbers always marshal
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ParseCollectionKey reads a key from an address; a malformed one is a mistake at the field "cursor".
func ParseCollectionKey(text string) (*CollectionKey, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	key := &CollectionKey{}
	if err != nil || json.Unmarshal(raw, key) != nil || key.ID <= 0 || int(int32(key.Position)) != key.Position {
		return nil, Invalid{"cursor": "lists.cursor_invalid"}
	}
	return key, nil
}

// Collections lists those that the actor may see, by space, in their order there, the archived ones too; of one space with its id. next
// is the key of the next page, nil at the end.
func (q Queries) Collections(ctx context.Context, actor *Actor, spaceID int64, after *CollectionKey, limit int) (collections []Collection, next *CollectionKey, err error) {
	scope := actor
	if spaceID != 0 {
		scope = actor.within(spaceID)
	}
	if after == nil {
		after = &CollectionKey{Position: -1}
	}
	seen, list := q.visible(scope, "space_id")
	err = q.raw(ctx, &collections, "SELECT * FROM collections WHERE "+seen+" AND (space_id, position, id) > (?, ?, ?) ORDER BY space_id, position, id LIMIT "+strconv.Itoa(limit+1),
		list, after.Space, after.Position, after.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("list collections: %w", err)
	}
	if len(collections) > limit {
		collections = collections[:limit]
		last := &collections[limit-1]
		next = &CollectionKey{Space: last.SpaceID, Position: last.Position, ID: last.ID}
	}
	return collections, next, nil
}

// Collection finds a collection that the actor may see.
func (q Queries) Collection(ctx context.Context, actor *Actor, id int64) (*Collection, error) {
	seen, list := q.visible(actor, "space_id")
	collection := &Collection{}
	if err := q.one(ctx, collection, "SELECT * FROM collections WHERE id = ? AND "+seen, id, list); err != nil {
		return nil, fmt.Errorf("collection %d: %w", id, err)
	}
	return collection, nil
}

// CollectionTitles are the titles of those collections among some that the actor may see, by id.
func (q Queries) CollectionTitles(ctx context.Context, actor *Actor, ids []int64) (titles map[int64]string, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	seen, list := q.visible(actor, "space_id")
	var found []Collection
	if err := q.raw(ctx, &found, "SELECT id, title FROM collections WHERE id IN ? AND "+seen, ids, list); err != nil {
		return nil, fmt.Errorf("titles of collections: %w", err)
	}
	titles = make(map[int64]string, len(found))
	for i := range found {
		titles[found[i].ID] = found[i].Title
	}
	return titles, nil
}

// LockCollection is Collection inside a change: what changes its tree waits until this transaction ends.
func (tx *Tx) LockCollection(id int64) (*Collection, error) {
	if tx.postgres() {
		if _, err := tx.exec("SELECT 1 FROM collections WHERE id = ? FOR UPDATE", id); err != nil {
			return nil, err
		}
	}
	return tx.Collection(tx.ctx, tx.actor, id)
}

// CreateCollection adds a collection at the end of those of its space.
func (tx *Tx) CreateCollection(collection *Collection) error {
	if err := collection.Validate(); err != nil {
		return err
	}
	if err := tx.hold("spaces", collection.SpaceID); err != nil { // so that two do not get one place
		return err
	}
	var last struct{ Count, Position int }
	if err := tx.one(tx.ctx, &last, "SELECT count(*) AS count, coalesce(max(position), 0) AS position FROM collections WHERE space_id = ?", collection.SpaceID); err != nil {
		return err
	}
	if last.Count >= maxCollections {
		return Invalid{"title": "knowledge.too_many_collections"}
	}
	collection.Position, collection.CreatedAt = last.Position+1, tx.now
	return tx.create(collection)
}

// EditCollection stores another title and description of a locked collection.
func (tx *Tx) EditCollection(collection *Collection) error {
	if err := collection.Validate(); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE collections SET title = ?, description = ? WHERE id = ?", collection.Title, collection.Description, collection.ID)
	return err
}

// ArchiveCollection ends or resumes the writing in a locked collection.
func (tx *Tx) ArchiveCollection(collection *Collection, archived bool) error {
	collection.ArchivedAt = nil
	if archived {
		collection.ArchivedAt = &tx.now
	}
	_, err := tx.exec("UPDATE collections SET archived_at = ? WHERE id = ?", collection.ArchivedAt, collection.ID)
	return err
}

// StepCollection moves a collection one place up or down among those of its space, and tells whether it could.
func (tx *Tx) StepCollection(collection *Collection, up bool) (moved bool, err error) {
	if err := tx.hold("spaces", collection.SpaceID); err != nil {
		return false, err
	}
	side, order := ">", "position, id"
	if up {
		side, order = "<", "position DESC, id DESC"
	}
	var beside []Collection
	err = tx.raw(tx.ctx, &beside, "SELECT id, position FROM collections WHERE space_id = ? AND (position, id) "+side+" (?, ?) ORDER BY "+order+" LIMIT 1", collection.SpaceID, collection.Position, collection.ID)
	if err != nil || len(beside) == 0 {
		return false, err
	}
	for id, position := range map[int64]int{collection.ID: beside[0].Position, beside[0].ID: collection.Position} {
		if _, err := tx.exec("UPDATE collections SET position = ? WHERE id = ?", position, id); err != nil {
			return false, err
		}
	}
	collection.Position = beside[0].Position
	return true, nil
}
