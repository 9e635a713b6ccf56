package ideas

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/posts"
	"ruche/app/text"
	"ruche/app/web"
	"ruche/app/writing"
	"ruche/models"
	"ruche/views/i18n"
	views "ruche/views/ideas"
	"ruche/views/parts"
)

// read marks the actor's notices about an idea as read.
func (f *Ideas) read(ctx context.Context, actor *models.Actor, id int64) error {
	err := f.db.Tx(ctx, actor, func(tx *models.Tx) error {
		_, err := tx.ReadNotices(actor.ID, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("read notices: %w", err)
	}
	return nil
}

// present turns an idea into its page for whoever asks.
func (f *Ideas) present(c echo.Context, shown *Shown, inner bool) (views.Show, error) {
	actor, l := web.Actor(c), web.Locale(c)
	access := actor.Access(shown.SpaceID)
	space, published := &models.Space{ID: shown.SpaceID}, shown.State == models.Published
	now := shown.Phase
	if now == nil {
		open := models.NewStage(models.Gather, nil)
		now = &open
	}
	terms, err := f.terms(c.Request().Context(), actor, shown, inner)
	if err != nil {
		return views.Show{}, err
	}
	restorable, err := f.restorable(c.Request().Context(), actor, &shown.Idea)
	if err != nil {
		return views.Show{}, err
	}
	view := views.Show{
		Idea: shown.IdeaPage, Space: *access, Inner: inner, Steps: steps(l, shown, f.db.Now()), Near: nearCards(shown.Near), Supporters: faces(shown.Supporters),
		Support: parts.Support{
			URL: base(shown.ID) + "/supports", Title: shown.Title, Count: shown.SupportCount, Supported: shown.Supported, Frozen: shown.VoteHidden,
			Can: published && (actor.Person().Can(models.SupportIdea, space) && now.Allows(models.SupportIdea) || shown.Supported && actor.Person().Can(models.TakeBack, space)),
		},
		Rights: views.Rights{
			Edit: actor.MayEdit(&shown.Idea) && (now.Editing || actor.Can(models.Moderate, space)) || writing.Asked(actor.Refused(shown.SpaceID, shown.Writer(actor))), Withdraw: actor.MayWithdraw(&shown.Idea), Restore: restorable, Stage: published && actor.Person().Can(models.StageIdea, space),
			Follow: actor.Can(models.FollowIdea, space), Moderate: actor.Can(models.Moderate, space), Amend: actor.MayAmend(&shown.Idea),
		},
		Threads: posts.Exchanges(l, actor, look(shown), shown.Comments), CoAuthors: signers(shown.CoAuthors), CarriedBy: carrier(shown), AmendedFrom: shown.From, Answer: shown.Answer, Judged: shown.Judged, Links: shown.Links.OfIdea(shown.ID), Terms: terms, Due: shown.Answering.Due(), Answers: shown.Answers,
	}
	view.Merge, view.Origins, view.Through = mergeOf(actor, shown.Answering, shown.Joining), origins(l, actor, shown.Joining), shown.Joining.Through
	view.Rights.Merge = published && shown.MergedIntoID == nil && shown.Answering.May(actor.Person())
	view.Rights.Answer = view.Rights.Merge
	view.Rights.Claim = published && shown.Paper.At != nil && shown.Paper.Claimed == nil && shown.Paper.EnteredBy != actor.ID && actor.Can(models.PostIdea, space)
	if shown.MergedIntoID != nil { // what was decided before stands among the earlier answers
		view.Answer = nil
	}
	if view.Project, err = f.project(c.Request().Context(), actor, &shown.Idea); err != nil {
		return views.Show{}, err
	}
	if published {
		if view.Tied, err = f.beside.Tied(c, &shown.Idea); err != nil {
			return views.Show{}, err
		}
	}
	view.Masked = actor.Masked()
	if shown.Anonymity == models.Sealed {
		if view.Seal, err = f.db.SealOf(c.Request().Context(), actor, shown.ID); err != nil {
			return views.Show{}, err
		}
		view.KeepsSeal = view.Seal.Place(actor.ID) >= 0
	}
	if !actor.SignedIn() {
		view.SignInURL = "/sign-in?" + url.Values{"next": {shown.Path()}}.Encode()
	}
	if shown.Next != nil {
		view.Next = shown.Next.String()
	}
	if actor.Asked(shown.SpaceID) {
		view.AgreementURL = web.AgreementPath(access.Slug, shown.Path())
	}
	if published && now.Commenting && actor.CanOnceAccepted(models.PostComment, space) {
		draft, err := shown.Draft()
		if err != nil {
			return view, err
		}
		view.Compose = posts.Compose(l, actor, models.Place{Idea: &shown.Idea}, 0, draft)
	}
	return view, nil
}

// terms marks those of the glossary in what the page shows: the idea, unless this is one of the next pages of its messages, and these.
func (f *Ideas) terms(ctx context.Context, actor *models.Actor, shown *Shown, inner bool) ([]*models.Term, error) {
	texts := posts.Texts(shown.Comments)
	if !inner {
		texts = append([]text.Marked{{HTML: &shown.HTML, Lang: shown.Lang}}, texts...)
	}
	return f.beside.Terms(ctx, actor, shown.SpaceID, texts...)
}

func (f *Ideas) restorable(ctx context.Context, actor *models.Actor, idea *models.Idea) (bool, error) {
	if idea.State == models.Published {
		return false, nil
	}
	return mayRestore(ctx, f.db.Queries, actor, idea)
}

func faces(people []models.Supporter) (faces []parts.Named) {
	for _, person := range people {
		faces = append(faces, parts.Named{ID: person.ID, Name: person.Name, Role: person.Role})
	}
	return faces
}

// steps say when the idea came to which stage.
func steps(l *i18n.Locale, shown *Shown, now time.Time) []parts.Step {
	day := func(t time.Time) string {
		if t.Year() != now.Year() {
			return l.Ago(t, now) // with the year
		}
		return l.DateShort(t)
	}
	at := map[models.Stage]string{models.Proposed: day(shown.PublishedAt)}
	for i := range shown.Stages {
		if passage := &shown.Stages[i]; passage.FromStage != "" {
			at[passage.ToStage] = day(passage.At)
		}
	}
	if date := at[shown.Stage]; date != "" && !slices.Contains([]models.Stage{models.Proposed, models.Implemented, models.Declined}, shown.Stage) {
		at[shown.Stage] = l.T("ideas.stage_since", "date", date)
	}
	var steps []parts.Step
	for stage, note := range at {
		steps = append(steps, parts.Step{Stage: string(stage), Note: note})
	}
	return steps
}

// nearCards are ideas that the page of another one names.
func nearCards(cards []models.IdeaCard) (near []views.Near) {
	for i := range cards {
		c := &cards[i]
		near = append(near, views.Near{ID: c.ID, URL: c.Path(), Title: c.Title, Lang: c.Lang, Stage: string(c.Stage), Supports: c.SupportCount})
	}
	return near
}

// nearIdeas are ideas that a title being written resembles.
func nearIdeas(actor *models.Actor, ideas []NearIdea) (near []views.Near) {
	for i := range ideas {
		idea := &ideas[i]
		view := views.Near{
			ID: idea.ID, URL: idea.Path(), Title: idea.Match.Text, Lang: idea.Lang, Stage: string(idea.Stage),
			Supports: idea.SupportCount, Supported: idea.Supported, Can: actor.Can(models.SupportIdea, &models.Space{ID: idea.SpaceID}),
			Outcome: outcome(idea.Answer),
		}
		for _, mark := range idea.Match.Marks {
			view.Marks = append(view.Marks, parts.Span{Start: mark.Start, End: mark.End})
		}
		near = append(near, view)
	}
	return near
}

// look is how the comments of an idea are shown.
func look(shown *Shown) posts.Look {
	look := posts.Look{Place: models.Place{Idea: &shown.Idea}, Closed: shown.Phase != nil && !shown.Phase.Commenting, Links: shown.Links, Given: shown.Given}
	for i := range shown.CoAuthors {
		look.Signers = append(look.Signers, shown.CoAuthors[i].UserID)
	}
	return look
}
