package demo

import (
	"bytes"
	"image/png"
	"io/fs"
	"strings"
	"testing"
	"unicode/utf8"

	"ruche/app/text"
	"ruche/models"
)

func loaded(t *testing.T) *Company {
	t.Helper()
	company, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return company
}

// each visits every comment under an idea, answers included.
func each(comments []Comment, visit func(Comment)) {
	for _, comment := range comments {
		visit(comment)
		each(comment.Replies, visit)
	}
}

func count(comments []Comment) (n int) {
	each(comments, func(Comment) { n++ })
	return n
}

func TestCompanyIsLarge(t *testing.T) {
	company := loaded(t)
	roles, visibilities, sites := map[models.Role]int{}, map[models.Visibility]int{}, map[string]int{}
	for _, p := range company.People {
		roles[p.Role]++
		if p.Role != models.RoleExternal {
			sites[p.Site]++
		}
	}
	for _, s := range company.Spaces {
		visibilities[s.Visibility]++
	}
	if roles[models.RoleOwner] != 1 || roles[models.RoleManager] != 2 || roles[models.RoleModerator] != 2 || roles[models.RoleEmployee] < 20 || roles[models.RoleExternal] < 5 {
		t.Errorf("people: %v", roles)
	}
	if visibilities[models.Public] != 1 || visibilities[models.External] != 1 || visibilities[models.Company] != 4 || visibilities[models.Restricted] != 1 {
		t.Errorf("spaces: %v", visibilities)
	}
	if len(sites) != 4 {
		t.Errorf("sites: %v", sites)
	}
	for i, as := range []SignIn{AsEmployee, AsManager, AsExternal} {
		if p := company.SignIns()[i]; p.SignIn != as || p.Email == "" {
			t.Errorf("sign-in %d: %+v", i, p)
		}
	}
}

func TestIdeasAreVaried(t *testing.T) {
	company := loaded(t)
	languages, stages := map[string]int{}, map[models.Stage]int{}
	unanswered, withdrawn, edited, comments, pictures, most := 0, 0, 0, 0, 0, 0
	for _, i := range company.Ideas {
		languages[i.Lang]++
		stages[i.last().To]++
		comments += count(i.Comments)
		pictures += strings.Count(i.Body, "picture:")
		most = max(most, len(i.Supports))
		if len(i.Comments) == 0 {
			unanswered++
		}
		if i.Withdrawn != nil {
			withdrawn++
		}
		if len(i.Edits) > 0 {
			edited++
		}
		if words := len(strings.Fields(i.Body)); i.Paper == nil && words < 100 || words > 360 {
			t.Errorf("%s has %d words", i.Key, words)
		}
	}
	if n := len(company.Ideas); n < 40 || 100*languages["fr"]/n < 50 || 100*languages["fr"]/n > 60 {
		t.Errorf("%d ideas: %v", n, languages)
	}
	for _, stage := range models.Stages() {
		if stages[stage] < 2 {
			t.Errorf("%d ideas are %s", stages[stage], stage)
		}
	}
	if unanswered < 3 || withdrawn != 2 || edited < 5 || comments < 280 || pictures != 4 || most < 20 {
		t.Errorf("unanswered %d, withdrawn %d, edited %d, comments %d, pictures %d, most supports %d", unanswered, withdrawn, edited, comments, pictures, most)
	}
	t.Logf("%d ideas %v, stages %v, %d comments", len(company.Ideas), languages, stages, comments)
}

func TestTheEmployeeHasSomethingToDo(t *testing.T) {
	company := loaded(t)
	employee := company.SignIns()[0]
	stages := map[models.Stage]bool{}
	asked := false
	for _, i := range company.Ideas {
		if i.Author != employee.Key {
			continue
		}
		stages[i.last().To] = true
		each(i.Comments, func(c Comment) {
			asked = asked || c.Ago < employee.Seen && strings.Contains(c.Text, "[@"+employee.Name+"]") && strings.Contains(c.Text, "?")
		})
	}
	if len(stages) < 4 || !asked {
		t.Errorf("ideas at stages %v, asked: %v", stages, asked)
	}
}

func TestTheNewestIsMinutesOldAndTheOldestMonths(t *testing.T) {
	company := loaded(t)
	newest, oldest := company.Ideas[0].Ago, company.Ideas[0].Ago
	for _, i := range company.Ideas {
		oldest = max(oldest, i.Ago)
		each(i.Comments, func(c Comment) { newest = min(newest, c.Ago) })
	}
	if newest > Age(15*60e9) || oldest < Age(220*day) {
		t.Errorf("newest %v, oldest %v", newest, oldest)
	}
}

func TestAClosedIdeaEndsWithAnAnswer(t *testing.T) {
	for _, i := range loaded(t).Ideas {
		stage := i.last().To
		if stage != models.Declined && stage != models.Implemented && stage != models.Decided {
			continue
		}
		at := i.last().Ago
		answered := false
		each(i.Comments, func(c Comment) { answered = answered || c.Ago == at && len(c.Text) > 200 })
		if !answered {
			t.Errorf("%s is %s without a word", i.Key, stage)
		}
	}
}

func TestTextsAreInTheLanguageTheyDeclare(t *testing.T) {
	guess := func(where, markdown, declared string) {
		rendered, err := text.Render(markdown, text.Comment, nil)
		if err != nil {
			t.Fatalf("%s: %v", where, err)
		}
		if utf8.RuneCountInString(rendered.Plain) < 60 {
			return // too short to tell
		}
		if language := text.Language(rendered.Plain); language != declared {
			t.Errorf("%s is said to be %q and reads as %q: %.60s", where, declared, language, rendered.Plain)
		}
	}
	for _, i := range loaded(t).Ideas {
		guess(i.Key, i.Title+"\n\n"+i.Body, i.Lang)
		each(i.Comments, func(c Comment) { guess(i.Key+" by "+c.By, c.Text, i.langOf(c)) })
	}
}

func TestPicturesAreSmallAndUsed(t *testing.T) {
	used := ""
	for _, i := range loaded(t).Ideas {
		used += i.Body
	}
	for _, c := range loaded(t).Campaigns {
		if c.Banner != nil {
			used += "(picture:" + c.Banner.Picture + ")"
		}
	}
	names, err := fs.Glob(data, "pictures/*.png")
	if err != nil || len(names) != 7 {
		t.Fatalf("pictures: %v, %v", names, err)
	}
	for _, name := range names {
		raw, err := fs.ReadFile(data, name)
		if err != nil {
			t.Fatal(err)
		}
		config, err := png.DecodeConfig(bytes.NewReader(raw))
		if err != nil || config.Width < 1400 || len(raw) > 60<<10 {
			t.Errorf("%s: %d bytes, %d pixels wide, %v", name, len(raw), config.Width, err)
		}
		if !strings.Contains(used, "(picture:"+strings.TrimPrefix(name, "pictures/")+")") {
			t.Errorf("nothing shows %s", name)
		}
	}
}
