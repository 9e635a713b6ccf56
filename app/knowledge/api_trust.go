package knowledge

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ruche/app/api"
	"ruche/models"
	views "ruche/views/knowledge"
)

// trustAPI adds who answers for articles, how far they are verified, and what readers say of them.
func (f *Knowledge) trustAPI(a *api.API) {
	api.Register(a, huma.Operation{OperationID: "list-articles-to-look-after", Method: http.MethodGet, Path: "/articles/trust", Summary: "List the articles to look after", Description: "Your own and those of your groups or, where you arrange the collections of a space, all of that space."}, f.apiTrustQueue)
	api.Register(a, huma.Operation{OperationID: "get-article-trust", Method: http.MethodGet, Path: "/articles/{id}/trust", Summary: "Read who answers for an article and how far it is verified"}, f.apiTrust)
	api.Register(a, huma.Operation{OperationID: "give-article", Method: http.MethodPut, Path: "/articles/{id}/owner", Summary: "Say who answers for an article"}, f.apiOwn)
	api.Register(a, huma.Operation{OperationID: "take-article-back", Method: http.MethodDelete, Path: "/articles/{id}/owner", Summary: "Take back to whom an article was last given", Description: "It is whose it was before.", DefaultStatus: http.StatusOK}, f.apiTakeBackOwner)
	api.Register(a, huma.Operation{OperationID: "source-article", Method: http.MethodPut, Path: "/articles/{id}/source", Summary: "Say where what an article says comes from"}, f.apiSource)
	api.Register(a, huma.Operation{OperationID: "verify-article", Method: http.MethodPost, Path: "/articles/{id}/verification", Summary: "Say that a version of an article is right", DefaultStatus: http.StatusOK}, f.apiVerify)
	api.Register(a, huma.Operation{OperationID: "unverify-article", Method: http.MethodDelete, Path: "/articles/{id}/verification", Summary: "Take the latest verification of an article back", Description: "The one before it holds again.", DefaultStatus: http.StatusOK}, f.apiUnverify)
	api.Register(a, huma.Operation{OperationID: "rate-article", Method: http.MethodPost, Path: "/articles/{id}/help", Summary: "Say whether an article helped", Description: "Once a person and version, the last time counts. A reason for a no is a doubt.", DefaultStatus: http.StatusOK}, f.apiRate)
	api.Register(a, huma.Operation{OperationID: "list-article-doubts", Method: http.MethodGet, Path: "/articles/{id}/doubts", Summary: "List the doubts about an article", Description: "All of them to who deals with them, and to others their own. At most 50, the newest first."}, f.apiDoubts)
	api.Register(a, huma.Operation{OperationID: "doubt-article", Method: http.MethodPost, Path: "/articles/{id}/doubts", Summary: "Doubt that an article is still right", Description: "With the same reason once a person and version.", DefaultStatus: http.StatusCreated}, f.apiDoubt)
	api.Register(a, huma.Operation{OperationID: "take-article-feedback-back", Method: http.MethodDelete, Path: "/articles/{id}/doubts/{doubt}", Summary: "Take back what you said of an article", Description: "A doubt as long as nobody has dealt with it, or whether it helped.", DefaultStatus: http.StatusNoContent}, f.apiTakeBack)
	api.Register(a, huma.Operation{OperationID: "answer-article-doubt", Method: http.MethodPut, Path: "/articles/{id}/doubts/{doubt}/answer", Summary: "Deal with a doubt about an article", DefaultStatus: http.StatusNoContent}, f.apiAnswerDoubt)
	api.Register(a, huma.Operation{OperationID: "reopen-article-doubt", Method: http.MethodDelete, Path: "/articles/{id}/doubts/{doubt}/answer", Summary: "Take the answer to a doubt back", DefaultStatus: http.StatusNoContent}, f.apiReopenDoubt)
}

// trustBody is how far an article can be trusted.
type trustBody struct {
	Owner         *api.Author `json:"owner" doc:"Who answers for it, or null."`
	OwnerGroup    *ownerGroup `json:"owner_group" doc:"The group that answers for it instead of a person, or null."`
	Source        string      `json:"source" doc:"Where what it says comes from; may be empty."`
	SourceURL     string      `json:"source_url" doc:"Its address; may be empty."`
	Version       int         `json:"version" doc:"That the article has now."`
	Verified      bool        `json:"verified" doc:"Whether the latest verification holds."`
	VerifiedBy    *api.Author `json:"verified_by" doc:"Null if it was never verified, as what follows."`
	VerifiedAt    *time.Time  `json:"verified_at"`
	VerifiedUntil *time.Time  `json:"verified_until"`
	VersionThen   *int        `json:"verified_version"`
	Changed       bool        `json:"changed_since" doc:"Whether somebody else has changed it since."`
	Helped        *int        `json:"helped" doc:"How many it helped as it is now; null but for who deals with doubts, as what follows."`
	NotHelped     *int        `json:"not_helped"`
	OpenDoubts    *int        `json:"open_doubts"`
}

