package models

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// An enclosure is a row of spaces that nobody knows as one: a room within a space in which a restricted collection lies, with all that
// hangs on its articles. Who is in it are chosen people and groups, and the managers of the space around it, so that nothing is orphaned.
// They are there what they are in the space around, and lose it with that space. Everybody else finds nothing of it, since whatever is
// read passes by the spaces that somebody sees.

// aroundSource is the source of the grants of those who are in an enclosure because they manage the space around it.
const aroundSource = "around"

// arrangers are the memberships m of those who may arrange the collections of a space, its argument, by what they are there. In an enclosure, where
// nobody has a role, people are what they are in the space around it, as long as they are inside.
const arrangers = `memberships i JOIN spaces s ON s.id = i.space_id JOIN memberships m ON m.user_id = i.user_id AND m.space_id = coalesce(s.within_id, s.id) AND m.role IN ('manager', 'expert') AND i.space_id = ?`

// mostEnclosures bounds the restricted collections of a space, each of which makes the questions of those inside longer; mostEnclosed
// bounds the articles that one transaction brings along.
const (
	mostEnclosures = 100
	mostEnclosed   = 20000
)

// enclose lets the actor, who is in an enclosure, be there what they are in the space around it; nothing where they do not see that.
func (a *Actor) enclose(id, within int64) {
	around := a.Access(within)
	if around == nil || a.Role == RoleAuditor || a.Access(id) != nil {
		return
	}
	access := *around
	access.ID, access.Within = id, within
	a.Inner = append(a.Inner, access)
}

