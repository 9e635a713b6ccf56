package proof_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ruche/app"
	"ruche/app/apptest"
	"ruche/models"
)

// drawCompany invents a company. Every role in the house and every visibility is in it, so that few companies say much.
func drawCompany(t *rapid.T) *company {
	k := &company{people: models.Roles(), named: map[seat]models.SpaceRole{}, agreed: map[seat]bool{}}
	k.people = append(k.people, rapid.SliceOfN(rapid.SampledFrom([]models.Role{models.RoleEmployee, models.RoleExternal}), 1, 3).Draw(t, "more people")...)
	for _, visibility := range slices.Concat(models.Visibilities(), rapid.SliceOfN(rapid.SampledFrom(models.Visibilities()), 0, 2).Draw(t, "more rooms")) {
		k.rooms = append(k.rooms, room{
			opened: rapid.Bool().Draw(t, "opened"), visibility: visibility, agreement: rapid.Bool().Draw(t, "agreement"), archived: rapid.IntRange(0, 3).Draw(t, "archived") == 0,
			listed: visibility == models.Restricted && rapid.Bool().Draw(t, "listed"),
		})
	}
	person := rapid.IntRange(0, len(k.people)-1)
	roles := rapid.SampledFrom(append(models.SpaceRoles(), "", "", "", ""))
	for r := range k.rooms {
		for p := range k.people {
			if role := roles.Draw(t, fmt.Sprintf("role of %d in %d", p, r)); role != "" {
				k.named[seat{p, r}] = role
			}
			if k.rooms[r].agreement && k.people[p] == models.RoleExternal && rapid.Bool().Draw(t, "agreed") {
				k.agreed[seat{p, r}] = true
			}
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "circles") {
		c := circle{people: rapid.SliceOfNDistinct(person, 1, 3, rapid.ID).Draw(t, "circle"), rooms: map[int]models.SpaceRole{}}
		c.rooms[rapid.IntRange(0, len(k.rooms)-1).Draw(t, "circle's room")] = rapid.SampledFrom([]models.SpaceRole{models.SpaceModerator, models.SpaceExpert, models.SpaceMember, models.SpaceReader}).Draw(t, "circle's role")
		k.circles = append(k.circles, c)
	}
	for r := range k.rooms {
		for range rapid.IntRange(1, 2).Draw(t, "ideas") {
			k.ideas = append(k.ideas, idea{
				room: r, author: person.Draw(t, "author"), commenter: person.Draw(t, "commenter"), supporter: person.Draw(t, "supporter"),
				coAuthor: person.Draw(t, "co-author"), withdrawn: rapid.IntRange(0, 3).Draw(t, "withdrawn") == 0,
			})
		}
	}
	return k
}

// house is a company that has moved in.
type house struct {
	*company
	provider          *provider
	site              *apptest.Site
	users             []*models.User
	spaces            []*models.Space
	groups            []*models.Group
	campaigns, drafts []int64 // of each room
	votes, polls      []int64
	fields, spares    []int64 // of each campaign's form; the spares come and go
	ideaIDs           []int64
	comment           []int64 // of each idea
	removed           []int64
	amendment         []int64
	files             []int64
	projects          []int64 // of each idea, which its commenter carries, with a task and news
	steps, updates    []int64
	benefits          []int64
	bearer            []string
	clients           map[int]*apptest.Client
}

// openHouse has a house show every door that it can have: a provider, passkeys, which want a name, and links, which want a mail server.
func openHouse(p *provider) apptest.Option {
	return func(config *app.Config, _ *app.Options) {
		config.BaseURL = strings.Replace(config.BaseURL, "127.0.0.1", "localhost", 1)
		config.OIDCIssuer, config.OIDCClientID = p.URL, "ruche"
		config.SMTPURL, config.MailFrom = "smtp://127.0.0.1:1", "ruche@example.test"
	}
}

// moveIn makes a company real. Everyone writes while all rooms are public; then rooms close and are archived, as they do in life:
// notices, follows and the index know of things that people may no longer see.
func moveIn(t *testing.T, k *company) *house {
	t.Helper()
	p := startProvider(t)
	h := &house{company: k, provider: p, site: apptest.Start(t, openHouse(p)), clients: map[int]*apptest.Client{visitor: nil}}
	h.clients[visitor] = h.site.Visitor()
	for p, role := range k.people {
		h.users = append(h.users, h.site.Person(fmt.Sprintf("Person %d", p), role))
	}
	for r := range k.rooms {
		h.furnishRoom(t, r)
	}
	h.site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.AddPasskey(&models.Passkey{UserID: h.users[0].ID, CredentialID: "key", Credential: "{}", Name: "Key"}); err != nil {
			return err
		}
		return h.formCircles(tx)
	})
	for p, user := range h.users {
		h.clients[p] = h.site.As(user)
		h.bearer = append(h.bearer, h.site.Token(user, models.ScopeManage))
	}
	for i := range k.ideas {
		h.write(t, i)
	}
	h.site.Settle()
	h.site.Tx(nil, func(tx *models.Tx) error {
		for r, space := range h.spaces {
			space.Visibility, space.Joining, space.Listed = k.rooms[r].visibility, "", k.rooms[r].listed
			if space.Listed {
				space.Joining = models.JoinRequest
			}
			if err := tx.SaveSpace(space); err != nil {
				return err
			}
			if _, err := tx.SetRegistration(space, k.rooms[r].opened); err != nil {
				return err
			}
			if err := tx.Record(models.SpaceEdited, space, nil); err != nil {
				return err
			}
			if !k.rooms[r].archived {
				continue
			}
			if err := tx.ArchiveSpace(space); err != nil {
				return err
			}
			if err := tx.Record(models.SpaceArchived, space, nil); err != nil {
				return err
			}
		}
		return nil
	})
	h.agree()
	h.site.Settle()
	return h
}

