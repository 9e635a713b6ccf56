package models

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

func (t *Topic) subject() (string, int64, int64) { return "topic", t.ID, t.SpaceID }

// Bounds of topics: characters of a title and of a description, and topics of one space.
const (
	maxTopicTitle       = 80
	maxTopicDescription = 400
	maxTopics           = 60
)

// Validate tidies the topic and says which fields are wrong.
func (t *Topic) Validate() error {
	t.Title, t.Description = oneLine(t.Title), strings.TrimSpace(t.Description)
	problems := Invalid{}
	if t.Title == "" || utf8.RuneCountInString(t.Title) > maxTopicTitle {
		problems["title"] = "discussions.topic_title_invalid"
	}
	if utf8.RuneCountInString(t.Description) > maxTopicDescription {
		problems["description"] = "discussions.topic_description_invalid"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// Topics lists those of a space in their order, the archived ones last. The caller has loaded the space as one that the actor may see.
func (q Queries) Topics(ctx context.Context, spaceID int64) (topics []Topic, err error) {
	return topics, q.raw(ctx, &topics, "SELECT * FROM topics WHERE space_id = ? ORDER BY archived_at IS NOT NULL, position, id LIMIT "+strconv.Itoa(2*maxTopics), spaceID)
}

// OpenTopics lists the topics of all spaces of an actor in which threads can be begun, by space.
func (q Queries) OpenTopics(ctx context.Context, actor *Actor) (topics []Topic, err error) {
	seen, list := q.visible(actor, "space_id")
	return topics, q.raw(ctx, &topics, "SELECT * FROM topics WHERE archived_at IS NULL AND "+strings.TrimPrefix(seen, "+")+" ORDER BY space_id, position, id LIMIT 1000", list)
}

// Topic finds a topic of a space by its slug.
func (q Queries) Topic(ctx context.Context, spaceID int64, slug string) (*Topic, error) {
	topic := &Topic{}
	if err := q.one(ctx, topic, "SELECT * FROM topics WHERE space_id = ? AND slug = ?", spaceID, slug); err != nil {
		return nil, fmt.Errorf("topic: %w", err)
	}
	return topic, nil
}

// CreateTopic adds a topic at the end of those of its space, with an address made from its title.
func (tx *Tx) CreateTopic(topic *Topic) error {
	if err := topic.Validate(); err != nil {
		return err
	}
	topics, err := tx.Topics(tx.ctx, topic.SpaceID)
	if err != nil {
		return err
	}
	if len(topics) >= maxTopics {
		return Invalid{"title": "discussions.too_many_topics"}
	}
	base := Slug(topic.Title)
	if base == "" {
		base = "topic"
	}
	topic.Slug = base
	for n := 2; slices.ContainsFunc(topics, func(other Topic) bool { return other.Slug == topic.Slug }); n++ {
		topic.Slug = base + "-" + strconv.Itoa(n)
	}
	for i := range topics {
		topic.Position = max(topic.Position, topics[i].Position+1)
	}
	topic.CreatedAt = tx.now
	return tx.create(topic)
}

// EditTopic stores another title and description; the address stays.
func (tx *Tx) EditTopic(topic *Topic) error {
	if err := topic.Validate(); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE topics SET title = ?, description = ? WHERE id = ?", topic.Title, topic.Description, topic.ID)
	return err
}

// StepTopic moves a topic up (-1) or down (1) among those of its space that are not archived; moved is false at the end.
func (tx *Tx) StepTopic(topic *Topic, step int) (moved bool, err error) {
	topics, err := tx.Topics(tx.ctx, topic.SpaceID)
	if err != nil {
		return false, err
	}
	topics = slices.DeleteFunc(topics, func(t Topic) bool { return t.ArchivedAt != nil })
	from := slices.IndexFunc(topics, func(t Topic) bool { return t.ID == topic.ID })
	to := from + step
	if from < 0 || to < 0 || to >= len(topics) {
		return false, nil
	}
	topics[from], topics[to] = topics[to], topics[from]
	for i := range topics { // as many as a space has, which is bounded
		if _, err := tx.exec("UPDATE topics SET position = ? WHERE id = ? AND position <> ?", i+1, topics[i].ID, i+1); err != nil {
			return false, err
		}
	}
	return true, nil
}

// ArchiveTopic makes a topic one in which nothing is begun, or opens it again.
func (tx *Tx) ArchiveTopic(topic *Topic, archived bool) error {
	topic.ArchivedAt = nil
	if archived {
		topic.ArchivedAt = &tx.now
	}
	_, err := tx.exec("UPDATE topics SET archived_at = ? WHERE id = ?", topic.ArchivedAt, topic.ID)
	return err
}
