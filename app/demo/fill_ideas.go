package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ruche/app/text"
	"ruche/models"
)

// tellIdea adds an idea's life to the story: it is posted, then changed, supported and discussed.
func (f *filler) tellIdea(i *Idea, tell func(Age, string, moving)) {
	tell(i.Ago, i.Key+" is posted", f.posts(i))
	for n, edit := range i.Edits {
		tell(edit.Ago, i.Key+" is edited", f.edits(i, edit.By, n+1))
	}
	for _, signer := range i.CoAuthors {
		tell(signer.Asked, signer.By+" is asked to sign "+i.Key, f.asksToSign(i, signer))
		if signer.Joined != nil {
			tell(*signer.Joined, signer.By+" signs "+i.Key, f.signs(i, signer))
		}
	}
	for n, ago := range i.supportAges() {
		tell(ago, i.Supports[n].By+" supports "+i.Key, f.supports(i, i.Supports[n].By))
	}
	f.tellComments(i, i.Comments, nil, tell)
	for _, passage := range i.Stages {
		tell(passage.Ago, i.Key+" is "+string(passage.To), f.stages(i, passage))
	}
	if i.Answer != nil {
		tell(i.Answer.Ago, i.Answer.By+" answers "+i.Key, f.answers(i, i.Answer))
	}
	if i.Project != nil {
		f.tellProject(i, tell)
	}
	if i.Withdrawn != nil {
		tell(*i.Withdrawn, i.Key+" is withdrawn", f.withdraws(i))
	}
}

func (f *filler) tellComments(i *Idea, comments []Comment, parent *models.Post, tell func(Age, string, moving)) {
	for _, c := range comments {
		record := &models.Post{Lang: i.langOf(c)}
		tell(c.Ago, c.By+" comments on "+i.Key, f.comments(i, c, record, parent))
		f.tellComments(i, c.Replies, record, tell)
	}
}

// act runs a change of an idea by a person who may do that.
func (f *filler) act(ctx context.Context, db *models.DB, d deed, change func(*models.Tx, *models.Idea) error) error {
	actor, err := f.contributor(ctx, db, d.by, f.spaces[d.idea.Space])
	if err != nil {
		return err
	}
	if d.by == d.idea.Author && d.act != models.SupportIdea {
		if actor, err = db.MaskFor(ctx, actor, f.ideas[d.idea.Key].ID, ""); err != nil {
			return err
		}
	}
	if !actor.Can(d.act, f.spaces[d.idea.Space]) {
		return fmt.Errorf("%s may not %s: %w", d.by, d.act, models.ErrForbidden)
	}
	return db.Tx(ctx, actor, func(tx *models.Tx) error {
		idea, err := tx.LockIdea(f.ideas[d.idea.Key].ID)
		if err != nil {
			return err
		}
		return change(tx, idea)
	})
}

func (f *filler) posts(i *Idea) moving {
	return func(ctx context.Context, db *models.DB) error {
		space := f.spaces[i.Space]
		actor, err := f.contributor(ctx, db, i.Author, space)
		if err != nil {
			return err
		}
		if !actor.Can(models.PostIdea, space) {
			return models.ErrForbidden
		}
		idea := &models.Idea{SpaceID: space.ID, AuthorID: actor.ID, Lang: i.Lang}
		if campaign := f.company.campaign(i.Campaign); campaign != nil {
			idea.CampaignID, idea.Campaign = &f.campaigns[campaign.Key].ID, campaign.Title
		}
		if idea.Tags, err = models.ParseTags(i.Tags...); err != nil {
			return err
		}
		pictures, err := f.write(ctx, actor, idea, version{i.Title, strings.TrimSpace(i.Body)})
		if err != nil {
			return err
		}
		f.ideas[i.Key] = idea
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if err := f.hides(tx, i, idea); err != nil {
				return err
			}
			if err := i.create(tx, idea); err != nil {
				return err
			}
			if err := f.fillsIn(tx, i, idea); err != nil {
				return err
			}
			if err := tx.AttachFiles(tx.Actor().ID, models.Place{Idea: idea}, pictures); err != nil {
				return err
			}
			for _, follower := range i.Followers { // no event tells of it, so it may as well happen here
				if err := tx.Follow(f.users[follower].ID, idea.ID); err != nil {
					return err
				}
			}
			return i.record(tx, idea)
		})
	}
}

// create publishes an idea, also one that came on paper.
func (i *Idea) create(tx *models.Tx, idea *models.Idea) error {
	if i.Paper == nil {
		return tx.CreateIdea(idea)
	}
	if err := tx.CreatePaperIdea(idea, i.Paper.Name); err != nil || i.Paper.Code == "" {
		return err
	}
	return tx.GivePaperCode(idea.ID, i.Paper.Code)
}

