package models

import (
	"context"
	"strings"
)

// What is under a hold, as lists that a condition names. None holds NULL, so that NOT IN means what it says. Who wrote what is sealed is
// known to nobody, and so is whether they are held: those seals are kept by the idea or its space.
const (
	heldPeople = `(SELECT h.user_id FROM legal_holds h WHERE h.user_id IS NOT NULL AND h.released_at IS NULL
		UNION SELECT m.mask_id FROM legal_holds h JOIN hidden_authors m ON m.user_id = h.user_id WHERE h.released_at IS NULL
		UNION SELECT g.id FROM legal_holds h JOIN users g ON g.merged_into = h.user_id WHERE h.released_at IS NULL)`
	heldSpaces = `(SELECT h.space_id FROM legal_holds h WHERE h.space_id IS NOT NULL AND h.released_at IS NULL
		UNION SELECT w.id FROM legal_holds h JOIN spaces w ON w.within_id = h.space_id WHERE h.released_at IS NULL)`
	heldIdeas    = "(SELECT h.idea_id FROM legal_holds h WHERE h.idea_id IS NOT NULL AND h.released_at IS NULL)"
	heldThreads  = "(SELECT h.thread_id FROM legal_holds h WHERE h.thread_id IS NOT NULL AND h.released_at IS NULL)"
	heldArticles = "(SELECT h.article_id FROM legal_holds h WHERE h.article_id IS NOT NULL AND h.released_at IS NULL)"

	// anyHold is asked first, so that a house without holds pays nothing for them.
	anyHold = "EXISTS (SELECT 1 FROM legal_holds h WHERE h.released_at IS NULL)"
)

// unheld adds to a condition that what it finds is under no hold.
func unheld(condition, held string) string {
	return condition + " AND NOT (" + anyHold + " AND (" + held + "))"
}

// heldArticle is the condition that an article, by the name of its row, is held: itself, its space, or anybody who wrote in it or about it.
func heldArticle(a string) string {
	return strings.ReplaceAll(`(@.id IN `+heldArticles+` OR @.space_id IN `+heldSpaces+` OR @.author_id IN `+heldPeople+`
		OR EXISTS (SELECT 1 FROM article_versions hv WHERE hv.article_id = @.id AND hv.editor_id IN `+heldPeople+`)
		OR EXISTS (SELECT 1 FROM article_drafts hd WHERE hd.article_id = @.id AND `+heldDraft("hd")+`)
		OR EXISTS (SELECT 1 FROM posts hp WHERE hp.article_id = @.id AND hp.author_id IN `+heldPeople+`)
		OR EXISTS (SELECT 1 FROM article_feedback hf WHERE hf.article_id = @.id AND (hf.user_id IN `+heldPeople+` OR hf.answered_by IN `+heldPeople+`))
		OR EXISTS (SELECT 1 FROM passages hg JOIN passage_words hw ON hw.passage_id = hg.id WHERE hg.article_id = @.id AND hw.author_id IN `+heldPeople+`))`, "@", a)
}

// heldDraft is the condition that a draft of an article, by the name of its row, is held by its author, by who has said something of it, by
// its space or by its article.
func heldDraft(d string) string {
	return strings.ReplaceAll(`(#.author_id IN `+heldPeople+` OR #.space_id IN `+heldSpaces+` OR coalesce(#.article_id, 0) IN `+heldArticles+`
		OR EXISTS (SELECT 1 FROM article_reviews hr WHERE hr.draft_id = #.id AND hr.reviewer_id IN `+heldPeople+`)
		OR EXISTS (SELECT 1 FROM passages hq JOIN passage_words hx ON hx.passage_id = hq.id WHERE hq.draft_id = #.id AND hx.author_id IN `+heldPeople+`))`, "#", d)
}

// heldVersion is the condition that an old version of an article is held.
const heldVersion = "article_versions.editor_id IN " + heldPeople + " OR article_versions.article_id IN " + heldArticles +
	" OR EXISTS (SELECT 1 FROM articles ha WHERE ha.id = article_versions.article_id AND (ha.space_id IN " + heldSpaces + " OR ha.author_id IN " + heldPeople + "))"