// ownerGroup is a group that answers for an article.
type ownerGroup struct {
	ID   int64  `json:"id" doc:"0 if you may not know of the group."`
	Name string `json:"name" doc:"Empty if you may not know of the group."`
}

type trustAnswer struct {
	Body trustBody
}

// trusted is how far an article can be trusted after something was done about it.
func (f *Knowledge) trusted(ctx context.Context, actor *models.Actor, id int64) (*trustAnswer, error) {
	article, err := f.db.Article(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	trust, err := f.db.ArticleTrust(ctx, actor, article)
	if err != nil {
		return nil, err
	}
	answer := &trustAnswer{trustBody{Source: article.Source, SourceURL: article.SourceURL, Version: article.Version, Verified: trust.Holds(f.db.Now()), Changed: trust.Changed}}
	body := &answer.Body
	if trust.OwnerID != 0 {
		body.Owner = api.AuthorOf(trust.OwnerID, trust.OwnerName, trust.OwnerRole)
	}
	if group := trust.Group; group != nil && !group.Lost {
		body.OwnerGroup = &ownerGroup{}
		if group.Name != "" {
			body.OwnerGroup.ID, body.OwnerGroup.Name = group.ID, group.Name
		}
	}
	if last := trust.Verified; last != nil {
		body.VerifiedBy = api.AuthorOf(last.VerifiedBy, trust.VerifierName, trust.VerifierRole)
		body.VerifiedAt, body.VerifiedUntil, body.VersionThen = &last.VerifiedAt, &last.VerifiedUntil, &last.Version
	}
	if actor.MayTrust(article) == nil {
		voice, err := f.db.ArticleVoice(ctx, actor, article)
		if err != nil {
			return nil, err
		}
		body.Helped, body.NotHelped, body.OpenDoubts = &voice.Yes, &voice.No, &article.DoubtCount
	}
	return answer, nil
}

func (f *Knowledge) apiTrust(ctx context.Context, actor *models.Actor, in *ArticlePath) (*trustAnswer, error) {
	return f.trusted(ctx, actor, in.ID)
}

type giveArticle struct {
	ArticlePath
	Body struct {
		Owner string `json:"owner,omitempty" maxLength:"254" doc:"Address of somebody who writes in the space; empty for nobody."`
		Group int64  `json:"group,omitempty" minimum:"1" maximum:"2147483647" doc:"Of a group, instead of a person."`
	}
}

func (f *Knowledge) apiOwn(ctx context.Context, actor *models.Actor, in *giveArticle) (*trustAnswer, error) {
	var err error
	if in.Body.Group != 0 && in.Body.Owner == "" {
		_, err = f.GiveToGroup(ctx, actor, in.ID, in.Body.Group)
	} else if in.Body.Group == 0 {
		_, err = f.Own(ctx, actor, in.ID, in.Body.Owner)
	} else {
		err = models.Invalid{"group": "knowledge.group_or_person"}
	}
	if err != nil {
		return nil, err
	}
	return f.trusted(ctx, actor, in.ID)
}

func (f *Knowledge) apiTakeBackOwner(ctx context.Context, actor *models.Actor, in *ArticlePath) (*trustAnswer, error) {
	if _, err := f.TakeBackOwner(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return f.trusted(ctx, actor, in.ID)
}

type sourceArticle struct {
	ArticlePath
	Body struct {
		Source    string `json:"source" doc:"In at most 200 characters; empty for none."`
		SourceURL string `json:"source_url,omitempty" doc:"Address by http or https."`
	}
}

func (f *Knowledge) apiSource(ctx context.Context, actor *models.Actor, in *sourceArticle) (*trustAnswer, error) {
	if _, _, err := f.Source(ctx, actor, in.ID, in.Body.Source, in.Body.SourceURL); err != nil {
		return nil, err
	}
	return f.trusted(ctx, actor, in.ID)
}

type verifyArticle struct {
	ArticlePath
	Body struct {
		Version int `json:"version" minimum:"1" doc:"That was read; it must be the one that the article has now."`
		Months  int `json:"months" doc:"How long it holds: 1, 3, 6 or 12."`
	}
}

func (f *Knowledge) apiVerify(ctx context.Context, actor *models.Actor, in *verifyArticle) (*trustAnswer, error) {
	if _, err := f.Verify(ctx, actor, in.ID, in.Body.Version, in.Body.Months, time.UTC); err != nil {
		return nil, err
	}
	return f.trusted(ctx, actor, in.ID)
}

func (f *Knowledge) apiUnverify(ctx context.Context, actor *models.Actor, in *ArticlePath) (*trustAnswer, error) {
	if _, err := f.Unverify(ctx, actor, in.ID); err != nil {
		return nil, err
	}
	return f.trusted(ctx, actor, in.ID)
}

type trustQueueQuery struct {
	Space  string `query:"space" doc:"Slug of a space whose collections you arrange; absent for your own articles."`
	Show   string `query:"show" enum:"due,doubts,ownerless,unlinked,dead" default:"due" doc:"Those whose verification ends within 30 days or has ended, those with open doubts, or of a space those without an owner, those to which nothing leads, or the links that lead to nothing."`
	Cursor string `query:"cursor" doc:"\"next\" of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"30"`
}

type trustItem struct {
	ID            int64      `json:"id"`
	URL           string     `json:"url"`
	Title         string     `json:"title"`
	Lang          string     `json:"lang" doc:"fr, en, or empty if unknown."`
	Version       int        `json:"version"`
	VerifiedUntil *time.Time `json:"verified_until"`
	OpenDoubts    int        `json:"open_doubts"`
	LeadsTo       string     `json:"leads_to,omitempty" doc:"Of a dead link: the address that it names."`
}

type trustQueueAnswer struct {
	Body struct {
		Items []trustItem `json:"items"`
		Next  *string     `json:"next" doc:"Cursor of the next page, null on the last."`
	}
}

func (f *Knowledge) apiTrustQueue(ctx context.Context, actor *models.Actor, in *trustQueueQuery) (*trustQueueAnswer, error) {
	if err := api.SignedIn(actor); err != nil {
		return nil, err
	}
	show := views.ShowOf(in.Show, in.Space != "")
	query, key, err := trustQuery(actor, in.Space, show, in.Cursor)
	if err != nil {
		return nil, err
	}
	if show == views.ShowUnlinked || show == views.ShowDead {
		return f.apiReport(ctx, actor, show, query.SpaceID, key, in.Limit)
	}
	query.Limit = in.Limit + 1
	cards, err := f.db.TrustQueue(ctx, actor, query)
	if err != nil {
		return nil, err
	}
	answer := &trustQueueAnswer{}
	if len(cards) > in.Limit {
		cards = cards[:in.Limit]
		next := trustKey(&cards[in.Limit-1])
		answer.Body.Next = &next
	}
	answer.Body.Items = make([]trustItem, len(cards))
	for i := range cards {
		answer.Body.Items[i] = f.tended(&cards[i], "")
	}
	return answer, nil
}

func (f *Knowledge) tended(c *models.TrustCard, leads string) trustItem {
	return trustItem{c.ID, f.web.BaseURL.String() + c.Path(), c.Title, c.Lang, c.Version, c.VerifiedUntil, c.DoubtCount, leads}
}

// apiReport lists what of a space nothing leads to, or the links there that lead to nothing.
func (f *Knowledge) apiReport(ctx context.Context, actor *models.Actor, show views.Show, spaceID int64, key *models.ArticleNode, limit int) (*trustQueueAnswer, error) {
	next, answer := "", &trustQueueAnswer{}
	answer.Body.Items = []trustItem{}
	if show == views.ShowUnlinked {
		var after int64
		if key != nil {
			after = key.ID
		}
		page, err := f.db.Unlinked(ctx, actor, spaceID, after, limit)
		if err != nil {
			return nil, err
		}
		for i := range page.Articles {
			answer.Body.Items = append(answer.Body.Items, f.tended(&page.Articles[i], ""))
		}
		if page.Next != 0 {
			next = reportKey(0, page.Next)
		}
	} else {
		links, rest, err := f.deadLinks(ctx, actor, spaceID, key, limit)
		if err != nil {
			return nil, err
		}
		for i := range links {
			answer.Body.Items = append(answer.Body.Items, f.tended(&links[i].TrustCard, links[i].Leads()))
		}
		next = rest
	}
	if next != "" {
		answer.Body.Next = &next
	}
	return answer, nil
}

type rateArticle struct {
	ArticlePath
	Body struct {
		Helped bool   `json:"helped"`
		Reason string `json:"reason,omitempty" doc:"What was missing, if it did not help."`
	}
}

type doubtBody struct {
	ID         int64       `json:"id"`
	Version    int         `json:"version" doc:"Of the article that it is about."`
	Helped     *bool       `json:"helped" doc:"Whether it helped; null for a doubt that it is still right."`
	Reason     string      `json:"reason"`
	State      string      `json:"state" doc:"open, done, declined, or empty where there is no reason."`
	By         *api.Author `json:"by"`
	CreatedAt  time.Time   `json:"created_at"`
	Answer     string      `json:"answer"`
	AnsweredBy *api.Author `json:"answered_by"`
	AnsweredAt *time.Time  `json:"answered_at"`
}

type doubtAnswer struct {
	Body doubtBody
}

// own is what the actor has just said.
func own(actor *models.Actor, said *models.ArticleFeedback, err error) (*doubtAnswer, error) {
	if err != nil {
		return nil, err
	}
	person := actor.Person()
	return &doubtAnswer{doubtShown(&models.DoubtCard{ArticleFeedback: *said, Name: person.Name, Role: (&models.User{Role: person.Role, Service: person.Service}).Standing()})}, nil
}

func doubtShown(d *models.DoubtCard) doubtBody {
	body := doubtBody{ID: d.ID, Version: d.Version, Helped: d.Helped, Reason: d.Reason, State: string(d.State), By: api.AuthorOf(d.UserID, d.Name, d.Role), CreatedAt: d.CreatedAt, Answer: d.Answer, AnsweredAt: d.AnsweredAt}
	if d.AnsweredBy != nil {
		body.AnsweredBy = api.AuthorOf(*d.AnsweredBy, d.AnswererName, d.AnswererRole)
	}
	return body
}

func (f *Knowledge) apiRate(ctx context.Context, actor *models.Actor, in *rateArticle) (*doubtAnswer, error) {
	said, err := f.Rate(ctx, actor, in.ID, in.Body.Helped, in.Body.Reason)
	return own(actor, said, err)
}

type doubtArticle struct {
	ArticlePath
	Body struct {
		Reason string `json:"reason" doc:"What is not right any more, in at most 600 characters."`
	}
}

func (f *Knowledge) apiDoubt(ctx context.Context, actor *models.Actor, in *doubtArticle) (*doubtAnswer, error) {
	said, err := f.Doubt(ctx, actor, in.ID, in.Body.Reason)
	return own(actor, said, err)
}

type listDoubts struct {
	ArticlePath
	State string `query:"state" enum:"open,closed" default:"open" doc:"Those that wait, or those that are dealt with."`
}

type doubtsAnswer struct {
	Body struct {
		Items []doubtBody `json:"items"`
	}
}

func (f *Knowledge) apiDoubts(ctx context.Context, actor *models.Actor, in *listDoubts) (*doubtsAnswer, error) {
	article, err := f.db.Article(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	if !actor.SignedIn() {
		return nil, models.ErrForbidden
	}
	cards, err := f.db.Doubts(ctx, actor, article, in.State == "open", doubtsShown)
	if err != nil {
		return nil, err
	}
	answer := &doubtsAnswer{}
	answer.Body.Items = make([]doubtBody, len(cards))
	for i := range cards {
		answer.Body.Items[i] = doubtShown(&cards[i])
	}
	return answer, nil
}

// DoubtPath is the doubt that an operation is about; exported, since huma fills in no other embedded struct.
type DoubtPath struct {
	ID    int64 `path:"id" minimum:"1"`
	Doubt int64 `path:"doubt" minimum:"1"`
}

func (f *Knowledge) apiTakeBack(ctx context.Context, actor *models.Actor, in *DoubtPath) (*struct{}, error) {
	_, err := f.TakeBack(ctx, actor, in.ID, in.Doubt)
	return nil, err
}

type answerDoubt struct {
	DoubtPath
	Body struct {
		State  string `json:"state" enum:"done,declined" doc:"Whether the article was put right or nothing had to be done."`
		Answer string `json:"answer,omitempty" doc:"A word to who had the doubt, in at most 600 characters."`
	}
}

func (f *Knowledge) apiAnswerDoubt(ctx context.Context, actor *models.Actor, in *answerDoubt) (*struct{}, error) {
	_, err := f.AnswerDoubt(ctx, actor, in.ID, in.Doubt, models.DoubtState(in.Body.State), in.Body.Answer)
	return nil, err
}

func (f *Knowledge) apiReopenDoubt(ctx context.Context, actor *models.Actor, in *DoubtPath) (*struct{}, error) {
	_, err := f.ReopenDoubt(ctx, actor, in.ID, in.Doubt)
	return nil, err
}
