package discussions

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"ruche/app/posts"
	"ruche/app/web"
	"ruche/models"
	views "ruche/views/discussions"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// rows are cards as a list shows them.
func rows(actor *models.Actor, cards []models.ThreadCard) []views.Row {
	rows := make([]views.Row, len(cards))
	for i := range cards {
		rows[i] = views.Row{ThreadCard: cards[i]}
		rows[i].AuthorPicture = actor.Face(cards[i].AuthorPicture)
		if space := actor.Access(cards[i].SpaceID); space != nil {
			rows[i].Space = *space
		}
	}
	return rows
}

// present turns a page of a thread into what whoever asks is shown.
func (f *Discussions) present(c echo.Context, shown *Shown) (views.Show, error) {
	ctx, actor, l := c.Request().Context(), web.Actor(c), web.Locale(c)
	access, thread := actor.Access(shown.SpaceID), &shown.Thread
	space, published := &models.Space{ID: shown.SpaceID}, thread.State == models.Published
	view := views.Show{
		Thread: shown.ThreadDetail, Space: *access, From: shown.From, Since: shown.Since, UnreadURL: unreadURL(shown), Writers: faces(shown.Writers), Changed: changes(l, shown), Masked: actor.Masked(),
		Rights: views.Rights{
			Edit: actor.MayEditThread(thread), Withdraw: actor.MayWithdrawThread(thread), Tend: published && actor.Person().MayTend(thread), Follow: published && actor.SignedIn(), Ask: actor.AskingRefused(thread) == nil,
			Same: published && thread.Kind == models.Question && actor.ID != thread.AuthorID && (actor.Can(models.PostComment, space) || shown.Same && actor.Can(models.TakeBack, space)),
		},
	}
	if !published {
		may, err := mayRestore(ctx, f.db.Queries, actor, thread)
		if err != nil {
			return view, err
		}
		view.Rights.Restore = may
	}
	var err error
	if view.Terms, err = f.beside.Terms(ctx, actor, shown.SpaceID, posts.Texts(shown.Posts)...); err != nil {
		return view, err
	}
	messages(l, actor, shown, &view)
	shifts(actor, f.db.Now(), shown, &view)
	if !actor.SignedIn() {
		view.SignInURL = "/sign-in?" + url.Values{"next": {thread.Path()}}.Encode()
	}
	if err := f.composed(c, shown, &view); err != nil {
		return view, err
	}
	if shown.From == 1 && thread.Kind == models.Poll {
		if view.Poll, view.PollFirst, err = f.beside.Poll(c, thread); err != nil {
			return view, err
		}
	}
	if published {
		if view.Tied, err = f.beside.Tied(c, thread); err != nil {
			return view, err
		}
	}
	if shown.From == 1 {
		view.Near, err = f.near(ctx, actor, thread)
	}
	return view, err
}

// composed gives the page its form, where the actor may write now.
func (f *Discussions) composed(c echo.Context, shown *Shown, view *views.Show) error {
	ctx, actor := c.Request().Context(), web.Actor(c)
	thread := &shown.Thread
	if thread.State != models.Published || thread.ClosedAt != nil || !actor.CanOnceAccepted(models.PostComment, &models.Space{ID: thread.SpaceID}) {
		return nil
	}
	draft, err := shown.Draft()
	if err != nil {
		return err
	}
	view.Compose = posts.Compose(web.Locale(c), actor, models.Place{Thread: thread}, 0, draft)
	view.Wait, err = f.db.Wait(ctx, actor, thread)
	view.Wait = view.Wait.Round(time.Second)
	return err
}

// look is how the posts of a thread are shown.
func look(shown *Shown) posts.Look {
	return posts.Look{Place: models.Place{Thread: &shown.Thread}, Closed: shown.ClosedAt != nil, Links: shown.Links, Given: shown.Given}
}

