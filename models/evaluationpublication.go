package models

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
)

// PublicationAudience says who reads what came of an evaluation.
type PublicationAudience string

// Audiences of a published evaluation.
const (
	ToAuthors PublicationAudience = "authors" // whoever signs the idea
	ToReaders PublicationAudience = "readers" // everybody who reads it
)

// SmallestPanel is how many people have scored by a criterion of which a figure is published: of fewer one could be found out.
const SmallestPanel = 3

// maxSummary bounds what is said of one criterion, in characters.
const maxSummary = 600

// Publication is what came of the evaluation of an idea, as it was when it was published.
type Publication struct {
	IdeaID      int64
	Audience    PublicationAudience
	Figures     string // see List
	PublishedBy int64
	PublishedAt time.Time
}

// TableName is where they are stored.
func (Publication) TableName() string { return "evaluation_publications" }

// Figure is what the evaluators say together by one criterion.
type Figure struct {
	Criterion int64   `json:"criterion"`
	NameEN    string  `json:"name_en"`
	NameFR    string  `json:"name_fr"`
	Lowest    int     `json:"lowest"`
	Highest   int     `json:"highest"`
	Inverted  bool    `json:"inverted,omitempty"`
	N         int     `json:"n"`    // 0: fewer than SmallestPanel have scored by it
	Mean      float64 `json:"mean"` // to one digit after the point
	Summary   string  `json:"summary,omitempty"`
}

// Name is the criterion's name in a language.
func (f *Figure) Name(lang string) string { return in(lang, f.NameEN, f.NameFR) }

// Tenths is the mean as it is written with a point.
func (f *Figure) Tenths() string { return strconv.FormatFloat(f.Mean, 'f', 1, 64) }

// Summary is the name of the field with what is said of a criterion.
func (c *Criterion) Summary() string { return fmt.Sprintf("summary_%d", c.ID) }

// List are the figures in the order of the criteria.
func (p *Publication) List() (figures []Figure) {
	if json.Unmarshal([]byte(p.Figures), &figures) != nil { // it is written by this file alone
		return nil
	}
	return figures
}

// FiguresOf are what may be published of an evaluation, with summaries by criterion.
func FiguresOf(spreads []CriterionSpread, summaries map[int64]string) (figures []Figure) {
	for i := range spreads {
		s := &spreads[i]
		figure := Figure{Criterion: s.Criterion.ID, NameEN: s.Criterion.NameEN, NameFR: s.Criterion.NameFR, Lowest: s.Criterion.Lowest, Highest: s.Criterion.Highest, Inverted: s.Criterion.Inverted, Summary: summaries[s.Criterion.ID]}
		if len(s.Scores) >= SmallestPanel {
			sum := 0
			for _, score := range s.Scores {
				sum += score
			}
			figure.N, figure.Mean = len(s.Scores), float64(int(float64(sum)/float64(len(s.Scores))*10+0.5))/10
		}
		figures = append(figures, figure)
	}
	return figures
}

// Publication is what was published of the evaluation of an idea, nil if nothing was. The caller has found who may read it.
func (q Queries) Publication(ctx context.Context, ideaID int64) (*Publication, error) {
	p := &Publication{}
	err := q.one(ctx, p, "SELECT * FROM evaluation_publications WHERE idea_id = ?", ideaID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return p, err
}

// PublicationFor is Publication as far as it is for the actor, for whom the idea was loaded.
func (q Queries) PublicationFor(ctx context.Context, actor *Actor, idea *Idea) (*Publication, error) {
	if idea.CampaignID == nil {
		return nil, nil
	}
	p, err := q.Publication(ctx, idea.ID)
	if err != nil || p == nil || p.Audience == ToReaders || actor.SignedIn() && (idea.AuthorID == actor.ID || idea.CoAuthored) {
		return p, err
	}
	return nil, nil
}

// MayPublish tells whether the actor may publish what came of the evaluation: whoever runs the campaign and reads the scores.
func (a *Assessment) MayPublish(actor *Actor) bool { return actor.MayRun(a.Campaign) && a.SeesScores() }

// Publish stores what came of the evaluation of a locked idea for an audience, in place of what was published before, with what is
// said of criteria in cleaned words. Nobody may have the idea on their desk still: they would no longer judge by themselves, and what
// they add would show in the difference.
func (tx *Tx) Publish(a *Assessment, audience PublicationAudience, summaries map[int64]string) (first bool, err error) {
	if audience != ToAuthors && audience != ToReaders {
		return false, Invalid{"audience": "evaluations.publish.audience_invalid"}
	}
	cards, err := tx.Evaluations(tx.ctx, a)
	if err != nil {
		return false, err
	}
	if !a.Over {
		for i := range cards {
			if cards[i].State == Assigned {
				return false, Invalid{"audience": "evaluations.publish.open"}
			}
		}
	}
	problems, told := Invalid{}, false
	figures := FiguresOf(SpreadByCriterion(a.Card, cards), summaries)
	for i := range figures {
		told = told || figures[i].N > 0
		if utf8.RuneCountInString(figures[i].Summary) > maxSummary {
			problems[(&Criterion{ID: figures[i].Criterion}).Summary()] = "evaluations.publish.summary_long"
		}
	}
	if !told {
		problems["audience"] = "evaluations.publish.few"
	}
	if len(problems) > 0 {
		return false, problems
	}
	raw, err := json.Marshal(figures)
	if err != nil {
		return false, err
	}
	gone, err := tx.Unpublish(a.Idea.ID)
	if err != nil {
		return false, err
	}
	return !gone, tx.create(&Publication{a.Idea.ID, audience, string(raw), tx.actorID(), tx.now})
}

// Unpublish takes back what was published of the evaluation of an idea; false if nothing was.
func (tx *Tx) Unpublish(ideaID int64) (bool, error) {
	n, err := tx.exec("DELETE FROM evaluation_publications WHERE idea_id = ?", ideaID)
	return n > 0, err
}