// record is the last that happens when an idea is published.
func (i *Idea) record(tx *models.Tx, idea *models.Idea) error {
	if i.Paper == nil {
		return tx.Record(models.IdeaPosted, idea, nil)
	}
	posted, err := tx.EventOf(idea.AuthorID, models.IdeaPosted, idea, nil)
	if err != nil {
		return err
	}
	entered, err := tx.EventOf(tx.Actor().ID, models.IdeaEntered, idea, nil)
	if err != nil {
		return err
	}
	return tx.RecordAll([]models.Event{posted, entered})
}

// hides: where the campaign of an idea hides its authors, the rest happens in the name of a mask.
func (f *filler) hides(tx *models.Tx, i *Idea, idea *models.Idea) error {
	campaign := f.company.campaign(i.Campaign)
	if campaign == nil || campaign.Anonymity == "" {
		return nil
	}
	idea.Anonymity = campaign.Anonymity
	delete(f.actors, i.Author) // who hides from now on
	if _, err := tx.Hide(idea.Anonymity, ""); err != nil {
		return err
	}
	idea.AuthorID = tx.Actor().ID
	if idea.Anonymity != models.Sealed {
		return nil
	}
	keepers, err := tx.SealKeepers(tx.Context(), *idea.CampaignID)
	if err != nil {
		return err
	}
	return tx.Seal(*idea.CampaignID, keepers.Mark())
}

func (f *filler) edits(i *Idea, by string, number int) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, by)
		if err != nil {
			return err
		}
		versions, err := i.versions()
		if err != nil {
			return err
		}
		return f.act(ctx, db, deed{i, by, models.PostIdea}, func(tx *models.Tx, idea *models.Idea) error {
			if !actor.MayEdit(idea) {
				return models.ErrForbidden
			}
			// The pictures were stored when the idea was posted: nothing here leaves the transaction.
			if _, err := f.write(ctx, actor, idea, versions[number]); err != nil {
				return err
			}
			if err := tx.EditIdea(idea, idea.Version); err != nil {
				return err
			}
			return tx.Record(models.IdeaEdited, idea, map[string]int{"version": idea.Version})
		})
	}
}

func (f *filler) asksToSign(i *Idea, signer CoAuthor) moving {
	return func(ctx context.Context, db *models.DB) error {
		return f.act(ctx, db, deed{i, i.Author, models.PostIdea}, func(tx *models.Tx, idea *models.Idea) error {
			if err := tx.AskCoAuthor(idea, f.users[signer.By].ID, signer.Message); err != nil {
				return err
			}
			return tx.Record(models.IdeaAuthorAsked, idea, map[string]int64{"user": f.users[signer.By].ID})
		})
	}
}

func (f *filler) signs(i *Idea, signer CoAuthor) moving {
	return func(ctx context.Context, db *models.DB) error {
		return f.act(ctx, db, deed{i, signer.By, models.PostIdea}, func(tx *models.Tx, idea *models.Idea) error {
			if err := tx.JoinIdea(idea); err != nil {
				return err
			}
			return tx.Record(models.IdeaAuthorJoined, idea, map[string]int64{"user": tx.Actor().ID})
		})
	}
}

func (f *filler) supports(i *Idea, by string) moving {
	return func(ctx context.Context, db *models.DB) error {
		return f.act(ctx, db, deed{i, by, models.SupportIdea}, func(tx *models.Tx, idea *models.Idea) error {
			if _, err := tx.AddSupport(idea, tx.Actor().ID); err != nil {
				return err
			}
			return tx.Record(models.IdeaSupported, idea, nil)
		})
	}
}

func (f *filler) comments(i *Idea, c Comment, record, parent *models.Post) moving {
	return func(ctx context.Context, db *models.DB) error {
		body, err := f.resolve(strings.TrimSpace(c.Text))
		if err != nil {
			return err
		}
		rendered, err := text.Render(body, text.Comment, nil)
		if err != nil {
			return err
		}
		record.Body, record.HTML = body, rendered.HTML
		if parent != nil {
			record.ParentID = &parent.ID
		}
		return f.act(ctx, db, deed{i, c.By, models.PostComment}, func(tx *models.Tx, idea *models.Idea) error {
			record.AuthorID = tx.Actor().ID
			if err := tx.CreatePost(models.Place{Idea: idea}, record); err != nil {
				return err
			}
			if err := tx.Follow(record.AuthorID, idea.ID); err != nil {
				return err
			}
			return tx.Record(models.PostPosted, record.In(idea.SpaceID), map[string]int64{"idea": idea.ID})
		})
	}
}

