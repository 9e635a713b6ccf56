package models

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// mostKeepers bounds how many people of a group are told of what concerns an article that the group answers for.
const mostKeepers = 20

// ofGroup is the column that says whether somebody, its argument, is in the group that answers for the article a.
const ofGroup = ", EXISTS (SELECT 1 FROM group_members k JOIN groups g ON g.id = k.group_id WHERE k.group_id = a.owner_group_id AND k.user_id = ? AND g.deleted_at IS NULL) AS of_group "

// keepers is the query of the people of a group, named as in the query around it, who can answer for articles in a space, the first argument; the
// second is the time.
func (q Queries) keepers(group string) (query string) {
	here, _ := q.here()
	return `SELECT u.id AS user_id FROM group_members n JOIN groups h ON h.id = n.group_id JOIN users u ON u.id = n.user_id JOIN spaces s ON s.id = ? LEFT JOIN memberships m ON m.space_id = s.id AND m.user_id = u.id
			LEFT JOIN memberships around ON around.space_id = coalesce(s.within_id, s.id) AND around.user_id = u.id -- what they may do is what they may in the space around
		WHERE n.group_id = ` + group + " AND h.deleted_at IS NULL AND " + here + " AND " + account + " AND NOT u.service AND u.role NOT IN ('external', 'auditor') AND coalesce(around.role, '') <> 'reader' AND " + sees
}

// someKeepers are the first of the people of a group who can answer for articles in a space.
func (q Queries) someKeepers(groupID, spaceID int64) (query string, args []any) {
	_, now := q.here()
	return "SELECT * FROM (" + q.keepers("?") + " ORDER BY u.id LIMIT " + strconv.Itoa(mostKeepers) + ") k", []any{spaceID, groupID, now}
}

// OwnerGroup is the group that answers for an article.
type OwnerGroup struct {
	ID   int64
	Name string // empty for who may not know of it
	Lost bool   // there is nobody in it any more who could
}

// ownerGroup is the group that an article was given to, nil for none.
func (q Queries) ownerGroup(ctx context.Context, actor *Actor, article *Article) (*OwnerGroup, error) {
	if article.OwnerGroupID == nil {
		return nil, nil
	}
	knows, more := knowsGroup(actor)
	some, args := q.someKeepers(*article.OwnerGroupID, article.SpaceID)
	group := &OwnerGroup{}
	args = append(append(more, args...), *article.OwnerGroupID)
	err := q.one(ctx, group, "SELECT g.id, CASE WHEN "+knows+" THEN g.name ELSE '' END AS name, NOT EXISTS ("+some+") AS lost FROM groups g WHERE g.id = ?", args...)
	if err != nil {
		return nil, fmt.Errorf("group of article %d: %w", article.ID, err)
	}
	if group.Lost {
		group.Name = ""
	}
	return group, nil
}

// maxOwnerGroups bounds the groups that a form offers to answer for an article, and those of one person that are looked at.
const maxOwnerGroups = 100

// OwnerGroups are the groups that the actor may name and give an article: those with somebody who can answer for it.
func (q Queries) OwnerGroups(ctx context.Context, actor *Actor, article *Article) (groups []Group, err error) {
	knows, args := knowsGroup(actor)
	_, now := q.here()
	args = append(args, article.SpaceID, now)
	err = q.raw(ctx, &groups, "SELECT g.* FROM (SELECT g.* FROM groups g WHERE g.deleted_at IS NULL AND "+knows+" ORDER BY g.name_key, g.id LIMIT "+strconv.Itoa(maxOwnerGroups)+") g WHERE EXISTS ("+q.keepers("g.id")+") ORDER BY g.name_key, g.id", args...)
	if err != nil {
		return nil, fmt.Errorf("groups for article %d: %w", article.ID, err)
	}
	return groups, nil
}

// GiveToGroup gives a locked article to a group that the actor may name and in which somebody can answer for it. changed is false if it was
// the group's already.
func (tx *Tx) GiveToGroup(article *Article, groupID int64) (changed bool, err error) {
	knows, args := knowsGroup(tx.actor)
	some, more := tx.someKeepers(groupID, article.SpaceID)
	var id int64
	err = tx.one(tx.ctx, &id, "SELECT g.id FROM groups g WHERE g.id = ? AND g.deleted_at IS NULL AND "+knows+" AND EXISTS ("+some+")", append(append([]any{groupID}, args...), more...)...)
	if errors.Is(err, ErrNotFound) {
		return false, Invalid{"group": "knowledge.group_unknown"}
	}
	if err != nil {
		return false, err
	}
	if orZero(article.OwnerGroupID) == groupID {
		return false, nil
	}
	tx.given(article)
	article.OwnerID, article.OwnerGroupID = nil, &groupID
	return true, tx.belongs(article)
}

// given notes to whom an article was given before and by whom it is now, so that they can take it back.
func (tx *Tx) given(article *Article) {
	actor := tx.actorID()
	article.OwnerBefore, article.GroupBefore, article.GivenBy = article.OwnerID, article.OwnerGroupID, &actor
}

// owningGroups are the groups of the actor that answer for articles.
func (q Queries) owningGroups(ctx context.Context, actor *Actor) (ids []int64, err error) {
	err = q.raw(ctx, &ids, `SELECT k.group_id FROM group_members k JOIN groups g ON g.id = k.group_id WHERE k.user_id = ? AND g.deleted_at IS NULL
		AND EXISTS (SELECT 1 FROM articles a WHERE a.owner_group_id = k.group_id) ORDER BY k.group_id LIMIT `+strconv.Itoa(maxOwnerGroups), actor.ID)
	if err != nil {
		return nil, fmt.Errorf("groups of person %d: %w", actor.ID, err)
	}
	return ids, nil
}

// lostGroups are those that articles of a space were given to and that are gone, or have nobody who could answer for them.
func (q Queries) lostGroups(ctx context.Context, spaceID int64) (ids []int64, err error) {
	_, now := q.here()
	err = q.raw(ctx, &ids, `WITH RECURSIVE o (id) AS (
			SELECT min(a.owner_group_id) FROM articles a WHERE a.space_id = ? AND a.owner_group_id IS NOT NULL AND a.state = 'published'
			UNION ALL SELECT (SELECT min(a.owner_group_id) FROM articles a WHERE a.space_id = ? AND a.owner_group_id > o.id AND a.state = 'published') FROM o WHERE o.id IS NOT NULL)
		SELECT o.id FROM o WHERE o.id IS NOT NULL AND NOT EXISTS (`+q.keepers("o.id")+") ORDER BY o.id LIMIT "+strconv.Itoa(mostLost), spaceID, spaceID, spaceID, now)
	if err != nil {
		return nil, fmt.Errorf("groups that are gone: %w", err)
	}
	return ids, nil
}

// keptBy are those of a group whom a reminder of an article reaches, looked for once.
func (tx *Tx) keptBy(article *Article, known *answerable) ([]ArticleReminder, error) {
	key := [2]int64{orZero(article.OwnerGroupID), article.SpaceID}
	if key[0] == 0 {
		return nil, nil
	}
	people, looked := known.groups[key]
	if looked {
		return people, nil
	}
	some, args := tx.someKeepers(key[0], key[1])
	err := tx.raw(tx.ctx, &people, "SELECT u.id AS user_id, u.email, u.locale FROM ("+some+") w JOIN users u ON u.id = w.user_id JOIN spaces s ON s.id = ? WHERE s.archived_at IS NULL ORDER BY u.id", append(args, article.SpaceID)...)
	known.groups[key] = people
	return people, err
}
