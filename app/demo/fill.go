package demo

import (
	"context"
	"fmt"
	"path"
	"slices"
	"time"

	"ruche/app/feed"
	"ruche/app/files"
	"ruche/models"
)

// House is where the company moves in: an empty database and the file store beside it. Notices reads along
// as the story unfolds, so that people can have read what concerned them before they looked.
type House struct {
	DB      *models.DB
	Files   *files.Files
	Notices feed.Reader
}

// Fill writes the company into an empty house, each thing by the person who did it and at the time it
// happened, up to a few minutes ago. It asks the permission policy for every act and records the same
// events as the use cases, so that search, notices and activity find what they would have found.
// Each moment is a transaction of its own; a failure leaves a part of the company behind.
func Fill(ctx context.Context, house House) (*Company, error) {
	company, err := Load()
	if err != nil {
		return nil, err
	}
	f := &filler{
		House: house, company: company, now: house.DB.Now(),
		users: map[string]*models.User{}, groups: map[string]*models.Group{}, spaces: map[string]*models.Space{}, actors: map[string]*models.Actor{},
		campaigns: map[string]*models.Campaign{}, fields: map[string]map[string]*models.FormField{}, ideas: map[string]*models.Idea{}, threads: map[string]*models.Thread{}, articles: map[string]*models.Article{}, pictures: map[string]*models.File{},
	}
	story := f.story()
	slices.SortStableFunc(story, func(a, b happening) int { return a.at.Compare(b.at) })
	for _, h := range story {
		if err := h.happen(ctx, house.DB.At(func() time.Time { return h.at })); err != nil {
			return nil, fmt.Errorf("fill with the sample company: %s: %w", h.what, err)
		}
	}
	return company, nil
}

// happening is one moment of the company's life.
type happening struct {
	at     time.Time
	what   string
	happen moving
}

// moving makes something happen in a database whose clock stands at the time.
type moving func(context.Context, *models.DB) error

// filler knows by key what is in the house already.
type filler struct {
	House
	company   *Company
	now       time.Time
	users     map[string]*models.User
	actors    map[string]*models.Actor
	groups    map[string]*models.Group
	spaces    map[string]*models.Space
	campaigns map[string]*models.Campaign
	fields    map[string]map[string]*models.FormField // of the form of each campaign
	ideas     map[string]*models.Idea
	threads   map[string]*models.Thread
	articles  map[string]*models.Article
	pictures  map[string]*models.File
}

// story lists all that happened. Things of the same time keep their order here: people come first.
func (f *filler) story() (story []happening) {
	tell := func(ago Age, what string, happen moving) {
		story = append(story, happening{moment(f.now, ago), what, happen})
	}
	for i := range f.company.People {
		p := &f.company.People[i]
		tell(p.Joined, p.Key+" joins", f.joins(p))
	}
	for i := range f.company.Spaces {
		s := &f.company.Spaces[i]
		tell(s.Opened, s.Key+" opens", f.opens(s))
		for _, role := range models.SpaceRoles() {
			for _, member := range s.Members[role] {
				tell(min(s.Opened, f.company.person(member).Joined), member+" enters "+s.Key, f.enters(s, member, role))
			}
		}
	}
	for i := range f.company.Groups {
		g := &f.company.Groups[i]
		tell(g.Made, "the group "+g.Key, f.gathers(g))
		for space, role := range g.Roles {
			tell(g.Made, g.Key+" enters "+space, f.admits(f.company.space(space), g, role))
		}
	}
	for i := range f.company.Spaces {
		for _, a := range f.company.Spaces[i].Agreements {
			tell(a.Ago, "an agreement of "+f.company.Spaces[i].Key, f.agrees(&f.company.Spaces[i], a))
		}
	}
	for i := range f.company.Campaigns {
		c := &f.company.Campaigns[i]
		tell(c.Made, "the campaign "+c.Key, f.asks(c))
		if c.Vote != nil {
			f.tellVote(c, tell)
		}
		if c.Evaluation != nil {
			f.tellEvaluation(c, tell)
		}
	}
	for i := range f.company.Ideas {
		f.tellIdea(&f.company.Ideas[i], tell)
	}
	f.tellTalk(tell)
	f.tellKnowledge(tell)
	f.tellAgenda(tell)
	f.tellSkills(tell)
	for i := range f.company.People {
		p := &f.company.People[i]
		tell(p.Seen, p.Key+" looks", f.looks(p))
		for ago := p.Seen + Age(week); p.SignIn != "" && ago < habit; ago += Age(week) {
			tell(ago, p.Key+" looks", f.looks(p))
		}
	}
	tell(0, "the last notices", func(ctx context.Context, db *models.DB) error { return feed.CatchUp(ctx, db, f.Notices) })
	return story
}

// habit is since when visitors' accounts look in every week: notices of the same kind that nobody reads become one.
const habit = Age(8 * week)

