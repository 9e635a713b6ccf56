package models

import (
	"context"
	"slices"
	"strings"
)

// Where a text that names what it stands in is held, by the name of its row.
const (
	inHeldIdea      = "EXISTS (SELECT 1 FROM ideas hi WHERE hi.id = @.idea_id AND (hi.id IN " + heldIdeas + " OR hi.space_id IN " + heldSpaces + "))"
	inHeldThread    = "EXISTS (SELECT 1 FROM threads ht WHERE ht.id = @.thread_id AND (ht.id IN " + heldThreads + " OR ht.space_id IN " + heldSpaces + "))"
	inHeldArticle   = "EXISTS (SELECT 1 FROM articles ha WHERE ha.id = @.article_id AND (ha.id IN " + heldArticles + " OR ha.space_id IN " + heldSpaces + "))"
	inHeldGathering = "EXISTS (SELECT 1 FROM gatherings hg WHERE hg.id = @.gathering_id AND hg.space_id IN " + heldSpaces + ")"
	inHeldDraft     = "EXISTS (SELECT 1 FROM article_drafts hd WHERE hd.id = @.draft_id AND (coalesce(hd.article_id, 0) IN " + heldArticles + " OR hd.space_id IN " + heldSpaces + "))"
	inHeldCampaign  = "EXISTS (SELECT 1 FROM campaigns hc WHERE hc.id = @.campaign_id AND hc.space_id IN " + heldSpaces + ")"
	inHeldProject   = "EXISTS (SELECT 1 FROM projects hr JOIN ideas hi ON hi.id = hr.idea_id WHERE hr.id = @.project_id AND (hi.id IN " + heldIdeas + " OR hi.space_id IN " + heldSpaces + "))"
	inHeldSpace     = "@.space_id IN " + heldSpaces
)

// heldPost is the condition that a post, by the name of its row, stands in something that is held.
func heldPost(p string) string {
	return strings.ReplaceAll(inHeldIdea+" OR "+inHeldThread+" OR "+inHeldArticle+" OR "+inHeldGathering, "@", p)
}