// agree publishes the agreements of the rooms, once all is written, and has people accept them.
func (h *house) agree() {
	owner := &models.Actor{ID: h.users[0].ID, Role: h.users[0].Role}
	for r, space := range h.spaces {
		if !h.rooms[r].agreement {
			continue
		}
		text := "Agreement about " + roomWord(r)
		h.site.Tx(owner, func(tx *models.Tx) error {
			_, err := tx.PublishAgreement(space, &models.Agreement{Body: text, HTML: "<p>" + text + "</p>"}, 0)
			return err
		})
		for p, user := range h.users {
			if !h.agreed[seat{p, r}] {
				continue
			}
			h.site.Tx(&models.Actor{ID: user.ID, Role: user.Role}, func(tx *models.Tx) error {
				_, _, err := tx.AcceptAgreement(space, 1)
				return err
			})
		}
	}
}

func (h *house) furnishRoom(t *testing.T, r int) {
	t.Helper()
	space := &models.Space{Slug: "room-" + strconv.Itoa(r), Title: "Room " + roomWord(r), Description: "About " + roomWord(r), Visibility: models.Public}
	h.spaces = append(h.spaces, space)
	h.site.Tx(nil, func(tx *models.Tx) error {
		if err := tx.CreateSpace(space); err != nil {
			return err
		}
		for _, s := range slices.SortedFunc(maps.Keys(h.named), func(a, b seat) int { return a.person - b.person }) {
			if s.room == r {
				if err := tx.SetMember(space, h.users[s.person], h.named[s]); err != nil {
					return err
				}
			}
		}
		published := &models.Campaign{SpaceID: space.ID, Kind: models.Channel, Title: "Campaign " + campaignWord(r), Question: "Which " + campaignWord(r)}
		draft := &models.Campaign{SpaceID: space.ID, Kind: models.Channel, Title: "Draft " + draftWord(r), Question: "Which " + draftWord(r)}
		if err := tx.ImportCampaign(published); err != nil {
			return err
		}
		if err := tx.CreateCampaign(draft); err != nil {
			return err
		}
		h.campaigns, h.drafts = append(h.campaigns, published.ID), append(h.drafts, draft.ID)
		if err := h.beginVote(tx, r); err != nil {
			return err
		}
		if err := h.beginPoll(tx, r); err != nil {
			return err
		}
		for _, fields := range []*[]int64{&h.fields, &h.spares} {
			field := &models.FormField{Kind: models.ShortField, Visibility: models.AnswersPrivate, Wording: models.Wording{Label: models.Words{EN: "Field " + campaignWord(r)}}}
			if err := tx.AddField(published, field); err != nil {
				return err
			}
			*fields = append(*fields, field.ID)
		}
		return tx.Record(models.CampaignPublished, published, nil)
	})
}

