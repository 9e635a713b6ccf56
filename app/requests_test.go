package app_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"ruche/app/apptest"
	"ruche/models"
)

// request is what a player sends to a route: its address about the given subject, and a form that is
// right, so that the answer shows what they may do and not what they mistyped.
func (w *world) request(p *player, method, pattern, about string) request {
	visibility := models.Visibility(about)
	here := w.current[visibility]
	if aboutEvaluations(pattern) {
		here.idea = w.judgedFor(p, method, pattern, visibility)
	}
	r := request{path: w.address(pattern, about, here)}
	route := method + " " + pattern
	switch {
	case strings.HasPrefix(route, "POST /api/"), strings.HasPrefix(route, "PUT /api/"), strings.HasPrefix(route, "PATCH /api/"):
		r.json = w.document(p, route, here)
	case method == "POST":
		r.form = w.form(p, route, here)
	}
	if strings.Contains(pattern, ":amendment") && !strings.HasSuffix(pattern, "/idea") {
		r.path, r.spoils = strings.Replace(r.path, ":amendment", w.amendment(w.lead(), here, models.AmendmentOpen), 1), method != "GET"
	}
	switch route {
	case "POST /ideas/:id", "POST /ideas/:id/withdrawal", "POST /ideas/:id/comments/:post/removal", "PATCH /api/v1/ideas/:id", "DELETE /api/v1/ideas/:id":
		r.spoils = true
	case "POST /ideas/:id/answer", "PUT /api/v1/ideas/:id/decision":
		r.spoils = true
	case "GET /api/v1/ideas/:id/decision":
		r.prepare, r.spoils = answered(visibility), true
	case "POST /files", "POST /account/picture":
		r.upload = picture
	case "POST /api/v1/files", "POST /api/v1/campaigns/:id/form/:field/files":
		r.json, r.upload = nil, picture
	case "POST /api/v1/imports":
		r.json, r.upload = nil, ideasFor(here.slug)
	case "POST /collections/:id/imports", "POST /api/v1/collections/:id/imports":
		r.json, r.form, r.upload = nil, nil, folder
	case "POST /sign-in/passkey":
		if p.user != nil { // whose challenge would be too old on a slow machine
			p.client.Post("/account/passkeys/challenge", nil)
		}
	case "POST /campaigns/:id/banner":
		r.upload = bannerOf
	case "PUT /api/v1/campaigns/:id/banner":
		r.json, r.upload = nil, bannerOf
	case "POST /campaigns/:id/preview":
		r.undo = func(w *world) {
			if p.user != nil {
				p.client.Post("/view/end", nil).Status(303)
			}
		}
	case "POST /members/rosters":
		r.upload = list
	case "POST /imports":
		r.upload = ideasFor(here.slug)
	case "PUT /drafts/*":
		r.json = map[string]any{"fields": map[string]string{"title": "Draft"}}
	case "POST /ideas/:id/restoration":
		r.prepare, r.spoils = withdrawn(visibility), true
	case "POST /ideas/:id/comments/:post/restoration":
		r.spoils = true
		r.prepare = func(w *world) {
			w.poster.Post("/ideas/"+here.idea+"/comments/"+here.comment+"/removal", nil).Status(303)
		}
	case "POST /ideas/:id/comments/:post/versions/:number":
		r.spoils = true
		r.prepare = func(w *world) {
			w.poster.Post("/ideas/"+here.idea+"/comments/"+here.comment, apptest.Form{"body": "Rather this.", "base": "1"}).Status(303)
		}
	case "POST /ideas/:id/claim/removal":
		r.prepare, r.spoils = claimed(visibility), true
	case "POST /ideas/:id/coauthors", "POST /api/v1/ideas/:id/coauthors":
		r.spoils = true
	case "POST /ideas/:id/coauthors/answer", "PUT /api/v1/ideas/:id/coauthors/answer":
		r.prepare, r.spoils = w.signs(p, here, models.CoAuthorAsked), true
	case "POST /ideas/:id/coauthors/departure":
		r.prepare, r.spoils = w.signs(p, here, models.CoAuthorJoined), true
	case "POST /ideas/:id/coauthors/:person/removal", "DELETE /api/v1/ideas/:id/coauthors/:person":
		r.prepare, r.spoils = w.signs(w.lead(), here, models.CoAuthorJoined), true
	case "POST /ideas/:id/amendments", "POST /api/v1/ideas/:id/amendments":
		r.spoils = true
	case "POST /ideas/:id/merge", "PUT /api/v1/ideas/:id/merge", "POST /ideas/:id/merge/removal", "DELETE /api/v1/ideas/:id/merge":
		r.spoils = true
	case "POST /ideas/:id/merge/answer", "PUT /api/v1/ideas/:id/merge/answer":
		r.prepare, r.spoils = w.asksToMerge(p, here), true
	case "POST /ideas/:id/amendments/:amendment/idea", "POST /api/v1/ideas/:id/amendments/:amendment/idea":
		r.path, r.spoils = strings.Replace(r.path, ":amendment", w.amendment(p, here, models.AmendmentRejected), 1), true
	case "GET /sign-in-rules/:id", "POST /sign-in-rules/:id", "POST /sign-in-rules/:id/position", "POST /sign-in-rules/:id/removal":
		r.prepare = ruleHolds(true)
	case "POST /sign-in-rules/:id/restoration":
		r.prepare = ruleHolds(false)
	case "POST /spaces/:slug/members", "PUT /api/v1/spaces/:slug/members/:email":
		r.prepare = parted(visibility)
	case "POST /ideas/:id/evaluation/messages":
		r.prepare = handsIn(p, here.idea)
	case "GET /campaigns/:id":
		r.path += "-a-campaign"
	case "GET /projects/:id":
		r.path += "-a-project"
	case "POST /ideas/:id/project", "POST /api/v1/projects":
		r.spoils = true
	case "POST /view":
		r.undo = func(w *world) {
			if p.user != nil {
				p.client.Post("/view/end", nil).Status(303)
			}
		}
	case "GET /spaces/:slug/agreement/versions/:number", "GET /api/v1/spaces/:slug/agreement":
		r.prepare, r.undo = func(w *world) { w.agree(visibility) }, func(w *world) { w.disagree(visibility) }
	case "POST /spaces/:slug/agreement", "POST /spaces/:slug/agreement/acceptance", "PUT /api/v1/spaces/:slug/agreement/acceptance":
		r.undo = func(w *world) { w.disagree(visibility) }
	case "POST /spaces/:slug/archive", "POST /spaces/:slug/reopening", "PUT /api/v1/spaces/:slug/archive", "DELETE /api/v1/spaces/:slug/archive":
		r.undo = func(w *world) { w.reopen(visibility) }
	case "POST /spaces/:slug/membership", "POST /spaces/:slug/membership/removal", "POST /spaces/:slug/membership/return", "PUT /api/v1/spaces/:slug/membership", "DELETE /api/v1/spaces/:slug/membership":
		r.undo = func(w *world) { w.restoreMember(p, visibility) }
	case "POST /spaces/:slug/requests", "POST /spaces/:slug/requests/withdrawal", "POST /api/v1/spaces/:slug/requests", "DELETE /api/v1/spaces/:slug/request":
		r.prepare = func(w *world) { w.setJoining(visibility, models.JoinRequest) }
		r.undo = func(w *world) {
			w.unask(p, visibility)
			w.setJoining(visibility, "")
		}
	case "GET /spaces/:slug/registration", "POST /spaces/:slug/registration":
		r.prepare, r.undo = func(w *world) { w.setRegistration(visibility, true) }, func(w *world) { w.setRegistration(visibility, false) }
	case "POST /spaces/:slug/registrations", "PUT /api/v1/spaces/:slug/registration":
		r.undo = func(w *world) { w.setRegistration(visibility, false) }
	case "POST /spaces/:slug/members/:id/succession", "POST /api/v1/spaces/:slug/succession":
		r.prepare, r.undo = joined(visibility), func(w *world) { w.restoreLead(visibility) }
	case "GET /spaces/:slug/members/:id/succession", "POST /spaces/:slug/members/:id/removal", "POST /spaces/:slug/members/:id", "DELETE /api/v1/spaces/:slug/members/:email":
		r.prepare = joined(visibility)
	}
	return r
}

