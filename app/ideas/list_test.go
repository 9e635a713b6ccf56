package ideas_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ruche/app/apptest"
	"ruche/models"
)

// many adds ideas with different numbers, times and stages to a space.
func many(h *house, n int) {
	h.Tx(h.Actor(h.alice), func(tx *models.Tx) error {
		for i := 1; i <= n; i++ {
			idea := &models.Idea{
				SpaceID: h.ateliers.ID, AuthorID: h.alice.ID, Title: fmt.Sprintf("Idea number %d.", i), Body: "Text.", HTML: "<p>Text.</p>", Summary: "Text.",
				Tags: models.Tags{[]string{"odd", "even"}[(i+1)%2]}, PublishedAt: tx.Now().Add(time.Duration(i-n) * time.Minute),
			}
			if err := tx.CreateIdea(idea); err != nil {
				return err
			}
			if i%3 == 0 {
				if _, err := tx.AddSupport(idea, h.bob.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func TestListsPageThroughEveryIdeaOnce(t *testing.T) {
	h := open(t)
	many(h, 70)
	alice := h.As(h.alice)
	for _, sort := range []string{"", "newest", "supported", "active", "unanswered"} {
		page := alice.Get("/ideas?space=ateliers&sort=" + sort)
		seen := map[string]bool{}
		for pages := 1; ; pages++ {
			for _, row := range strings.Split(page.Text, `id="idea-`)[1:] {
				id, _, _ := strings.Cut(row, `"`)
				if seen[id] {
					t.Errorf("sort %q shows idea %s twice", sort, id)
				}
				seen[id] = true
			}
			if !strings.Contains(page.Text, `rel="next"`) {
				if pages != 3 || len(seen) != 70 {
					t.Errorf("sort %q: %d pages with %d ideas", sort, pages, len(seen))
				}
				break
			}
			page = follow(t, alice, page, "Next page").See("space=ateliers") // the filter goes along
		}
	}
}

func TestFiltersNarrowAndStay(t *testing.T) {
	h := open(t)
	many(h, 40)
	alice := h.As(h.alice)
	page := alice.Get("/ideas?tag=Odd&sort=newest").Status(200).See("Idea number 39.", `href="/ideas?sort=newest"`, "sort=newest&amp;stage=decided&amp;tag=Odd").NotSee("Idea number 40.")
	if rows := strings.Count(page.Text, "data-row>"); rows != 20 {
		t.Errorf("%d rows have the tag, not 20", rows)
	}
	alice.Get("/ideas?sort=supported").See("most supported")
	alice.Get("/ideas?tag=unknown").Status(200).See("No idea matches", "Clear the filters")
	alice.Get("/ideas").Status(200).See("Where the ideas stand", `<b>40</b>`, "Recent themes", `<span class="count">20</span>`)
}

func TestAnEmptyPlaceSaysWhatItIsFor(t *testing.T) {
	h := open(t)
	h.As(h.alice).Get("/ideas").Status(200).See("What should change around here?", "Write the first idea", "/ideas/new?start=1").NotSee("rail-lead")
	h.As(h.alice).Get("/ideas/new?start=1").Status(200).See("What wastes your time every week?")
	h.As(h.alice).Get("/ideas?space=ateliers").Status(200).See("The whole company can read this space", "/ideas/new?space=ateliers&amp;start=2")
	h.Visitor().Get("/ideas").Status(200).See("What should change around here?")
}

func TestPagesAreCompleteInFrench(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	french := func(path string) *apptest.Answer {
		return alice.Do("GET", path, nil, map[string][]string{"Accept-Language": {"fr"}}).Status(200)
	}
	french("/ideas").See("Qu’est-ce qui devrait changer ici\u202f?", `lang="fr"`)
	path := post(t, alice, apptest.Form{"space": "ateliers", "title": "Peser les rebuts", "body": "À chaque poste, pour savoir où part la matière que nous jetons.", "tags": "énergie"})
	french(path).See("Soutenir cette idée", "0 message", "Votre message", "Ne plus suivre", "Retirer l’idée", `<h1 lang="fr">Peser les rebuts</h1>`)
	french("/ideas").See("Où en sont les idées", "Thèmes récents", "Tri\u202f:", "Proposer une idée", "énergie")
	french("/ideas/new").See("Votre idée en une phrase", "Publier l’idée", "Toute l’entreprise peut lire cet espace")
	french("/ideas/1/edit").See("Modifier l’idée", "Enregistrer")
	french("/ideas/1/versions").See("Version 1")
	alice.Get(path).See("Support this idea", "Your message", `<h1 lang="fr">`) // its own language, whoever reads
}

func TestNearIdeasAreNamedWhileOneWrites(t *testing.T) {
	h := open(t)
	h.Space("board", models.Restricted, map[*models.User]models.SpaceRole{h.bob: models.SpaceMember})
	alice, bob := h.As(h.alice), h.As(h.bob)
	post(t, alice, idea("ateliers", "Repair wooden pallets with the workshop"))
	post(t, bob, idea("board", "Repair wooden pallets in secret"))
	post(t, alice, idea("ateliers", "Quieter canteen"))
	many(h, 20) // words that most ideas hold say nothing
	h.Settle()

	near := alice.Get("/ideas/similar?title=Repair+the+pallets").Status(200).See("/ideas/1-repair-wooden-pallets-with-the-workshop", "<mark>", "Not the same", "/ideas/1/supports").NotSee("secret", "canteen", "<html")
	if strings.Count(near.Text, "near-idea") != 1 {
		t.Error("there is more than one near idea")
	}
	alice.Get("/ideas/similar?title=").Status(200).NotSee("near-idea")
	alice.Get("/ideas/new?title=Repair+the+pallets").Status(200).See("Repair the pallets</textarea>", "with the workshop", "1 similar idea")
	alice.Post("/ideas", apptest.Form{"title": "Repair the pallets", "body": "", "space": "ateliers"}).Status(422).See("1 similar idea")
	h.Visitor().Get("/ideas/similar?title=Repair").Status(303)

	// What was refused is named with its reason, and nothing of what is only being prepared.
	manager := h.As(h.Person("Manon", models.RoleManager))
	refusal := apptest.Form{"decision": "declined.cost", "body": "A **new** pallet costs less than the hour.", "answer": "0", "version": "0"}
	manager.Post("/ideas/1/answer", refusal).Status(303)
	alice.Get("/ideas/similar?title=Repair+the+pallets").Status(200).See("near-idea").NotSee("costs")
	refusal["version"], refusal["publish"] = "1", "1"
	manager.Post("/ideas/1/answer", refusal).Status(303)
	alice.Get("/ideas/similar?title=Repair+the+pallets").Status(200).See("Not selected", "Why: costs more than it brings", "A new pallet costs less than the hour.")

	post(t, alice, idea("ateliers", "Repair wooden pallets at night"))
	h.Settle()
	alice.Get("/ideas/1-repair-wooden-pallets-with-the-workshop").Status(200).See("Similar ideas", "Repair wooden pallets at night").NotSee("secret")
}

func TestAPreviewShowsWhatWouldBePublished(t *testing.T) {
	h := open(t)
	alice := h.As(h.alice)
	form := idea("ateliers", "Weigh the scrap")
	form["preview"] = "1"
	alice.Post("/ideas", form).Status(200).See("Because <strong>it</strong> would help.", "Because **it** would help.</textarea>", `value="Energy, tools"`)
	alice.Get("/ideas").NotSee("Weigh the scrap")
	form["body"] = ""
	alice.Post("/ideas", form).Status(422).See("Write something here.")
}

func TestABoardShowsEachStageWithItsFirstIdeas(t *testing.T) {
	h := open(t)
	many(h, 20)
	manager := h.As(h.Person("Manon", models.RoleManager))
	for n, stage := range map[string]string{"20": "discussed", "19": "discussed", "1": "implemented"} {
		manager.Post("/ideas/"+n+"/stage", apptest.Form{"stage": stage}).Status(303)
	}
	alice := h.As(h.alice)
	columns := func(path string) map[string]string {
		t.Helper()
		found := map[string]string{}
		for _, column := range strings.Split(alice.Get(path).Status(200).Text, `<h2 id="stage-`)[1:] {
			stage, rest, _ := strings.Cut(column, `"`)
			found[stage] = rest
		}
		return found
	}
	board := columns("/ideas?view=board&sort=newest&space=ateliers")
	for stage, want := range map[string]struct {
		ideas int
		count string
	}{"proposed": {6, `>17</span>`}, "discussed": {2, `>2</span>`}, "implemented": {1, `>1</span>`}} {
		if n := strings.Count(board[stage], `class="board-idea"`); n != want.ideas || !strings.Contains(board[stage], want.count) {
			t.Errorf("%s shows %d ideas, want %d and %s", stage, n, want.ideas, want.count)
		}
	}
	if len(board) != 3 || strings.Contains(board["proposed"], "Idea number 20.") || !strings.Contains(board["proposed"], "Idea number 18.") || strings.Contains(board["proposed"], "Idea number 12.") {
		t.Errorf("the board has %d columns, the first of which is %.500s", len(board), board["proposed"])
	}
	if !strings.Contains(board["proposed"], "11 more") || !strings.Contains(board["proposed"], "stage=proposed") || strings.Contains(board["discussed"], "more") {
		t.Error("the way to the rest of a column is not there, or where nothing is left")
	}
	if even := columns("/ideas?view=board&tag=even")["proposed"]; strings.Contains(even, "Idea number 3.") || !strings.Contains(even, "See them all") || strings.Contains(even, ">17<") {
		t.Errorf("narrowed to a tag the board says %.500s", even)
	}
	alice.Get("/ideas?view=wall").Status(422)
	h.Visitor().Get("/ideas?view=board").Status(200).NotSee("Idea number")
}

func TestAListIsNarrowedToACampaignThatTheReaderSees(t *testing.T) {
	h := open(t)
	secret := h.Space("secret", models.Restricted, map[*models.User]models.SpaceRole{h.bob: models.SpaceMember})
	h.Tx(h.Actor(h.alice), func(tx *models.Tx) error {
		for _, space := range []*models.Space{h.ateliers, secret} {
			campaign := &models.Campaign{SpaceID: space.ID, Kind: models.Channel, Title: "Campaign of " + space.Slug}
			if err := tx.ImportCampaign(campaign); err != nil {
				return err
			}
			for i, author := range []*models.User{h.alice, h.bob} {
				idea := &models.Idea{SpaceID: space.ID, AuthorID: author.ID, Title: fmt.Sprintf("Answer %d of %s", i, space.Slug), Body: "Text.", HTML: "<p>Text.</p>", Tags: models.Tags{[]string{"odd", "even"}[i]}, PublishedAt: tx.Now(), CampaignID: &campaign.ID, Campaign: campaign.Title}
				if err := tx.CreateIdea(idea); err != nil {
					return err
				}
			}
		}
		return nil
	})
	many(h, 2)
	alice, bob := h.As(h.alice), h.As(h.bob)
	alice.Get("/ideas").Status(200).See("Campaign of ateliers", "campaign=1").NotSee("Campaign of secret", "campaign=2")
	alice.Get("/ideas?campaign=1").Status(200).See("Answer 0 of ateliers", "Answer 1 of ateliers", "/downloads/new?campaign=1").NotSee("Idea number")
	alice.Get("/ideas?campaign=1&mine=1").See("Answer 0 of ateliers").NotSee("Answer 1 of", "Idea number")
	alice.Get("/ideas?campaign=1&tag=even").See("Answer 1 of ateliers").NotSee("Answer 0 of", "Idea number")
	alice.Get("/ideas?campaign=1&view=board").Status(200).See("Answer 0 of ateliers").NotSee("Idea number")
	alice.Get("/ideas?campaign=1&followed=1").Status(200).NotSee("Idea number")
	bob.Get("/ideas?campaign=2").Status(200).See("Answer 0 of secret", "Campaign of secret").NotSee("of ateliers</a>")
	for _, path := range []string{"campaign=2", "campaign=2&view=board", "campaign=999999999999999999999", "campaign=x", "campaign=1&space=secret"} {
		alice.Get("/ideas?" + path).Status(404)
	}
	bob.Get("/ideas?campaign=1&space=secret").Status(404) // a campaign is of one space
}

func TestCardsShowTheFirstPictureOfATextAndKeepTheFilters(t *testing.T) {
	h := open(t)
	h.Tx(h.Actor(h.alice), func(tx *models.Tx) error {
		for i, html := range []string{`<p><img src="/files/1" alt="a"> <img src="/files/2" alt="b"></p>`, `<p>The picture of a message is none of the idea.</p>`, `<p><img src="/files/44" alt="not its own"></p>`} {
			idea := &models.Idea{SpaceID: h.ateliers.ID, AuthorID: h.alice.ID, Title: fmt.Sprintf("Pictured %d", i), Body: "Text.", HTML: html, Summary: "Text.", Tags: models.Tags{"odd"}}
			if err := tx.CreateIdea(idea); err != nil {
				return err
			}
			for range []int{2, 1, 1}[i] {
				file := &models.File{UserID: h.alice.ID, IdeaID: &idea.ID, Key: "k", Name: "n.png", ContentType: "image/png", Width: 1600, Height: 900, Size: 1}
				if err := tx.CreateFile(file); err != nil {
					return err
				}
			}
		}
		return nil
	})
	page := h.As(h.alice).Get("/ideas?view=cards&tag=odd&space=ateliers")
	page.See("Pictured 0", "Pictured 1", "Pictured 2", `src="/files/1?w=800"`, "&amp;tag=odd&amp;view=board", `href="/ideas?space=ateliers&amp;tag=odd"`)
	if n := strings.Count(page.Text, `class="cover"`); n != 1 {
		t.Errorf("%d pictures", n)
	}
	h.Visitor().Get("/ideas?view=cards").Status(200).NotSee("Pictured", "/files/")
}
