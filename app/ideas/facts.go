package ideas

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"ruche/models"
	"ruche/search"
)

// The figures beside a list are the same for everyone, so they are counted once for all and added up for
// the spaces of whoever asks. In a space so small that one idea shows in them, and that counting costs
// nothing, they are counted again after a minute and after every change here; in a large one, where
// counting takes a tenth of a second, ten minutes later.
const (
	smallSpace = 2000 // ideas
	smallAge   = time.Minute
	largeAge   = 10 * time.Minute
)

// facts keeps the figures of each space for a while, and their sums for those who see the same spaces.
type facts struct {
	mu     sync.Mutex
	spaces map[int64]countedSpace
	sums   map[string]Overview
}

// mostSums bounds the sums that are kept.
const mostSums = 1000

type countedSpace struct {
	*models.SpaceFacts
	at time.Time
}

func (c countedSpace) small() bool {
	ideas := 0
	for _, n := range c.Stages {
		ideas += n
	}
	return ideas < smallSpace
}

func (c countedSpace) fresh(now time.Time) bool {
	age := largeAge
	if c.small() {
		age = smallAge
	}
	return now.Sub(c.at) < age
}

// Overview is what a list says beside itself: how many ideas stand at each stage, the tags of new ones, the campaigns that ideas
// answer, and the departments of their authors, which are for the house's own people.
type Overview struct {
	Departments []models.DepartmentCount // with most ideas first
	Stages      map[models.Stage]int
	Tags        []models.TagCount     // most used first
	Campaigns   []models.CampaignName // newest first
}

// shownTags is how many tags an overview names.
const shownTags = 8

// shownCampaigns is how many campaigns a list can be narrowed by.
const shownCampaigns = 12

// shownDepartments is how many departments a list can be narrowed by.
const shownDepartments = 30

// Overview sums up the spaces that the actor may see, or one of them. It may be some minutes old.
func (f *Ideas) Overview(ctx context.Context, actor *models.Actor, spaceID int64) (Overview, error) {
	ids := actor.SpaceIDs()
	if spaceID != 0 {
		ids = []int64{spaceID}
	}
	now := f.db.Now()
	if stale := f.facts.claim(ids, now); len(stale) > 0 {
		counted, err := f.db.SpaceFacts(ctx, actor, stale)
		if err != nil {
			return Overview{}, err
		}
		f.facts.keep(counted, now)
	}
	return f.facts.sum(ids), nil
}

// claim returns the spaces whose figures are missing or old. The old ones count as new from here on,
// so that others show them instead of counting as well.
func (s *facts) claim(ids []int64, now time.Time) (stale []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.spaces == nil {
		s.spaces = map[int64]countedSpace{}
	}
	for _, id := range ids {
		counted, known := s.spaces[id]
		if known && counted.fresh(now) {
			continue
		}
		stale = append(stale, id)
		if known {
			counted.at = now
			s.spaces[id] = counted
		}
	}
	return stale
}

func (s *facts) keep(counted map[int64]*models.SpaceFacts, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, space := range counted {
		s.spaces[id] = countedSpace{space, now}
	}
	s.sums = nil
}

// changed lets the figures of a small space be counted again: an idea of it has come, gone or moved on.
func (s *facts) changed(spaceID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if space, known := s.spaces[spaceID]; known && space.small() {
		delete(s.spaces, spaceID)
	}
}

// sum adds the figures of spaces up. The answer is shared: nobody may change it.
func (s *facts) sum(ids []int64) Overview {
	key := search.SpacesKey(ids)
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, found := s.sums[key]; found {
		return known
	}
	if s.sums == nil || len(s.sums) >= mostSums {
		s.sums = map[string]Overview{}
	}
	overview := s.add(ids)
	s.sums[key] = overview
	return overview
}

func (s *facts) add(ids []int64) Overview {
	overview := Overview{Stages: map[models.Stage]int{}}
	tags, departments := map[string]int{}, map[string]int{}
	for _, id := range ids {
		space, known := s.spaces[id]
		if !known {
			continue // someone else's claim has failed
		}
		for stage, n := range space.Stages {
			overview.Stages[stage] += n
		}
		for tag, n := range space.Tags {
			tags[tag] += n
		}
		for department, n := range space.Departments {
			departments[department] += n
		}
		overview.Campaigns = append(overview.Campaigns, space.Campaigns...)
	}
	for name, n := range departments {
		overview.Departments = append(overview.Departments, models.DepartmentCount{Name: name, Ideas: n})
	}
	slices.SortFunc(overview.Departments, func(a, b models.DepartmentCount) int {
		return cmp.Or(b.Ideas-a.Ideas, strings.Compare(a.Name, b.Name))
	})
	overview.Departments = overview.Departments[:min(len(overview.Departments), shownDepartments)]
	slices.SortFunc(overview.Campaigns, func(a, b models.CampaignName) int { return cmp.Compare(b.ID, a.ID) })
	overview.Campaigns = overview.Campaigns[:min(len(overview.Campaigns), shownCampaigns)]
	for tag, n := range tags {
		overview.Tags = append(overview.Tags, models.TagCount{Tag: tag, Ideas: n})
	}
	slices.SortFunc(overview.Tags, func(a, b models.TagCount) int {
		return cmp.Or(b.Ideas-a.Ideas, strings.Compare(a.Tag, b.Tag))
	})
	overview.Tags = overview.Tags[:min(len(overview.Tags), shownTags)]
	return overview
}
