package discussions

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/app/writing"
	"ruche/models"
)

// tendingAPI adds what those do about a thread who look after its space.
func (f *Discussions) tendingAPI(a *api.API) {
	manage := api.Wants(models.ScopeManage)
	api.Register(a, huma.Operation{OperationID: "pin-thread", Method: http.MethodPut, Path: "/threads/{id}/pin", Summary: "Pin a thread before the list of its space", Security: manage}, f.apiPin)
	api.Register(a, huma.Operation{OperationID: "unpin-thread", Method: http.MethodDelete, Path: "/threads/{id}/pin", Summary: "Take a thread back into the list", Security: manage}, f.apiUnpin)
	api.Register(a, huma.Operation{OperationID: "close-thread", Method: http.MethodPut, Path: "/threads/{id}/closure", Summary: "Close a thread", Description: "It is there to be read, and no longer to be written in.", Security: manage}, f.apiClose)
	api.Register(a, huma.Operation{OperationID: "reopen-thread", Method: http.MethodDelete, Path: "/threads/{id}/closure", Summary: "Open a closed thread again", Security: manage}, f.apiReopen)
	api.Register(a, huma.Operation{OperationID: "slow-thread", Method: http.MethodPut, Path: "/threads/{id}/pace", Summary: "Say how long one person waits between two posts", Security: manage}, f.apiSlow)
	api.Register(a, huma.Operation{OperationID: "move-thread", Method: http.MethodPut, Path: "/threads/{id}/space", Summary: "Move a thread to another space", Description: "One in which you may begin threads. It stands in no topic there.", Security: manage}, f.apiMove)
}

// tended is a thread after it was tended, which people do in their own name, also with a thread that they began without it.
func (f *Discussions) tended(ctx context.Context, actor *models.Actor, id int64, err error) (*threadAnswer, error) {
	if err != nil {
		return nil, err
	}
	return f.answer(ctx, actor, id, nil)
}

func (f *Discussions) apiPin(ctx context.Context, actor *models.Actor, in *ThreadPath) (*threadAnswer, error) {
	_, err := f.Pin(ctx, actor, in.ID, true)
	return f.tended(ctx, actor, in.ID, err)
}

func (f *Discussions) apiUnpin(ctx context.Context, actor *models.Actor, in *ThreadPath) (*threadAnswer, error) {
	_, err := f.Pin(ctx, actor, in.ID, false)
	return f.tended(ctx, actor, in.ID, err)
}

type closeThread struct {
	ThreadPath
	Body struct {
		Reason string `json:"reason,omitempty" doc:"One line that readers are shown."`
	}
}

func (f *Discussions) apiClose(ctx context.Context, actor *models.Actor, in *closeThread) (*threadAnswer, error) {
	_, err := f.Close(ctx, actor, in.ID, true, in.Body.Reason)
	return f.tended(ctx, actor, in.ID, err)
}

func (f *Discussions) apiReopen(ctx context.Context, actor *models.Actor, in *ThreadPath) (*threadAnswer, error) {
	_, err := f.Close(ctx, actor, in.ID, false, "")
	return f.tended(ctx, actor, in.ID, err)
}

type slowThread struct {
	ThreadPath
	Body struct {
		Seconds int `json:"seconds" minimum:"0" maximum:"86400" doc:"0 for not at all."`
	}
}

func (f *Discussions) apiSlow(ctx context.Context, actor *models.Actor, in *slowThread) (*threadAnswer, error) {
	_, err := f.Slow(ctx, actor, in.ID, time.Duration(in.Body.Seconds)*time.Second)
	return f.tended(ctx, actor, in.ID, err)
}

type moveThread struct {
	ThreadPath
	Body struct {
		Space string `json:"space" doc:"Slug."`
	}
}

func (f *Discussions) apiMove(ctx context.Context, actor *models.Actor, in *moveThread) (*threadAnswer, error) {
	_, err := f.Move(ctx, actor, in.ID, in.Body.Space)
	return f.tended(ctx, actor, in.ID, err)
}

// topicsAPI adds the topics of a space.
func (f *Discussions) topicsAPI(a *api.API) {
	manage := api.Wants(models.ScopeManage)
	api.Register(a, huma.Operation{OperationID: "list-topics", Method: http.MethodGet, Path: "/spaces/{slug}/topics", Summary: "List the topics of a space", Description: "In their order, those that are archived too."}, f.apiTopics)
	api.Register(a, huma.Operation{OperationID: "create-topic", Method: http.MethodPost, Path: "/spaces/{slug}/topics", Summary: "Create a topic", DefaultStatus: http.StatusCreated, Security: manage}, f.apiCreateTopic)
	api.Register(a, huma.Operation{OperationID: "edit-topic", Method: http.MethodPatch, Path: "/spaces/{slug}/topics/{topic}", Summary: "Change a topic", Description: "Fields that are absent stay as they are.", Security: manage}, f.apiEditTopic)
}