// heldTop is the condition that an article in the trash, or one that went there with it, is held: they go together or not at all.
var heldTop = "EXISTS (SELECT 1 FROM articles hg WHERE hg.withdrawn_with = articles.id AND " + heldArticle("hg") + ")"

// heldSealed is the condition that the ideas of a mask are held.
func heldSealed(mask string) string {
	return "EXISTS (SELECT 1 FROM ideas hi WHERE hi.author_id = " + mask + " AND (hi.id IN " + heldIdeas + " OR hi.space_id IN " + heldSpaces + "))"
}

// heldFor is, by what a period is for, the condition that a row which it would remove is held. The copies of their data that people ask
// for are no originals: they end when they were to end.
func heldFor(kind PeriodKind) string {
	switch kind {
	case PeriodDrafts:
		return "user_id IN " + heldPeople
	case PeriodNotices:
		return "user_id IN " + heldPeople + " OR coalesce(actor_id, 0) IN " + heldPeople
	case PeriodSignIns, PeriodSecurity:
		return "actor_id IN " + heldPeople + " OR subject = 'user' AND subject_id IN " + heldPeople + " OR space_id IN " + heldSpaces
	case PeriodEntries:
		return "user_id IN " + heldPeople + " OR space_id IN " + heldSpaces
	case PeriodInvites:
		return "coalesce(user_id, 0) IN " + heldPeople + " OR inviter_id IN " + heldPeople + " OR sponsor_id IN " + heldPeople +
			" OR EXISTS (SELECT 1 FROM invitation_spaces hs WHERE hs.invitation_id = invitations.id AND hs.space_id IN " + heldSpaces + ")"
	case PeriodRegisters:
		return "coalesce(user_id, 0) IN " + heldPeople + " OR space_id IN " + heldSpaces
	case PeriodBoxNotes:
		return "EXISTS (SELECT 1 FROM boxes hb WHERE hb.id = box_notes.box_id AND hb.space_id IN " + heldSpaces + ")"
	case PeriodSeals:
		return heldSealed("seals.mask_id")
	case PeriodMerges:
		return "kept_id IN " + heldPeople + " OR gone_id IN " + heldPeople
	case PeriodTrash:
		return heldTop
	case PeriodArticleDrafts:
		return heldDraft("article_drafts")
	case PeriodVersions:
		return heldVersion
	case PeriodExternals:
		return "id IN " + heldPeople
	}
	return "1 = 0"
}

