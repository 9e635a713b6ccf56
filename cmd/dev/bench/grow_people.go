package main

import (
	"fmt"

	"ruche/models"
)

// The people whose requests are measured. Each of the first sees twelve spaces; one sees a single
// space, one only an empty one, and one all that there are.
const (
	benchPeople  = 8
	seenSpaces   = 12
	narrowPerson = "une-seule@bench.test"
	emptyPerson  = "vide@bench.test"
	widePerson   = "toutes@bench.test"
)

func benchEmail(n int) string { return fmt.Sprintf("mesure%d@bench.test", n) }

var (
	givenNames  = []string{"Alice", "Bastien", "Camille", "Driss", "Élodie", "Farid", "Gaëlle", "Hugo", "Inès", "Jules", "Karim", "Léa", "Mona", "Nadia", "Oscar", "Priya", "Quentin", "Rose", "Samuel", "Théo"}
	familyNames = []string{"Abadie", "Benali", "Carpentier", "Delorme", "Evans", "Fontaine", "Garnier", "Haddad", "Imbert", "Jacquet", "Keller", "Lemoine", "Moreau", "Nguyen", "Okafor", "Perrin", "Renaud", "Schmitt", "Taylor", "Vidal"}
	sites       = []string{"Lyon", "Lille", "Nantes", "Paris", "Toulouse", "Manchester"}
)

func (g *grower) addPeople(tx *models.Tx) error {
	for n := range peopleCount {
		user := &models.User{
			Name: givenNames[n%len(givenNames)] + " " + familyNames[n/len(givenNames)%len(familyNames)], Email: fmt.Sprintf("personne%d@bench.test", n),
			Role: models.RoleEmployee, Job: "Ingénierie", Site: sites[n%len(sites)], Locale: "fr",
		}
		if n < benchPeople {
			user.Email = benchEmail(n)
		}
		if err := tx.CreateUser(user); err != nil {
			return err
		}
		g.people = append(g.people, user)
	}
	return nil
}

// addSpaces makes the company's spaces, which everyone sees, those of small circles, and two for the
// list's traps: the only space of someone, and one in which nobody has written anything.
func (g *grower) addSpaces(tx *models.Tx) error {
	total := 0.0
	for n := range spaceCount {
		space := &models.Space{Slug: fmt.Sprintf("espace-%d", n), Title: fmt.Sprintf("Espace %02d", n), Description: "Un espace du banc d’essai.", Visibility: models.Restricted}
		switch {
		case n == narrowSpace || n == emptySpace:
			space.Visibility = models.External
		case n < seenSpaces-2:
			space.Visibility = models.Company
		}
		if err := tx.CreateSpace(space); err != nil {
			return err
		}
		g.spaces = append(g.spaces, space)
		weight := 1 / float64(n+3) // the first spaces hold the most
		if n == emptySpace {
			weight = 0
		}
		g.weights = append(g.weights, weight)
		total += weight
	}
	for n := range g.weights {
		g.weights[n] /= total
	}
	return g.addMembers(tx)
}

// The places of the two special spaces.
const (
	narrowSpace = seenSpaces
	emptySpace  = spaceCount - 1
)

func (g *grower) addMembers(tx *models.Tx) error {
	for n := seenSpaces - 2; n < spaceCount-1; n++ {
		if n == narrowSpace {
			continue
		}
		members := []*models.User{g.people[benchPeople+n]}
		for range 40 {
			members = append(members, g.person())
		}
		if n < seenSpaces {
			members = append(members, g.people[:benchPeople]...)
		}
		for i, member := range members {
			role := models.SpaceMember
			if i == 0 {
				role = models.SpaceManager
			}
			if i > 0 && member.ID == members[0].ID {
				continue
			}
			if err := tx.SetMember(g.spaces[n], member, role); err != nil {
				return err
			}
		}
	}
	return g.addTraps(tx)
}

func (g *grower) addTraps(tx *models.Tx) error {
	guests := map[string][]*models.Space{narrowPerson: {g.spaces[narrowSpace]}, emptyPerson: {g.spaces[emptySpace]}, widePerson: g.spaces}
	for _, email := range []string{narrowPerson, emptyPerson, widePerson} {
		user := &models.User{Name: "Invitée " + email[:4], Email: email, Role: models.RoleExternal, Organisation: "Cliente"}
		if email == widePerson {
			user.Role = models.RoleManager
		}
		if err := tx.CreateUser(user); err != nil {
			return err
		}
		for _, space := range guests[email] {
			if err := tx.SetMember(space, user, models.SpaceMember); err != nil {
				return err
			}
		}
	}
	return nil
}
