// Package demo brings a whole sample company to an empty Ruche: people, spaces and eight months of ideas
// and discussion in French and English, so that a visitor meets a place that is lived in. The company is
// data (company.yaml, ideas/, pictures/); this package reads it, checks it against the rules that bind
// real people, and writes it as if it had happened. It is not a set of fixtures: tests bring their own people.
package demo

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"go.yaml.in/yaml/v3"

	"ruche/models"
)

//go:embed company.yaml ideas/*.yaml threads/*.yaml articles/*.yaml agenda/*.yaml pictures/*.png
var data embed.FS

// Company is the sample company. Everything in it refers to everything else by key.
type Company struct {
	Name      string
	People    []Person
	Groups    []Group
	Spaces    []Space
	Campaigns []Campaign
	Skills    []Skill
	Ideas     []Idea  `yaml:"-"` // of all spaces
	Talk      Talk    `yaml:"-"`
	Shelves   []Shelf `yaml:"-"`

	Gatherings []Gathering `yaml:"-"`
}

// Person is someone of the company, or a customer of it.
type Person struct {
	Key        string
	Name       string
	Email      string
	Role       models.Role
	Job        string
	Department string
	Site       string
	Company    string // of an external person
	Sponsor    string // who answers for an external person
	Leaves     Age    // how long after now an external person's access ends
	Locale     string
	Joined     Age
	Seen       Age    // when they last looked at their home page and their notices
	SignIn     SignIn `yaml:"signin"`
}

// Group is an audience that has roles in spaces.
type Group struct {
	Key     string
	Name    string
	By      string
	Made    Age
	Members []string
	Roles   map[string]models.SpaceRole // by space
}

// SignIn says as whom a visitor of the demonstration may look around.
type SignIn string

// The three who are handed out sign-in links.
const (
	AsEmployee SignIn = "employee"
	AsManager  SignIn = "manager"
	AsExternal SignIn = "external"
)

// Space is a part of the community. Its key is its slug.
type Space struct {
	Key        string
	Title      string
	Visibility models.Visibility
	Nameless   bool // threads can be begun there without a name
	About      string
	Opened     Age
	By         string
	Members    map[models.SpaceRole][]string
	Agreements []Agreement // its versions, oldest first
}

// Agreement is a version of what people from outside accept before they contribute to a space.
type Agreement struct {
	By   string
	Ago  Age
	Text string // Markdown
}

// Campaign is a question that a space asks. Its stages are given by how long ago they began, or, below zero, by how soon they
// will.
type Campaign struct {
	Key      string
	Title    string
	Space    string
	Lang     string
	Question string
	Brief    string // Markdown, as the next three
	Rules    string
	Prizes   string
	FAQ      string
	Sponsor  string
	By       string   // who runs it
	Team     []string // who helps
	Answer   int      // days
	Made     Age
	Stages   []CampaignStage

	Banner    *Banner          // nil: there is none
	Anonymity models.Anonymity // empty: everybody is named
	Keepers   []Keeper         // of the seals, where names are sealed
	Form      []Question
	Vote      *Vote // nil: it does not vote

	Evaluation *Evaluation // nil: its ideas are not evaluated
}

// Banner is the picture across the page of a campaign, and what it shows.
type Banner struct{ Picture, Alt string }

// Keeper is one of two who keep the seals of a campaign.
type Keeper struct{ By, Role string }

// KeeperPassphrase is that of everybody who keeps seals in the demonstration.
const KeeperPassphrase = "quatre mots pour la ruche"

// Question is a field of the form of a campaign.
type Question struct {
	Key         string
	Kind        models.FieldKind
	Seen        models.AnswerVisibility
	Required    bool
	Label, Help models.Words
	Choices     []models.Words // of a scale, what its ends mean
	Low, High   int            // or how many files
	Accepts     models.FileKinds
}

// Vote is how a campaign votes, and who has.
type Vote struct {
	Method  models.VotingMethod
	Budget  int64 // euros
	Shares  bool
	By      models.Division
	Priced  Age              // when whoever runs the campaign said what its ideas cost
	Costs   map[string]int64 // euros, by idea
	Ballots []Ballot
}

// Ballot is what a person says of ideas, as the method has it.
type Ballot struct {
	By  string
	Ago Age
	For map[string]int64 // by idea
}

// CampaignStage is a stage with its beginning.
type CampaignStage struct {
	Kind    models.StageKind
	Ago     Age
	In      Age
	Days    int    // that an idea may wait in it
	Answers string // who answers for that
}

