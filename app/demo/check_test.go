package demo

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// broken is the company with one slip of the pen.
func broken(t *testing.T, name, old, new string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(data, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(data, path)
		if path == name {
			if n := strings.Count(string(raw), old); n == 0 {
				t.Fatalf("%s does not say %q", name, old)
			}
			raw = []byte(strings.Replace(string(raw), old, new, 1))
		}
		files[path] = &fstest.MapFile{Data: raw}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestWhatCouldNotHaveHappenedIsRefused(t *testing.T) {
	for _, c := range []struct{ name, file, old, new, says string }{
		{"an unknown field", "company.yaml", "site: Tarare", "sight: Tarare", "sight"},
		{"two people of one address", "company.yaml", "lucas.meyniel@", "ines.roche@", "missing or taken"},
		{"an employee of another company", "company.yaml", "role: external", "role: employee", `with company`},
		{"a customer for whom nobody answers", "company.yaml", "sponsor: victor, ", "", "answer for them"},
		{"a customer in a group", "company.yaml", "members: [yvon, bernard, gaetan]", "members: [yvon, bernard, ruben]", `group "cse": member "ruben"`},
		{"a group in a space nobody knows", "company.yaml", "roles: {horaires: member}", "roles: {hours: member}", `space "hours"`},
		{"a group made by an employee", "company.yaml", "by: maud\n    made: 62d", "by: lucas\n    made: 62d", "who may not"},
		{"a member nobody knows", "company.yaml", "manager: [pauline]", "manager: [pauline, zoe]", `"zoe"`},
		{"a space that nobody manages at first", "company.yaml", "manager: [priya]", "manager: [megan]", "from the start"},
		{"an age that is none", "ideas/ateliers.yaml", "ago: 34d2h", "ago: soon", "not an age"},
		{"an unknown author", "ideas/ateliers.yaml", "author: ines", "author: inez", `"inez"`},
		{"an answer before the question", "ideas/ateliers.yaml", "ago: 33d18h", "ago: 33d21h", "before what they react to"},
		{"a comment before its author joined", "ideas/service-and-parts.yaml", "author: megan\n    ago: 41d3h", "author: megan\n    ago: 250d", "before they joined"},
		{"the same support twice", "ideas/ateliers.yaml", "supports: [lucas,", "supports: [lucas, lucas,", "twice"},
		{"two ideas of one title", "ideas/horaires.yaml", "title: Tester la semaine de quatre jours à l’atelier froid pendant un semestre",
			"title: Avancer l’équipe de nuit d’une heure pendant les canicules", "is missing or that of"},
		{"a customer outside their club", "ideas/ateliers.yaml", "author: ines", "author: eleanor", "may not post idea in ateliers"},
		{"a reader who writes", "ideas/horaires.yaml", "by: gaetan", "by: ana", "may not post comment in horaires"},
		{"an author who decides", "ideas/ateliers.yaml", "{to: refined, by: maud", "{to: refined, by: ines", "may not stage idea"},
		{"a stage nobody knows", "ideas/ateliers.yaml", "{to: refined", "{to: finished", `stage "finished"`},
		{"an edit that fits nowhere", "ideas/ateliers.yaml", "- old: Cela ferait", "- old: Cela coûterait", "0 places"},
		{"a link into the restricted space", "ideas/vie-au-travail.yaml", "(idea:arret-ligne)", "(idea:quatre-jours)", "link to"},
		{"a link to what is not written yet", "ideas/ateliers.yaml", "(idea:gabarit-joints)", "(idea:lunch-service)", "link to"},
		{"a mention of someone who cannot read it", "ideas/horaires.yaml", "[@Ana Ribeiro]", "[@Inès Roche]", "mention of"},
		{"a picture that is not there", "ideas/ateliers.yaml", "picture:chariot.png", "picture:trolley.png", "picture"},
		{"a banner without a description", "company.yaml", "A service van with its side open on shelves full of parts, and a tool case beside it.", "", "banner"},
		{"a picture without a description", "ideas/service-and-parts.yaml", "![Bar chart of the last 300 second visits: door gasket 71, drain pump 52, temperature probe 44, control board 38, wash arm 21, all other parts 74.]", "![]", "without a description"},
		{"a campaign of another space", "ideas/ateliers.yaml", "campaign: un-geste-de-moins", "campaign: pas-a-vide", "no campaign"},
		{"two ballots of one person", "company.yaml", "{by: aicha, ago: 2d4h", "{by: tom, ago: 2d4h", "votes twice"},
		{"a vote for what does not stand for it", "company.yaml", "{by: aicha, ago: 2d4h, for: {rinse-water", "{by: aicha, ago: 2d4h, for: {cales-polystyrene", "none of its ideas"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(broken(t, c.file, c.old, c.new))
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, wanted something about %q", err, c.says)
			}
		})
	}
}

func TestMomentsKeepTheirOrderAndTheOldOnesAreWorkingHours(t *testing.T) {
	monday := time.Date(2026, 3, 2, 0, 20, 0, 0, time.UTC)
	for hours := range 7 * 24 {
		now := monday.Add(time.Duration(hours) * time.Hour)
		last := now
		for minutes := 0; minutes < 40*24*60; minutes += 37 {
			age := Age(time.Duration(minutes) * time.Minute)
			at := moment(now, age)
			if at.After(last) {
				t.Fatalf("at %v, what is %v old comes after what is younger", now, time.Duration(age))
			}
			last = at
			if age < Age(3*day) && now.Sub(at) != time.Duration(age) {
				t.Fatalf("at %v, what is %v old is moved", now, time.Duration(age))
			}
			if age > Age(10*day) && (at.Hour() < 7 || at.Hour() > 17 || at.Weekday() == time.Sunday || at.Weekday() == time.Saturday) {
				t.Fatalf("at %v, what is %v old happens on %v", now, time.Duration(age), at)
			}
		}
	}
}

func TestSupportsComeWhileAnIdeaIsOpen(t *testing.T) {
	for _, i := range loaded(t).Ideas {
		for n, ago := range i.supportAges() {
			closed := i.last().To == "implemented" || i.last().To == "declined"
			if ago > i.Ago || ago < 0 || i.Withdrawn != nil && ago < *i.Withdrawn || closed && i.Supports[n].Ago == nil && ago < i.last().Ago {
				t.Errorf("%s is supported by %s at age %v", i.Key, i.Supports[n].By, time.Duration(ago))
			}
		}
	}
}
