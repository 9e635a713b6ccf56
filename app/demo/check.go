package demo

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"ruche/models"
)

// check looks for whatever could not have happened.
func check(c *Company, files fs.FS) []error {
	k := &checker{company: c, files: files, titles: map[string]string{}}
	k.people()
	k.groups()
	k.spaces()
	for i := range c.Ideas {
		k.idea(&c.Ideas[i])
	}
	k.talk()
	k.shelves()
	k.gatherings()
	k.skills()
	return k.problems
}

type checker struct {
	company  *Company
	files    fs.FS
	titles   map[string]string
	problems []error
}

func (k *checker) problem(format string, args ...any) {
	k.problems = append(k.problems, fmt.Errorf(format, args...))
}

func (k *checker) people() {
	seen := map[string]bool{}
	for _, p := range k.company.People {
		for _, unique := range []string{p.Key, p.Name, p.Email} {
			if unique == "" || seen[unique] {
				k.problem("person %q: %q is missing or taken", p.Key, unique)
			}
			seen[unique] = true
		}
		if !p.Role.Valid() || (p.Role == models.RoleExternal) != (p.Company != "") {
			k.problem("person %q: role %q with company %q", p.Key, p.Role, p.Company)
		}
		sponsor := k.company.person(p.Sponsor)
		if p.Role == models.RoleExternal && (sponsor == nil || sponsor.Joined < p.Joined || sponsor.Role == models.RoleExternal || p.Leaves <= 0 || p.Department != "") {
			k.problem("person %q: %q does not answer for them until they leave", p.Key, p.Sponsor)
		}
		if p.Seen > p.Joined {
			k.problem("person %q: seen before they joined", p.Key)
		}
	}
	if n := len(k.company.SignIns()); n != 3 {
		k.problem("%d people to sign in as, not 3", n)
	}
}

func (k *checker) groups() {
	for _, g := range k.company.Groups {
		if founder := k.company.person(g.By); founder == nil || !k.company.actor(founder).Can(models.ManagePeople, nil) {
			k.problem("group %q: made by %q, who may not", g.Key, g.By)
		}
		for _, member := range g.Members {
			if p := k.company.person(member); p == nil || p.Role == models.RoleExternal || p.Joined < g.Made {
				k.problem("group %q: member %q", g.Key, member)
			}
		}
		for space, role := range g.Roles {
			if s := k.company.space(space); s == nil || s.Opened < g.Made || !slices.Contains(models.SpaceRoles(), role) {
				k.problem("group %q: %q of space %q", g.Key, role, space)
			}
		}
	}
}

func (k *checker) spaces() {
	for i := range k.company.Spaces {
		s := &k.company.Spaces[i]
		record := s.record()
		if err := record.Validate(); err != nil {
			k.problem("space %q: %w", s.Key, err)
		}
		if founder := k.company.person(s.By); founder == nil || founder.Joined < s.Opened {
			k.problem("space %q: opened by %q, who is not there yet", s.Key, s.By)
		}
		managers := s.Members[models.SpaceManager]
		if len(managers) == 0 || k.company.person(managers[0]) == nil || k.company.person(managers[0]).Joined < s.Opened {
			k.problem("space %q: nobody manages it from the start", s.Key)
		}
		seen := map[string]bool{}
		for role, members := range s.Members {
			for _, member := range members {
				if !slices.Contains(models.SpaceRoles(), role) || k.company.person(member) == nil || seen[member] {
					k.problem("space %q: member %q as %q", s.Key, member, role)
				}
				seen[member] = true
			}
		}
	}
	for _, campaign := range k.company.Campaigns {
		if k.company.space(campaign.Space) == nil {
			k.problem("campaign %q: no space %q", campaign.Key, campaign.Space)
		}
		for _, person := range append([]string{campaign.By, campaign.Sponsor}, campaign.Team...) {
			if p := k.company.person(person); p == nil || p.Joined < campaign.Made {
				k.problem("campaign %q: %q is not there yet", campaign.Key, person)
			}
		}
		if b := campaign.Banner; b != nil {
			said := models.Banner{Alt: b.Alt}
			if _, err := fs.Stat(k.files, "pictures/"+b.Picture); err != nil || said.Validate() != nil {
				k.problem("campaign %q: banner %q", campaign.Key, b.Picture)
			}
		}
		if n := len(campaign.Keepers); (campaign.Anonymity == models.Sealed) != (n == 2) || n == 2 && (k.company.person(campaign.Keepers[0].By) == nil || k.company.person(campaign.Keepers[1].By) == nil) {
			k.problem("campaign %q: %d keepers of its seals, or unknown ones", campaign.Key, n)
		}
		if campaign.Vote != nil {
			k.vote(campaign.Key, campaign.Vote)
		}
		if campaign.Evaluation != nil {
			k.evaluation(campaign.Key, campaign.Evaluation)
		}
	}
}

