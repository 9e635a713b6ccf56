package knowledge

import (
	"context"
	"errors"
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
	api.Register(a, huma.Operation{OperationID: "blame-article", Method: http.MethodGet, Path: "/articles/{id}/blame", Summary: "See who last changed each block of an article", Description: "A block is a heading, a paragraph, an item of a list, a row of a table, a quotation or a piece of code. One answer looks at a few hundred versions at most: while some blocks are of no version yet, ask again and it goes on from there."}, f.apiBlame)
	api.Register(a, huma.Operation{OperationID: "get-article-version", Method: http.MethodGet, Path: "/articles/{id}/versions/{number}", Summary: "Read a text that an article has had"}, f.apiVersion)
	api.Register(a, huma.Operation{OperationID: "compare-article-versions", Method: http.MethodGet, Path: "/articles/{id}/versions/{number}/changes", Summary: "See what a version changed", Description: "Of the one before it, or of an older one. The pieces that are not removed are the version, in their order; those that are not added, the older one."}, f.apiChanges)
	api.Register(a, huma.Operation{OperationID: "name-article-version", Method: http.MethodPut, Path: "/articles/{id}/versions/{number}/name", Summary: "Name a version of an article", Description: "So that people find it again. In the place of the name that it has. For who may write in the article."}, f.apiNameVersion)
	api.Register(a, huma.Operation{OperationID: "unname-article-version", Method: http.MethodDelete, Path: "/articles/{id}/versions/{number}/name", Summary: "Take the name of a version of an article away", DefaultStatus: http.StatusNoContent}, f.apiUnnameVersion)
	api.Register(a, huma.Operation{OperationID: "restore-article-version", Method: http.MethodPost, Path: "/articles/{id}/versions/{number}", Summary: "Make a former text the article's again", Description: "As a new version; nothing is lost.", DefaultStatus: http.StatusOK}, f.apiToVersion)
}

type articleVersionItem struct {
	Number    int         `json:"number"`
	Editor    *api.Author `json:"editor"`
	Note      string      `json:"note" doc:"What its editor says about it."`
	CreatedAt time.Time   `json:"created_at"`
	Name      string      `json:"name" doc:"By which people find it again; empty for none."`
	NameNote  string      `json:"name_note" doc:"What they say about that."`
}

type articleVersionsAnswer struct {
	Body struct {
		Items []articleVersionItem `json:"items"`
		Next  *int                 `json:"next" doc:"\"before\" of the next page, null on the last."`
	}
}

type listVersions struct {
	ArticlePath
	Before int  `query:"before" minimum:"1" maximum:"1000000000" doc:"Only versions with a smaller number."`
	Limit  int  `query:"limit" minimum:"1" maximum:"100" default:"30"`
	Named  bool `query:"named" doc:"Only versions with a name."`
}

func (f *Knowledge) apiVersions(ctx context.Context, actor *models.Actor, in *listVersions) (*articleVersionsAnswer, error) {
	article, err := f.db.Article(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	list := f.db.ArticleVersions
	if in.Named {
		list = f.db.NamedArticleVersions
	}
	cards, err := list(ctx, article.ID, in.Before, in.Limit+1)
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
		answer.Body.Items[i] = articleVersionItem{cards[i].Number, api.AuthorOf(cards[i].EditorID, cards[i].EditorName, cards[i].EditorRole), cards[i].Note, cards[i].CreatedAt, cards[i].Name, cards[i].NameNote}
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

type nameVersion struct {
	VersionPath
	Body struct {
		Name string `json:"name"`
		Note string `json:"note,omitempty"`
	}
}

type versionNameAnswer struct {
	Body struct {
		Number int    `json:"number"`
		Name   string `json:"name"`
		Note   string `json:"note"`
	}
}

func (f *Knowledge) apiNameVersion(ctx context.Context, actor *models.Actor, in *nameVersion) (*versionNameAnswer, error) {
	if _, err := f.NameVersion(ctx, actor, in.ID, in.Number, in.Body.Name, in.Body.Note); err != nil {
		return nil, err
	}
	now, err := f.db.VersionName(ctx, in.ID, in.Number)
	if err != nil || now == nil {
		return nil, errors.Join(err, models.ErrNotFound)
	}
	answer := &versionNameAnswer{}
	answer.Body.Number, answer.Body.Name, answer.Body.Note = now.Number, now.Name, now.Note
	return answer, nil
}

func (f *Knowledge) apiUnnameVersion(ctx context.Context, actor *models.Actor, in *VersionPath) (*api.Done, error) {
	_, err := f.UnnameVersion(ctx, actor, in.ID, in.Number)
	return &api.Done{}, err
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

type blameArticle struct {
	ArticlePath
	From  int `query:"from" minimum:"0" maximum:"1000000" doc:"How many blocks to leave out at the beginning."`
	Limit int `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type blameItem struct {
	Kind      string      `json:"kind" enum:"heading,paragraph,item,row,quote,code"`
	Text      string      `json:"text" doc:"Markdown."`
	Version   *int        `json:"version" doc:"In which it got this text; null where that is older than \"looked_to\"."`
	Editor    *api.Author `json:"editor" doc:"Who changed it then."`
	ChangedAt *time.Time  `json:"changed_at"`
}

type blameAnswer struct {
	Body struct {
		Version  int         `json:"version" doc:"The version of the article whose blocks these are."`
		LookedTo int         `json:"looked_to" doc:"The oldest version that was looked at."`
		Items    []blameItem `json:"items"`
		Next     *int        `json:"next" doc:"\"from\" of the next page, null on the last."`
	}
}

func (f *Knowledge) apiBlame(ctx context.Context, actor *models.Actor, in *blameArticle) (*blameAnswer, error) {
	article, err := f.db.Article(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	found, lookedTo, err := f.blame(ctx, article)
	if err != nil {
		return nil, err
	}
	answer := &blameAnswer{}
	answer.Body.Version, answer.Body.LookedTo = article.Version, lookedTo
	if next := in.From + in.Limit; len(found) > next {
		answer.Body.Next = &next
	}
	found = found[min(in.From, len(found)):min(in.From+in.Limit, len(found))]
	versions, err := f.versionsOf(ctx, article.ID, found)
	if err != nil {
		return nil, err
	}
	answer.Body.Items = make([]blameItem, len(found))
	for i, b := range found {
		answer.Body.Items[i] = blameItem{Kind: string(b.Kind), Text: b.Text}
		if card, ok := versions[b.version]; ok {
			answer.Body.Items[i].Version, answer.Body.Items[i].ChangedAt = &card.Number, &card.CreatedAt
			answer.Body.Items[i].Editor = api.AuthorOf(card.EditorID, card.EditorName, card.EditorRole)
		}
	}
	return answer, nil
}
