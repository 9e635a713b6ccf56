package app_test

import (
	"fmt"
	"strconv"
	"strings"

	"ruche/models"
)

// document is what a program sends.
func (w *world) document(p *player, route string, here place) map[string]any {
	if aboutThreads(route[strings.Index(route, "/"):]) || strings.HasSuffix(route, " /api/v1/threads") || strings.HasSuffix(route, "/topics") || strings.HasSuffix(route, "/:id/poll") {
		if document := w.threadDocument(p, route, here); len(document) > 0 {
			return document
		}
	}
	if strings.Contains(route, "/api/v1/templates") {
		return w.templateDocument(route, here)
	}
	if strings.Contains(route, "/api/v1/events") {
		return w.eventDocument(route, here)
	}
	if strings.Contains(route, "/api/v1/articles") || strings.Contains(route, "/api/v1/passages") || strings.Contains(route, "/api/v1/collections") || strings.Contains(route, "/api/v1/glossary") {
		return w.articleDocument(p, route, here)
	}
	switch route {
	case "POST /api/v1/ideas":
		return map[string]any{"space": here.slug, "title": "An idea by the program of " + p.name, "body": "With a body.", "tags": []string{}}
	case "POST /api/v1/projects":
		idea, _ := strconv.Atoi(here.idea)
		return map[string]any{"idea": idea, "title": "A project", "owner": w.author.Email}
	case "POST /api/v1/skills", "PATCH /api/v1/skills/:id", "PUT /api/v1/skills/:id/merge":
		return map[string]any{"name": "Welding"}
	case "PUT /api/v1/experts/choice":
		return map[string]any{"shown": true}
	case "POST /api/v1/experts/requests/:request/refusal":
		return map[string]any{"word": "Not I."}
	case "PUT /api/v1/people/:id/skills/:skill/endorsement":
		return nil
	case "PUT /api/v1/follows/:kind/:target":
		return map[string]any{"level": "follow"}
	case "PUT /api/v1/threads/:id/poll/vote":
		return map[string]any{"marks": []int{1}}
	case "PUT /api/v1/threads/:id/poll/outcome":
		return map[string]any{"body": "We do."}
	case "PUT /api/v1/ideas/:id/evaluation/publication":
		return map[string]any{"audience": "readers"}
	case "PATCH /api/v1/projects/:id":
		return map[string]any{"title": "Another title"}
	case "PUT /api/v1/projects/:id/state":
		return map[string]any{"state": "done"}
	case "POST /api/v1/projects/:id/updates":
		return map[string]any{"body": "It is coming along."}
	case "POST /api/v1/projects/:id/steps":
		return map[string]any{"kind": "milestone", "title": "A milestone"}
	case "PATCH /api/v1/projects/:id/steps/:step":
		return map[string]any{"title": "Another milestone"}
	case "POST /api/v1/projects/:id/benefits":
		return map[string]any{"kind": "euros", "nature": "forecast", "amount": 1200, "label": "Offcuts sold", "on": "2027-06-30T00:00:00Z"}
	case "PUT /api/v1/projects/:id/benefits/:benefit/judgement":
		return map[string]any{"state": "validated"}
	case "POST /api/v1/campaigns":
		return map[string]any{"space": here.slug, "title": "A campaign by the program of " + p.name, "kind": "channel"}
	case "PATCH /api/v1/campaigns/:id":
		return map[string]any{"question": "Which other one?"}
	case "PUT /api/v1/campaigns/:id/stages":
		return map[string]any{"kind": "channel", "stages": []map[string]any{{"kind": "gather", "commenting": false}}}
	case "PUT /api/v1/campaigns/:id/pause":
		return map[string]any{"reason": "A holiday"}
	case "POST /api/v1/campaigns/:id/form":
		return map[string]any{"kind": "short", "label": map[string]string{"en": "Who would do it?"}}
	case "PATCH /api/v1/campaigns/:id/form/:field":
		return map[string]any{"label": map[string]string{"fr": "Où ?", "en": "Where else?"}}
	case "PUT /api/v1/campaigns/:id/form/summary":
		return map[string]any{"asked": true}
	case "PUT /api/v1/imports/:id/mapping":
		return map[string]any{"fields": map[string]int{"title": 0}, "authors": "named", "stages": map[string]string{}}
	case "PUT /api/v1/campaigns/:id/form/order":
		return map[string]any{"fields": []int64{number(w.t, w.field)}}
	case "PUT /api/v1/ideas/:id/decision":
		return map[string]any{"kind": "declined", "reason": "cost", "body": "It costs more than it brings."}
	case "POST /api/v1/downloads":
		return map[string]any{"what": "ideas", "format": "jsonl", "stage": "proposed"}
	case "PUT /api/v1/campaigns/:id/ballot":
		return map[string]any{"lines": []any{}}
	case "PUT /api/v1/campaigns/:id/duels/:number":
		return map[string]any{}
	case "PUT /api/v1/ideas/:id/evaluation":
		return map[string]any{"version": 1, "scores": []map[string]any{}}
	case "PATCH /api/v1/ideas/:id":
		return map[string]any{"title": "An idea with another title"}
	case "POST /api/v1/ideas/:id/coauthors":
		return map[string]any{"person": w.lead().user.ID}
	case "PUT /api/v1/ideas/:id/coauthors/answer":
		return map[string]any{"answer": "join"}
	case "PUT /api/v1/ideas/:id/merge":
		into, _ := strconv.ParseInt(w.another(here), 10, 64)
		return map[string]any{"into": into, "reason": "Both say the same."}
	case "PUT /api/v1/ideas/:id/merge/answer":
		return map[string]any{"answer": "agree"}
	case "POST /api/v1/ideas/:id/amendments":
		return map[string]any{"base": 1, "title": "Another title", "body": "Another text.", "reason": "It is better."}
	case "PUT /api/v1/ideas/:id/amendments/:amendment/decision":
		return map[string]any{"decision": "reject", "word": "No."}
	case "POST /api/v1/ideas/:id/comments":
		return map[string]any{"body": "A comment by the program of " + p.name}
	case "POST /api/v1/spaces":
		return map[string]any{"slug": "program-" + p.name, "title": "New", "visibility": string(models.Company)}
	case "PATCH /api/v1/people/:id":
		return map[string]any{"role": "employee", "suspended": false}
	case "PUT /api/v1/spaces/:slug/agreement/acceptance":
		return map[string]any{"version": w.agree(models.Visibility(strings.TrimPrefix(here.slug, "the-")))}
	case "PUT /api/v1/spaces/:slug/members/:email", "PUT /api/v1/spaces/:slug/groups/:id":
		return map[string]any{"role": string(models.SpaceMember)}
	case "PATCH /api/v1/spaces/:slug":
		return map[string]any{"description": "Changed by the program of " + p.name}
	case "POST /api/v1/spaces/:slug/invitations":
		w.serial++
		return map[string]any{"addresses": []string{fmt.Sprintf("guest-%d@customer.example", w.serial)}, "role": string(models.SpaceMember)}
	case "POST /api/v1/spaces/:slug/links":
		return map[string]any{"kind": "domain", "domains": "customer.example", "role": string(models.SpaceMember), "days": 5}
	case "PUT /api/v1/spaces/:slug/registration":
		return map[string]any{"open": true}
	case "PUT /api/v1/spaces/:slug/registrations/:id/decision":
		return map[string]any{"decision": "refuse", "answer": "Not this year", "role": string(models.SpaceMember)}
	case "POST /api/v1/spaces/:slug/invitations/:id/extension":
		return map[string]any{}
	case "POST /api/v1/spaces/:slug/requests":
		return map[string]any{"message": "Because I work on it."}
	case "PUT /api/v1/spaces/:slug/requests/:id/decision":
		return map[string]any{"decision": "approve", "answer": "Welcome"}
	case "POST /api/v1/spaces/:slug/succession":
		return map[string]any{"person": w.paul.ID}
	case "POST /api/v1/groups":
		return map[string]any{"name": "Group of the program of " + p.name}
	}
	return nil
}