// actor is a person with what they may see by now.
func (f *filler) actor(ctx context.Context, key string) (*models.Actor, error) {
	if actor := f.actors[key]; actor != nil {
		return actor, nil
	}
	actor, err := f.DB.ActorByID(ctx, f.users[key].ID)
	if err == nil {
		f.actors[key] = actor
	}
	return actor, err
}

func (f *filler) joins(p *Person) moving {
	return func(ctx context.Context, db *models.DB) error {
		user := &models.User{
			Name: p.Name, Email: p.Email, Role: p.Role, Job: p.Job, Site: p.Site,
			Organisation: p.Company, Locale: p.Locale,
		}
		if p.Role == models.RoleExternal {
			until := f.now.Add(time.Duration(p.Leaves))
			user.SponsorID, user.ExpiresAt = &f.users[p.Sponsor].ID, &until
		}
		f.users[p.Key] = user
		return db.Tx(ctx, nil, func(tx *models.Tx) error {
			if err := tx.CreateUser(user); err != nil {
				return err
			}
			if err := tx.SetDepartment(user.ID, p.Department); err != nil {
				return err
			}
			return tx.Record(models.UserCreated, user, map[string]string{"by": "sample"})
		})
	}
}

func (f *filler) opens(s *Space) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, s.By)
		if err != nil {
			return err
		}
		if !actor.Can(models.CreateSpace, nil) {
			return models.ErrForbidden
		}
		space := s.record()
		f.spaces[s.Key] = space
		clear(f.actors)
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if err := tx.CreateSpace(space); err != nil {
				return err
			}
			return tx.Record(models.SpaceCreated, space, map[string]string{"visibility": string(space.Visibility)})
		})
	}
}

// enters: whoever opened the space lets the people in, its first manager included.
func (f *filler) enters(s *Space, member string, role models.SpaceRole) moving {
	return func(ctx context.Context, db *models.DB) error {
		space, user := f.spaces[s.Key], f.users[member]
		host := s.By
		if s.role(host) != models.SpaceManager && f.company.person(host).Role != models.RoleManager {
			host = s.Members[models.SpaceManager][0]
		}
		actor, err := f.actor(ctx, host)
		if err != nil {
			return err
		}
		clear(f.actors)
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if err := tx.SetMember(space, user, role); err != nil {
				return err
			}
			return tx.Record(models.MemberAdded, space, map[string]any{"user": user.ID, "role": role})
		})
	}
}

// gathers: a group is made, with its people.
func (f *filler) gathers(g *Group) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, g.By)
		if err != nil {
			return err
		}
		clear(f.actors)
		group, people := &models.Group{Kind: models.KindGroup, Name: g.Name}, make([]int64, 0, len(g.Members))
		f.groups[g.Key] = group
		for _, member := range g.Members {
			people = append(people, f.users[member].ID)
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if err := tx.CreateGroup(group); err != nil {
				return err
			}
			if err := tx.JoinGroup(group.ID, people...); err != nil {
				return err
			}
			return tx.Record(models.GroupCreated, group, models.NewGroupChange("", people, nil))
		})
	}
}

// admits: whoever runs a space gives a group its role there.
func (f *filler) admits(s *Space, g *Group, role models.SpaceRole) moving {
	return func(ctx context.Context, db *models.DB) error {
		actor, err := f.actor(ctx, s.Members[models.SpaceManager][0])
		if err != nil {
			return err
		}
		space, group := f.spaces[s.Key], f.groups[g.Key]
		if !actor.Can(models.AdmitGroup, space) {
			return models.ErrForbidden
		}
		clear(f.actors)
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if err := tx.SetSpaceGroup(space, group, role); err != nil {
				return err
			}
			return tx.Record(models.SpaceGroupSet, space, map[string]any{"group": group.ID, "role": role})
		})
	}
}

// looks: the person opens their home page and reads their notices.
func (f *filler) looks(p *Person) moving {
	return func(ctx context.Context, db *models.DB) error {
		if err := feed.CatchUp(ctx, db, f.Notices); err != nil {
			return err
		}
		actor, err := f.actor(ctx, p.Key)
		if err != nil {
			return err
		}
		return db.Tx(ctx, actor, func(tx *models.Tx) error {
			if err := tx.Seen(actor.ID); err != nil {
				return err
			}
			_, err := tx.ReadNotices(actor.ID, 0)
			return err
		})
	}
}

// picture stores a picture as its author would have uploaded it.
func (f *filler) picture(ctx context.Context, actor *models.Actor, name string) (*models.File, error) {
	if file := f.pictures[name]; file != nil {
		return file, nil
	}
	source, err := data.Open(path.Join("pictures", name))
	if err != nil {
		return nil, fmt.Errorf("open picture: %w", err)
	}
	defer source.Close()
	file, err := f.Files.Save(ctx, actor, name, source)
	if err != nil {
		return nil, fmt.Errorf("save picture %s: %w", name, err)
	}
	f.pictures[name] = file
	return file, nil
}
