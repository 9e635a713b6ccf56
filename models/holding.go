package models

import "slices"

// Processing is one purpose for which the house keeps something about people: a chapter of the register of processing.
type Processing string

// The chapters of the register, in their order there.
const (
	Accounts      Processing = "accounts"      // who takes part
	Access        Processing = "access"        // how people come in
	Audiences     Processing = "audiences"     // who may read and write where
	Contributions Processing = "contributions" // what people write and show
	Participation Processing = "participation" // what people support and follow
	Notices       Processing = "notices"       // what people are told
	Traces        Processing = "traces"        // what happened, and who did it
	Errands       Processing = "errands"       // work that waits, mail among it
	Requests      Processing = "requests"      // what people ask about their own data
)

// Processings lists the chapters.
func Processings() []Processing {
	return []Processing{Accounts, Access, Audiences, Contributions, Participation, Notices, Traces, Errands, Requests}
}

// Fate says what a column holds and what becomes of it when a person is erased.
type Fate int

// Fates.
const (
	Machine Fate = iota // words or numbers of the program, which say nothing about anybody; left as they are
	Hidden              // as Machine, and of no use to anybody in a copy of their data: secrets, their hashes, rendered texts
	Prose               // people write it: searched for the name and the address of whoever is erased
	Markup              // as Prose, and of no use in a copy beside the text that it was made from
	Goes                // a person's id: the row is theirs alone and goes with them
	Former              // a person's id: becomes that of the former member
	Forgets             // a person's id: becomes empty
)

// Holding says what one table holds about people. Every table has one: a test compares them with the real schema, and
// the copy of a person's data, the register of processing and erasure all go by them.
type Holding struct {
	Table      string
	Processing Processing
	Key        []string // the columns of the primary key
	// Own is the condition for rows that are a person's own, in which each ? is their id; empty where none is.
	Own string
	// Columns are those of text, and those with the id of a person or of anything the database does not check.
	Columns map[string]Fate
}

// Holdings lists all tables, in the order in which a person's rows can go.
func Holdings() []Holding {
	return slices.Concat(accessHoldings(), audienceHoldings(), takingPartHoldings(), evaluationHoldings(), contributionHoldings(), traceHoldings(), requestHoldings(), accountHoldings())
}

// withFate lists the columns with one of the given fates, in the order of their names.
func (h *Holding) withFate(fates ...Fate) (columns []string) {
	for column, fate := range h.Columns {
		if slices.Contains(fates, fate) {
			columns = append(columns, column)
		}
	}
	slices.Sort(columns)
	return columns
}

func accountHoldings() []Holding {
	return []Holding{
		{Table: "merged_rows", Processing: Accounts, Key: []string{"merge_id", "place", "row_id", "row_ref"}, Columns: map[string]Fate{
			"place": Machine, "row_id": Machine, "row_ref": Hidden, "aside": Machine, "role": Machine, "had": Machine}},
		{Table: "merges", Processing: Accounts, Key: []string{"id"}, Own: "kept_id = ? OR gone_id = ?", Columns: map[string]Fate{
			"kept_id": Goes, "gone_id": Goes, "actor_id": Former, "accounts": Prose, "moved": Machine, "lost": Machine}},
		{Table: "identities", Processing: Accounts, Key: []string{"issuer", "subject"}, Own: "user_id = ?", Columns: map[string]Fate{
			"issuer": Machine, "subject": Machine, "user_id": Goes, "claims": Prose}},
		{Table: "user_words", Processing: Accounts, Key: []string{"user_id", "word"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "word": Markup}},
		{Table: "users", Processing: Accounts, Key: []string{"id"}, Own: "id = ?", Columns: map[string]Fate{
			"email": Prose, "name": Prose, "name_key": Markup, "role": Machine, "rule_role": Machine, "job": Prose, "site": Prose, "department": Prose, "job_family": Prose,
			"organisation": Prose, "user_name": Prose, "user_name_key": Markup, "external_id": Machine, "given_name": Prose, "family_name": Prose, "locale": Machine, "theme": Machine, "picture_from": Hidden, "import_ref": Machine, "manager_id": Forgets, "sponsor_id": Forgets, "merged_into": Forgets}},
	}
}

