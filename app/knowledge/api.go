package knowledge

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/app/writing"
	"ruche/models"
)

// API adds the feature's operations.
func (f *Knowledge) API(a *api.API) {
	f.collectionsAPI(a)
	f.restrictionAPI(a)
	f.articlesAPI(a)
	f.versionsAPI(a)
	f.draftsAPI(a)
	f.passagesAPI(a)
	f.linksAPI(a)
	f.trustAPI(a)
	f.readingAPI(a)
	f.trashAPI(a)
	f.templatesAPI(a)
}

// collectionsAPI adds the collections and, level by level, their trees.
func (f *Knowledge) collectionsAPI(a *api.API) {
	manage := api.Wants(models.ScopeManage)
	api.Register(a, huma.Operation{OperationID: "list-collections", Method: http.MethodGet, Path: "/collections", Summary: "List collections", Description: "By space, in their order there, those that are archived too."}, f.apiCollections)
	api.Register(a, huma.Operation{OperationID: "create-collection", Method: http.MethodPost, Path: "/collections", Summary: "Create a collection", DefaultStatus: http.StatusCreated, Security: manage}, f.apiCreateCollection)
	api.Register(a, huma.Operation{OperationID: "get-collection", Method: http.MethodGet, Path: "/collections/{id}", Summary: "Read a collection", Description: "Its articles are lists of their own."}, f.apiCollection)
	api.Register(a, huma.Operation{OperationID: "edit-collection", Method: http.MethodPatch, Path: "/collections/{id}", Summary: "Change the title and the description of a collection", Description: "Fields that are absent stay as they are.", Security: manage}, f.apiEditCollection)
	api.Register(a, huma.Operation{OperationID: "archive-collection", Method: http.MethodPut, Path: "/collections/{id}/archive", Summary: "Archive a collection", Description: "It is there to be read, and nothing new is written there.", Security: manage}, f.apiArchive)
	api.Register(a, huma.Operation{OperationID: "reopen-collection", Method: http.MethodDelete, Path: "/collections/{id}/archive", Summary: "Reopen an archived collection", Security: manage}, f.apiReopen)
	api.Register(a, huma.Operation{OperationID: "list-collection-level", Method: http.MethodGet, Path: "/collections/{id}/tree", Summary: "List one level of the tree of a collection", Description: "Its topmost articles, or those right under one of its articles, in their order."}, f.apiLevel)
}

type collectionBody struct {
	ID          int64      `json:"id"`
	URL         string     `json:"url"`
	Space       string     `json:"space" doc:"Slug."`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Articles    int        `json:"articles" doc:"How many are published in it."`
	CreatedAt   time.Time  `json:"created_at"`
	ArchivedAt  *time.Time `json:"archived_at" doc:"Since when nothing new is written there, or null."`
	Restricted  bool       `json:"restricted" doc:"Whether only chosen people of those who see its space read it."`
}

func (f *Knowledge) collectionShown(actor *models.Actor, c *models.Collection) collectionBody {
	return collectionBody{c.ID, f.web.BaseURL.String() + c.Path(), slugOf(actor, c.SpaceID), c.Title, c.Description, c.ArticleCount, c.CreatedAt, c.ArchivedAt, c.Restricted(actor)}
}

// slugOf is the slug of a space, by which programs know it.
func slugOf(actor *models.Actor, spaceID int64) string {
	if space := actor.Access(spaceID); space != nil {
		return space.Slug
	}
	return ""
}

// spaceNamed is the id of the space with a slug, 0 without one.
func spaceNamed(actor *models.Actor, slug string) (int64, error) {
	if slug == "" {
		return 0, nil
	}
	space := actor.AccessTo(slug)
	if space == nil {
		return 0, models.ErrNotFound
	}
	return space.ID, nil
}

