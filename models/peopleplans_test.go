package models_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ruche/models"
)

var (
	sortedLite  = regexp.MustCompile(`SCAN [uwd]( |$)(?:[^U]|U[^S])*$|USE TEMP B-TREE.*`) // a table from end to end, or rows sorted
	seqPostgres = regexp.MustCompile(`Seq Scan.*`)                                        // it sorts the few rows that a filter leaves, where that is cheaper
)

// mostPeopleRows is how many rows any step may read for a page of 20 among 3,000 people.
const mostPeopleRows = 320

// TestTheListOfEveryoneReadsNoMoreThanItShows looks for people by every filter where each finds few among many.
func TestTheListOfEveryoneReadsNoMoreThanItShows(t *testing.T) {
	h := open(t)
	boss := h.actor(h.user("boss", models.RoleManager))
	h.tx(nil, func(tx *models.Tx) error {
		for n := range 3000 {
			user := &models.User{Name: fmt.Sprintf("Given%d Family%d", n%100, n), Email: fmt.Sprintf("p%d@example.test", n), Role: models.RoleEmployee, Department: "Crowd"}
			now := tx.Now()
			user.SeenAt = &now
			switch n % 100 {
			case 1:
				user.Role, user.ExpiresAt = models.RoleExternal, &now
			case 2:
				user.DisabledAt = &now
			case 3:
				user.SeenAt = nil
			case 4:
				user.Department = "Few"
			}
			if err := tx.CreateUser(user); err != nil {
				return err
			}
		}
		return nil
	})
	if err := h.Analyze(t.Context()); err != nil {
		t.Fatal(err)
	}
	var statements []string
	h.Watch(func(statement string) { statements = append(statements, statement) })
	for _, query := range []models.PeopleQuery{
		{}, {Role: models.RoleEmployee}, {Role: models.RoleExternal}, {Internal: true}, {Department: "Few"}, {Department: "Crowd", Role: models.RoleEmployee},
		{State: models.StateSuspended}, {State: models.StateExpired}, {State: models.StateUnsponsored}, {State: models.StateNever},
		{Words: "given"}, {Words: "family2999"}, {Words: "given34 family1234"}, {Words: "example.test", Role: models.RoleEmployee},
	} {
		query.Limit = 20
		statements = nil
		_, next, err := h.People(t.Context(), boss, query)
		if err == nil && next != nil {
			query.After = next
			_, _, err = h.People(t.Context(), boss, query)
		}
		if err != nil {
			t.Fatalf("%+v: %v", query, err)
		}
		for _, statement := range slices.Clone(statements) {
			plan, err := h.Plan(t.Context(), statement)
			if err != nil {
				t.Fatalf("%+v: %v", query, err)
			}
			if step := tooMuch(h.Postgres(), plan); step != "" {
				t.Errorf("%+v: %s\n%s\n%s", query, step, statement, plan)
			}
		}
	}
}

// tooMuch is the step of a plan that reads more than a page needs, if any.
func tooMuch(postgres bool, plan string) string {
	if !postgres {
		for _, line := range strings.Split(plan, "\n") {
			if step := sortedLite.FindString(line); step != "" {
				return step
			}
		}
		return ""
	}
	for _, match := range rowsPostgres.FindAllStringSubmatch(plan, -1) {
		rows, _ := strconv.Atoi(match[1])
		loops, _ := strconv.Atoi(match[2])
		if rows*loops > mostPeopleRows {
			return match[0]
		}
	}
	return seqPostgres.FindString(plan)
}
