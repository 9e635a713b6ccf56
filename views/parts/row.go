package parts

import (
	"strconv"

	"ruche/models"
)

// Row is a card of the database as a row for whoever asks.
func Row(actor *models.Actor, c *models.IdeaCard) IdeaRow {
	row := IdeaRow{
		ID: c.ID, URL: c.Path(), Title: c.Title, Summary: c.Summary, Lang: c.Lang,
		AuthorID: c.AuthorID, AuthorName: c.AuthorName, AuthorRole: c.AuthorRole, CoAuthors: c.CoAuthors,
		At: c.PublishedAt, Supports: c.SupportCount, Comments: c.CommentCount, Supported: c.Supported, Frozen: c.VoteHidden,
		CanSupport: actor.Can(models.SupportIdea, &models.Space{ID: c.SpaceID}) || c.Supported && actor.Can(models.TakeBack, &models.Space{ID: c.SpaceID}),
		Stage:      string(c.Stage), Answer: c.Answer, Campaign: c.Campaign, Tags: c.Tags,
		SupportURL: "/ideas/" + strconv.FormatInt(c.ID, 10) + "/supports",
	}
	if space := actor.Access(c.SpaceID); space != nil {
		row.SpaceTitle, row.SpaceSlug, row.Archived = space.Title, space.Slug, space.Archived
	}
	return row
}

// Rows is Row for a list.
func Rows(actor *models.Actor, cards []models.IdeaCard) []IdeaRow {
	rows := make([]IdeaRow, len(cards))
	for i := range cards {
		rows[i] = Row(actor, &cards[i])
	}
	return rows
}