// settleEnclosures lets the managers of a space among some people be in its enclosures, and those who no longer are only if they are chosen.
func (tx *Tx) settleEnclosures(spaceID int64, userIDs []int64) error {
	var inner []int64
	if err := tx.raw(tx.ctx, &inner, "SELECT id FROM spaces WHERE within_id = ? ORDER BY id", spaceID); err != nil {
		return fmt.Errorf("read the enclosures of space %d: %w", spaceID, err)
	}
	for _, id := range inner { // few, and none of them has any
		if err := tx.settleAround(id, spaceID, userIDs); err != nil {
			return err
		}
		if err := tx.settleMembers(id, userIDs); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) settleAround(id, around int64, userIDs []int64) error {
	const managers = "SELECT m.user_id FROM memberships m WHERE m.space_id = ? AND m.role = 'manager' AND m.user_id IN ?"
	for batch := range slices.Chunk(userIDs, settleBatch) {
		if _, err := tx.exec("DELETE FROM grants WHERE space_id = ? AND source = ? AND user_id IN ? AND user_id NOT IN ("+managers+")", id, aroundSource, batch, around, batch); err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO grants (space_id, user_id, source, role, created_at) SELECT ?, k.user_id, ?, 'manager', ? FROM (`+managers+`) k WHERE TRUE
			ON CONFLICT (space_id, user_id, source) DO NOTHING`, id, aroundSource, tx.now, around, batch); err != nil {
			return err
		}
	}
	return nil
}

// RestrictCollection lets only chosen people read a locked collection that all who see its space could read. Those who were chosen when
// it was restricted before still are; whoever does it stays inside.
func (tx *Tx) RestrictCollection(collection *Collection) error {
	around := &Space{}
	if err := tx.one(tx.ctx, around, "SELECT * FROM spaces WHERE id = ?", collection.SpaceID); err != nil {
		return err
	}
	if around.WithinID != nil {
		return nil
	}
	if err := tx.hold("spaces", around.ID); err != nil {
		return err
	}
	inner, err := tx.enclosure(around, collection)
	if err != nil {
		return err
	}
	var managers []int64
	if err := tx.raw(tx.ctx, &managers, "SELECT user_id FROM memberships WHERE space_id = ? AND role = 'manager'", around.ID); err != nil {
		return err
	}
	if err := tx.settleAround(inner.ID, around.ID, managers); err != nil {
		return err
	}
	if err := tx.settleMembers(inner.ID, managers); err != nil {
		return err
	}
	if !slices.Contains(managers, tx.actorID()) {
		if err := tx.grant(inner.ID, tx.actorID(), named, SpaceMember); err != nil {
			return err
		}
	}
	if err := tx.carryCollection(collection, inner.ID); err != nil {
		return err
	}
	tx.actor.enclose(inner.ID, around.ID)
	return nil
}

// enclosure is the one in which a collection of a space lay before, or a new one.
func (tx *Tx) enclosure(around *Space, collection *Collection) (*Space, error) {
	slug := "within/" + strconv.FormatInt(collection.ID, 10) // which no address can name
	var found []Space
	if err := tx.raw(tx.ctx, &found, "SELECT * FROM spaces WHERE slug = ? AND within_id = ?", slug, around.ID); err != nil || len(found) > 0 {
		if len(found) > 0 {
			return &found[0], nil
		}
		return nil, err
	}
	var count int
	if err := tx.raw(tx.ctx, &count, "SELECT count(*) FROM spaces WHERE within_id = ?", around.ID); err != nil {
		return nil, err
	}
	if count >= mostEnclosures {
		return nil, Invalid{"restricted": "restriction.too_many"}
	}
	inner := &Space{Slug: slug, Title: around.Title, Visibility: Restricted, Joining: JoinInvitation, ArchivedAt: around.ArchivedAt, WithinID: &around.ID, CreatedAt: tx.now}
	return inner, tx.create(inner)
}

// OpenCollection lets all who see the space around a locked collection read it again. Who was chosen is kept, should it be restricted again.
func (tx *Tx) OpenCollection(collection *Collection) error {
	inner := &Space{}
	if err := tx.one(tx.ctx, inner, "SELECT * FROM spaces WHERE id = ?", collection.SpaceID); err != nil {
		return err
	}
	if inner.WithinID == nil {
		return nil
	}
	if err := tx.hold("spaces", *inner.WithinID); err != nil {
		return err
	}
	var last int
	if err := tx.raw(tx.ctx, &last, "SELECT coalesce(max(position), 0) FROM collections WHERE space_id = ?", *inner.WithinID); err != nil {
		return err
	}
	if collection.Position <= last { // others may have taken its place
		collection.Position = last + 1
		if _, err := tx.exec("UPDATE collections SET position = ? WHERE id = ?", collection.Position, collection.ID); err != nil {
			return err
		}
	}
	return tx.carryCollection(collection, *inner.WithinID)
}

// carryCollection brings a locked collection with all that lies in it into another space.
func (tx *Tx) carryCollection(collection *Collection, spaceID int64) error {
	const enclosed = "SELECT a.id FROM articles a WHERE a.collection_id = ?"
	var count int
	if err := tx.raw(tx.ctx, &count, "SELECT count(*) FROM articles WHERE collection_id = ?", collection.ID); err != nil {
		return err
	}
	if count > mostEnclosed {
		return Invalid{"restricted": "restriction.too_large"}
	}
	for _, statement := range []string{
		"UPDATE collections SET space_id = ? WHERE id = ?",
		"UPDATE articles SET space_id = ? WHERE collection_id = ?",
		"UPDATE article_tags SET space_id = ? WHERE article_id IN (" + enclosed + ")",
		"UPDATE article_imports SET space_id = ? WHERE collection_id = ?",
		"UPDATE files SET space_id = ? WHERE article_id IN (" + enclosed + ")",
		"UPDATE files SET space_id = ? WHERE draft_id IN (SELECT d.id FROM article_drafts d WHERE d.collection_id = ?)",
		"UPDATE article_drafts SET space_id = ? WHERE collection_id = ?",
		"UPDATE events SET space_id = ? WHERE subject = 'collection' AND subject_id = ?",
		"UPDATE events SET space_id = ? WHERE subject = 'draft' AND subject_id IN (SELECT d.id FROM article_drafts d WHERE d.collection_id = ?)",
		"UPDATE events SET space_id = ? WHERE subject = 'article_import' AND subject_id IN (SELECT r.id FROM article_imports r WHERE r.collection_id = ?)",
	} {
		if _, err := tx.exec(statement, spaceID, collection.ID); err != nil {
			return fmt.Errorf("bring collection %d along: %w", collection.ID, err)
		}
	}
	if err := tx.recordIn(spaceID, enclosed, collection.ID); err != nil {
		return err
	}
	collection.SpaceID = spaceID
	return tx.roomFor(spaceID, "collection")
}

// recordIn lets the log say of what happened to articles, and of what is said and drafted there, that it was in the space where they are
// now: who does not see that space reads nothing of it.
func (tx *Tx) recordIn(spaceID int64, articles string, of any) error {
	for subject, ids := range map[string]string{
		"article": articles,
		"post":    "SELECT p.id FROM posts p WHERE p.article_id IN (" + articles + ")",
		"draft":   "SELECT d.id FROM article_drafts d WHERE d.article_id IN (" + articles + ")",
	} {
		if _, err := tx.exec("UPDATE events SET space_id = ? WHERE subject = ? AND subject_id IN ("+ids+")", spaceID, subject, of); err != nil {
			return fmt.Errorf("let the log follow into space %d: %w", spaceID, err)
		}
	}
	return nil
}

// CollectionReader is somebody who may read a restricted collection.
type CollectionReader struct {
	ID      int64
	Name    string
	Email   string
	Role    Role
	Picture int64
	Manages bool // the space around, and so reads it without being chosen
	Chosen  bool
	Out     bool // chosen, but does not see the space around any more
}

// maxReaders bounds the people that the page of a restricted collection names, and that can be chosen one by one.
const maxReaders = 500

// CollectionReaders are the people who may read a restricted collection by themselves, managers first, and the groups that may, for those who
// arrange it. Nobody where it is not restricted.
func (q Queries) CollectionReaders(ctx context.Context, actor *Actor, collection *Collection) (people []CollectionReader, groups []Group, err error) {
	space := &Space{ID: collection.SpaceID}
	if err := actor.Refusal(ArrangeCollections, space); err != nil {
		return nil, nil, err
	}
	if !collection.Restricted(actor) {
		return nil, nil, nil
	}
	err = q.raw(ctx, &people, `SELECT u.id, u.name, u.email, `+standing+` AS role, coalesce(u.picture_id, 0) AS picture, g.manages, g.chosen, NOT `+sees+` AS out
		FROM (SELECT user_id, max(CASE WHEN source = 'around' THEN 1 ELSE 0 END) = 1 AS manages, max(CASE WHEN source = 'named' THEN 1 ELSE 0 END) = 1 AS chosen FROM grants WHERE space_id = ? AND source IN ('around', 'named') GROUP BY user_id) g
		JOIN users u ON u.id = g.user_id JOIN spaces s ON s.id = ? LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = u.id
		ORDER BY g.manages DESC, u.name, u.id LIMIT `+strconv.Itoa(maxReaders+mostEnclosures), space.ID, space.ID)
	if err == nil {
		err = q.raw(ctx, &groups, "SELECT g.* FROM space_groups s JOIN groups g ON g.id = s.group_id WHERE s.space_id = ? AND g.deleted_at IS NULL ORDER BY g.name_key, g.id", space.ID)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("readers of collection %d: %w", collection.ID, err)
	}
	return people, groups, nil
}

// Restricted tells whether only chosen people may read a collection that the actor sees.
func (c *Collection) Restricted(actor *Actor) bool {
	access := actor.Access(c.SpaceID)
	return access != nil && access.Restricted()
}

// LetRead lets a person who sees the space around a restricted collection read it; a mistake at the field "person" if they do not.
func (tx *Tx) LetRead(collection *Collection, user *User) error {
	seeing, err := tx.Seeing(tx.actor.Access(collection.SpaceID).Within, []int64{user.ID})
	if err != nil {
		return err
	}
	if len(seeing) == 0 || user.Role == RoleAuditor {
		return Invalid{"person": "restriction.person_outside"}
	}
	var count int
	if err := tx.raw(tx.ctx, &count, "SELECT count(*) FROM grants WHERE space_id = ? AND source = ?", collection.SpaceID, named); err != nil {
		return err
	}
	if count >= maxReaders {
		return Invalid{"person": "restriction.too_many_people"}
	}
	return tx.grant(collection.SpaceID, user.ID, named, SpaceMember)
}

// LetGroupRead lets everyone of a group, now and later, read a restricted collection, as far as they see the space around it.
func (tx *Tx) LetGroupRead(collection *Collection, group *Group) error {
	return tx.SetSpaceGroup(&Space{ID: collection.SpaceID}, group, SpaceMember)
}

// EndReading takes a person out of those chosen; ErrNotFound if they are not among them. Whoever does it cannot shut themselves out.
func (tx *Tx) EndReading(collection *Collection, userID int64) error {
	if err := tx.ungrant(collection.SpaceID, userID, named); err != nil {
		return err
	}
	return tx.staysInside(collection)
}

// EndGroupReading is EndReading for a group.
func (tx *Tx) EndGroupReading(collection *Collection, groupID int64) error {
	if err := tx.RemoveSpaceGroup(&Space{ID: collection.SpaceID}, groupID); err != nil {
		return err
	}
	return tx.staysInside(collection)
}

func (tx *Tx) staysInside(collection *Collection) error {
	var inside bool
	err := tx.raw(tx.ctx, &inside, "SELECT EXISTS (SELECT 1 FROM memberships WHERE space_id = ? AND user_id = ?)", collection.SpaceID, tx.actorID())
	if err == nil && !inside {
		err = Invalid{"reader": "restriction.oneself"}
	}
	return err
}

// CollectionArticleIDs are the articles of a collection, for the index that searches read.
func (q Queries) CollectionArticleIDs(ctx context.Context, collectionID int64) (ids []int64, err error) {
	return ids, q.raw(ctx, &ids, "SELECT id FROM articles WHERE collection_id = ? AND state = 'published' ORDER BY id", collectionID)
}

// ReadingChoices are the groups that could be let read a collection, for those who may name them.
func (q Queries) ReadingChoices(ctx context.Context, actor *Actor, collection *Collection) (groups []Group, err error) {
	space := &Space{ID: collection.SpaceID}
	if !actor.Can(AdmitGroup, space) || collection.Restricted(actor) {
		return q.GroupChoices(ctx, actor, space)
	}
	return groups, q.raw(ctx, &groups, "SELECT * FROM groups WHERE deleted_at IS NULL ORDER BY name_key, id LIMIT ?", maxGroupChoices)
}

// EnclosedTitles are the titles of the restricted collections that the actor sees, by enclosure.
func (q Queries) EnclosedTitles(ctx context.Context, actor *Actor) (titles map[int64]string, err error) {
	if len(actor.Inner) == 0 {
		return nil, nil
	}
	seen, list := q.visible(&Actor{Inner: actor.Inner}, "space_id")
	var found []Collection
	if err := q.raw(ctx, &found, "SELECT space_id, title FROM collections WHERE "+strings.TrimPrefix(seen, "+"), list); err != nil {
		return nil, fmt.Errorf("titles of restricted collections: %w", err)
	}
	titles = make(map[int64]string, len(found))
	for i := range found {
		titles[found[i].SpaceID] = found[i].Title
	}
	return titles, nil
}

// CollectionSpace is the space or the enclosure in which a collection lies, for what is brought into it by no person; until the transaction
// ends it stays there.
func (tx *Tx) CollectionSpace(id int64) (spaceID int64, err error) {
	if err := tx.hold("collections", id); err != nil {
		return 0, err
	}
	return spaceID, tx.one(tx.ctx, &spaceID, "SELECT space_id FROM collections WHERE id = ?", id)
}