// address fills in a route's parameters.
func (w *world) address(pattern, about string, here place) string {
	id := here.idea
	switch {
	case strings.HasPrefix(strings.TrimPrefix(pattern, "/api/v1"), "/files/:id"):
		id = here.file
	case pattern == "/links/:id/picture":
		id = w.linked(models.Visibility(about), here)
	case strings.HasPrefix(pattern, "/people/"):
		id = strconv.FormatInt(map[string]int64{"author": w.author.ID, "stranger": w.sam.ID}[about], 10)
	case pattern == "/api/v1/follows":
		return pattern + "?kind=space"
	case strings.HasSuffix(pattern, "/follows/:kind/:target"):
		return "/api/v1/follows/space/" + here.slug
	case aboutPolls(pattern):
		return w.poll(models.Visibility(about), pattern)
	case aboutThreads(pattern):
		return w.discussed(pattern, here)
	case aboutTemplates(pattern):
		return w.template(pattern, here)
	case aboutEvents(pattern):
		return w.planned(pattern, here)
	case aboutArticles(pattern):
		return w.shelved(pattern, here)
	case aboutVotes(pattern):
		id = w.vote(models.Visibility(about), pattern)
	case strings.HasPrefix(strings.TrimPrefix(pattern, "/api/v1"), "/projects/:id"):
		p := w.project(models.Visibility(about), pattern)
		return strings.NewReplacer(":id", p.id, ":step", p.step, ":update", p.update, ":benefit", p.benefit).Replace(pattern)
	case strings.HasPrefix(strings.TrimPrefix(pattern, "/api/v1"), "/campaigns/:id/eval"), strings.HasPrefix(pattern, "/campaigns/:id/assignments"), strings.HasPrefix(pattern, "/campaigns/:id/ranking"):
		id = w.evaluated(models.Visibility(about))
	case pattern == "/campaigns/:id/graduations":
		id = w.ripe(models.Visibility(about))
	case strings.HasPrefix(pattern, "/campaigns/:id"), strings.HasPrefix(pattern, "/api/v1/campaigns/:id"):
		id = w.campaign(models.Visibility(about))
	case strings.HasPrefix(pattern, "/invitations/:id"), strings.Contains(pattern, "/:slug/invitations/:id"):
		id = w.invited(models.Visibility(about))
	case strings.Contains(pattern, "/spaces/:slug/registrations/:id"):
		id = w.registered(models.Visibility(about))
	case strings.Contains(pattern, "/groups/:id"):
		id = w.group(models.Visibility(about), pattern)
	case pattern == "/spaces/:slug/requests/:id", pattern == "/api/v1/spaces/:slug/requests/:id/decision":
		id = w.asked(models.Visibility(about))
	case pattern == "/spaces/unmanaged/:id":
		id = w.orphan()
	case strings.HasPrefix(pattern, "/spaces/:slug/members/:id"):
		id = strconv.FormatInt(w.paul.ID, 10)
	case pattern == "/members/:id/terms", strings.HasPrefix(pattern, "/guests/:id"):
		id = strconv.FormatInt(w.cast[1].user.ID, 10) // who comes from outside
	case strings.HasPrefix(pattern, "/services/:id"):
		id = w.service()
	case strings.HasPrefix(pattern, "/members/rosters/:id"):
		id = w.list()
	case strings.HasPrefix(pattern, "/downloads/:id"), strings.HasPrefix(pattern, "/api/v1/downloads/:id"):
		id = w.download()
	case strings.HasPrefix(pattern, "/seals/openings/:id"):
		id = "1" // of nobody here
	case strings.HasPrefix(strings.TrimPrefix(pattern, "/api/v1"), "/imports/:id"):
		id = w.sheet()
	case strings.HasPrefix(pattern, "/members/:id/merge"):
		return w.twins(pattern)
	case strings.HasPrefix(pattern, "/members/"), strings.HasPrefix(pattern, "/api/v1/people/"):
		id = strconv.FormatInt(w.sam.ID, 10)
	case pattern == "/passports/:token":
		return w.passport()
	case strings.HasPrefix(pattern, "/account/tokens/"):
		id = w.token
	case strings.HasPrefix(pattern, "/account/passkeys/"):
		id = w.passkey
	case strings.HasPrefix(pattern, "/reactions/:id"), strings.HasPrefix(pattern, "/experts/"), strings.HasPrefix(pattern, "/api/v1/skills/:id"):
		id = "1" // of those that every house begins with
	case strings.HasPrefix(pattern, "/privacy/holds/"):
		id = w.hold()
	case strings.HasPrefix(pattern, "/sign-in-rules/"):
		id = strconv.FormatInt(w.rule.ID, 10)
	case pattern == "/drafts/*":
		return "/drafts/ideas/" + here.idea
	case pattern == "/ideas/:id":
		return here.path
	}
	path := strings.NewReplacer(":id", id, ":post", here.comment, ":field", w.field, ":person", strconv.FormatInt(w.lead().user.ID, 10), ":number", "1", ":token", "999999", ":sign", "1", ":skill", "1", ":request", "1", ":slug", here.slug, ":email", url.PathEscape(w.paul.Email), "/*", "/nothing").Replace(pattern)
	switch {
	case pattern == "/sign-in/link", pattern == "/invitation", pattern == "/join", pattern == "/registration":
		return path + "?token=unknown"
	case pattern == "/people/suggestions", pattern == "/ideas", pattern == "/api/v1/ideas":
		return path + "?q=idea&space=" + here.slug
	case pattern == "/api/v1/campaigns", pattern == "/api/v1/projects", pattern == "/api/v1/threads", pattern == "/api/v1/collections", pattern == "/api/v1/articles", pattern == "/api/v1/articles/drafts", pattern == "/templates", pattern == "/api/v1/templates", pattern == "/api/v1/events", pattern == "/agenda", pattern == "/agenda.ics":
		return path + "?space=" + here.slug
	case pattern == "/articles":
		return path + "?tag=common"
	case pattern == "/api/v1/experts":
		return path + "?q=welding"
	case pattern == "/search", pattern == "/api/v1/search", pattern == "/search/suggestions", pattern == "/ideas/similar":
		return path + "?q=idea&title=idea"
	case strings.HasPrefix(pattern, "/live/"):
		return path + "?room=idea:" + here.idea
	case pattern == "/campaigns/:id/form/new":
		return path + "?kind=short"
	}
	return path
}