// messages presents the posts of the page: flat in time, each with whom it answers and what answers it.
func messages(l *i18n.Locale, actor *models.Actor, shown *Shown, view *views.Show) {
	look := look(shown)
	view.Messages = make([]views.Message, 0, len(shown.Posts))
	accepts := actor.MayAccept(&shown.Thread)
	one := func(card *models.PostCard) views.Message {
		message := views.Message{Message: posts.Present(l, actor, look, card), Number: card.Number, Unread: shown.ReadNumber > 0 && card.Number > shown.ReadNumber && card.AuthorID != actor.ID}
		if card.ParentID != nil && card.Number > 1 {
			answers(l, shown, &message, card)
		}
		if card.Number == 1 { // whoever wants it gone withdraws the thread
			message.RemoveURL = ""
			message.Edit, message.EditURL = message.EditURL, ""
		}
		message.Accepted = shown.AcceptedID != nil && *shown.AcceptedID == card.ID
		message.Acceptable = accepts && card.Number > 1 && card.RemovedAt == nil
		message.Branch = slices.DeleteFunc(slices.Clone(shown.Branches), func(b models.BranchPost) bool { return b.ParentID != card.ID })
		return message
	}
	for i := range shown.Posts {
		message := one(&shown.Posts[i])
		if message.Number == 1 {
			view.Opening = &message
			continue
		}
		if message.Unread && !slices.ContainsFunc(view.Messages, func(m views.Message) bool { return m.First }) {
			message.First = true
		}
		view.Messages = append(view.Messages, message)
	}
	if shown.Accepted != nil {
		accepted := one(shown.Accepted)
		view.Accepted = &accepted
	}
}

// answers says what a post answers. What stands in another thread by now is named to those who may read it there.
func answers(l *i18n.Locale, shown *Shown, message *views.Message, card *models.PostCard) {
	if card.ParentAuthorName != "" {
		message.Answers(l, models.About{Thread: shown.ID}.Post(*card.ParentID), card)
		return
	}
	for i := range shown.Elsewhere {
		if shown.Elsewhere[i].ID == *card.ParentID {
			named := *card
			named.ParentAuthorName, named.ParentAuthorRole = shown.Elsewhere[i].AuthorName, shown.Elsewhere[i].AuthorRole
			message.Answers(l, "/posts/"+strconv.FormatInt(*card.ParentID, 10), &named)
		}
	}
}

// shifts puts the lines that say what has moved where it has moved from or to.
func shifts(actor *models.Actor, now time.Time, shown *Shown, view *views.Show) {
	tends := actor.MayTend(&shown.Thread)
	for i := len(shown.Shifts) - 1; i >= 0; i-- { // the oldest first
		card := shown.Shifts[i]
		at := card.Place + 1
		if card.Here {
			at = card.IntoPlace
		}
		if at < shown.From || at >= shown.From+models.ThreadPage {
			continue
		}
		line := views.Shift{ShiftCard: card}
		if tends && card.Undoable(now) && actor.MayTend(&models.Thread{SpaceID: card.OtherSpace}) {
			line.EndURL = "/shifts/" + strconv.FormatInt(card.ID, 10) + "/end"
		}
		place := &view.Shifts
		if next := slices.IndexFunc(view.Messages, func(m views.Message) bool { return m.Number >= at }); next >= 0 {
			place = &view.Messages[next].Shifts
		}
		if at == 1 && view.Opening != nil {
			place = &view.Opening.Shifts
		}
		*place = append(*place, line)
	}
}

func faces(writers []models.Writer) (faces []parts.Named) {
	for _, w := range writers {
		faces = append(faces, parts.Named{ID: w.ID, Name: w.Name, Role: w.Role, Picture: w.Picture})
	}
	return faces
}

// changes says in words what has changed in a thread since the actor was there.
func changes(l *i18n.Locale, shown *Shown) (lines []string) {
	if shown.ReadAt == nil {
		return nil
	}
	since := func(at *time.Time) bool { return at != nil && at.After(*shown.ReadAt) }
	if shown.Since.Posts > 0 {
		lines = append(lines, l.T("discussions.since.posts", "count", shown.Since.Posts)+" "+l.T("discussions.since.people", "count", shown.Since.People))
	}
	if since(shown.AcceptedAt) {
		lines = append(lines, l.T("discussions.since.solved"))
	}
	if since(shown.EditedAt) {
		lines = append(lines, l.T("discussions.since.edited"))
	}
	if since(shown.ClosedAt) {
		lines = append(lines, l.T("discussions.since.closed"))
	}
	return lines
}

// unreadURL is where the first post stands that the actor has not read.
func unreadURL(shown *Shown) string {
	if shown.Since.First == 0 {
		return ""
	}
	return shown.PageOf(shown.Since.First) + "#unread"
}