func accessHoldings() []Holding {
	return []Holding{
		{Table: "sessions", Processing: Access, Key: []string{"token"}, Own: "user_id = ?", Columns: map[string]Fate{
			"token": Hidden, "user_id": Goes, "data": Hidden, "device": Machine, "issuer": Machine, "subject": Machine, "sid": Hidden, "id_token": Hidden}},
		{Table: "logout_tokens", Processing: Access, Key: []string{"issuer", "token"}, Columns: map[string]Fate{"issuer": Machine, "token": Hidden}},
		{Table: "sign_in_rules", Processing: Access, Key: []string{"id"}, Columns: map[string]Fate{
			"issuer": Machine, "claim": Machine, "value": Prose, "role": Machine, "space_role": Machine}},
		{Table: "login_links", Processing: Access, Key: []string{"token"}, Own: "user_id = ?", Columns: map[string]Fate{"token": Hidden, "user_id": Goes}},
		{Table: "feed_tokens", Processing: Access, Key: []string{"user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "hash": Hidden}},
		{Table: "tokens", Processing: Access, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"name": Prose, "hash": Hidden, "start": Machine, "scope": Machine, "user_id": Goes}},
		{Table: "access_reminders", Processing: Access, Key: []string{"user_id", "expires_at", "days"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "devices", Processing: Access, Key: []string{"user_id", "key"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "key": Hidden}},
		{Table: "passkeys", Processing: Access, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Goes, "credential_id": Hidden, "credential": Hidden, "name": Prose}},
		{Table: "passkey_challenges", Processing: Access, Key: []string{"token"}, Columns: map[string]Fate{"token": Hidden, "data": Hidden}},
	}
}

func audienceHoldings() []Holding {
	return []Holding{
		{Table: "invitation_spaces", Processing: Audiences, Key: []string{"invitation_id", "space_id"}, Columns: map[string]Fate{}},
		{Table: "invitations", Processing: Audiences, Key: []string{"id"}, Own: "user_id = ? OR inviter_id = ?", Columns: map[string]Fate{
			"email": Prose, "token": Hidden, "role": Machine, "message": Prose, "locale": Machine, "inviter_id": Former, "sponsor_id": Former, "user_id": Goes}},
		{Table: "invitation_links", Processing: Audiences, Key: []string{"id"}, Own: "inviter_id = ?", Columns: map[string]Fate{
			"token": Hidden, "role": Machine, "domains": Machine, "inviter_id": Former, "sponsor_id": Forgets}},
		{Table: "registrations", Processing: Audiences, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"email": Prose, "token": Hidden, "name": Prose, "organisation": Prose, "message": Prose, "locale": Machine, "user_id": Goes, "state": Machine, "answer": Prose, "decided_by": Former}},
		{Table: "grants", Processing: Audiences, Key: []string{"space_id", "user_id", "source"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Goes, "source": Machine, "role": Machine}},
		{Table: "memberships", Processing: Audiences, Key: []string{"space_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "role": Machine}},
		{Table: "entry_requests", Processing: Audiences, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Goes, "message": Prose, "state": Machine, "answer": Prose, "decided_by": Former}},
		{Table: "group_members", Processing: Audiences, Key: []string{"group_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "rule_members", Processing: Audiences, Key: []string{"user_id", "group_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "groups", Processing: Audiences, Key: []string{"id"}, Columns: map[string]Fate{"kind": Machine, "name": Prose, "name_key": Markup, "external_ref": Machine}},
		{Table: "mention_limits", Processing: Audiences, Key: []string{"who"}, Columns: map[string]Fate{"who": Machine}},
		{Table: "space_groups", Processing: Audiences, Key: []string{"space_id", "group_id"}, Columns: map[string]Fate{"role": Machine}},
		{Table: "acceptances", Processing: Audiences, Key: []string{"agreement_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "agreements", Processing: Audiences, Key: []string{"id"}, Own: "author_id = ? OR id IN (SELECT agreement_id FROM acceptances WHERE user_id = ?)", Columns: map[string]Fate{"body": Prose, "html": Markup, "author_id": Former}},
		{Table: "spaces", Processing: Audiences, Key: []string{"id"}, Columns: map[string]Fate{
			"slug": Machine, "title": Prose, "description": Prose, "visibility": Machine, "joining": Machine, "import_ref": Machine}},
	}
}

func takingPartHoldings() []Holding {
	return []Holding{
		{Table: "supports", Processing: Participation, Key: []string{"idea_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "reactions", Processing: Participation, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Forgets}},
		{Table: "skills", Processing: Participation, Key: []string{"id"}, Columns: map[string]Fate{"name": Prose, "key": Markup}},
		{Table: "person_skills", Processing: Participation, Key: []string{"user_id", "skill_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "skill_endorsements", Processing: Participation, Key: []string{"id"}, Own: "user_id = ? OR endorser_id = ?", Columns: map[string]Fate{"user_id": Goes, "endorser_id": Goes}},
		{Table: "expert_requests", Processing: Participation, Key: []string{"id"}, Own: "expert_id = ? OR asker_id = ?", Columns: map[string]Fate{"expert_id": Goes, "asker_id": Goes, "state": Machine, "word": Prose}},
		{Table: "expert_choices", Processing: Participation, Key: []string{"user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "expertise_evidence", Processing: Participation, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "tag": Prose, "key": Markup, "kind": Machine, "weight": Hidden}},
		{Table: "expertise", Processing: Participation, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "tag": Prose, "key": Markup, "score": Hidden, "answers": Hidden, "articles": Hidden, "reviews": Hidden}},
		{Table: "reaction_counts", Processing: Participation, Key: []string{"post_id", "sign_id"}, Columns: map[string]Fate{}},
		{Table: "reaction_signs", Processing: Participation, Key: []string{"id"}, Columns: map[string]Fate{"emoji": Machine, "name_en": Prose, "name_fr": Prose}},
		{Table: "ballot_lines", Processing: Participation, Key: []string{"ballot_id", "idea_id"}, Own: "ballot_id IN (SELECT id FROM ballots WHERE user_id = ?)", Columns: map[string]Fate{}},
		{Table: "duels", Processing: Participation, Key: []string{"ballot_id", "number"}, Own: "ballot_id IN (SELECT id FROM ballots WHERE user_id = ?)", Columns: map[string]Fate{}},
		{Table: "ballots", Processing: Participation, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Forgets, "key": Machine, "department": Machine, "site": Machine, "job_family": Machine}},
		{Table: "poll_votes", Processing: Participation, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Forgets, "marks": Machine, "reason": Prose, "reply": Prose, "replied_by": Former}},
		{Table: "poll_outcomes", Processing: Contributions, Key: []string{"thread_id", "number"}, Own: "author_id = ?", Columns: map[string]Fate{
			"author_id": Former, "body": Prose, "html": Markup}},
		{Table: "poll_options", Processing: Contributions, Key: []string{"thread_id", "position"}, Columns: map[string]Fate{"label": Prose, "day": Machine}},
		{Table: "idea_threads", Processing: Contributions, Key: []string{"idea_id", "thread_id"}, Own: "linked_by = ?", Columns: map[string]Fate{"linked_by": Former}},
		{Table: "polls", Processing: Contributions, Key: []string{"thread_id"}, Own: "thread_id IN (SELECT id FROM threads WHERE author_id = ?)", Columns: map[string]Fate{
			"kind": Machine, "question": Prose, "results": Machine, "tally": Machine, "closed_by": Former}},
		{Table: "idea_views", Processing: Participation, Key: []string{"idea_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "exposures", Processing: Participation, Key: []string{"campaign_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "seen": Hidden}},
		{Table: "duel_pairs", Processing: Participation, Key: []string{"campaign_id", "low_id", "high_id"}, Columns: map[string]Fate{}},
		{Table: "voting_options", Processing: Participation, Key: []string{"campaign_id", "idea_id"}, Columns: map[string]Fate{}},
		{Table: "voting_rules", Processing: Participation, Key: []string{"campaign_id"}, Columns: map[string]Fate{
			"method": Machine, "divided_by": Machine, "terms": Machine, "hash": Machine, "electorate": Machine, "result": Machine, "result_hash": Machine}},
		{Table: "follows", Processing: Participation, Key: []string{"user_id", "idea_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "followings", Processing: Participation, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "person_id": Goes, "target": Machine, "tag": Prose, "level": Machine}},
		{Table: "notices", Processing: Notices, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "kind": Machine, "actor_id": Former, "group_id": Machine, "via": Machine, "via_level": Machine, "via_tag": Prose}},
		{Table: "space_notices", Processing: Notices, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Goes, "kind": Machine, "actor_id": Former, "request_id": Machine}},
		{Table: "house_notices", Processing: Notices, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "kind": Machine, "figures": Machine}},
		{Table: "space_follows", Processing: Participation, Key: []string{"space_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "campaign_turns", Processing: Notices, Key: []string{"campaign_id", "kind"}, Columns: map[string]Fate{"kind": Machine}},
	}
}

func evaluationHoldings() []Holding {
	return []Holding{
		{Table: "evaluation_reminders", Processing: Participation, Key: []string{"campaign_id", "user_id", "due_at", "days"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "evaluators", Processing: Participation, Key: []string{"campaign_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "tags": Prose}},
		{Table: "evaluations", Processing: Contributions, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Forgets, "state": Machine, "answers": Machine, "note": Prose, "reason": Prose}},
		{Table: "evaluation_posts", Processing: Contributions, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Forgets, "kind": Machine, "body": Prose}},
		{Table: "evaluation_results", Processing: Contributions, Key: []string{"idea_id"}, Columns: map[string]Fate{}},
		{Table: "criteria", Processing: Contributions, Key: []string{"id"}, Columns: map[string]Fate{
			"name_en": Prose, "name_fr": Prose, "help_en": Prose, "help_fr": Prose, "steps_en": Prose, "steps_fr": Prose, "axis": Machine}},
		{Table: "evaluation_publications", Processing: Contributions, Key: []string{"idea_id"}, Own: "published_by = ?", Columns: map[string]Fate{"audience": Machine, "figures": Prose, "published_by": Former}},
		{Table: "passport_links", Processing: Contributions, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "token": Hidden, "audience": Machine, "chapters": Machine}},
		{Table: "house_keys", Processing: Contributions, Key: []string{"id"}, Columns: map[string]Fate{"public_key": Machine, "private_key": Hidden}},
		{Table: "graduations", Processing: Contributions, Key: []string{"campaign_id", "stage"}, Columns: map[string]Fate{"stage": Machine}},
		{Table: "graduation_proposals", Processing: Contributions, Key: []string{"idea_id", "stage"}, Columns: map[string]Fate{"stage": Machine}},
		{Table: "scorecards", Processing: Contributions, Key: []string{"campaign_id"}, Columns: map[string]Fate{}},
	}
}

// ofMasks is the condition that a column has a mask of a person, its argument.
func ofMasks(column string) string {
	return column + " IN (SELECT mask_id FROM hidden_authors WHERE user_id = ?)"
}

func contributionHoldings() []Holding {
	return []Holding{
		{Table: "drafts", Processing: Contributions, Key: []string{"user_id", "form"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Goes, "form": Machine, "fields": Prose}},
		{Table: "idea_answers", Processing: Contributions, Key: []string{"idea_id", "field_id", "from_version"}, Own: "idea_id IN (SELECT id FROM ideas WHERE author_id = ? OR " + ofMasks("author_id") + ")", Columns: map[string]Fate{
			"value": Prose, "person_id": Former, "visibility": Machine}},
		{Table: "text_links", Processing: Contributions, Key: []string{"id"}, Columns: map[string]Fate{"target": Machine, "target_id": Machine}},
		{Table: "text_references", Processing: Contributions, Key: []string{"id"}, Columns: map[string]Fate{"target": Machine, "target_id": Machine}},
		{Table: "links", Processing: Contributions, Key: []string{"id"}, Columns: map[string]Fate{
			"hash": Hidden, "url": Prose, "state": Machine, "title": Prose, "description": Prose, "site": Prose, "lang": Machine, "picture_type": Machine}},
		{Table: "form_fields", Processing: Contributions, Key: []string{"id"}, Columns: map[string]Fate{"kind": Machine, "visibility": Machine}},
		{Table: "form_field_versions", Processing: Contributions, Key: []string{"field_id", "number"}, Columns: map[string]Fate{
			"label_fr": Prose, "label_en": Prose, "help_fr": Prose, "help_en": Prose, "choices": Prose, "accepts": Machine}},
		{Table: "files", Processing: Contributions, Key: []string{"id"}, Own: "user_id = ? OR " + ofMasks("user_id"), Columns: map[string]Fate{
			"user_id": Former, "key": Hidden, "name": Prose, "content_type": Machine, "digest": Hidden, "upload_id": Hidden}},
		{Table: "hidden_authors", Processing: Contributions, Key: []string{"mask_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "mask_id": Goes}},
		{Table: "return_codes", Processing: Contributions, Key: []string{"hash"}, Columns: map[string]Fate{"hash": Hidden, "mask_id": Goes}},
		{Table: "seal_keys", Processing: Access, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "recipient": Hidden, "secret": Hidden}},
		{Table: "seal_keepers", Processing: Contributions, Key: []string{"campaign_id", "position"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "role": Prose}},
		{Table: "seals", Processing: Contributions, Key: []string{"mask_id"}, Columns: map[string]Fate{"mask_id": Goes, "for_first": Hidden, "for_second": Hidden}},
		{Table: "seal_openings", Processing: Contributions, Key: []string{"id"}, Own: "asked_by = ? OR answered_by = ? OR told_id = ?", Columns: map[string]Fate{
			"asked_by": Former, "answered_by": Former, "told_id": Forgets, "reason": Prose, "state": Machine, "half": Hidden, "for_asker": Hidden, "for_other": Hidden}},
		{Table: "post_versions", Processing: Contributions, Key: []string{"post_id", "number"}, Own: "editor_id = ? OR " + ofMasks("editor_id"), Columns: map[string]Fate{
			"editor_id": Former, "body": Prose, "cleared_by": Former, "clear_reason": Prose}},
		{Table: "idea_versions", Processing: Contributions, Key: []string{"idea_id", "number"}, Own: "editor_id = ? OR " + ofMasks("editor_id"), Columns: map[string]Fate{
			"editor_id": Former, "title": Prose, "summary": Prose, "body": Prose, "tags": Prose}},
		{Table: "co_authors", Processing: Contributions, Key: []string{"idea_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Goes, "state": Machine, "message": Prose}},
		{Table: "paper_ideas", Processing: Contributions, Key: []string{"idea_id"}, Own: "entered_by = ? OR claimed_by = ?", Columns: map[string]Fate{
			"name": Prose, "code": Hidden, "source": Machine, "entered_by": Former, "claimed_by": Former}},
		{Table: "boxes", Processing: Contributions, Key: []string{"id"}, Own: "opened_by = ?", Columns: map[string]Fate{"token": Hidden, "opened_by": Former}},
		{Table: "box_notes", Processing: Contributions, Key: []string{"id"}, Columns: map[string]Fate{"title": Prose, "body": Prose, "name": Prose, "once": Hidden, "code": Hidden}},
		{Table: "amendments", Processing: Contributions, Key: []string{"id"}, Own: "author_id = ?", Columns: map[string]Fate{
			"author_id": Former, "decided_by": Former, "title": Prose, "summary": Prose, "body": Prose, "reason": Prose, "answer": Prose, "state": Machine}},
		{Table: "idea_merges", Processing: Contributions, Key: []string{"id"}, Own: "proposed_by = ?", Columns: map[string]Fate{
			"proposed_by": Former, "answered_by": Former, "ended_by": Former, "reason": Prose, "state": Machine, "was_answer": Machine}},
		{Table: "idea_places", Processing: Contributions, Key: []string{"idea_id", "place"}, Columns: map[string]Fate{"place": Machine, "space_id": Machine}},
		{Table: "idea_tags", Processing: Contributions, Key: []string{"tag", "idea_id"}, Columns: map[string]Fate{"tag": Prose, "space_id": Machine}},
		{Table: "campaigns", Processing: Contributions, Key: []string{"id"}, Columns: map[string]Fate{
			"sponsor_id": Forgets, "manager_id": Forgets, "kind": Machine, "anonymity": Machine, "title": Prose, "question": Prose, "body": Prose, "html": Markup, "rules": Prose, "rules_html": Markup, "prizes": Prose, "prizes_html": Markup, "faq": Prose, "faq_html": Markup, "lang": Machine, "pause_reason": Prose, "import_ref": Machine, "banner_alt": Prose, "banner_focus": Machine}},
		{Table: "decisions", Processing: Contributions, Key: []string{"id"}, Own: "author_id = ?", Columns: map[string]Fate{
			"author_id": Former, "kind": Machine, "reason_code": Machine, "body": Prose, "html": Markup, "lang": Machine, "conditions": Prose, "reopen_tag": Prose, "reopened_by": Machine}},
		{Table: "answer_templates", Processing: Contributions, Key: []string{"kind", "lang"}, Columns: map[string]Fate{"kind": Machine, "lang": Machine, "body": Prose}},
		{Table: "campaign_answers", Processing: Contributions, Key: []string{"campaign_id", "days"}, Columns: map[string]Fate{}},
		{Table: "campaign_funnels", Processing: Contributions, Key: []string{"campaign_id", "stage"}, Columns: map[string]Fate{"stage": Machine}},
		{Table: "stage_transitions", Processing: Contributions, Key: []string{"id"}, Own: "by_id = ?", Columns: map[string]Fate{
			"from_stage": Machine, "to_stage": Machine, "by_id": Former, "reason_code": Machine, "reason": Prose}},
		{Table: "campaign_team", Processing: Contributions, Key: []string{"campaign_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "campaign_groups", Processing: Audiences, Key: []string{"campaign_id", "group_id"}, Columns: map[string]Fate{}},
		{Table: "campaign_stages", Processing: Contributions, Key: []string{"campaign_id", "position"}, Columns: map[string]Fate{"kind": Machine, "answerer_id": Forgets}},
		{Table: "benefits", Processing: Contributions, Key: []string{"id"}, Own: "claimed_by = ? OR judged_by = ?", Columns: map[string]Fate{
			"kind": Machine, "unit": Prose, "nature": Machine, "label": Prose, "state": Machine, "reason": Prose, "claimed_by": Former, "judged_by": Former}},
		{Table: "project_stories", Processing: Contributions, Key: []string{"project_id"}, Own: "project_id IN (SELECT id FROM projects WHERE owner_id = ?)", Columns: map[string]Fate{
			"before_text": Prose, "before_html": Markup, "after_text": Prose, "after_html": Markup, "lang": Machine}},
		{Table: "project_updates", Processing: Contributions, Key: []string{"id"}, Own: "author_id = ?", Columns: map[string]Fate{
			"author_id": Former, "body": Prose, "html": Markup, "lang": Machine}},
		{Table: "project_steps", Processing: Contributions, Key: []string{"id"}, Own: "assignee_id = ?", Columns: map[string]Fate{
			"kind": Machine, "title": Prose, "assignee_id": Forgets}},
		{Table: "projects", Processing: Contributions, Key: []string{"id"}, Own: "owner_id = ? OR controller_id = ?", Columns: map[string]Fate{
			"title": Prose, "goal": Prose, "html": Markup, "lang": Machine, "owner_id": Forgets, "controller_id": Forgets, "state": Machine, "reason": Prose, "stage_before": Machine}},
		{Table: "posts", Processing: Contributions, Key: []string{"id"}, Own: "author_id = ? OR " + ofMasks("author_id"), Columns: map[string]Fate{
			"author_id": Former, "removed_by": Former, "body": Prose, "html": Markup, "lang": Machine, "import_ref": Machine}},
		{Table: "thread_shift_files", Processing: Contributions, Key: []string{"shift_id", "file_id"}, Columns: map[string]Fate{}},
		{Table: "thread_shift_posts", Processing: Contributions, Key: []string{"shift_id", "post_id"}, Columns: map[string]Fate{}},
		{Table: "article_people", Processing: Contributions, Key: []string{"article_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "level": Machine}},
		{Table: "attendances", Processing: Participation, Key: []string{"gathering_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "answer": Machine}},
		{Table: "gathering_people", Processing: Contributions, Key: []string{"gathering_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "level": Machine}},
		{Table: "gathering_versions", Processing: Contributions, Key: []string{"gathering_id", "number"}, Own: "editor_id = ?", Columns: map[string]Fate{
			"editor_id": Former, "title": Prose, "body": Prose, "place": Prose, "url": Prose}},
		{Table: "gatherings", Processing: Contributions, Key: []string{"id"}, Own: "author_id = ?", Columns: map[string]Fate{
			"author_id": Former, "cancelled_by": Former, "title": Prose, "summary": Prose, "body": Prose, "html": Markup, "lang": Machine, "place": Prose, "url": Prose, "reason": Prose, "state": Machine}},
		{Table: "article_reads", Processing: Contributions, Key: []string{"user_id", "article_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "article_stars", Processing: Contributions, Key: []string{"user_id", "article_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes}},
		{Table: "thread_people", Processing: Contributions, Key: []string{"thread_id", "user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "level": Machine}},
		{Table: "thread_shifts", Processing: Contributions, Key: []string{"id"}, Own: "actor_id = ?", Columns: map[string]Fate{
			"kind": Machine, "actor_id": Former, "accepted_by": Former, "ended_by": Former}},
		{Table: "thread_tags", Processing: Contributions, Key: []string{"tag", "space_id", "thread_id"}, Columns: map[string]Fate{"tag": Prose}},
		{Table: "threads", Processing: Contributions, Key: []string{"id"}, Own: "author_id = ? OR " + ofMasks("author_id"), Columns: map[string]Fate{
			"author_id": Former, "title": Prose, "summary": Prose, "lang": Machine, "tags": Prose, "kind": Machine, "state": Machine, "anonymity": Machine, "import_ref": Machine,
			"accepted_by": Former, "pinned_by": Former, "closed_by": Former, "close_reason": Prose}},
		{Table: "passage_words", Processing: Contributions, Key: []string{"id"}, Own: "author_id = ?", Columns: map[string]Fate{
			"author_id": Former, "body": Prose, "removed_by": Former}},
		{Table: "passages", Processing: Contributions, Key: []string{"id"}, Own: "author_id = ?", Columns: map[string]Fate{
			"author_id": Former, "quote": Prose, "words": Markup, "prefix": Markup, "suffix": Markup, "resolved_by": Former}},
		{Table: "article_blame", Processing: Contributions, Key: []string{"article_id"}, Columns: map[string]Fate{"marks": Machine}},
		{Table: "article_version_names", Processing: Contributions, Key: []string{"article_id", "number"}, Own: "named_by = ?", Columns: map[string]Fate{
			"name": Prose, "note": Prose, "named_by": Former}},
		{Table: "article_versions", Processing: Contributions, Key: []string{"article_id", "number"}, Own: "editor_id = ?", Columns: map[string]Fate{
			"editor_id": Former, "title": Prose, "body": Prose, "tags": Prose, "note": Prose}},
		{Table: "article_verifications", Processing: Contributions, Key: []string{"id"}, Own: "verified_by = ?", Columns: map[string]Fate{"verified_by": Former}},
		{Table: "article_feedback", Processing: Contributions, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Former, "reason": Prose, "state": Machine, "answer": Prose, "answered_by": Former}},
		{Table: "article_drafts", Processing: Contributions, Key: []string{"id"}, Own: "author_id = ?", Columns: map[string]Fate{
			"author_id": Former, "title": Prose, "body": Prose, "html": Markup, "lang": Machine, "tags": Prose, "note": Prose, "state": Machine}},
		{Table: "article_reviews", Processing: Contributions, Key: []string{"id"}, Own: "reviewer_id = ? OR asked_by = ?", Columns: map[string]Fate{
			"reviewer_id": Former, "asked_by": Former, "verdict": Machine, "word": Prose}},
		{Table: "article_origins", Processing: Contributions, Key: []string{"id"}, Own: "linked_by = ?", Columns: map[string]Fate{"linked_by": Former}},
		{Table: "article_tags", Processing: Contributions, Key: []string{"tag", "space_id", "article_id"}, Columns: map[string]Fate{"tag": Prose}},
		{Table: "article_templates", Processing: Contributions, Key: []string{"id"}, Columns: map[string]Fate{"title": Prose, "guide": Prose, "body": Prose, "lang": Machine}},
		{Table: "articles", Processing: Contributions, Key: []string{"id"}, Own: "author_id = ? OR editor_id = ? OR owner_id = ?", Columns: map[string]Fate{
			"author_id": Former, "editor_id": Former, "owner_id": Forgets, "owner_before": Forgets, "given_by": Forgets, "source": Prose, "source_url": Prose, "withdrawn_by": Former, "title": Prose, "summary": Markup, "body": Prose, "html": Markup, "outline": Markup, "lang": Machine, "tags": Prose, "state": Machine, "import_ref": Machine}},
		{Table: "terms", Processing: Contributions, Key: []string{"id"}, Columns: map[string]Fate{"word": Prose, "word_key": Prose, "also": Prose, "lang": Machine, "definition": Prose, "html": Markup, "state": Machine}},
		{Table: "term_versions", Processing: Contributions, Key: []string{"term_id", "number"}, Own: "editor_id = ?", Columns: map[string]Fate{
			"editor_id": Former, "word": Prose, "also": Prose, "lang": Machine, "definition": Prose}},
		{Table: "term_words", Processing: Contributions, Key: []string{"term_id", "word_key"}, Columns: map[string]Fate{"word_key": Prose}},
		{Table: "collections", Processing: Contributions, Key: []string{"id"}, Columns: map[string]Fate{"title": Prose, "description": Prose, "import_ref": Machine}},
		{Table: "topics", Processing: Contributions, Key: []string{"id"}, Columns: map[string]Fate{"slug": Prose, "title": Prose, "description": Prose, "import_ref": Machine}},
		{Table: "ideas", Processing: Contributions, Key: []string{"id"}, Own: "author_id = ? OR " + ofMasks("author_id"), Columns: map[string]Fate{
			"author_id": Former, "title": Prose, "body": Prose, "html": Markup, "summary": Prose, "lang": Machine, "tags": Prose, "campaign": Prose,
			"stage": Machine, "state": Machine, "anonymity": Machine, "answer": Machine, "import_ref": Machine}},
	}
}

func traceHoldings() []Holding {
	return []Holding{
		{Table: "events", Processing: Traces, Key: []string{"id"}, Own: "actor_id = ? OR subject = 'user' AND subject_id = ?", Columns: map[string]Fate{
			"verb": Machine, "actor_id": Former, "space_id": Machine, "subject": Machine, "subject_id": Machine, "data": Prose}},
		{Table: "cursors", Processing: Traces, Key: []string{"reader"}, Columns: map[string]Fate{"reader": Machine}},
		{Table: "rosters", Processing: Errands, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Goes, "name": Prose, "content": Prose, "problem": Machine}},
		{Table: "import_problems", Processing: Errands, Key: []string{"import_id", "number"}, Columns: map[string]Fate{"place": Machine, "problem": Machine}},
		{Table: "idea_imports", Processing: Errands, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Former, "what": Machine, "name": Prose, "key": Hidden, "reading": Prose, "mapping": Machine, "counts": Prose, "problem": Machine}},
		{Table: "article_imports", Processing: Errands, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Former, "name": Prose, "key": Hidden, "format": Machine, "report": Prose, "problem": Machine}},
		{Table: "downloads", Processing: Errands, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Goes, "key": Hidden, "what": Machine, "format": Machine, "separator": Machine, "locale": Machine, "filter": Machine, "spaces": Machine, "collections": Machine}},
		{Table: "idempotency_keys", Processing: Errands, Key: []string{"user_id", "key"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Goes, "key": Hidden, "request_hash": Hidden, "result": Machine}},
		{Table: "jobs", Processing: Errands, Key: []string{"id"}, Own: "owner_id = ?", Columns: map[string]Fate{
			"kind": Machine, "args": Prose, "key": Machine, "owner_id": Goes, "state": Machine}},
	}
}

func requestHoldings() []Holding {
	return []Holding{
		{Table: "corrections", Processing: Requests, Key: []string{"user_id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "wish": Prose}},
		{Table: "exports", Processing: Requests, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{"user_id": Goes, "key": Hidden}},
		{Table: "erasures", Processing: Requests, Key: []string{"id"}, Own: "user_id = ?", Columns: map[string]Fate{
			"user_id": Forgets, "requested_by": Forgets, "contributions": Machine, "names": Hidden, "step": Hidden, "position": Hidden}},
		{Table: "legal_holds", Processing: Requests, Key: []string{"id"}, Columns: map[string]Fate{
			"subject": Machine, "user_id": Forgets, "reason": Prose, "reference": Prose, "placed_by": Former, "released_by": Former, "release_reason": Prose}},
		{Table: "privacy_settings", Processing: Requests, Key: []string{"name"}, Columns: map[string]Fate{"name": Machine, "value": Machine}},
		{Table: "retention_runs", Processing: Requests, Key: []string{"kind"}, Columns: map[string]Fate{"kind": Machine}},
	}
}
