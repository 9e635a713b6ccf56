package ideas

import (
	"context"
	"fmt"

	"ruche/app/posts"
	"ruche/app/text"
	"ruche/models"
)

// Sizes of the pages of lists.
const (
	pageSize    = 30
	versionPage = 50
)

// Listing says which ideas someone wants to see. The zero value of a filter means: any.
type Listing struct {
	Space    string // slug
	Stage    models.Stage
	Tag      string
	Sort     models.Sort // if empty, trending, or by chance in a campaign that votes
	Campaign int64
	Mine     bool
	Followed bool
	Near     bool // only of those who belong where the actor does
	// Department is that of the authors.
	Department string
	Cursor     string
	Limit      int // pageSize if zero, at most 100
}

const maxLimit = 100

// Listed is a page of a list.
type Listed struct {
	Ideas []models.IdeaCard
	Next  string              // the cursor of the next page, empty at the end
	Space *models.SpaceAccess // the one asked for, nil for all
	Vote  *models.Fair        // of the campaign asked for, that goes on; nil for none

	Nowhere bool // near whom is not known: the actor's profile does not say where they belong
}

// List returns ideas that the actor may see.
func (f *Ideas) List(ctx context.Context, actor *models.Actor, in Listing) (*Listed, error) {
	query, space, err := f.narrowed(ctx, actor, in)
	if err != nil {
		return nil, err
	}
	return f.page(ctx, actor, query, space)
}

// narrowed is what a list asks for, once it is found to be something that the actor may see.
func (f *Ideas) narrowed(ctx context.Context, actor *models.Actor, in Listing) (query models.IdeaQuery, space *models.SpaceAccess, err error) {
	query, space, err = in.query(actor)
	if err != nil {
		return query, nil, err
	}
	if in.Campaign != 0 {
		campaign, err := f.db.CampaignName(ctx, actor, in.Campaign)
		if err != nil {
			return query, nil, err
		}
		if space != nil && space.ID != campaign.SpaceID {
			return query, nil, fmt.Errorf("campaign %d in space %d: %w", in.Campaign, space.ID, models.ErrNotFound)
		}
		query.CampaignID, query.SpaceID = campaign.ID, campaign.SpaceID
		if !query.Mine && !query.Followed { // those are few, and known to whoever asks
			if query.Fair, err = f.db.Fair(ctx, actor, campaign.ID); err != nil {
				return query, nil, err
			}
		}
	}
	if err := f.places(ctx, actor, in, &query); err != nil {
		return query, nil, err
	}
	query.Sort, err = query.Sort.While(query.Fair)
	return query, space, err
}

// places narrows a list by where authors belong. Of a department that is not known, or too small, nothing is told apart, and who
// belongs nowhere has nobody near.
func (f *Ideas) places(ctx context.Context, actor *models.Actor, in Listing, query *models.IdeaQuery) (err error) {
	if in.Department != "" {
		known, err := f.db.KnowsDepartment(ctx, actor, in.Department)
		if err != nil {
			return err
		}
		if !known {
			return models.Invalid{"department": "ideas.department_unknown"}
		}
		query.Department = in.Department
	}
	if in.Near {
		query.Nowhere = true
		if query.Places, err = f.db.PlacesOf(ctx, actor); err != nil {
			return err
		}
		query.Nowhere = len(query.Places) == 0
	}
	return nil
}

func (f *Ideas) page(ctx context.Context, actor *models.Actor, query models.IdeaQuery, space *models.SpaceAccess) (*Listed, error) {
	cards, next, err := f.db.Ideas(ctx, actor, query)
	if err != nil {
		return nil, err
	}
	listed := &Listed{Ideas: cards, Space: space, Vote: query.Fair, Nowhere: query.Nowhere}
	if next != nil {
		listed.Next = next.String()
	}
	return listed, nil
}

// query checks what was asked for. A space that the actor may not see does not exist.
func (in Listing) query(actor *models.Actor) (query models.IdeaQuery, space *models.SpaceAccess, err error) {
	query = models.IdeaQuery{Sort: in.Sort, Stage: in.Stage, Followed: in.Followed, Mine: in.Mine, Limit: pageSize}
	if in.Limit > 0 {
		query.Limit = min(in.Limit, maxLimit)
	}
	if in.Stage != "" && !in.Stage.Valid() {
		return query, nil, models.Invalid{"stage": "ideas.stage_invalid"}
	}
	if in.Space != "" {
		if space = actor.AccessTo(in.Space); space == nil {
			return query, nil, fmt.Errorf("space: %w", models.ErrNotFound)
		}
		query.SpaceID = space.ID
	}
	if query.Tag, err = models.ParseTag(in.Tag); err != nil {
		return query, nil, err
	}
	if in.Mine || in.Followed {
		if !actor.SignedIn() {
			return query, nil, models.ErrForbidden
		}
	}
	query.After, err = models.ParseIdeaKey(in.Cursor)
	return query, space, err
}

// Shown is an idea with all that its page shows.
type Shown struct {
	*models.IdeaPage
	Comments   []models.PostCard
	Next       *models.PostKey // of the comments; nil at their end
	Supporters []models.Supporter
	Stages     []models.Transition
	CoAuthors  []models.CoAuthorCard
	Lead       int64                 // who leads it, looked for where others than its author may
	Answer     *models.DecisionCard  // the official one, nil if there is none
	Answering  *models.Answering     // who may answer, and by when
	Joining    joining               // with other ideas
	From       *models.Idea          // for which it was proposed as an amendment, if the actor may read that
	Near       []models.IdeaCard     // similar ideas
	Answers    []models.ShownAnswer  // to the questions of its campaign
	Judged     *models.Publication   // what was published of its evaluation, as far as it is for the actor; nil for nothing
	Links      models.LinkCards      // what the links lead to that stand alone in the texts
	Given      *models.Reactions     // to the comments
	Phase      *models.CampaignStage // that its campaign is in, with nothing allowed while it is paused; nil for an idea of none
}