// beginVote has a room vote by duels, from yesterday on.
func (h *house) beginVote(tx *models.Tx, r int) error {
	yesterday, later := tx.Now().Add(-24*time.Hour), tx.Now().Add(24*time.Hour)
	gathers := yesterday.Add(-time.Hour)
	vote := &models.Campaign{SpaceID: h.spaces[r].ID, Kind: models.TimedCampaign, Title: "Vote " + campaignWord(r),
		Stages: []models.CampaignStage{models.NewStage(models.Gather, &gathers), models.NewStage(models.VoteStage, &yesterday), models.NewStage(models.Closed, &later)}}
	if err := tx.ImportCampaign(vote); err != nil {
		return err
	}
	h.votes = append(h.votes, vote.ID)
	if err := tx.SetVotingRule(&models.Campaign{ID: vote.ID}, &models.VotingRule{Method: models.VoteDuels}, 0, nil); err != nil {
		return err
	}
	_, err := tx.OpenVote(vote)
	return err
}

// beginPoll has the first person ask a room something.
func (h *house) beginPoll(tx *models.Tx, r int) error {
	thread := &models.Thread{SpaceID: h.spaces[r].ID, Kind: models.Poll, Title: "Poll " + campaignWord(r), AuthorID: h.users[0].ID}
	if err := tx.CreateThread(thread, &models.Post{AuthorID: h.users[0].ID, Body: campaignWord(r)}); err != nil {
		return err
	}
	h.polls = append(h.polls, thread.ID)
	return tx.SavePoll(thread, &models.ThreadPoll{Kind: models.ConsentRound, Question: "Shall " + campaignWord(r), Results: models.ResultsAlways, ClosesAt: tx.Now().Add(24 * time.Hour)}, 0)
}

