package models

// MergeKind is what people call the rows of some columns when they read what a merge moves.
type MergeKind string

// Kinds of what moves, in the order in which people read of them. Rows without a kind are nobody's concern.
const (
	MergeIdeas       MergeKind = "ideas"
	MergeVersions    MergeKind = "versions"
	MergeComments    MergeKind = "comments"
	MergeThreads     MergeKind = "threads"
	MergeArticles    MergeKind = "articles"
	MergeFiles       MergeKind = "files"
	MergeDrafts      MergeKind = "drafts"
	MergeSupports    MergeKind = "supports"
	MergeFollows     MergeKind = "follows"
	MergeBallots     MergeKind = "ballots"
	MergeSpaces      MergeKind = "spaces" // reasons to be in one
	MergeGroups      MergeKind = "groups"
	MergeAcceptances MergeKind = "acceptances"
	MergeRequests    MergeKind = "requests"
	MergeInvitations MergeKind = "invitations"
	MergeDecisions   MergeKind = "decisions" // on requests, comments and agreements of others
	MergeProjects    MergeKind = "projects"  // that they carry
	MergeTasks       MergeKind = "tasks"     // of projects
	MergeReports     MergeKind = "reports"   // people whose manager they are
	MergeGuests      MergeKind = "guests"    // people and programs for whom they answer
	MergeNotices     MergeKind = "notices"
	MergeIdentities  MergeKind = "identities"
	MergePasskeys    MergeKind = "passkeys"
	MergeAddress     MergeKind = "address"   // told only where it could not be given back
	MergeDirectory   MergeKind = "directory" // as MergeAddress
	MergeFacts       MergeKind = "facts"     // as MergeAddress
)

// MergeKinds lists them.
func MergeKinds() []MergeKind {
	return []MergeKind{MergeIdeas, MergeVersions, MergeComments, MergeThreads, MergeArticles, MergeFiles, MergeDrafts, MergeSupports, MergeFollows, MergeBallots, MergeSpaces, MergeGroups, MergeAcceptances,
		MergeRequests, MergeInvitations, MergeDecisions, MergeProjects, MergeTasks, MergeReports, MergeGuests, MergeNotices, MergeIdentities, MergePasskeys, MergeAddress, MergeDirectory, MergeFacts}
}

// carried is a column with a person's id in which a merge puts the account that stays in the place of the one that goes.
type carried struct {
	table, column string
	kind          MergeKind
	// What tells the row from the person's others: a number, and a text where that is not enough.
	id, ref string
	// once: the person has one such row of a kind, so that what both accounts have is doubled. With at, the time in it, the
	// second one is set aside and comes back when the merge is undone; without, it stays with the account that goes.
	once bool
	at   string
	// alike are the columns in which a doubled row is like the other one; without any, what tells the row.
	alike []string
	// counts is the condition that the row is one of those that the preview counts: all of them without one.
	counts string
}

func (c *carried) place() string { return c.table + "." + c.column }

// rowID and rowRef are what tells the row, as merged_rows has it.
func (c *carried) rowID() string {
	if c.id == "" {
		return "0"
	}
	return c.id
}

func (c *carried) rowRef() string {
	if c.ref == "" {
		return "''"
	}
	return c.ref
}

// Places of the two columns that need more than being carried.
const (
	supportsPlace = "supports.user_id"
	grantsPlace   = "grants.user_id"
	groupsPlace   = "group_members.user_id"
	rulesPlace    = "rule_members.user_id"
)

