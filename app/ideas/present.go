package ideas

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/text"
	"ruche/app/web"
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
			Edit: actor.MayEdit(&shown.Idea) && (now.Editing || actor.Can(models.Moderate, space)) || asked(actor.Refused(shown.SpaceID, shown.Writer(actor))), Withdraw: actor.MayWithdraw(&shown.Idea), Restore: restorable, Stage: published && actor.Person().Can(models.StageIdea, space),
			Follow: actor.Can(models.FollowIdea, space), Moderate: actor.Can(models.Moderate, space), Amend: actor.MayAmend(&shown.Idea),
		},
		Threads: threads(l, actor, shown), CoAuthors: signers(shown.CoAuthors), CarriedBy: carrier(shown), AmendedFrom: shown.From, Answer: shown.Answer, Judged: shown.Judged, Links: shown.Links.OfIdea(shown.ID), Due: shown.Answering.Due(), Answers: shown.Answers,
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
		view.Compose, err = composeComment(l, actor, shown.IdeaPage, access)
	}
	return view, err
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

// composeComment is the form for a comment, with what the actor has begun.
func composeComment(l *i18n.Locale, actor *models.Actor, page *models.IdeaPage, access *models.SpaceAccess) (*views.Compose, error) {
	compose := &views.Compose{
		Action: base(page.ID) + "/comments", Draft: parts.Draft{Form: page.CommentForm()}, Once: newOnce(), Person: actor.ID, Space: access.Slug,
		Label: l.T("comments.yours"), Submit: l.T("comments.send"), Asked: actor.Asked(access.ID), Readers: access.Visibility,
	}
	unkept(actor, compose)
	draft, err := page.Draft()
	if err == nil && draft != nil {
		compose.Body, compose.Draft.SavedAt = draft.Fields["body"], &draft.SavedAt
	}
	return compose, err
}

// threads group the comments of a page: answers stand under the first message of their exchange, in
// the order of time. An answer whose exchange began on an earlier page stands for itself and says whom it answers.
func threads(l *i18n.Locale, actor *models.Actor, shown *Shown) (threads []views.Thread) {
	place := map[int64]int{} // comment to thread
	for i := range shown.Comments {
		card := &shown.Comments[i]
		comment := presentComment(l, actor, &shown.Idea, card)
		if slices.ContainsFunc(shown.CoAuthors, func(c models.CoAuthorCard) bool { return c.UserID == card.AuthorID }) {
			comment.Post.Mark = l.T("comments.coauthor")
		}
		if shown.Phase != nil && !shown.Phase.Commenting {
			comment.ReplyURL = ""
			if !actor.Person().Can(models.Moderate, &models.Space{ID: shown.SpaceID}) {
				comment.EditURL = ""
			}
		}
		parent := int64(0)
		if card.ParentID != nil {
			parent = *card.ParentID
		}
		thread, nested := place[parent]
		if !nested {
			if parent != 0 {
				comment.AnsweredURL = base(shown.ID) + "/comments/" + strconv.FormatInt(parent, 10)
				comment.AnsweredNote = l.T("comments.answers", "name", parts.Marked(l, card.ParentAuthorName, card.ParentAuthorRole))
			}
			place[card.ID] = len(threads)
			threads = append(threads, views.Thread{Comment: comment})
			continue
		}
		if threads[thread].Post.ID != parent {
			comment.Post.AuthorNote = l.T("comments.answers", "name", parts.Marked(l, card.ParentAuthorName, card.ParentAuthorRole))
		}
		comment.Post.Reply = true
		place[card.ID] = thread
		threads[thread].Replies = append(threads[thread].Replies, comment)
	}
	return threads
}

// presentComment is a comment with what the actor may do with it.
func presentComment(l *i18n.Locale, actor *models.Actor, idea *models.Idea, card *models.PostCard) views.Comment {
	url := base(idea.ID) + "/comments/" + strconv.FormatInt(card.ID, 10)
	speaks := actor.CanOnceAccepted(models.PostComment, &models.Space{ID: idea.SpaceID})
	if card.AuthorID != actor.ID { // see saying
		actor = actor.Person()
	}
	comment := views.Comment{Post: post(l, idea, card, url)}
	if idea.State != models.Published {
		return comment
	}
	if card.RemovedAt != nil {
		if mayRestoreComment(actor, &card.Post, idea.SpaceID) {
			comment.UndoURL = url + "/restoration"
		}
		return comment
	}
	if speaks {
		comment.ReplyURL = url + "/reply"
	}
	if actor.MayEditPost(&card.Post, idea.SpaceID) || asked(actor.Refused(idea.SpaceID, card.AuthorID)) {
		comment.EditURL = url + "/edit"
	}
	if actor.MayRemovePost(&card.Post, idea.SpaceID) {
		comment.RemoveURL = url + "/removal"
	}
	if actor.Can(models.Moderate, &models.Space{ID: idea.SpaceID}) {
		comment.Post.Stamp = card.Stamp
	}
	return comment
}

// personURL is the page of whoever wrote a comment; somebody hidden has none.
func personURL(card *models.PostCard) string {
	if card.AuthorRole == models.RoleHidden {
		return ""
	}
	return "/people/" + strconv.FormatInt(card.AuthorID, 10)
}

// unkept makes of a form one for somebody hidden, where whoever acts is that: they choose in whose name they speak, and no draft
// lies beside the person.
func unkept(actor *models.Actor, compose *views.Compose) {
	if actor.Masked() {
		compose.Draft.Form, compose.Hidden = "", actor.Person()
	}
}

func post(l *i18n.Locale, idea *models.Idea, card *models.PostCard, url string) parts.Post {
	post := parts.Post{
		ID: card.ID, AuthorID: card.AuthorID, AuthorName: card.AuthorName, AuthorURL: personURL(card),
		AuthorNote: views.WorksAt(card.AuthorJob, card.AuthorSite, card.AuthorOrganisation), AuthorRole: card.AuthorRole, Picture: card.AuthorPicture,
		At: card.CreatedAt, URL: url, HTML: card.HTML, Lang: card.Lang,
	}
	if card.AuthorID == idea.AuthorID {
		post.Mark = l.T("comments.author")
	}
	if card.EditedAt != nil {
		post.Edited = l.T("comments.edited")
	}
	if card.RemovedAt != nil {
		post.HTML, post.Edited, post.Removed = "", "", l.T("comments.removed")
		if card.RemovedBy != nil && *card.RemovedBy != card.AuthorID {
			post.Removed = l.T("comments.removed_by_moderation")
		}
	}
	return post
}

// changes are those of app/text as the views know them.
func changes(from []text.Change) []views.Change {
	to := make([]views.Change, len(from))
	for i, change := range from {
		to[i] = views.Change{Kind: views.ChangeKind(change.Kind), Text: change.Text}
	}
	return to
}