// form is what a page's form sends.
func (w *world) form(p *player, route string, here place) url.Values {
	if aboutPolls(route) {
		return w.pollForm(route)
	}
	if strings.Contains(route, "/threads") || strings.Contains(route, "/topics") {
		return w.threadForm(p, route, here)
	}
	if strings.Contains(route, " /templates") {
		return w.templateForm(route, here)
	}
	if strings.Contains(route, " /events") {
		return w.eventFormOf(route, here)
	}
	if strings.Contains(route, " /collections") || strings.Contains(route, " /articles") || strings.Contains(route, " /passages") || strings.Contains(route, " /glossary") {
		return w.articleForm(p, route, here)
	}
	switch route {
	case "POST /ideas":
		return values("space", here.slug, "title", "An idea by "+p.name+" for "+here.slug, "body", "With a body.", "once", w.once())
	case "POST /spaces/:slug/papers":
		return values("title", "An idea on paper", "body", "As it was written.")
	case "POST /spaces/:slug/papers/slips":
		return values("idea", "987654321")
	case "POST /spaces/:slug/box":
		return values("do", "open")
	case "POST /spaces/:slug/box/notes/:id":
		return values("do", "take")
	case "POST /box":
		return values("token", "unknown", "title", "An idea")
	case "POST /claims":
		return values("code", "AAAA-AAAA-AAAA")
	case "POST /campaigns", "POST /campaigns/:id":
		return values("space", here.slug, "title", "A campaign", "question", "Which one?", "kind", "channel", "sponsor", w.author.Email, "manager", w.author.Email, "answer_days", "30", "base", "1")
	case "POST /campaigns/:id/preview":
		return values("part", string(models.PartTeam))
	case "POST /campaigns/:id/people":
		return values("base", "1")
	case "POST /seals/openings/:id":
		return values("do", "agree", "passphrase", "unknown")
	case "POST /campaigns/:id/seals":
		return values("keeper_1", w.paul.Email, "role_1", "Compliance", "keeper_2", w.author.Email, "role_2", "Works council")
	case "POST /campaigns/:id/stages":
		return values("base", "1", "posting_gather", "1")
	case "POST /campaigns/:id/copies":
		return values("title", "A campaign like it")
	case "POST /campaigns/:id/vote":
		return values("base", "0", "method", "approval")
	case "POST /campaigns/:id/ballot":
		return values("base", "0")
	case "POST /campaigns/:id/evaluation":
		return scorecard("1")
	case "POST /campaigns/:id/evaluators":
		return values("email", w.paul.Email)
	case "POST /campaigns/:id/graduation":
		return values("how_proposed", "propose", "supports_proposed", "4")
	case "POST /campaigns/:id/graduations":
		return values("idea", w.graduates)
	case "POST /campaigns/:id/evaluators/removal":
		return values("person", strconv.FormatInt(w.paul.ID, 10))
	case "POST /ideas/:id/evaluation":
		return w.assessed(here.idea, "draft")
	case "POST /ideas/:id/evaluation/questions":
		return values("question", "Which one?")
	case "POST /ideas/:id/evaluation/answers":
		return values("answer", "That one.")
	case "POST /ideas/:id/evaluation/messages":
		return values("message", "A good one.")
	case "POST /ideas/:id/evaluation/publication":
		return values("audience", "authors")
	case "POST /account/contributions/links":
		return values("audience", "house", "days", "30", "chapters", "originated")
	case "POST /ideas/:id/evaluation/assignment":
		if p.user == nil {
			return values("to", strconv.FormatInt(w.paul.ID, 10))
		}
		return values("from", strconv.FormatInt(p.user.ID, 10), "to", strconv.FormatInt(w.paul.ID, 10))
	case "POST /ideas/:id/project", "POST /projects/:id":
		return values("title", "A project", "owner", w.author.Email, "base", "1")
	case "POST /projects/:id/stop":
		return values("reason", "Nobody has the time")
	case "POST /projects/:id/story":
		return values("before", "A heap", "after", "No heap", "base", "0")
	case "POST /projects/:id/steps":
		return values("kind", "milestone", "step_title", "A milestone")
	case "POST /projects/:id/steps/:step":
		return values("step_title", "Another milestone")
	case "POST /projects/:id/steps/:step/tick":
		return values("done", "1")
	case "POST /projects/:id/benefits":
		return values("nature", "forecast", "label", "Offcuts sold", "benefit_kind", "euros", "amount", "1200", "on", "2027-06-30")
	case "POST /projects/:id/benefits/:benefit/judgement":
		return values("answer", "validated")
	case "POST /projects/:id/updates":
		return values("body", "It is coming along.")
	case "POST /campaigns/:id/form", "POST /campaigns/:id/form/:field":
		return values("kind", "short", "label_en", "Who would do it?", "visibility", "everyone", "base", "1")
	case "POST /campaigns/:id/form/order":
		return values("order", w.field)
	case "POST /campaigns/:id/form/summary":
		return values("asked", "1")
	case "POST /campaigns/:id/pause":
		return values("reason", "A holiday")
	case "POST /ideas/:id/answer":
		return values("decision", "declined.cost", "body", "It costs more than it brings.", "answer", "0", "version", "0", "publish", "1")
	case "POST /answers/publications":
		return values("answer", w.prepared())
	case "POST /answers/templates":
		return values("selected_en", "Thank you.")
	case "POST /downloads":
		return values("what", "comments", "format", "csv", "separator", "comma")
	case "POST /ideas/:id":
		return values("title", "An idea with another title", "body", "With another body.", "base", "1")
	case "POST /ideas/:id/supports":
		return values("supported", "1")
	case "POST /follows":
		return values("kind", "space", "target", here.slug, "level", "watch")
	case "POST /experts/skills", "POST /experts/terms/:id", "POST /experts/terms/:id/merge":
		return values("skill", "Welding")
	case "POST /experts/mine":
		return values("shown", "1")
	case "POST /people/:id/skills/:skill":
		return values("endorsed", "1")
	case "POST /ideas/:id/follow", "POST /spaces/:slug/follow":
		return values("following", "1")
	case "POST /ideas/:id/coauthors":
		return values("who", w.lead().user.Email)
	case "POST /ideas/:id/coauthors/answer":
		return values("answer", "join")
	case "POST /ideas/:id/merge":
		return values("address", w.another(here), "reason", "Both say the same.")
	case "POST /ideas/:id/merge/answer":
		return values("answer", "agree")
	case "POST /ideas/:id/amendments":
		return values("base", "1", "title", "Another title", "body", "Another text.", "reason", "It is better.")
	case "POST /ideas/:id/amendments/:amendment/decision":
		return values("decision", "reject", "word", "No.")
	case "POST /ideas/:id/stage":
		return values("stage", string(models.Discussed))
	case "POST /ideas/:id/comments":
		return values("body", "A comment by "+p.name, "once", w.once())
	case "POST /ideas/:id/comments/:post":
		return values("body", "Another comment", "base", "1")
	case "POST /ideas/:id/comments/:post/versions/:number":
		return values("hidden", "1", "reason", "It names a patient.")
	case "POST /spaces":
		return values("slug", "new-"+p.name, "title", "New", "visibility", string(models.Company))
	case "POST /spaces/:slug":
		return values("title", "The space", "visibility", strings.TrimPrefix(here.slug, "the-"))
	case "POST /spaces/:slug/agreement":
		w.serial++
		version := w.agree(models.Visibility(strings.TrimPrefix(here.slug, "the-")))
		return values("body", fmt.Sprintf("Text %d", w.serial), "base", strconv.Itoa(version), "publish", "1")
	case "POST /spaces/:slug/agreement/acceptance":
		return values("accept", "1", "version", strconv.Itoa(w.agree(models.Visibility(strings.TrimPrefix(here.slug, "the-")))))
	case "POST /spaces/:slug/requests/:id":
		return values("decision", "approve", "answer", "Welcome")
	case "POST /spaces/:slug/members", "POST /spaces/:slug/members/:id", "POST /spaces/unmanaged/:id":
		return values("email", w.paul.Email, "role", string(models.SpaceMember))
	case "POST /sign-in-rules", "POST /sign-in-rules/:id":
		return values("claim", "groups", "value", "staff", "role", "hr")
	case "POST /sign-in-rules/trial":
		return values("claims", `{"groups": ["staff"]}`)
	case "POST /posts/:post/reactions":
		return values("give", "1")
	case "POST /reactions", "POST /reactions/:id":
		w.serial++
		return values("emoji", string('🐀'+rune(w.serial%200)), "name_en", "It is so", "name_fr", "C’est ainsi", "name_en_1", "I agree", "name_fr_1", "D’accord")
	case "POST /reactions/:id/step":
		return values("to", "up")
	case "POST /reactions/:id/retirement":
		return values("retired", "0")
	case "POST /groups", "POST /groups/:id":
		w.serial++
		return values("name", fmt.Sprintf("Group of %s %d", p.name, w.serial))
	case "POST /groups/limits":
		return values("employees", "30", "leaders", "200")
	case "POST /groups/:id/naming":
		return values("open", "1")
	case "POST /groups/:id/members":
		return values("person", w.sam.Email)
	case "POST /groups/:id/members/removal":
		return values("user", strconv.FormatInt(w.paul.ID, 10))
	case "POST /spaces/:slug/groups", "POST /spaces/:slug/groups/removal":
		return values("group", w.group(models.Visibility(strings.TrimPrefix(here.slug, "the-")), route), "role", string(models.SpaceReader))
	case "POST /view":
		return values("role", "employee")
	case "POST /services":
		return values("name", "Robot", "purpose", "Reads along", "sponsor", w.author.Email)
	case "POST /services/:id/tokens":
		return values("token_name", "A token", "scope", "read", "days", "30")
	case "POST /services/:id/suspension":
		return values("suspended", "0")
	case "POST /members":
		return values("name", "New", "email", "new-"+p.name+"@example.test", "role", string(models.RoleEmployee))
	case "POST /invitations":
		w.serial++
		return values("addresses", fmt.Sprintf("guest-%d@customer.example", w.serial), "space", here.slug, "role", string(models.SpaceMember))
	case "POST /guests/:id/sponsor":
		return values("sponsor", w.sam.Email)
	case "POST /spaces/:slug/links":
		return values("role", string(models.SpaceMember), "places", "5", "days", "5")
	case "POST /join":
		return values("token", "unknown", "email", p.name+"@customer.example")
	case "POST /spaces/:slug/registrations":
		return values("open", "1")
	case "POST /spaces/:slug/registrations/:id/acceptance":
		return values("role", string(models.SpaceMember))
	case "POST /spaces/:slug/registrations/:id/refusal":
		return values("answer", "Not this year")
	case "POST /spaces/:slug/registration":
		return values("name", "Karl", "email", p.name+"@customer.example", "organisation", "Customer", "message", "We build the other half.")
	case "POST /invitation", "POST /registration":
		return values("token", "unknown")
	case "POST /members/:id/role":
		return values("role", string(models.RoleEmployee))
	case "POST /members/:id/suspension":
		return values("suspended", "0")
	case "POST /members/:id/merge/:other":
		return values("sure", "1")
	case "POST /members/:id/terms":
		return values("until", "", "sponsor", "")
	case "POST /account":
		return values("name", p.name)
	case "POST /account/tokens":
		return values("token_name", "Script")
	case "POST /account/passkeys":
		return values("passkey_name", "Laptop")
	case "POST /account/data/erasure":
		return values("contributions", "none") // refused: the right one would sign the player out
	case "POST /people/:id/erasure":
		return values("contributions", "keep")
	case "POST /privacy/holds":
		return values("page", "/people/1", "reference", "RG 26/1", "dated", "2026-01-02", "reason", "A dispute")
	case "POST /privacy/holds/:id/release":
		return values("release_reason", "Over")
	case "POST /privacy/settings":
		return values("article_trash", "30", "article_drafts", "90", "article_versions", "365", "contributions", "keep", "externals", "730", "drafts", "180", "notices", "365", "sign_ins", "365", "security", "1095", "entries", "365", "exports", "7", "invitations", "365", "registrations", "90", "box_notes", "90", "seals", "365", "merges", "30")
	case "POST /preferences":
		return values("name", "theme", "value", "dark")
	case "POST /sign-in/mail":
		return values("email", p.name+"@example.test")
	case "POST /sign-in/link":
		return values("token", "unknown")
	}
	return nil
}