// Idea is an idea with all that became of it. Its title and body are those of the first version.
type Idea struct {
	Key       string
	Space     string `yaml:"-"` // from the file it stands in
	Title     string
	Lang      string
	Author    string
	Ago       Age
	Withdrawn *Age
	Campaign  string
	Tags      []string
	Paper     *Paper            // that its author typed in for somebody else; nil for none
	Answers   map[string]string // to the questions of its campaign, by their key; the numbers of choices
	Body      string
	Stages    []Passage
	Answer    *Answer
	Project   *Project
	Edits     []Edit
	CoAuthors []CoAuthor
	Supports  []Support
	Followers []string
	Comments  []Comment
}

// Paper is what somebody has written by hand.
type Paper struct {
	Name string // that stands on it
	Code string // of the slip by which they claim it; empty where none was printed
}

// Passage is an idea's coming to a stage.
type Passage struct {
	To  models.Stage
	By  string
	Ago Age
}

// Answer is the official answer to an idea, which takes it to the stage that follows from it, or one that is only prepared.
type Answer struct {
	By         string
	Ago        Age
	Kind       models.DecisionKind
	Reason     string
	Text       string // Markdown
	Conditions string // what would change it
	Until      Age    // how long after now the idea comes back
	Tag        string // of an idea that brings it back
	Prepared   bool
}

// CoAuthor is somebody whom an idea's author asks to sign it too. They do once they have Joined; nil: they have not answered yet.
type CoAuthor struct {
	By      string
	Asked   Age
	Joined  *Age
	Message string
}

// Edit makes the next version of an idea by replacing parts of its body.
type Edit struct {
	By      string
	Ago     Age
	Title   string // empty: as before
	Replace []Replacement
}

// Replacement puts New in the place of Old, which stands in the body exactly once.
type Replacement struct{ Old, New string }

// Comment is a contribution under an idea, with the answers to it.
type Comment struct {
	By      string
	Ago     Age
	Lang    string // empty: the idea's
	Text    string
	Replies []Comment
}

// Load reads the company and checks it. The error names every mistake, not only the first.
func Load() (*Company, error) {
	return load(data)
}

func load(files fs.FS) (*Company, error) {
	company := &Company{}
	if err := decode(files, "company.yaml", company); err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "ideas/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list ideas: %w", err)
	}
	for _, name := range names {
		var file struct {
			Space string
			Ideas []Idea
		}
		if err := decode(files, name, &file); err != nil {
			return nil, err
		}
		for _, idea := range file.Ideas {
			idea.Space = file.Space
			company.Ideas = append(company.Ideas, idea)
		}
	}
	if err := decode(files, "threads/threads.yaml", &company.Talk); err != nil {
		return nil, err
	}
	if err := decode(files, "articles/articles.yaml", &company.Shelves); err != nil {
		return nil, err
	}
	if err := decode(files, "agenda/agenda.yaml", &company.Gatherings); err != nil {
		return nil, err
	}
	if problems := check(company, files); len(problems) > 0 {
		return nil, fmt.Errorf("sample company: %w", errors.Join(problems...))
	}
	return company, nil
}

// decode reads a file strictly: a field that nobody knows is a mistake.
func decode(files fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return fmt.Errorf("read sample company: %w", err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("read %s: %w", path.Base(name), err)
	}
	return nil
}

// SignIns are the three people as whom a visitor may look around: an employee, a community manager and a customer.
func (c *Company) SignIns() []Person {
	var people []Person
	for _, as := range []SignIn{AsEmployee, AsManager, AsExternal} {
		if i := slices.IndexFunc(c.People, func(p Person) bool { return p.SignIn == as }); i >= 0 {
			people = append(people, c.People[i])
		}
	}
	return people
}

func (c *Company) person(key string) *Person {
	if i := slices.IndexFunc(c.People, func(p Person) bool { return p.Key == key }); i >= 0 {
		return &c.People[i]
	}
	return nil
}

func (c *Company) space(key string) *Space {
	if i := slices.IndexFunc(c.Spaces, func(s Space) bool { return s.Key == key }); i >= 0 {
		return &c.Spaces[i]
	}
	return nil
}

func (c *Company) campaign(key string) *Campaign {
	if i := slices.IndexFunc(c.Campaigns, func(campaign Campaign) bool { return campaign.Key == key }); i >= 0 {
		return &c.Campaigns[i]
	}
	return nil
}

func (c *Company) idea(key string) *Idea {
	if i := slices.IndexFunc(c.Ideas, func(idea Idea) bool { return idea.Key == key }); i >= 0 {
		return &c.Ideas[i]
	}
	return nil
}

// role is a person's role in the space, empty if they are no member.
func (s *Space) role(person string) models.SpaceRole {
	for role, members := range s.Members {
		if slices.Contains(members, person) {
			return role
		}
	}
	return ""
}
