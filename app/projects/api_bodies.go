package projects

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"time"

	"ruche/models"
)

// projectItem is a project in a list.
type projectItem struct {
	ID         int64          `json:"id"`
	URL        string         `json:"url"`
	Idea       int64          `json:"idea" doc:"Number of the idea that it carries out."`
	Space      string         `json:"space" doc:"Slug."`
	Campaign   *int64         `json:"campaign" doc:"Number of the campaign of the idea, or null."`
	Title      string         `json:"title"`
	Lang       string         `json:"lang" doc:"fr, en, or empty if unknown."`
	State      string         `json:"state" enum:"planned,running,done,stopped"`
	Owner      *projectPerson `json:"owner" doc:"Who carries it, or null once they are gone."`
	StartsOn   *time.Time     `json:"starts_on"`
	DueOn      *time.Time     `json:"due_on"`
	EndedAt    *time.Time     `json:"ended_at" doc:"When it was finished or stopped."`
	Milestones int            `json:"milestones"`
	Reached    int            `json:"milestones_reached"`
}

// projectBody is a project by itself.
type projectBody struct {
	projectItem
	Goal       string           `json:"goal" doc:"Markdown."`
	HTML       string           `json:"html" doc:"The same, rendered and safe."`
	Reason     string           `json:"reason" doc:"Why it was stopped."`
	Controller *projectPerson   `json:"controller" doc:"Who validates its benefits, for people of the company."`
	Steps      []projectStep    `json:"steps" doc:"Milestones and, for people of the company, tasks, in the order of their days."`
	Benefits   []projectBenefit `json:"benefits" doc:"For people of the company."`
	Version    int              `json:"version"`
}

// tag is the ETag of a project: its version, by which changes are checked, and a sum of all that is shown.
func (b *projectBody) tag() string {
	shown, _ := json.Marshal(b) // numbers, texts and times always marshal
	sum := crc32.ChecksumIEEE(shown)
	return fmt.Sprintf(`"%d-%08x"`, b.Version, sum)
}

// sameVersion tells whether a list of ETags names one with the version.
func sameVersion(list string, version int) bool {
	for _, one := range strings.Split(list, ",") {
		number, _, _ := strings.Cut(strings.Trim(strings.TrimPrefix(strings.TrimSpace(one), "W/"), `"`), "-")
		if number == "" || number == "*" || number == strconv.Itoa(version) {
			return true
		}
	}
	return false
}

type projectPerson struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

func personOf(id *int64, name string) *projectPerson {
	if id == nil {
		return nil
	}
	return &projectPerson{*id, name}
}

type projectStep struct {
	ID        int64          `json:"id"`
	Kind      string         `json:"kind" enum:"milestone,task"`
	Title     string         `json:"title"`
	Milestone *int64         `json:"milestone" doc:"That a task leads to, or null."`
	Assignee  *projectPerson `json:"assignee" doc:"Of a task, or null."`
	DueOn     *time.Time     `json:"due_on"`
	DoneAt    *time.Time     `json:"done_at"`
}

func stepOf(s *models.StepCard) projectStep {
	return projectStep{s.ID, string(s.Kind), s.Title, s.MilestoneID, personOf(s.AssigneeID, s.AssigneeName), s.DueOn, s.DoneAt}
}

type projectBenefit struct {
	ID        int64          `json:"id"`
	Kind      string         `json:"kind" enum:"euros,hours,co2,safety,quality,customer,other"`
	Unit      string         `json:"unit" doc:"In words, of a kind that has none of its own."`
	Nature    string         `json:"nature" enum:"forecast,actual"`
	Amount    int64          `json:"amount" doc:"In whole units."`
	Label     string         `json:"label"`
	On        time.Time      `json:"on"`
	State     string         `json:"state" enum:"claimed,validated,refused"`
	Reason    string         `json:"reason" doc:"Why it was refused."`
	ClaimedBy projectPerson  `json:"claimed_by"`
	ClaimedAt time.Time      `json:"claimed_at"`
	JudgedBy  *projectPerson `json:"judged_by"`
	JudgedAt  *time.Time     `json:"judged_at"`
}

func benefitOf(b *models.BenefitCard) projectBenefit {
	return projectBenefit{
		b.ID, string(b.Kind), b.Unit, string(b.Nature), b.Amount, b.Label, b.OnDay, string(b.State), b.Reason,
		projectPerson{b.ClaimedBy, b.ClaimerName}, b.ClaimedAt, personOf(b.JudgedBy, b.JudgeName), b.JudgedAt,
	}
}

func (f *Projects) itemOf(actor *models.Actor, c *models.ProjectCard) projectItem {
	item := projectItem{
		ID: c.ID, URL: f.web.BaseURL.String() + c.Path(), Idea: c.IdeaID, Campaign: c.CampaignID, Title: c.Title, Lang: c.Lang, State: string(c.State), Owner: personOf(c.OwnerID, c.OwnerName),
		StartsOn: c.StartsOn, DueOn: c.DueOn, EndedAt: c.EndedAt, Milestones: c.Milestones, Reached: c.Reached,
	}
	if space := actor.Access(c.SpaceID); space != nil {
		item.Space = space.Slug
	}
	return item
}

// ProjectWords is what a program writes of a project; exported, since huma fills in no other embedded struct.
type ProjectWords struct {
	Title      *string    `json:"title,omitempty"`
	Goal       *string    `json:"goal,omitempty" doc:"Markdown."`
	Owner      *string    `json:"owner,omitempty" doc:"E-mail address of who carries it: somebody of the company who sees the space."`
	Controller *string    `json:"controller,omitempty" doc:"E-mail address of who validates its benefits, somebody else, or empty."`
	StartsOn   *time.Time `json:"starts_on,omitempty"`
	DueOn      *time.Time `json:"due_on,omitempty"`
}

// into puts what is there into a draft.
func (b *ProjectWords) into(draft *Draft) error {
	for _, one := range []struct{ to, from *string }{{&draft.Title, b.Title}, {&draft.Goal, b.Goal}, {&draft.Owner, b.Owner}, {&draft.Controller, b.Controller}} {
		if one.from != nil {
			*one.to = strings.TrimSpace(*one.from)
		}
	}
	problems := models.Invalid{}
	for _, one := range []struct {
		field string
		to    **time.Time
		from  *time.Time
	}{{"starts_on", &draft.StartsOn, b.StartsOn}, {"due_on", &draft.DueOn, b.DueOn}} {
		if one.from != nil {
			*one.to = dayOf(one.from, one.field, problems)
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// dayOf is a day as a program has it; one in a year in which nobody means it is a problem of the field.
func dayOf(at *time.Time, field string, problems models.Invalid) *time.Time {
	if at == nil {
		return nil
	}
	if at.Year() < 2000 || at.Year() > 2200 {
		problems[field] = "projects.date_invalid"
	}
	utc := at.UTC()
	return &utc
}