// carriedColumns lists the columns that a merge carries over. A test holds them, with StaysAtMerge, against the real schema.
func carriedColumns() []carried {
	return []carried{
		{table: "supports", column: "user_id", kind: MergeSupports, id: "idea_id", once: true, at: "created_at"},
		{table: "reactions", column: "user_id", kind: MergeSupports, id: "id", once: true, alike: []string{"post_id", "sign_id"}}, // of two one counts: joinReactions
		{table: "person_skills", column: "user_id", id: "skill_id", once: true},
		{table: "skill_endorsements", column: "user_id", id: "id", once: true, alike: []string{"skill_id", "endorser_id"}},
		{table: "skill_endorsements", column: "endorser_id", id: "id", once: true, alike: []string{"skill_id", "user_id"}},
		{table: "expert_choices", column: "user_id", once: true},
		{table: "expert_requests", column: "expert_id", id: "id", once: true, alike: []string{"thread_id"}},
		{table: "expert_requests", column: "asker_id", id: "id"},
		{table: "follows", column: "user_id", kind: MergeFollows, id: "idea_id", once: true, at: "created_at"},
		{table: "followings", column: "user_id", kind: MergeFollows, ref: "target", once: true, counts: "level IN ('watch', 'follow')"},
		{table: "space_follows", column: "user_id", id: "space_id", once: true},
		// Of two ballots in a vote the one of the account that stays counts: see counted in tally.go.
		{table: "ballots", column: "user_id", kind: MergeBallots, id: "campaign_id", once: true},
		{table: "poll_votes", column: "user_id", kind: MergeBallots, id: "thread_id", once: true}, // of two one counts: joinPollVotes
		{table: "poll_votes", column: "replied_by", kind: MergeDecisions, id: "id"},
		{table: "poll_outcomes", column: "author_id", kind: MergeDecisions, id: "thread_id", ref: "CAST(number AS TEXT)"},
		{table: "polls", column: "closed_by", kind: MergeDecisions, id: "thread_id"},
		{table: "idea_views", column: "user_id", id: "idea_id", once: true},
		{table: "exposures", column: "user_id", id: "campaign_id", once: true},
		{table: "acceptances", column: "user_id", kind: MergeAcceptances, id: "agreement_id", once: true, at: "accepted_at"},
		{table: "group_members", column: "user_id", kind: MergeGroups, id: "group_id", once: true, at: "created_at"},
		{table: "rule_members", column: "user_id", id: "group_id", once: true, at: "NULL"},
		{table: "co_authors", column: "user_id", kind: MergeIdeas, id: "idea_id", once: true},
		{table: "drafts", column: "user_id", kind: MergeDrafts, ref: "form", once: true},
		{table: "devices", column: "user_id", ref: "key", once: true},
		{table: "ideas", column: "author_id", kind: MergeIdeas, id: "id"},
		{table: "legal_holds", column: "user_id", id: "id"}, // of no kind: who merges accounts learns nothing of it
		{table: "legal_holds", column: "placed_by", id: "id"},
		{table: "legal_holds", column: "released_by", id: "id"},
		{table: "hidden_authors", column: "user_id", id: "mask_id"}, // of no kind: who merges accounts learns nothing of it
		{table: "idea_versions", column: "editor_id", kind: MergeVersions, id: "idea_id", ref: "CAST(number AS TEXT)"},
		{table: "paper_ideas", column: "entered_by", id: "idea_id"},
		{table: "paper_ideas", column: "claimed_by", id: "idea_id"},
		{table: "boxes", column: "opened_by", id: "id"},
		{table: "seal_keys", column: "user_id", id: "id"},
		{table: "seal_keepers", column: "user_id", id: "campaign_id", ref: "CAST(position AS TEXT)"},
		{table: "seal_openings", column: "asked_by", id: "id"},
		{table: "seal_openings", column: "answered_by", id: "id"},
		{table: "seal_openings", column: "told_id", id: "id"}, // of no kind, as hidden_authors
		{table: "amendments", column: "author_id", kind: MergeVersions, id: "id"},
		{table: "amendments", column: "decided_by", kind: MergeDecisions, id: "id"},
		{table: "idea_answers", column: "person_id", id: "idea_id", ref: "field_id || ' ' || from_version"},
		{table: "idea_merges", column: "proposed_by", kind: MergeDecisions, id: "id"},
		{table: "idea_merges", column: "answered_by", id: "id"},
		{table: "idea_merges", column: "ended_by", id: "id"},
		{table: "posts", column: "author_id", kind: MergeComments, id: "id"},
		{table: "post_versions", column: "editor_id", kind: MergeVersions, id: "post_id", ref: "CAST(number AS TEXT)"},
		{table: "post_versions", column: "cleared_by", kind: MergeDecisions, id: "post_id", ref: "CAST(number AS TEXT)"},
		{table: "posts", column: "removed_by", kind: MergeDecisions, id: "id"},
		{table: "idea_threads", column: "linked_by", kind: MergeDecisions, id: "idea_id", ref: "CAST(thread_id AS TEXT)"},
		{table: "threads", column: "author_id", kind: MergeThreads, id: "id"},
		{table: "threads", column: "accepted_by", kind: MergeDecisions, id: "id"},
		{table: "threads", column: "pinned_by", kind: MergeDecisions, id: "id"},
		{table: "threads", column: "closed_by", kind: MergeDecisions, id: "id"},
		{table: "thread_shifts", column: "actor_id", kind: MergeDecisions, id: "id"},
		{table: "thread_shifts", column: "accepted_by", id: "id"},
		{table: "thread_shifts", column: "ended_by", id: "id"},
		// not what was only read, nor a thread by somebody hidden: that somebody follows it would hint at who that is
		{table: "thread_people", column: "user_id", kind: MergeFollows, id: "thread_id", once: true, counts: "level IN ('watch', 'follow') AND NOT EXISTS (SELECT 1 FROM threads t WHERE t.id = thread_id AND t.anonymity <> 'named')"},
		{table: "article_people", column: "user_id", kind: MergeFollows, id: "article_id", once: true, counts: "level IN ('watch', 'follow')"},
		{table: "gathering_people", column: "user_id", kind: MergeFollows, id: "gathering_id", once: true, counts: "level IN ('watch', 'follow')"},
		{table: "attendances", column: "user_id", id: "gathering_id", once: true}, // of two one holds: joinAttendances
		{table: "gatherings", column: "author_id", kind: MergeThreads, id: "id"},
		{table: "gatherings", column: "cancelled_by", kind: MergeDecisions, id: "id"},
		{table: "gathering_versions", column: "editor_id", kind: MergeVersions, id: "gathering_id", ref: "CAST(number AS TEXT)"},
		{table: "article_stars", column: "user_id", id: "article_id", once: true},
		{table: "article_reads", column: "user_id", id: "article_id", once: true},
		{table: "articles", column: "author_id", kind: MergeArticles, id: "id"},
		{table: "articles", column: "editor_id", id: "id"},
		{table: "articles", column: "withdrawn_by", kind: MergeDecisions, id: "id"},
		{table: "articles", column: "owner_id", id: "id"},
		{table: "articles", column: "owner_before", id: "id"},
		{table: "articles", column: "given_by", id: "id"},
		{table: "article_verifications", column: "verified_by", id: "id"},
		{table: "article_feedback", column: "user_id", id: "id"},
		{table: "article_feedback", column: "answered_by", id: "id"},
		{table: "article_drafts", column: "author_id", id: "id"},
		{table: "article_reviews", column: "reviewer_id", id: "id"},
		{table: "article_reviews", column: "asked_by", id: "id"},
		{table: "article_origins", column: "linked_by", id: "id"},
		{table: "passages", column: "author_id", id: "id"},
		{table: "passages", column: "resolved_by", id: "id"},
		{table: "passage_words", column: "author_id", id: "id"},
		{table: "passage_words", column: "removed_by", id: "id"},
		{table: "article_version_names", column: "named_by", id: "article_id", ref: "CAST(number AS TEXT)"},
		{table: "article_versions", column: "editor_id", kind: MergeVersions, id: "article_id", ref: "CAST(number AS TEXT)"},
		{table: "term_versions", column: "editor_id", kind: MergeVersions, id: "term_id", ref: "CAST(number AS TEXT)"},
		{table: "files", column: "user_id", kind: MergeFiles, id: "id"},
		{table: "notices", column: "user_id", id: "id"}, // of no kind: how many there are would tell whose hidden idea has news
		{table: "notices", column: "actor_id", id: "id"},
		{table: "space_notices", column: "user_id", kind: MergeNotices, id: "id"},
		{table: "space_notices", column: "actor_id", id: "id"},
		{table: "house_notices", column: "user_id", id: "id"}, // of no kind, as notices: one says that a seal was opened
		{table: "entry_requests", column: "user_id", kind: MergeRequests, id: "id"},
		{table: "entry_requests", column: "decided_by", kind: MergeDecisions, id: "id"},
		{table: "agreements", column: "author_id", kind: MergeDecisions, id: "id"},
		{table: "invitations", column: "inviter_id", kind: MergeInvitations, id: "id"},
		{table: "invitations", column: "sponsor_id", id: "id"},
		{table: "invitations", column: "user_id", id: "id"},
		{table: "invitation_links", column: "inviter_id", kind: MergeInvitations, id: "id"},
		{table: "invitation_links", column: "sponsor_id", id: "id"},
		{table: "registrations", column: "user_id", id: "id"},
		{table: "registrations", column: "decided_by", kind: MergeDecisions, id: "id"},
		{table: "campaigns", column: "sponsor_id", id: "id"},
		{table: "campaigns", column: "manager_id", id: "id"},
		{table: "stage_transitions", column: "by_id", id: "id"},
		{table: "campaign_team", column: "user_id", id: "campaign_id", once: true, at: "created_at"},
		{table: "campaign_stages", column: "answerer_id", id: "campaign_id", ref: "CAST(position AS TEXT)"},
		{table: "decisions", column: "author_id", kind: MergeDecisions, id: "id"},
		{table: "projects", column: "owner_id", kind: MergeProjects, id: "id"},
		{table: "projects", column: "controller_id", id: "id"},
		{table: "project_steps", column: "assignee_id", kind: MergeTasks, id: "id"},
		{table: "project_updates", column: "author_id", id: "id"},
		{table: "benefits", column: "claimed_by", id: "id"},
		{table: "benefits", column: "judged_by", id: "id"},
		{table: "evaluators", column: "user_id", id: "campaign_id", once: true},
		{table: "evaluations", column: "user_id", kind: MergeDecisions, id: "idea_id", once: true},
		{table: "evaluation_publications", column: "published_by", kind: MergeDecisions, id: "idea_id"},
		{table: "passport_links", column: "user_id", id: "id"},
		{table: "evaluation_posts", column: "user_id", id: "id"},
		{table: "identities", column: "user_id", kind: MergeIdentities, ref: "issuer || ' ' || subject"},
		{table: "passkeys", column: "user_id", kind: MergePasskeys, id: "id"},
		{table: "rosters", column: "user_id", id: "id"},
		{table: "idea_imports", column: "user_id", id: "id"},
		{table: "article_imports", column: "user_id", id: "id"},
		{table: "jobs", column: "owner_id", id: "id"},
		{table: "erasures", column: "requested_by", id: "id"},
		{table: "merges", column: "actor_id", id: "id"},
		{table: "users", column: "manager_id", kind: MergeReports, id: "id"},
		{table: "users", column: "sponsor_id", kind: MergeGuests, id: "id"},
		{table: "users", column: "merged_into", id: "id"},
	}
}

