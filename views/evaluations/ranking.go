package evaluations

import (
	"net/url"
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
)

// Ranking is what came of the evaluation of a campaign.
type Ranking struct {
	Campaign  *models.Campaign
	Card      *models.Scorecard
	Ideas     []models.RankedIdea
	Reckoning *models.Reckoning // nil while First
	Ask       models.Weighing
	Next      *models.RankKey
	Inner     bool
	First     int // evaluations of their own that the reader hands in before they see others'
	MayRun    bool
}

func (v Ranking) url(cursor string) string {
	values := url.Values{}
	if v.Ask.Top != 5 || v.Ask.Percent != 20 {
		values.Set("top", strconv.Itoa(v.Ask.Top))
		values.Set("percent", strconv.Itoa(v.Ask.Percent))
	}
	if cursor != "" {
		values.Set("cursor", cursor)
	}
	if len(values) == 0 {
		return rankingPath(v.Campaign.ID)
	}
	return rankingPath(v.Campaign.ID) + "?" + values.Encode()
}

func (v Ranking) next() string {
	if v.Next == nil {
		return ""
	}
	return v.url(v.Next.String())
}

func (v Ranking) start() string {
	if !v.Inner {
		return ""
	}
	return v.url("")
}

func (v Ranking) title(id int64) string {
	for i := range v.Ideas {
		if v.Ideas[i].IdeaID == id {
			return v.Ideas[i].Title
		}
	}
	return "#" + strconv.FormatInt(id, 10)
}

// The picture of value and effort: its size, and what its frame leaves.
const (
	pictureSize  = 460
	pictureFrame = 44
)

func place(share float64) string {
	return strconv.FormatFloat(pictureFrame+share*(pictureSize-2*pictureFrame), 'f', 1, 64)
}

// dot is an idea of this page in the picture.
type dot struct {
	number    int
	x, y      string // of its middle
	textY     string
	value     float64
	effort    float64
	title     string
	ideaID    int64
	titleLang string
}

// dots are the ideas of this page that have both values.
func (v Ranking) dots() (dots []dot) {
	for i := range v.Ideas {
		idea := &v.Ideas[i]
		for _, picture := range v.Reckoning.Pictures {
			if picture.IdeaID == idea.IdeaID {
				y := place(1 - picture.Value)
				dots = append(dots, dot{idea.Place, place(picture.Effort), y, y, picture.Value, picture.Effort, idea.Title, idea.IdeaID, idea.Lang})
			}
		}
	}
	return dots
}

// moved says in a sentence what a change of one weight does.
func (v Ranking) moved(l *i18n.Locale, move models.Move) string {
	key := "evaluations.firm.less"
	if move.Up {
		key = "evaluations.firm.more"
	}
	out := ""
	for i, id := range move.Out {
		if i > 0 {
			out += ", "
		}
		out += v.title(id)
	}
	return l.T(key, "criterion", move.Criterion.Name(l.Lang()), "n", v.Ask.Percent, "ideas", out)
}
