package posts

import (
	"context"
	"slices"
	"strconv"

	"ruche/app/text"
	"ruche/app/writing"
	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// Look is how posts are shown in their place.
type Look struct {
	Place   models.Place
	Closed  bool              // nothing is written there now; those who moderate still edit
	Signers []int64           // who sign beside the author of what is discussed
	Links   models.LinkCards  // what the links lead to that stand alone in the posts: see Alone
	Given   *models.Reactions // what the posts were given; nil where that is not shown
}

// Alone are those of some posts in which a link can stand alone: whose LinkCards are worth asking for.
func Alone(cards []models.PostCard) (ids []int64) {
	for i := range cards {
		if cards[i].RemovedAt == nil && text.HasAlone(cards[i].HTML) {
			ids = append(ids, cards[i].ID)
		}
	}
	return ids
}

// Terms marks in texts of a space, in the order in which a page shows them, the terms of the glossary that the actor may see, and returns
// those: the page says what they mean.
type Terms func(ctx context.Context, actor *models.Actor, space int64, texts ...text.Marked) (terms []*models.Term, err error)

// Texts are those of some posts, to be marked where they are shown.
func Texts(cards []models.PostCard) (texts []text.Marked) {
	for i := range cards {
		if cards[i].RemovedAt == nil {
			texts = append(texts, text.Marked{HTML: &cards[i].HTML, Lang: cards[i].Lang})
		}
	}
	return texts
}

// Exchanges group the posts of a page: answers stand under the first message of their exchange, in the order of time. An answer
// whose exchange began on an earlier page stands for itself and says whom it answers.
func Exchanges(l *i18n.Locale, actor *models.Actor, look Look, cards []models.PostCard) (exchanges []parts.Exchange) {
	place := map[int64]int{} // post to exchange
	for i := range cards {
		card := &cards[i]
		message := Present(l, actor, look, card)
		parent := int64(0)
		if card.ParentID != nil {
			parent = *card.ParentID
		}
		exchange, nested := place[parent]
		if !nested {
			if parent != 0 {
				message.Answers(l, look.Place.About().Post(parent), card)
			}
			place[card.ID] = len(exchanges)
			exchanges = append(exchanges, parts.Exchange{Message: message})
			continue
		}
		if exchanges[exchange].Post.ID != parent {
			message.Post.AuthorNote = l.T("comments.answers", "name", parts.Marked(l, card.ParentAuthorName, card.ParentAuthorRole))
		}
		message.Post.Reply = true
		place[card.ID] = exchange
		exchanges[exchange].Replies = append(exchanges[exchange].Replies, message)
	}
	return exchanges
}

// Present is a post with what the actor may do with it.
func Present(l *i18n.Locale, actor *models.Actor, look Look, card *models.PostCard) parts.Message {
	space := &models.Space{ID: look.Place.SpaceID()}
	url := look.Place.About().Post(card.ID)
	message := parts.Message{Post: present(l, look, card, url)}
	message.Post.Reactions = Reactions(actor, look, card)
	speaks := actor.CanOnceAccepted(models.PostComment, space)
	if card.AuthorID != actor.ID {
		actor = actor.Person()
	}
	if !look.Place.Published() {
		return message
	}
	if card.RemovedAt != nil {
		if mayRestore(actor, &card.Post, space.ID) {
			message.UndoURL = url + "/restoration"
		}
		return message
	}
	moderates := actor.Person().Can(models.Moderate, space)
	if speaks && !look.Closed {
		message.ReplyURL = url + "/reply"
	}
	if (!look.Closed || moderates) && (actor.MayEditPost(&card.Post, space.ID) || writing.Asked(actor.Refused(space.ID, card.AuthorID))) {
		message.EditURL = url + "/edit"
	}
	if actor.MayRemovePost(&card.Post, space.ID) {
		message.RemoveURL = url + "/removal"
	}
	if moderates {
		message.Post.Stamp = card.Stamp
	}
	return message
}

// personURL is the page of whoever wrote a post; somebody hidden has none.
func personURL(card *models.PostCard) string {
	if card.AuthorRole == models.RoleHidden {
		return ""
	}
	return "/people/" + strconv.FormatInt(card.AuthorID, 10)
}

func present(l *i18n.Locale, look Look, card *models.PostCard, url string) parts.Post {
	post := parts.Post{
		ID: card.ID, AuthorID: card.AuthorID, AuthorName: card.AuthorName, AuthorURL: personURL(card),
		AuthorNote: parts.WorksAt(card.AuthorJob, card.AuthorSite, card.AuthorOrganisation), AuthorRole: card.AuthorRole, Picture: card.AuthorPicture,
		At: card.CreatedAt, URL: url, HTML: card.HTML, Lang: card.Lang, Links: look.Links.OfPost(card.ID),
	}
	switch {
	case slices.Contains(look.Signers, card.AuthorID):
		post.Mark = l.T("comments.coauthor")
	case card.AuthorID == look.Place.AuthorID():
		post.Mark = l.T("comments.author")
	}
	if card.EditedAt != nil {
		post.Edited, post.EditedURL = l.T("comments.edited"), url+"/versions"
	}
	if card.RemovedAt != nil {
		post.HTML, post.Edited, post.EditedURL, post.Links, post.Removed = "", "", "", nil, l.T("comments.removed")
		if card.RemovedBy != nil && *card.RemovedBy != card.AuthorID {
			post.Removed = l.T("comments.removed_by_moderation")
		}
	}
	return post
}

// Compose is the form for a post, or with a parent for an answer. What the actor has begun is in it if the caller has loaded that.
func Compose(l *i18n.Locale, actor *models.Actor, place models.Place, parent int64, draft *models.Draft) *parts.Compose {
	access := actor.Access(place.SpaceID())
	compose := &parts.Compose{
		Action: place.About().Posts(), Draft: parts.Draft{Form: place.About().Form(parent)}, Once: writing.NewOnce(), Parent: parent, Person: actor.ID, Space: access.Slug,
		Label: l.T("comments.yours"), Submit: l.T("comments.send"), Asked: actor.Asked(access.ID), Readers: access.Visibility,
	}
	if parent != 0 {
		compose.Label, compose.Submit = l.T("comments.your_answer"), l.T("comments.answer")
	}
	if draft != nil {
		compose.Body, compose.Draft.SavedAt = draft.Fields["body"], &draft.SavedAt
	}
	if actor.Masked() { // they choose in whose name they speak, and no draft lies beside the person
		compose.Draft, compose.Body, compose.Hidden = parts.Draft{}, "", actor.Person()
	}
	return compose
}

// resume fills a form with what was begun and kept.
func (f *Posts) resume(ctx context.Context, compose *parts.Compose) error {
	if compose.Draft.Form == "" {
		return nil
	}
	draft, err := f.db.Draft(ctx, compose.Person, compose.Draft.Form)
	if err != nil || draft == nil {
		return err
	}
	compose.Body, compose.Draft.SavedAt = draft.Fields["body"], &draft.SavedAt
	if base, err := strconv.Atoi(draft.Fields["base"]); err == nil && compose.Base != 0 {
		compose.Base = base
	}
	return nil
}