// heldTexts is, by its table, the condition that a text stands in something that is held: where people write about one another. Who wrote
// it, as far as its row says so, is asked besides: see TextsHeld.
func heldTexts(table string) string {
	return strings.ReplaceAll(map[string]string{
		"spaces": "@.id IN " + heldSpaces, "campaigns": inHeldSpace, "collections": inHeldSpace, "topics": inHeldSpace, "agreements": inHeldSpace, "entry_requests": inHeldSpace,
		"registrations": inHeldSpace, "idea_imports": inHeldSpace, "article_imports": inHeldSpace, "article_templates": inHeldSpace, "expertise": inHeldSpace, "expertise_evidence": inHeldSpace,
		"invitations": "EXISTS (SELECT 1 FROM invitation_spaces hs WHERE hs.invitation_id = @.id AND hs.space_id IN " + heldSpaces + ")",
		"criteria":    inHeldCampaign, "evaluators": inHeldCampaign, "seal_keepers": inHeldCampaign,
		"form_field_versions": "EXISTS (SELECT 1 FROM form_fields hf JOIN campaigns hc ON hc.id = hf.campaign_id WHERE hf.id = @.field_id AND hc.space_id IN " + heldSpaces + ")",
		"box_notes":           "EXISTS (SELECT 1 FROM boxes hb WHERE hb.id = @.box_id AND hb.space_id IN " + heldSpaces + ")",

		"ideas":         "@.id IN " + heldIdeas + " OR " + inHeldSpace + " OR EXISTS (SELECT 1 FROM idea_versions hv WHERE hv.idea_id = @.id AND hv.editor_id IN " + heldPeople + ")",
		"idea_tags":     inHeldIdea + " OR EXISTS (SELECT 1 FROM ideas ho WHERE ho.id = @.idea_id AND ho.author_id IN " + heldPeople + ")",
		"idea_versions": inHeldIdea, "idea_answers": inHeldIdea, "amendments": inHeldIdea, "co_authors": inHeldIdea, "paper_ideas": inHeldIdea, "seal_openings": inHeldIdea,
		"decisions": inHeldIdea, "stage_transitions": inHeldIdea, "evaluations": inHeldIdea, "evaluation_posts": inHeldIdea, "evaluation_publications": inHeldIdea,
		"idea_merges": inHeldIdea + " OR EXISTS (SELECT 1 FROM ideas ho WHERE ho.id = @.into_id AND (ho.id IN " + heldIdeas + " OR ho.space_id IN " + heldSpaces + "))",
		"projects":    inHeldIdea, "project_updates": inHeldProject, "project_steps": inHeldProject, "project_stories": inHeldProject, "benefits": inHeldProject,

		"threads":     "@.id IN " + heldThreads + " OR " + inHeldSpace,
		"thread_tags": inHeldThread + " OR EXISTS (SELECT 1 FROM threads ho WHERE ho.id = @.thread_id AND ho.author_id IN " + heldPeople + ")",
		"polls":       inHeldThread, "poll_votes": inHeldThread, "poll_outcomes": inHeldThread, "expert_requests": inHeldThread,
		"poll_options": inHeldThread + " OR EXISTS (SELECT 1 FROM threads ho WHERE ho.id = @.thread_id AND ho.author_id IN " + heldPeople + ")",

		"posts":         heldPost("@") + " OR EXISTS (SELECT 1 FROM post_versions hv WHERE hv.post_id = @.id AND hv.editor_id IN " + heldPeople + ")",
		"post_versions": "EXISTS (SELECT 1 FROM posts hv WHERE hv.id = @.post_id AND (" + heldPost("hv") + "))",

		"articles":         "@.id IN " + heldArticles + " OR " + inHeldSpace + " OR EXISTS (SELECT 1 FROM article_versions hv WHERE hv.article_id = @.id AND hv.editor_id IN " + heldPeople + ")",
		"article_tags":     inHeldArticle + " OR EXISTS (SELECT 1 FROM articles ho WHERE ho.id = @.article_id AND ho.author_id IN " + heldPeople + ")",
		"article_versions": inHeldArticle, "article_version_names": inHeldArticle, "article_feedback": inHeldArticle,
		"article_drafts": "coalesce(@.article_id, 0) IN " + heldArticles + " OR " + inHeldSpace, "article_reviews": inHeldDraft,
		"passages":      inHeldArticle + " OR " + inHeldDraft,
		"passage_words": "EXISTS (SELECT 1 FROM passages hp WHERE hp.id = @.passage_id AND (" + strings.ReplaceAll(inHeldArticle+" OR "+inHeldDraft, "@", "hp") + "))",
		"terms":         inHeldSpace + " OR EXISTS (SELECT 1 FROM term_versions hv WHERE hv.term_id = @.id AND hv.editor_id IN " + heldPeople + ")",
		"term_versions": "EXISTS (SELECT 1 FROM terms ht WHERE ht.id = @.term_id AND ht.space_id IN " + heldSpaces + ")",
		"term_words":    inHeldSpace + " OR EXISTS (SELECT 1 FROM term_versions hv WHERE hv.term_id = @.term_id AND hv.editor_id IN " + heldPeople + ")",

		"gatherings":         inHeldSpace + " OR EXISTS (SELECT 1 FROM gathering_versions hv WHERE hv.gathering_id = @.id AND hv.editor_id IN " + heldPeople + ")",
		"gathering_versions": inHeldGathering,
		"files":              heldPost("@") + " OR " + inHeldDraft + " OR " + inHeldSpace,
		"events": inHeldSpace + " OR @.subject = 'user' AND @.subject_id IN " + heldPeople + " OR @.subject = 'idea' AND @.subject_id IN " + heldIdeas +
			" OR @.subject = 'thread' AND @.subject_id IN " + heldThreads + " OR @.subject = 'article' AND @.subject_id IN " + heldArticles,
	}[table], "@", table)
}

// heldBy is the condition that a row of the table stands in something that is held, or is of somebody who is.
func (h *Holding) heldBy() string {
	var conditions []string
	if place := heldTexts(h.Table); place != "" {
		conditions = append(conditions, place)
	}
	if h.Own != "" {
		conditions = append(conditions, strings.ReplaceAll(h.Own, "= ?", "IN "+heldPeople))
	}
	for _, column := range slices.Concat(h.withFate(Former), h.withFate(Forgets), h.withFate(Goes)) {
		conditions = append(conditions, h.Table+"."+column+" IN "+heldPeople)
	}
	return strings.Join(conditions, " OR ")
}

// TextsHeld tells whether one of the rows of a table is held, by where it stands or by who has a part in it, so that its text may not be
// changed by the house.
func (q Queries) TextsHeld(ctx context.Context, h *Holding, rows []TextRow) (held bool, err error) {
	condition := h.heldBy()
	if condition == "" || len(rows) == 0 {
		return false, nil
	}
	if err := q.raw(ctx, &held, "SELECT "+anyHold); err != nil || !held {
		return false, err
	}
	for i := range rows {
		if err := q.raw(ctx, &held, "SELECT EXISTS (SELECT 1 FROM "+h.Table+" WHERE "+strings.Join(h.Key, " = ? AND ")+" = ? AND ("+condition+"))", rows[i].Key...); err != nil || held {
			return held, err
		}
	}
	return false, nil
}