// ErasureWaits tells whether a person may not be erased for now: they are held, or something that they did or wrote is.
func (q Queries) ErasureWaits(ctx context.Context, userID int64) (waits bool, err error) {
	if err := q.raw(ctx, &waits, "SELECT "+anyHold); err != nil || !waits {
		return false, err
	}
	const me = "(SELECT CAST(? AS BIGINT) UNION SELECT mask_id FROM hidden_authors WHERE user_id = ?)"
	conditions := []string{
		"SELECT 1 FROM users x WHERE x.id IN " + me + " AND x.id IN " + heldPeople,
		"SELECT 1 FROM events x WHERE x.actor_id IN " + me + " AND x.space_id IN " + heldSpaces,
		"SELECT 1 FROM ideas x WHERE x.author_id IN " + me + " AND (x.id IN " + heldIdeas + " OR x.space_id IN " + heldSpaces + ")",
		"SELECT 1 FROM threads x WHERE x.author_id IN " + me + " AND (x.id IN " + heldThreads + " OR x.space_id IN " + heldSpaces + ")",
		"SELECT 1 FROM posts x WHERE x.author_id IN " + me + " AND (" + heldPost("x") + ")",
		"SELECT 1 FROM post_versions x JOIN posts y ON y.id = x.post_id WHERE x.editor_id IN " + me + " AND (" + heldPost("y") + ")",
		"SELECT 1 FROM articles x WHERE x.author_id IN " + me + " AND (x.id IN " + heldArticles + " OR x.space_id IN " + heldSpaces + ")",
		"SELECT 1 FROM article_versions x JOIN articles y ON y.id = x.article_id WHERE x.editor_id IN " + me + " AND (y.id IN " + heldArticles + " OR y.space_id IN " + heldSpaces + ")",
		"SELECT 1 FROM article_drafts x WHERE x.author_id IN " + me + " AND (coalesce(x.article_id, 0) IN " + heldArticles + " OR x.space_id IN " + heldSpaces + ")",
		"SELECT 1 FROM article_reviews x JOIN article_drafts y ON y.id = x.draft_id WHERE x.reviewer_id IN " + me + " AND coalesce(y.article_id, 0) IN " + heldArticles,
		"SELECT 1 FROM article_feedback x WHERE (x.user_id IN " + me + " OR x.answered_by IN " + me + ") AND x.article_id IN " + heldArticles,
		"SELECT 1 FROM passage_words x JOIN passages y ON y.id = x.passage_id WHERE x.author_id IN " + me + " AND coalesce(y.article_id, 0) IN " + heldArticles,
		"SELECT 1 FROM project_updates x JOIN projects y ON y.id = x.project_id WHERE x.author_id IN " + me + " AND y.idea_id IN " + heldIdeas,
		"SELECT 1 FROM benefits x JOIN projects y ON y.id = x.project_id WHERE x.claimed_by IN " + me + " AND y.idea_id IN " + heldIdeas,
	}
	for table, column := range map[string]string{"idea_versions": "editor_id", "co_authors": "user_id", "supports": "user_id", "amendments": "author_id", "decisions": "author_id",
		"evaluations": "user_id", "evaluation_posts": "user_id", "stage_transitions": "by_id", "projects": "owner_id", "idea_merges": "proposed_by"} {
		conditions = append(conditions, "SELECT 1 FROM "+table+" x WHERE x."+column+" IN "+me+" AND x.idea_id IN "+heldIdeas)
	}
	for table, column := range map[string]string{"poll_votes": "user_id", "poll_outcomes": "author_id"} {
		conditions = append(conditions, "SELECT 1 FROM "+table+" x WHERE x."+column+" IN "+me+" AND x.thread_id IN "+heldThreads)
	}
	const removes = " AND EXISTS (SELECT 1 FROM erasures e WHERE e.user_id = ? AND e.contributions = 'remove')"
	others := []string{ // what of others would go with what they take along
		"SELECT 1 FROM ideas x JOIN idea_versions y ON y.idea_id = x.id WHERE x.author_id IN " + me + " AND y.editor_id IN " + heldPeople,
		"SELECT 1 FROM ideas x JOIN amendments y ON y.idea_id = x.id WHERE x.author_id IN " + me + " AND y.author_id IN " + heldPeople,
		"SELECT 1 FROM ideas x JOIN co_authors y ON y.idea_id = x.id WHERE x.author_id IN " + me + " AND y.user_id IN " + heldPeople,
		"SELECT 1 FROM posts x JOIN post_versions y ON y.post_id = x.id WHERE x.author_id IN " + me + " AND y.editor_id IN " + heldPeople,
		"SELECT 1 FROM articles x WHERE x.author_id IN " + me + " AND " + heldArticle("x"),
		"SELECT 1 FROM article_drafts x WHERE x.author_id IN " + me + " AND " + heldDraft("x"),
		"SELECT 1 FROM article_feedback x WHERE x.user_id IN " + me + " AND x.answered_by IN " + heldPeople,
		"SELECT 1 FROM gatherings x JOIN gathering_versions y ON y.gathering_id = x.id WHERE x.author_id IN " + me + " AND y.editor_id IN " + heldPeople,
	}
	for i := range others {
		conditions = append(conditions, others[i]+removes)
	}
	query := "SELECT EXISTS (" + strings.Join(conditions, ") OR EXISTS (") + ")"
	args := make([]any, strings.Count(query, "?"))
	for i := range args {
		args[i] = userID
	}
	return waits, q.raw(ctx, &waits, query, args...)
}