func (f *filler) stages(i *Idea, passage Passage) moving {
	return func(ctx context.Context, db *models.DB) error {
		return f.act(ctx, db, deed{i, passage.By, models.StageIdea}, func(tx *models.Tx, idea *models.Idea) error {
			from := idea.Stage
			if err := tx.SetStage(idea, passage.To); err != nil {
				return err
			}
			return tx.Record(models.IdeaStaged, idea, map[string]models.Stage{"stage": passage.To, "from": from})
		})
	}
}

// answers: whoever runs the space answers the idea officially, or prepares an answer.
func (f *filler) answers(i *Idea, a *Answer) moving {
	return func(ctx context.Context, db *models.DB) error {
		answer, err := a.record(f.now)
		if err != nil {
			return err
		}
		return f.act(ctx, db, deed{i, a.By, models.RunCampaigns}, func(tx *models.Tx, idea *models.Idea) error {
			if err := tx.PrepareAnswer(idea, answer, models.AnswerBase{}); err != nil {
				return err
			}
			if a.Prepared {
				return tx.Record(models.AnswerPrepared, answer, nil)
			}
			if err := tx.PublishAnswer(idea, answer); err != nil {
				return err
			}
			return tx.Record(models.IdeaAnswered, idea, map[string]string{"kind": string(answer.Kind), "reason": answer.ReasonCode})
		})
	}
}

// record is the answer as it is stored.
func (a *Answer) record(now time.Time) (*models.Decision, error) {
	body := strings.TrimSpace(a.Text)
	rendered, err := text.Render(body, text.Comment, nil)
	if err != nil {
		return nil, err
	}
	answer := &models.Decision{Kind: a.Kind, ReasonCode: a.Reason, Body: body, HTML: rendered.HTML, Lang: text.Language(rendered.Plain), Conditions: a.Conditions, ReopenTag: a.Tag}
	if a.Until != 0 {
		until := now.Add(time.Duration(a.Until)).Truncate(24 * time.Hour)
		answer.ReopenOn = &until
	}
	if problems := answer.Validate(now); len(problems) > 0 {
		return nil, problems
	}
	return answer, nil
}

func (f *filler) withdraws(i *Idea) moving {
	return func(ctx context.Context, db *models.DB) error {
		return f.act(ctx, db, deed{i, i.Author, models.PostIdea}, func(tx *models.Tx, idea *models.Idea) error {
			if err := tx.SetState(idea, models.Withdrawn); err != nil {
				return err
			}
			return tx.Record(models.IdeaWithdrawn, idea, nil)
		})
	}
}

// write puts a text into an idea, with what is stored beside it, and returns the pictures it shows.
func (f *filler) write(ctx context.Context, actor *models.Actor, idea *models.Idea, v version) (pictures []int64, err error) {
	for _, match := range pictureLink.FindAllStringSubmatch(v.body, -1) {
		if _, err := f.picture(ctx, actor, match[2]); err != nil {
			return nil, err
		}
	}
	if idea.Title, err = text.Title(v.title); err != nil {
		return nil, err
	}
	if idea.Body, err = f.resolve(v.body); err != nil {
		return nil, err
	}
	rendered, err := text.Render(idea.Body, text.Body, f.known)
	if err != nil {
		return nil, err
	}
	idea.HTML, idea.Summary = rendered.HTML, rendered.Summary
	return rendered.Files, nil
}

func (f *filler) known(fileID int64) *models.File {
	for _, file := range f.pictures {
		if file.ID == fileID {
			return file
		}
	}
	return nil
}

// resolve puts addresses in the place of keys: ideas, articles, pictures and people have an id by now.
func (f *filler) resolve(body string) (string, error) {
	body = ideaLink.ReplaceAllStringFunc(body, func(link string) string {
		return "(" + f.ideas[ideaLink.FindStringSubmatch(link)[1]].Path() + ")"
	})
	missing := ""
	body = articleLink.ReplaceAllStringFunc(body, func(link string) string {
		key := articleLink.FindStringSubmatch(link)[1]
		article := f.articles[key]
		if article == nil || article.ID == 0 {
			missing = key
			return link
		}
		return "(" + article.Path() + ")"
	})
	if missing != "" {
		return "", fmt.Errorf("link to the article %s, which is not written yet", missing)
	}
	body = pictureLink.ReplaceAllStringFunc(body, func(picture string) string {
		match := pictureLink.FindStringSubmatch(picture)
		return fmt.Sprintf("![%s](/files/%d)", match[1], f.pictures[match[2]].ID)
	})
	body = mentionMark.ReplaceAllStringFunc(body, func(mention string) string {
		person := f.company.named(mentionMark.FindStringSubmatch(mention)[1])
		return fmt.Sprintf("%s(/people/%d)", mention, f.users[person.Key].ID)
	})
	return text.Clean(body, text.MaxBody)
}