// shownSupporters is how many faces stand beside an idea.
const shownSupporters = 5

// Show returns the page of an idea, with the comments after the given key.
func (f *Ideas) Show(ctx context.Context, actor *models.Actor, id int64, after *models.PostKey) (*Shown, error) {
	page, err := f.db.IdeaPage(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	page.AuthorPicture = actor.Face(page.AuthorPicture)
	shown := &Shown{IdeaPage: page}
	if page.CampaignID != nil {
		if shown.Phase, err = f.db.StageOf(ctx, actor, *page.CampaignID); err != nil {
			return nil, fmt.Errorf("campaign of idea %d: %w", id, err)
		}
	}
	if shown.Comments, shown.Next, err = f.db.Posts(ctx, &page.Idea, after, posts.PageSize); err != nil {
		return nil, err
	}
	for i := range shown.Comments {
		shown.Comments[i].AuthorPicture = actor.Face(shown.Comments[i].AuthorPicture)
	}
	if shown.Given, err = f.db.Reactions(ctx, actor, posts.IDs(shown.Comments)); err != nil {
		return nil, fmt.Errorf("comments of idea %d: %w", id, err)
	}
	if shown.Links, err = f.unfolded(ctx, actor, shown); err != nil {
		return nil, fmt.Errorf("links of idea %d: %w", id, err)
	}
	if page.CoAuthors > 0 {
		if err := f.signed(ctx, actor, shown); err != nil {
			return nil, err
		}
	}
	if page.AmendedFrom != 0 {
		if shown.From, err = f.readable(ctx, actor, page.AmendedFrom); err != nil {
			return nil, fmt.Errorf("origin of idea %d: %w", id, err)
		}
	}
	if page.SupportCount > 0 && !page.VoteHidden {
		if shown.Supporters, err = f.db.Supporters(ctx, &page.Idea, shownSupporters); err != nil {
			return nil, fmt.Errorf("supporters of idea %d: %w", id, err)
		}
	}
	if page.StagedAt != nil {
		if shown.Stages, err = f.db.StageHistory(ctx, &page.Idea); err != nil {
			return nil, fmt.Errorf("stages of idea %d: %w", id, err)
		}
	}
	if shown.Answer, err = f.db.Decision(ctx, &page.Idea); err != nil {
		return nil, fmt.Errorf("answer to idea %d: %w", id, err)
	}
	if shown.Judged, err = f.db.PublicationFor(ctx, actor, &page.Idea); err != nil {
		return nil, fmt.Errorf("publication of idea %d: %w", id, err)
	}
	if shown.Answering, err = f.db.Promised(ctx, &page.Idea); err != nil {
		return nil, fmt.Errorf("who answers idea %d: %w", id, err)
	}
	if shown.Joining, err = f.joined(ctx, actor, shown.Answering, page.MergeWaits); err != nil {
		return nil, fmt.Errorf("merges of idea %d: %w", id, err)
	}
	if after == nil {
		if shown.Answers, err = f.db.IdeaAnswers(ctx, actor, &page.Idea, page.Version); err != nil {
			return nil, fmt.Errorf("answers of idea %d: %w", id, err)
		}
		if shown.Near, err = f.near(ctx, actor, &page.Idea); err != nil {
			return nil, fmt.Errorf("ideas near %d: %w", id, err)
		}
	}
	return shown, nil
}

// unfolded loads what links lead to, where texts of the page can have any that stand alone.
func (f *Ideas) unfolded(ctx context.Context, actor *models.Actor, shown *Shown) (models.LinkCards, error) {
	of := models.Texts{Posts: posts.Alone(shown.Comments)}
	if text.HasAlone(shown.HTML) {
		of.Ideas = append(of.Ideas, shown.ID)
	}
	return f.db.LinkCards(ctx, actor, of, f.web.LinkPreviews)
}

// Versions lists the versions of an idea, newest first, before the given number (0 for the start).
func (f *Ideas) Versions(ctx context.Context, actor *models.Actor, id int64, before int) (*models.Idea, []models.VersionCard, error) {
	idea, err := f.db.Idea(ctx, actor, id)
	if err != nil {
		return nil, nil, err
	}
	cards, err := f.db.Versions(ctx, idea, before, versionPage)
	if err != nil {
		return nil, nil, fmt.Errorf("versions of idea %d: %w", id, err)
	}
	return idea, cards, nil
}

// Diff is what changed between two versions of an idea.
type Diff struct {
	Version *models.IdeaVersion
	Title   []text.Change
	Summary []text.Change // that the author wrote
	Body    []text.Change
	Tags    []text.Change
	// Former and Answers are what the two versions say to the questions of the campaign.
	Former, Answers []models.ShownAnswer
}

// Diff compares a version of an idea with the one before; the first one is all new.
func (f *Ideas) Diff(ctx context.Context, actor *models.Actor, id int64, number int) (*models.Idea, *Diff, error) {
	idea, err := f.db.Idea(ctx, actor, id)
	if err != nil {
		return nil, nil, err
	}
	version, err := f.db.Version(ctx, idea, number)
	if err != nil {
		return nil, nil, fmt.Errorf("version %d of idea %d: %w", number, id, err)
	}
	before := version
	if number > 1 {
		if before, err = f.db.Version(ctx, idea, number-1); err != nil {
			return nil, nil, fmt.Errorf("version %d of idea %d: %w", number-1, id, err)
		}
	}
	diff, err := f.compare(ctx, actor, idea, before, version)
	return idea, diff, err
}
