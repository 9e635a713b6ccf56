package app_test

import (
	"fmt"
	"strconv"
	"strings"

	"ruche/models"
)

// twins are two accounts of the same person, made for this request; for what is about a merge, they are merged.
func (w *world) twins(pattern string) string {
	w.serial++
	kept, gone := w.site.Person(fmt.Sprintf("Twin %d A", w.serial), models.RoleEmployee), w.site.Person(fmt.Sprintf("Twin %d B", w.serial), models.RoleEmployee)
	merge := &models.Merge{}
	if strings.Contains(pattern, "/merges/") {
		owner := w.cast[len(w.cast)-1].user
		w.site.Tx(w.site.Actor(owner), func(tx *models.Tx) error {
			first, second, err := tx.LockPair(kept.ID, gone.ID)
			if err == nil {
				merge, err = tx.MergePeople(first, second)
			}
			return err
		})
	}
	return strings.NewReplacer(":id", strconv.FormatInt(kept.ID, 10), ":other", strconv.FormatInt(gone.ID, 10), ":merge", strconv.FormatInt(merge.ID, 10)).Replace(pattern)
}

// hold is one on somebody who takes no other part, made for this request.
func (w *world) hold() string {
	w.serial++
	hold := &models.Hold{Reason: "A dispute", Reference: "RG 26/1", Dated: w.site.DB.Now().AddDate(0, 0, -1)}
	hold.On(models.HoldPerson, w.site.Person(fmt.Sprintf("Held %d", w.serial), models.RoleEmployee).ID)
	w.site.Tx(w.site.Actor(w.cast[len(w.cast)-1].user), func(tx *models.Tx) error { return tx.PlaceHold(hold) })
	return strconv.FormatInt(hold.ID, 10)
}

// service is the account of a program.
func (w *world) service() string {
	if w.robot.ID == 0 {
		w.robot = models.User{Name: "Robot", Job: "Brings the paper box in"}
		w.site.Tx(nil, func(tx *models.Tx) error { return tx.CreateService(&w.robot, w.author.Email) })
	}
	return strconv.FormatInt(w.robot.ID, 10)
}

// list is one that somebody else has sent.
func (w *world) list() string {
	w.serial++
	roster := &models.Roster{Name: "people.csv", Content: "email,name\n"}
	w.site.Tx(w.site.Actor(w.author), func(tx *models.Tx) error { return tx.CreateRoster(roster) })
	return strconv.FormatInt(roster.ID, 10)
}
