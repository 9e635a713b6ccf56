package demo

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"ruche/models"
)

// Age is how long ago something happened when the company is loaded, written as "12d4h", "5h10m" or "40m".
type Age time.Duration

var agePattern = regexp.MustCompile(`^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?$`)

func parseAge(text string) (Age, error) {
	match := agePattern.FindStringSubmatch(text)
	if match == nil || text == "" {
		return 0, fmt.Errorf("%q is not an age such as 12d4h", text)
	}
	var total time.Duration
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		if match[i+1] == "" {
			continue
		}
		n, err := strconv.Atoi(match[i+1])
		if err != nil {
			return 0, fmt.Errorf("age %q: %w", text, err)
		}
		total += time.Duration(n) * unit
	}
	return Age(total), nil
}

// UnmarshalYAML reads an age.
func (a *Age) UnmarshalYAML(node *yaml.Node) (err error) {
	*a, err = parseAge(node.Value)
	return err
}

// Support is a person's support of an idea, written "lucas", or "lucas 12d" where the time matters.
type Support struct {
	By  string
	Ago *Age
}

// UnmarshalYAML reads a support.
func (s *Support) UnmarshalYAML(node *yaml.Node) error {
	by, ago, dated := strings.Cut(node.Value, " ")
	s.By = by
	if !dated {
		return nil
	}
	age, err := parseAge(ago)
	s.Ago = &age
	return err
}

// supportWindow is the time in which an idea finds most of its support.
const supportWindow = 30 * 24 * time.Hour

// supportAges are the ages of an idea's supports: as written, and otherwise spread over the time in which
// it was open, many in the first days and ever fewer after.
func (i *Idea) supportAges() []Age {
	end := time.Duration(0)
	if i.Withdrawn != nil {
		end = time.Duration(*i.Withdrawn)
	}
	for _, passage := range i.passages() {
		if passage.To == models.Implemented || passage.To == models.Declined {
			end = time.Duration(passage.Ago)
		}
	}
	window := min(time.Duration(i.Ago)-end, supportWindow)
	ages := make([]Age, len(i.Supports))
	for n, support := range i.Supports {
		if support.Ago != nil {
			ages[n] = *support.Ago
			continue
		}
		place := (float64(n) + 0.4) / float64(len(i.Supports))
		ages[n] = i.Ago - Age(place*place*float64(window))
	}
	return ages
}

// Places of things in the company's calendar.
const (
	day     = 24 * time.Hour
	week    = 7 * day
	morning = 7 * time.Hour  // when work begins, in UTC
	shift   = 10 * time.Hour // how long a working day lasts
)

// moment is the time of something of the given age. What is older than three days, in a week that is
// over, is moved into the working hours of that week; the order of things never changes by it.
func moment(now time.Time, age Age) time.Time {
	at := now.Add(-time.Duration(age)).UTC()
	monday := at.Truncate(day).AddDate(0, 0, -(int(at.Weekday())+6)%7)
	if monday.Add(week).After(now) || time.Duration(age) < 3*day {
		return at
	}
	worked := time.Duration(float64(at.Sub(monday)) / float64(week) * float64(5*shift))
	return monday.Add(worked / shift * day).Add(morning + worked%shift).Truncate(time.Second)
}