// SpaceTopics are the topics of the space that an operation is about; exported, since huma fills in no other embedded struct.
type SpaceTopics struct {
	Slug string `path:"slug"`
}

type topicBody struct {
	Slug        string     `json:"slug"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	ArchivedAt  *time.Time `json:"archived_at" doc:"Since when nothing new is begun there, or null."`
}

func topicShown(t *models.Topic) topicBody {
	return topicBody{t.Slug, t.Title, t.Description, t.ArchivedAt}
}

type topicsAnswer struct {
	Body struct {
		Items []topicBody `json:"items"`
	}
}

func (f *Discussions) apiTopics(ctx context.Context, actor *models.Actor, in *SpaceTopics) (*topicsAnswer, error) {
	access := actor.AccessTo(in.Slug)
	if access == nil {
		return nil, models.ErrNotFound
	}
	topics, err := f.db.Topics(ctx, access.ID)
	if err != nil {
		return nil, err
	}
	answer := &topicsAnswer{}
	answer.Body.Items = make([]topicBody, len(topics))
	for i := range topics {
		answer.Body.Items[i] = topicShown(&topics[i])
	}
	return answer, nil
}

type createTopic struct {
	SpaceTopics
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Title       string `json:"title"`
		Description string `json:"description,omitempty"`
	}
}

func (f *Discussions) apiCreateTopic(ctx context.Context, actor *models.Actor, in *createTopic) (*api.Created[topicBody], error) {
	access, err := arranging(actor, in.Slug)
	if err != nil {
		return nil, err
	}
	topic, err := f.CreateTopic(ctx, actor, NewTopic{Space: access.ID, Title: in.Body.Title, Description: in.Body.Description, Once: writing.ProgramKey(in.Key)})
	if err != nil {
		return nil, err
	}
	return &api.Created[topicBody]{Location: f.web.BaseURL.String() + "/discussions?space=" + in.Slug + "&topic=" + topic.Slug, Body: topicShown(topic)}, nil
}

type editTopic struct {
	SpaceTopics
	Topic string `path:"topic"`
	Body  struct {
		Title       *string `json:"title,omitempty"`
		Description *string `json:"description,omitempty"`
		Archived    *bool   `json:"archived,omitempty" doc:"Whether nothing new is begun there."`
		Step        *int    `json:"step,omitempty" enum:"-1,1" doc:"-1 to put it before the topic above it, 1 after the one below."`
	}
}

type topicAnswer struct {
	Body topicBody
}

func (f *Discussions) apiEditTopic(ctx context.Context, actor *models.Actor, in *editTopic) (*topicAnswer, error) {
	access, err := arranging(actor, in.Slug)
	if err != nil {
		return nil, err
	}
	var topic *models.Topic
	err = f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		if topic, err = tx.Topic(ctx, access.ID, in.Topic); err != nil {
			return err
		}
		return in.apply(tx, topic)
	})
	if err != nil {
		return nil, err
	}
	return &topicAnswer{topicShown(topic)}, nil
}

// apply changes what the request names, each with an event of its own as on the pages.
func (in *editTopic) apply(tx *models.Tx, topic *models.Topic) error {
	var verbs []string
	if in.Body.Title != nil || in.Body.Description != nil {
		if in.Body.Title != nil {
			topic.Title = *in.Body.Title
		}
		if in.Body.Description != nil {
			topic.Description = *in.Body.Description
		}
		if err := tx.EditTopic(topic); err != nil {
			return err
		}
		verbs = append(verbs, models.TopicEdited)
	}
	if in.Body.Archived != nil && *in.Body.Archived != (topic.ArchivedAt != nil) {
		if err := tx.ArchiveTopic(topic, *in.Body.Archived); err != nil {
			return err
		}
		verbs = append(verbs, map[bool]string{true: models.TopicArchived, false: models.TopicReopened}[*in.Body.Archived])
	}
	if in.Body.Step != nil {
		moved, err := tx.StepTopic(topic, *in.Body.Step)
		if err != nil {
			return err
		}
		if moved {
			verbs = append(verbs, models.TopicsOrdered)
		}
	}
	return recordAll(tx, topic, verbs)
}

func recordAll(tx *models.Tx, topic *models.Topic, verbs []string) error {
	var events []models.Event
	for _, verb := range verbs {
		event, err := tx.EventOf(tx.Actor().ID, verb, topic, nil)
		if err != nil {
			return err
		}
		events = append(events, event)
	}
	return tx.RecordAll(events)
}