func (h *house) formCircles(tx *models.Tx) error {
	for n, c := range h.circles {
		group := &models.Group{Kind: models.KindGroup, Name: "Circle " + strconv.Itoa(n)}
		h.groups = append(h.groups, group)
		if err := tx.CreateGroup(group); err != nil {
			return err
		}
		for r, role := range c.rooms {
			if err := tx.SetSpaceGroup(h.spaces[r], group, role); err != nil {
				return err
			}
		}
		for _, p := range c.people {
			if err := tx.JoinGroup(group.ID, h.users[p].ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// write brings an idea into its room with everything that hangs on it, and has everyone follow it.
func (h *house) write(t *testing.T, i int) {
	t.Helper()
	x, word := h.ideas[i], ideaWord(i)
	author, commenter, supporter := h.users[x.author], h.users[x.commenter], h.users[x.supporter]
	stored := &models.Idea{
		SpaceID: h.spaces[x.room].ID, AuthorID: author.ID, Title: "Idea " + word, Body: "About zqall and " + word, HTML: "<p>About zqall and " + word + "</p>",
		Summary: "About " + word, Lang: "en", Tags: models.Tags{"zqtag" + word},
	}
	spoken := &models.Post{AuthorID: commenter.ID, Body: "A word on zqall " + word, HTML: "<p>A word on zqall " + word + "</p>", Lang: "en"}
	gone := &models.Post{AuthorID: commenter.ID, Body: "Gone " + removedWord(i), HTML: "<p>Gone " + removedWord(i) + "</p>", Lang: "en"}
	picture := h.upload(t, x.author)
	as := func(user *models.User, do func(tx *models.Tx) error) {
		h.site.Tx(&models.Actor{ID: user.ID, Role: user.Role}, do)
	}
	as(author, func(tx *models.Tx) error {
		if err := tx.CreateIdea(stored); err != nil {
			return err
		}
		if err := tx.AttachFiles(author.ID, models.Place{Idea: stored}, []int64{picture}); err != nil {
			return err
		}
		for _, user := range h.users {
			if err := tx.Follow(user.ID, stored.ID); err != nil {
				return err
			}
		}
		if x.coAuthor != x.author {
			if err := tx.SignIdea(stored, h.users[x.coAuthor].ID); err != nil {
				return err
			}
		}
		return tx.Record(models.IdeaPosted, stored, nil)
	})
	for _, comment := range []*models.Post{spoken, gone} {
		as(commenter, func(tx *models.Tx) error {
			if err := tx.CreatePost(models.Place{Idea: stored}, comment); err != nil {
				return err
			}
			return tx.Record(models.PostPosted, comment.In(stored.SpaceID), nil)
		})
	}
	as(commenter, func(tx *models.Tx) error { // it has a former text
		return tx.EditPost(models.Place{Idea: stored}, spoken, 1)
	})
	amendment := &models.Amendment{AuthorID: commenter.ID, Base: 1, Title: "Another " + word, Body: "Rather " + word, Reason: "For " + word}
	as(commenter, func(tx *models.Tx) error {
		if err := tx.ProposeAmendment(stored, amendment); err != nil {
			return err
		}
		return tx.Record(models.AmendmentProposed, stored, nil)
	})
	as(supporter, func(tx *models.Tx) error {
		if _, err := tx.AddSupport(stored, supporter.ID); err != nil {
			return err
		}
		return tx.Record(models.IdeaSupported, stored, nil)
	})
	as(commenter, func(tx *models.Tx) error {
		if err := tx.RemovePost(models.Place{Idea: stored}, gone); err != nil {
			return err
		}
		return tx.Record(models.PostRemoved, gone.In(stored.SpaceID), nil)
	})
	project := &models.Project{IdeaID: stored.ID, SpaceID: stored.SpaceID, Title: "Project " + word, Goal: "About " + word, HTML: "<p>About " + word + "</p>", OwnerID: &commenter.ID, State: models.ProjectRunning}
	step, update := &models.Step{Kind: models.Milestone, Title: "Milestone " + word}, &models.ProjectUpdate{Body: "News " + word, HTML: "<p>News " + word + "</p>"}
	if author.ID != commenter.ID {
		project.ControllerID = &author.ID
	}
	benefit := &models.Benefit{Kind: models.BenefitOther, Unit: word, Nature: models.Forecast, Amount: 1, Label: "Benefit " + word, OnDay: time.Now()}
	as(commenter, func(tx *models.Tx) error {
		if err := tx.CreateProject(project); err != nil {
			return err
		}
		if err := tx.ClaimBenefit(project, benefit); err != nil {
			return err
		}
		if err := tx.AddStep(project, step); err != nil {
			return err
		}
		if err := tx.CreateUpdate(project, update); err != nil {
			return err
		}
		return tx.Record(models.ProjectReported, project, nil)
	})
	h.benefits = append(h.benefits, benefit.ID)
	h.projects, h.steps, h.updates = append(h.projects, project.ID), append(h.steps, step.ID), append(h.updates, update.ID)
	if x.withdrawn {
		as(author, func(tx *models.Tx) error {
			if err := tx.SetState(stored, models.Withdrawn); err != nil {
				return err
			}
			return tx.Record(models.IdeaWithdrawn, stored, nil)
		})
	}
	h.ideaIDs, h.comment, h.removed, h.files = append(h.ideaIDs, stored.ID), append(h.comment, spoken.ID), append(h.removed, gone.ID), append(h.files, picture)
	h.amendment = append(h.amendment, amendment.ID)
}

// upload has someone upload a picture and returns its id.
func (h *house) upload(t *testing.T, p int) int64 {
	t.Helper()
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	part, err := form.CreateFormFile("file", "dot.png")
	if err == nil {
		err = png.Encode(part, image.NewRGBA(image.Rect(0, 0, 4, 4)))
	}
	if err = errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	var file struct{ ID int64 }
	answer := h.clients[p].Do(http.MethodPost, "/files", body, http.Header{"Content-Type": {form.FormDataContentType()}}).Status(http.StatusCreated)
	if err := json.Unmarshal([]byte(answer.Text), &file); err != nil {
		t.Fatal(err)
	}
	return file.ID
}

// everyone is the visitor and all the people.
func (h *house) everyone() []int {
	all := []int{visitor}
	for p := range h.people {
		all = append(all, p)
	}
	return all
}

// name is how a finding speaks of someone.
func (h *house) name(p int) string {
	if p == visitor {
		return "a visitor"
	}
	return fmt.Sprintf("person %d, %s", p, h.people[p])
}
