package votes

import (
	"cmp"
	"slices"

	"ruche/app/votes/count"
	"ruche/models"
	views "ruche/views/votes"
)

// Opinions are the groups of people who see things alike, as their ballots show. Who is in them is not kept. Fractions are in millionths.
type Opinions struct {
	People    int              `json:"people"`
	Few       int              `json:"said_too_little"`
	Same      int              `json:"said_the_same_of_all"`
	Apart     int              `json:"silhouette_millionths"`
	Groups    []OpinionGroup   `json:"groups"`
	Majority  []Typical        `json:"majority"`
	Consensus []OpinionConsent `json:"consensus"`
}

// OpinionGroup is one of the groups, the largest first.
type OpinionGroup struct {
	Ballots int         `json:"ballots"`
	Ideas   []Agreement `json:"ideas"`
	Typical []Typical   `json:"typical"`
}

// Typical is an idea that a group, or most people, are for or against more than chance explains.
type Typical struct {
	Idea   int64 `json:"idea"`
	For    bool  `json:"for"`
	Weight int   `json:"weight_millionths"`
}

// OpinionConsent is the agreement on an idea across the groups.
type OpinionConsent struct {
	Idea      int64 `json:"idea"`
	Consensus int   `json:"consensus_millionths"`
}

func opinionsOf(terms *models.VotingTerms, options []count.Option, ballots []count.Ballot) *Opinions {
	found := count.OpinionsOf(count.Method(terms.Method), options, ballots)
	out := &Opinions{People: found.People, Few: found.Few, Same: found.Same, Apart: found.Apart, Groups: []OpinionGroup{}, Majority: typical(found.Majority), Consensus: []OpinionConsent{}}
	if len(ballots) < count.Smallest {
		out.Majority = []Typical{}
	}
	agreements := map[int64][]count.Agreement{}
	for _, group := range found.Groups {
		told := OpinionGroup{Ballots: group.People, Typical: typical(group.Typical)}
		for _, stand := range group.Stands {
			told.Ideas = append(told.Ideas, Agreement{stand.ID, stand.Agree, stand.Seen})
			agreements[stand.ID] = append(agreements[stand.ID], count.Agreement{For: stand.Agree, Of: stand.Seen})
		}
		out.Groups = append(out.Groups, told)
	}
	for id, across := range agreements {
		out.Consensus = append(out.Consensus, OpinionConsent{id, count.Consensus(across)})
	}
	slices.SortFunc(out.Consensus, func(a, b OpinionConsent) int {
		return cmp.Or(cmp.Compare(b.Consensus, a.Consensus), cmp.Compare(a.Idea, b.Idea))
	})
	return out
}

func typical(found []count.Typical) []Typical {
	out := make([]Typical, len(found))
	for i, t := range found {
		out[i] = Typical{t.ID, t.Agrees, t.Weight}
	}
	return out
}

// shown is what the page of results says of the groups.
func (o *Opinions) shown(options []models.VotingOption) *views.Opinions {
	if o == nil {
		return nil
	}
	told := func(found []Typical) (out []views.Typical) {
		for _, t := range found {
			if option := optionOf(options, &t.Idea); option != nil {
				out = append(out, views.Typical{Option: *option, For: t.For})
			}
		}
		return out
	}
	view := &views.Opinions{People: o.People, Few: o.Few, Same: o.Same, Apart: o.Apart, Majority: told(o.Majority)}
	for _, group := range o.Groups {
		view.Groups = append(view.Groups, views.OpinionGroup{People: group.Ballots, Typical: told(group.Typical)})
	}
	for _, consent := range o.Consensus {
		option := optionOf(options, &consent.Idea)
		if option == nil {
			continue
		}
		row := views.Consent{Option: *option, Consensus: consent.Consensus}
		for _, group := range o.Groups {
			at := slices.IndexFunc(group.Ideas, func(a Agreement) bool { return a.Idea == consent.Idea })
			row.For, row.Of = append(row.For, group.Ideas[at].For), append(row.Of, group.Ideas[at].Of)
		}
		view.Consents = append(view.Consents, row)
	}
	return view
}