type listCollections struct {
	Space  string `query:"space" doc:"Slug of a space."`
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type collectionsAnswer struct {
	Body struct {
		Items []collectionBody `json:"items"`
		Next  *string          `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Knowledge) apiCollections(ctx context.Context, actor *models.Actor, in *listCollections) (*collectionsAnswer, error) {
	after, err := models.ParseCollectionKey(in.Cursor)
	if err != nil {
		return nil, err
	}
	spaceID, err := spaceNamed(actor, in.Space)
	if err != nil {
		return nil, err
	}
	collections, next, err := f.db.Collections(ctx, actor, spaceID, after, in.Limit)
	if err != nil {
		return nil, err
	}
	answer := &collectionsAnswer{}
	answer.Body.Items = make([]collectionBody, len(collections))
	for i := range collections {
		answer.Body.Items[i] = f.collectionShown(actor, &collections[i])
	}
	if next != nil {
		key := next.String()
		answer.Body.Next = &key
	}
	return answer, nil
}

type createCollection struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key does the work once."`
	Body struct {
		Space       string `json:"space" doc:"Slug."`
		Title       string `json:"title"`
		Description string `json:"description,omitempty"`
	}
}

func (f *Knowledge) apiCreateCollection(ctx context.Context, actor *models.Actor, in *createCollection) (*api.Created[collectionBody], error) {
	collection, err := f.Create(ctx, actor, NewCollection{Space: in.Body.Space, Title: in.Body.Title, Description: in.Body.Description, Once: writing.ProgramKey(in.Key)})
	if err != nil {
		return nil, err
	}
	body := f.collectionShown(actor, collection)
	return &api.Created[collectionBody]{Location: body.URL, Body: body}, nil
}

// CollectionPath is the collection that an operation is about; exported, since huma fills in no other embedded struct.
type CollectionPath struct {
	ID int64 `path:"id" minimum:"1"`
}

type collectionAnswer struct {
	Body collectionBody
}

// shelved is a collection after something was done about it.
func (f *Knowledge) shelved(actor *models.Actor, collection *models.Collection, err error) (*collectionAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &collectionAnswer{f.collectionShown(actor, collection)}, nil
}

func (f *Knowledge) apiCollection(ctx context.Context, actor *models.Actor, in *CollectionPath) (*collectionAnswer, error) {
	collection, err := f.db.Collection(ctx, actor, in.ID)
	return f.shelved(actor, collection, err)
}

type editCollection struct {
	CollectionPath
	Body struct {
		Title       *string `json:"title,omitempty"`
		Description *string `json:"description,omitempty"`
	}
}

func (f *Knowledge) apiEditCollection(ctx context.Context, actor *models.Actor, in *editCollection) (*collectionAnswer, error) {
	collection, err := f.shelve(ctx, actor, in.ID, models.CollectionEdited, func(tx *models.Tx, collection *models.Collection) (bool, error) {
		before := *collection
		if in.Body.Title != nil {
			collection.Title = *in.Body.Title
		}
		if in.Body.Description != nil {
			collection.Description = *in.Body.Description
		}
		if *collection == before {
			return false, nil
		}
		return true, tx.EditCollection(collection)
	})
	return f.shelved(actor, collection, err)
}

func (f *Knowledge) apiArchive(ctx context.Context, actor *models.Actor, in *CollectionPath) (*collectionAnswer, error) {
	collection, err := f.Archive(ctx, actor, in.ID, true)
	return f.shelved(actor, collection, err)
}

func (f *Knowledge) apiReopen(ctx context.Context, actor *models.Actor, in *CollectionPath) (*collectionAnswer, error) {
	collection, err := f.Archive(ctx, actor, in.ID, false)
	return f.shelved(actor, collection, err)
}

type listLevel struct {
	CollectionPath
	Parent int64  `query:"parent" minimum:"1" doc:"Number of an article of the collection; absent for the top."`
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type treeNodeItem struct {
	ID     int64  `json:"id"`
	URL    string `json:"url"`
	Title  string `json:"title"`
	Lang   string `json:"lang" doc:"fr, en, or empty if unknown."`
	Parent bool   `json:"has_children" doc:"Whether articles stand under it."`
}

type treeLevelAnswer struct {
	Body struct {
		Items []treeNodeItem `json:"items"`
		Next  *string        `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Knowledge) apiLevel(ctx context.Context, actor *models.Actor, in *listLevel) (*treeLevelAnswer, error) {
	after, err := levelKey(in.Cursor)
	if err != nil {
		return nil, err
	}
	if _, err := f.db.Collection(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	if in.Parent != 0 {
		parent, err := f.db.Article(ctx, actor, in.Parent)
		if err != nil {
			return nil, err
		}
		if parent.CollectionID != in.ID {
			return nil, models.ErrNotFound
		}
	}
	nodes, err := f.db.ArticlesUnder(ctx, in.ID, in.Parent, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	answer := &treeLevelAnswer{}
	if len(nodes) > in.Limit {
		nodes = nodes[:in.Limit]
		last := &nodes[in.Limit-1]
		key := strconv.FormatInt(last.Position, 10) + "." + strconv.FormatInt(last.ID, 10)
		answer.Body.Next = &key
	}
	answer.Body.Items = make([]treeNodeItem, len(nodes))
	for i := range nodes {
		answer.Body.Items[i] = treeNodeItem{nodes[i].ID, f.web.BaseURL.String() + nodes[i].Path(), nodes[i].Title, nodes[i].Lang, nodes[i].Parent}
	}
	return answer, nil
}