// CarriedAtMerge lists the columns, as "table.column", in which a merge puts one account in the place of another.
func CarriedAtMerge() (places []string) {
	for _, c := range carriedColumns() {
		places = append(places, c.place())
	}
	return places
}

// StaysAtMerge are the columns with the id of a person that a merge does not carry over, each with the reason.
func StaysAtMerge() map[string]string {
	return map[string]string{
		"grants.user_id":               "the wider of two roles counts: mergerights.go",
		"memberships.user_id":          "made anew from the grants",
		"expertise.user_id":            "made anew by the reader of the log that is called experts",
		"expertise_evidence.user_id":   "as expertise.user_id",
		"user_words.user_id":           "made anew from name and address",
		"sessions.user_id":             "ended: whoever is signed in with the account that goes signs in again",
		"tokens.user_id":               "ended, and do not come back",
		"feed_tokens.user_id":          "as tokens.user_id",
		"followings.person_id":         "who followed the account that goes hears of the one that stays: audience.go",
		"login_links.user_id":          "spent",
		"access_reminders.user_id":     "about the end of the access of the account that goes",
		"idempotency_keys.user_id":     "answers to programs of the account that goes; gone within a day",
		"corrections.user_id":          "a wish about what was said of the account that goes",
		"exports.user_id":              "a copy of what the account that goes was; ends by itself",
		"downloads.user_id":            "what the account that goes could read; ends by itself",
		"erasures.user_id":             "nothing is merged of whom an erasure was asked for",
		"hidden_authors.mask_id":       "a mask is nobody, so nothing is merged with it",
		"return_codes.mask_id":         "as hidden_authors.mask_id",
		"seals.mask_id":                "as hidden_authors.mask_id",
		"merges.kept_id":               "what was merged, as it was",
		"merges.gone_id":               "what was merged, as it was",
		"events.actor_id":              "the log says who did it then, and goes on saying so",
		"events.subject_id":            "as events.actor_id",
		"evaluation_reminders.user_id": "about a deadline of the account that goes",
	}
}