// vote checks that its ballots are those of people who were there, one each, on ideas of the campaign.
func (k *checker) vote(campaign string, v *Vote) {
	seen := map[string]bool{}
	for _, ballot := range v.Ballots {
		if p := k.company.person(ballot.By); p == nil || seen[ballot.By] || p.Joined < ballot.Ago {
			k.problem("campaign %q: %q votes twice, or is not there yet", campaign, ballot.By)
		}
		seen[ballot.By] = true
		for idea := range ballot.For {
			k.stands(campaign, idea)
		}
	}
	for idea := range v.Costs {
		k.stands(campaign, idea)
	}
}

func (k *checker) stands(campaign, idea string) {
	if i := k.company.idea(idea); i == nil || i.Campaign != campaign {
		k.problem("campaign %q: %q is none of its ideas", campaign, idea)
	}
}

func (k *checker) idea(i *Idea) {
	where := "idea " + i.Key
	if k.company.space(i.Space) == nil {
		k.problem("%s: no space %q", where, i.Space)
		return
	}
	for _, unique := range []string{i.Key, i.Title} {
		if other, taken := k.titles[unique]; taken || unique == "" {
			k.problem("%s: %q is missing or that of %s", where, unique, other)
		}
		k.titles[unique] = where
	}
	if i.Lang != "fr" && i.Lang != "en" {
		k.problem("%s: language %q", where, i.Lang)
	}
	if campaign := k.company.campaign(i.Campaign); i.Campaign != "" && (campaign == nil || campaign.Space != i.Space) {
		k.problem("%s: no campaign %q in %s", where, i.Campaign, i.Space)
	}
	if campaign := k.company.campaign(i.Campaign); campaign != nil && i.Ago > campaign.Stages[0].Ago {
		k.problem("%s: posted before %s opens", where, i.Campaign)
	}
	k.answers(where, i)
	k.project(where, i)
	if _, err := models.ParseTags(i.Tags...); err != nil {
		k.problem("%s: %w", where, err)
	}
	k.act(where, deed{i, i.Author, models.PostIdea}, i.Ago, k.company.space(i.Space).Opened)
	k.text(where, i, i.Body, i.Ago)
	k.life(where, i)
	k.comments(where, i, i.Comments, i.Ago)
}

// project checks that a project begins before it is done, and ends before everyone is thanked, by different people who are there.
func (k *checker) project(where string, i *Idea) {
	p := i.Project
	if p == nil {
		return
	}
	for _, key := range []string{p.By, p.Owner, p.Controller} {
		if person := k.company.person(key); person == nil || person.Joined < p.Begun {
			k.problem("%s: %q is not there when its project begins", where, key)
		}
	}
	if p.Owner == p.Controller || p.Begun > i.Ago || p.Done > p.Begun || p.Thanked > p.Done {
		k.problem("%s: its project does not begin, end and thank in this order", where)
	}
}

// life checks what happened to an idea besides its discussion.
func (k *checker) life(where string, i *Idea) {
	if _, err := i.versions(); err != nil {
		k.problem("%s: %w", where, err)
	}
	last := i.Ago
	for _, edit := range i.Edits {
		k.act(where+", edit", deed{i, edit.By, models.PostIdea}, edit.Ago, last)
		for _, replacement := range edit.Replace {
			k.text(where+", edit", i, replacement.New, edit.Ago)
		}
		last = edit.Ago
	}
	for _, signer := range i.CoAuthors {
		if signer.By == i.Author {
			k.problem("%s: %q is asked to sign their own", where, signer.By)
		}
		k.act(where+", co-author", deed{i, i.Author, models.PostIdea}, signer.Asked, i.Ago)
		if signer.Joined != nil {
			k.act(where+", co-author", deed{i, signer.By, models.PostIdea}, *signer.Joined, signer.Asked)
		}
	}
	last = i.Ago
	for _, passage := range i.Stages {
		if i.Answer != nil && !i.Answer.Prepared && (passage.To == models.Decided || passage.To == models.Declined) {
			k.problem("%s: %s besides its answer", where, passage.To)
		}
		if !passage.To.Valid() {
			k.problem("%s: stage %q", where, passage.To)
		}
		k.act(where+", stage "+string(passage.To), deed{i, passage.By, models.StageIdea}, passage.Ago, last)
		last = passage.Ago
	}
	if a := i.Answer; a != nil {
		k.act(where+", answer", deed{i, a.By, models.RunCampaigns}, a.Ago, i.Ago)
		if _, err := a.record(time.Time{}); err != nil {
			k.problem("%s, answer: %w", where, err)
		}
	}
	supporters := map[string]bool{}
	ages := i.supportAges()
	for n, support := range i.Supports {
		if supporters[support.By] || support.By == i.Author {
			k.problem("%s: %q supports it twice, or their own", where, support.By)
		}
		supporters[support.By] = true
		k.act(where+", support", deed{i, support.By, models.SupportIdea}, ages[n], i.Ago)
	}
	for _, follower := range i.Followers {
		k.act(where+", follower", deed{i, follower, models.FollowIdea}, i.Ago, i.Ago)
	}
	if i.Withdrawn != nil && *i.Withdrawn > i.Ago {
		k.problem("%s: withdrawn before it was posted", where)
	}
}

