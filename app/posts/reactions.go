package posts

import (
	"ruche/models"
	"ruche/views/parts"
)

// IDs are those of some posts.
func IDs(cards []models.PostCard) []int64 {
	ids := make([]int64, len(cards))
	for i := range cards {
		ids[i] = cards[i].ID
	}
	return ids
}

// Signs are those that the actor may give to what others say in a place.
func Signs(actor *models.Actor, look Look) []models.ReactionSign {
	if look.Closed || !look.Place.Published() || !actor.Person().Can(models.React, &models.Space{ID: look.Place.SpaceID()}) {
		return nil
	}
	return look.Given.InSet()
}

// Reactions are what a post was given, with what the actor may give it and take back. A removed post shows none. What somebody hidden
// gives they give as the person they are, and never to what they have said themselves.
func Reactions(actor *models.Actor, look Look, card *models.PostCard) parts.Reactions {
	if look.Given == nil || card.RemovedAt != nil || !look.Place.Published() {
		return parts.Reactions{}
	}
	person, space := actor.Person(), &models.Space{ID: look.Place.SpaceID()}
	signs := Signs(actor, look)
	gives := len(signs) > 0 && card.AuthorID != actor.ID && card.AuthorID != person.ID
	shown := parts.Reactions{Post: card.ID, Author: card.AuthorName, Names: person.SignedIn()}
	left := len(signs)
	for _, given := range look.Given.Of(card.ID) {
		may := gives && given.InSet()
		if given.Mine {
			may = person.Can(models.TakeBack, space)
			if given.InSet() {
				left--
			}
		}
		shown.Given = append(shown.Given, parts.ReactionChip{SignGiven: given, May: may})
	}
	shown.Gives = gives && left > 0
	return shown
}

// ReactionBody is how many people gave a post a sign, as programs see it.
type ReactionBody struct {
	Sign   int64  `json:"sign"`
	Emoji  string `json:"emoji"`
	People int    `json:"people"`
	Mine   bool   `json:"mine" doc:"Whether you are one of them."`
}

// ReactionBodies are what a post was given, in the order of the company.
func ReactionBodies(given *models.Reactions, postID int64) []ReactionBody {
	bodies := []ReactionBody{}
	for _, g := range given.Of(postID) {
		bodies = append(bodies, ReactionBody{g.ID, g.Emoji, g.People, g.Mine})
	}
	return bodies
}
