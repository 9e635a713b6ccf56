package knowledge

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
)

// restrictionAPI adds who reads a collection.
func (f *Knowledge) restrictionAPI(a *api.API) {
	manage := api.Wants(models.ScopeManage)
	api.Register(a, huma.Operation{OperationID: "get-collection-readers", Method: http.MethodGet, Path: "/collections/{id}/readers", Summary: "Read who may read a collection", Description: "For those who arrange it.", Security: manage}, f.apiReaders)
	api.Register(a, huma.Operation{OperationID: "restrict-collection", Method: http.MethodPut, Path: "/collections/{id}/readers", Summary: "Let only some people read a collection", Description: "In place of those who were chosen before. The managers of its space always read it, and so does whoever restricts it. Nobody reads it who does not see its space.", Security: manage}, f.apiSetReaders)
	api.Register(a, huma.Operation{OperationID: "open-collection", Method: http.MethodDelete, Path: "/collections/{id}/readers", Summary: "Let everybody who sees its space read a collection again", Security: manage}, f.apiOpen)
}

type readerItem struct {
	api.Author
	Manages bool `json:"manages" doc:"Whether they read it as managers of the space."`
}

type readingGroup struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type readersAnswer struct {
	Body struct {
		Restricted bool           `json:"restricted" doc:"Whether only these people and groups read it, and not everybody who sees its space."`
		People     []readerItem   `json:"people"`
		Groups     []readingGroup `json:"groups"`
	}
}

func (f *Knowledge) apiReaders(ctx context.Context, actor *models.Actor, in *CollectionPath) (*readersAnswer, error) {
	collection, err := f.db.Collection(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	people, groups, err := f.db.CollectionReaders(ctx, actor, collection)
	if err != nil {
		return nil, err
	}
	answer := &readersAnswer{}
	answer.Body.Restricted = collection.Restricted(actor)
	answer.Body.People, answer.Body.Groups = make([]readerItem, len(people)), make([]readingGroup, len(groups))
	for i, reader := range people {
		answer.Body.People[i] = readerItem{*api.AuthorOf(reader.ID, reader.Name, reader.Role), reader.Manages}
	}
	for i := range groups {
		answer.Body.Groups[i] = readingGroup{groups[i].ID, groups[i].Name}
	}
	return answer, nil
}

type setReaders struct {
	CollectionPath
	Body struct {
		People []string `json:"people" maxItems:"500" doc:"Addresses, or names of which there is one."`
		Groups []int64  `json:"groups" maxItems:"100" doc:"Numbers of groups."`
	}
}

func (f *Knowledge) apiSetReaders(ctx context.Context, actor *models.Actor, in *setReaders) (*readersAnswer, error) {
	if err := f.SetReaders(ctx, actor, in.ID, in.Body.People, in.Body.Groups); err != nil {
		return nil, err
	}
	return f.apiReaders(ctx, actor, &in.CollectionPath)
}

func (f *Knowledge) apiOpen(ctx context.Context, actor *models.Actor, in *CollectionPath) (*collectionAnswer, error) {
	collection, _, err := f.Restrict(ctx, actor, in.ID, false)
	return f.shelved(actor, collection, err)
}