func (k *checker) comments(where string, i *Idea, comments []Comment, after Age) {
	for _, comment := range comments {
		here := fmt.Sprintf("%s, comment by %s", where, comment.By)
		k.act(here, deed{i, comment.By, models.PostComment}, comment.Ago, after)
		if strings.TrimSpace(comment.Text) == "" {
			k.problem("%s: empty", here)
		}
		k.text(here, i, comment.Text, comment.Ago)
		k.comments(where, i, comment.Replies, comment.Ago)
	}
}

// deed is something that a person does to an idea.
type deed struct {
	idea *Idea
	by   string
	act  models.Act
}

// act checks that a person was there, after what they react to, and allowed to do it.
func (k *checker) act(where string, d deed, ago, after Age) {
	p := k.company.person(d.by)
	switch {
	case p == nil:
		k.problem("%s: nobody is called %q", where, d.by)
	case ago > after:
		k.problem("%s: %q acts before what they react to", where, d.by)
	case ago > p.Joined:
		k.problem("%s: %q acts before they joined", where, d.by)
	case !k.company.actor(p).Can(d.act, &models.Space{ID: k.company.spaceID(d.idea.Space)}):
		k.problem("%s: %q may not %s in %s", where, d.by, d.act, d.idea.Space)
	}
}

var (
	articleLink = regexp.MustCompile(`\(article:([a-z0-9-]+)\)`)
	ideaLink    = regexp.MustCompile(`\(idea:([a-z0-9-]+)\)`)
	pictureLink = regexp.MustCompile(`!\[([^\]]+)\]\(picture:([a-z0-9.-]+)\)`)
	mentionMark = regexp.MustCompile(`\[@([^\]]+)\]`)
)

// text checks that what a text points to is there, and may be seen by all who read the text.
func (k *checker) text(where string, i *Idea, text string, ago Age) {
	for _, match := range ideaLink.FindAllStringSubmatch(text, -1) {
		target := k.company.idea(match[1])
		if target == nil || target.Ago < ago || !k.sameReaders(target.Space, i.Space) {
			k.problem("%s: link to %q", where, match[1])
		}
	}
	if strings.Count(text, "](picture:") != len(pictureLink.FindAllString(text, -1)) {
		k.problem("%s: picture without a description", where)
	}
	for _, match := range pictureLink.FindAllStringSubmatch(text, -1) {
		if _, err := fs.Stat(k.files, "pictures/"+match[2]); err != nil {
			k.problem("%s: picture %q", where, match[2])
		}
	}
	for _, match := range mentionMark.FindAllStringSubmatch(text, -1) {
		p := k.company.named(match[1])
		if p == nil || k.company.actor(p).Access(k.company.spaceID(i.Space)) == nil {
			k.problem("%s: mention of %q", where, match[1])
		}
	}
}

// sameReaders tells whether everyone who reads in one space may read in the other.
func (k *checker) sameReaders(target, from string) bool {
	to, here := k.company.space(target), k.company.space(from)
	return target == from || to.Visibility == models.Public || to.Visibility == models.Company && here.Visibility != models.Public && here.Visibility != models.External
}

// record is the space as it is stored.
func (s *Space) record() *models.Space {
	return &models.Space{Slug: s.Key, Title: s.Title, Description: s.About, Visibility: s.Visibility, Nameless: s.Nameless}
}

func (c *Company) named(name string) *Person {
	if i := slices.IndexFunc(c.People, func(p Person) bool { return p.Name == name }); i >= 0 {
		return &c.People[i]
	}
	return nil
}

// spaceID stands for a space's id before the company is in a database.
func (c *Company) spaceID(key string) int64 {
	return int64(1 + slices.IndexFunc(c.Spaces, func(s Space) bool { return s.Key == key }))
}

// actor is a person as the policy sees them.
func (c *Company) actor(p *Person) *models.Actor {
	actor := &models.Actor{ID: 1, Name: p.Name, Role: p.Role}
	for i := range c.Spaces {
		s := &c.Spaces[i]
		role := s.role(p.Key)
		seen := role != "" || s.Visibility == models.Public ||
			p.Role != models.RoleExternal && s.Visibility == models.Company ||
			p.Role != models.RoleExternal && p.Role != models.RoleEmployee && s.Visibility == models.External
		if seen {
			actor.Spaces = append(actor.Spaces, models.SpaceAccess{ID: c.spaceID(s.Key), Visibility: s.Visibility, Role: role})
		}
	}
	return actor
}
