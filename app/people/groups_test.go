package people_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"ruche/app/apptest"
	"ruche/models"
)

func TestTheGroupsThatAWriterMayNameAreSuggested(t *testing.T) {
	site := apptest.Start(t)
	mona, karl, olga := site.Person("Mona", models.RoleEmployee), site.Person("Karl", models.RoleEmployee), site.Person("Olga", models.RoleManager)
	camille, ada := site.Person("Camille", models.RoleExternal), site.Person("Ada", models.RoleAuditor)
	site.Space("customers", models.External, map[*models.User]models.SpaceRole{mona: models.SpaceExpert, karl: models.SpaceMember, camille: models.SpaceMember})
	group := func(name string, open bool, size int, members ...*models.User) {
		site.Tx(nil, func(tx *models.Tx) error {
			g := &models.Group{Kind: models.KindGroup, Name: name}
			if err := tx.CreateGroup(g); err != nil {
				return err
			}
			for i := range size - len(members) {
				one := &models.User{Name: fmt.Sprintf("Zed %d", i), Role: models.RoleEmployee}
				if err := tx.CreateUser(one); err != nil {
					return err
				}
				members = append(members, one)
			}
			for _, one := range members {
				if err := tx.JoinGroup(g.ID, one.ID); err != nil {
					return err
				}
			}
			return tx.OpenGroup(g, open)
		})
	}
	group("Équipe de nuit", true, 20)
	group("Equal pay talks", false, 3, karl)
	group("Equator", true, 21)
	group("Equinox", true, 101)
	group("Equipped with nobody", true, 0)
	for _, asked := range []struct {
		who   *models.User
		query string
		want  []string
	}{
		{mona, "q=equ", []string{"Équipe de nuit"}},
		{mona, "q=nuit", []string{"Équipe de nuit"}},
		{karl, "q=equ", []string{"Equal pay talks", "Équipe de nuit"}},
		{mona, "q=equ&space=customers", []string{"Equator", "Équipe de nuit"}}, // an expert there
		{karl, "q=equ&space=customers", []string{"Equal pay talks", "Équipe de nuit"}},
		{olga, "q=equ", []string{"Equal pay talks", "Equator", "Equinox"}},
		{camille, "q=equ&space=customers", nil}, {camille, "q=equ", nil}, {ada, "q=equ", nil},
	} {
		var got struct {
			Items []struct {
				Name  string
				Group bool
			}
		}
		if err := json.Unmarshal([]byte(site.As(asked.who).Get("/people/suggestions?"+asked.query).Status(http.StatusOK).Text), &got); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, item := range got.Items {
			if item.Group {
				names = append(names, item.Name)
			}
		}
		if !slices.Equal(names, asked.want) {
			t.Errorf("%s asks %s: %v, want %v", asked.who.Name, asked.query, names, asked.want)
		}
	}
}
