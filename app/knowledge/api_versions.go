package knowledge

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/app/text"
	"ruche/models"
)

// versionsAPI adds the texts that articles have had.
func (f *Knowledge) versionsAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-article-versions", Method: http.MethodGet, Path: "/articles/{id}/versions", Summary: "List the texts that an article has had", Description: "Newest first."}, f.apiVersions)
	api.Register(a, huma.Operation{OperationID: "get-article-version", Method: http.MethodGet, Path: "/articles/{id}/versions/{number}", Summary: "Read a text that an article has had"}, f.apiVersion)
	api.Register(a, huma.Operation{OperationID: "compare-article-versions", Method: http.MethodGet, Path: "/articles/{id}/versions/{number}/changes", Summary: "See what a version changed", Description: "Of the one before it, or of an older one. The pieces that are not removed are the version, in their order; those that are not added, the older one."}, f.apiChanges)
	api.Register(a, huma.Operation{OperationID: "restore-article-version", Method: http.MethodPost, Path: "/articles/{id}/versions/{number}", Summary: "Make a former text the article's again", Description: "As a new version; nothing is lost.", DefaultStatus: http.StatusOK}, f.apiToVersion)
}

type articleVersionItem struct {
	Number    int         `json:"number"`
	Editor    *api.Author `json:"editor"`
	Note      string      `json:"note" doc:"What its editor says about it."`
	CreatedAt time.Time   `json:"created_at"`
}

type articleVersionsAnswer struct {
	Body struct {
		Items []articleVersionItem `json:"items"`
		Next  *int                 `json:"next" doc:"\"before\" of the next page, null on the last."`
	}
}

type listVersions struct {
	ArticlePath
	Before int `query:"before" minimum:"1" maximum:"1000000000" doc:"Only versions with a smaller number."`
	Limit  int `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

func (f *Knowledge) apiVersions(ctx context.Context, actor *models.Actor, in *listVersions) (*articleVersionsAnswer, error) {
	article, err := f.db.Article(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	cards, err := f.db.ArticleVersions(ctx, article.ID, in.Before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	answer := &articleVersionsAnswer{}
	if len(cards) > in.Limit {
		cards = cards[:in.Limit]
		answer.Body.Next = &cards[in.Limit-1].Number
	}
	answer.Body.Items = make([]articleVersionItem, len(cards))
	for i := range cards {
		answer.Body.Items[i] = articleVersionItem{cards[i].Number, api.AuthorOf(cards[i].EditorID, cards[i].EditorName, cards[i].EditorRole), cards[i].Note, cards[i].CreatedAt}
	}
	return answer, nil
}

// VersionPath is the version of an article that an operation is about; exported, since huma fills in no other embedded struct.
type VersionPath struct {
	ID     int64 `path:"id" minimum:"1"`
	Number int   `path:"number" minimum:"1" maximum:"1000000000"`
}

type articleVersionAnswer struct {
	Body struct {
		Number    int       `json:"number"`
		Title     string    `json:"title"`
		Body      string    `json:"body" doc:"Markdown."`
		Tags      []string  `json:"tags"`
		Note      string    `json:"note" doc:"What its editor says about it."`
		CreatedAt time.Time `json:"created_at"`
	}
}

// apiVersionOf finds a version of an article that the actor may read.
func (f *Knowledge) apiVersionOf(ctx context.Context, actor *models.Actor, id int64, number int) (*models.ArticleVersion, error) {
	article, err := f.db.Article(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return f.db.ArticleVersion(ctx, article.ID, number)
}

func (f *Knowledge) apiVersion(ctx context.Context, actor *models.Actor, in *VersionPath) (*articleVersionAnswer, error) {
	version, err := f.apiVersionOf(ctx, actor, in.ID, in.Number)
	if err != nil {
		return nil, err
	}
	answer := &articleVersionAnswer{}
	answer.Body.Number, answer.Body.Title, answer.Body.Body, answer.Body.Tags = version.Number, version.Title, version.Body, append([]string{}, version.Tags...)
	answer.Body.Note, answer.Body.CreatedAt = version.Note, version.CreatedAt
	return answer, nil
}

type compareVersions struct {
	VersionPath
	Since int `query:"since" minimum:"1" maximum:"1000000000" doc:"Number of an older version; the one before, if absent."`
}

type articleChangeItem struct {
	Kind string `json:"kind" enum:"same,added,removed"`
	Text string `json:"text"`
}

type articleChangesAnswer struct {
	Body struct {
		Since int                 `json:"since" doc:"The version that it is compared with; 0 for none."`
		Title []articleChangeItem `json:"title"`
		Body  []articleChangeItem `json:"body"`
		Tags  []articleChangeItem `json:"tags"`
	}
}

func (f *Knowledge) apiChanges(ctx context.Context, actor *models.Actor, in *compareVersions) (*articleChangesAnswer, error) {
	version, err := f.apiVersionOf(ctx, actor, in.ID, in.Number)
	if err != nil {
		return nil, err
	}
	answer := &articleChangesAnswer{}
	if answer.Body.Since, err = f.db.VersionBefore(ctx, in.ID, in.Number); err != nil {
		return nil, err
	}
	if in.Since != 0 {
		answer.Body.Since = in.Since
	}
	if answer.Body.Since >= in.Number {
		return nil, models.ErrNotFound
	}
	from := version // the first one has changed nothing
	if answer.Body.Since != 0 {
		if from, err = f.db.ArticleVersion(ctx, in.ID, answer.Body.Since); err != nil {
			return nil, err
		}
	}
	answer.Body.Title, answer.Body.Body = changesOf(from.Title, version.Title), changesOf(from.Body, version.Body)
	answer.Body.Tags = changesOf(strings.Join(from.Tags, ", "), strings.Join(version.Tags, ", "))
	return answer, nil
}

var changeKinds = map[text.ChangeKind]string{text.Same: "same", text.Added: "added", text.Removed: "removed"}

func changesOf(from, to string) []articleChangeItem {
	changes := text.Diff(from, to)
	items := make([]articleChangeItem, len(changes))
	for i, change := range changes {
		items[i] = articleChangeItem{changeKinds[change.Kind], change.Text}
	}
	return items
}

type restoreVersion struct {
	VersionPath
	Body *struct {
		Note string `json:"note,omitempty" doc:"What the history says of the new version."`
	}
}

func (f *Knowledge) apiToVersion(ctx context.Context, actor *models.Actor, in *restoreVersion) (*articleAnswer, error) {
	note := ""
	if in.Body != nil {
		note = in.Body.Note
	}
	if _, err := f.ToVersion(ctx, actor, in.ID, in.Number, note); err != nil {
		return nil, err
	}
	return f.whole(ctx, actor, in.ID)
}
