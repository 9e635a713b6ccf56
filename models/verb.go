package models

import (
	"slices"
	"strings"
)

// Verbs of the event log.
const (
	IdeaPosted         = "idea.posted"
	IdeaEdited         = "idea.edited"
	IdeaWithdrawn      = "idea.withdrawn"
	IdeaRestored       = "idea.restored"
	IdeaStaged         = "idea.staged"
	IdeaAnswered       = "idea.answered" // officially, for the first time or anew
	IdeaReopened       = "idea.reopened" // the answer was given for a time
	IdeaSupported      = "idea.supported"
	IdeaUnsupported    = "idea.unsupported"
	IdeaAuthorAsked    = "idea.author_asked" // somebody, to sign it beside its author
	IdeaAuthorJoined   = "idea.author_joined"
	IdeaAuthorDeclined = "idea.author_declined"
	IdeaAuthorLeft     = "idea.author_left"
	IdeaAuthorRemoved  = "idea.author_removed"
	AmendmentProposed  = "idea.amendment_proposed"
	AmendmentDeclined  = "idea.amendment_rejected"
	AmendmentTakenBack = "idea.amendment_withdrawn"
	IdeaMergeProposed  = "idea.merge_proposed" // that it goes on in another one
	IdeaMergeRefused   = "idea.merge_refused"  // by an author
	IdeaMergeEnded     = "idea.merge_ended"
	IdeaMerged         = "idea.merged"
	IdeaTied           = "idea.tied" // to a thread
	IdeaUntied         = "idea.untied"
	IdeaHandedOver     = "idea.handed_over" // to the co-authors of somebody who was erased
	IdeaEntered        = "idea.entered"     // by somebody who typed in what another one wrote on paper
	IdeaClaimed        = "idea.claimed"     // by whoever wrote it, with the code of its slip
	IdeaReturned       = "idea.returned"    // from somebody who had claimed it wrongly
	SlipsPrinted       = "idea.slips_printed"
	NoteLeft           = "idea.left_in_box" // by a phone, for those to look at who look after the box
	NoteDropped        = "idea.dropped_from_box"

	BoxOpened   = "box.opened" // people may leave ideas there without signing in
	BoxReplaced = "box.replaced"
	BoxClosed   = "box.closed"

	SealKeepersSet = "seal.keepers_set" // of a campaign
	SealKeyMade    = "seal.key_made"
	SealRefused    = "seal.refused" // the passphrase was wrong
	SealAsked      = "seal.asked"   // to be opened
	SealDeclined   = "seal.declined"
	SealTakenBack  = "seal.taken_back"
	SealExpired    = "seal.expired" // nobody has answered
	SealOpened     = "seal.opened"
	SealNobody     = "seal.nobody" // opened, and there was nobody to name
	SealShown      = "seal.shown"  // to one of the two, who it is, once more

	ThreadBegun     = "thread.begun"
	ThreadEdited    = "thread.edited" // its title, its topic, its tags
	ThreadWithdrawn = "thread.withdrawn"
	ThreadRestored  = "thread.restored"
	ThreadSolved    = "thread.solved" // one of its answers is accepted
	ThreadUnsolved  = "thread.unsolved"
	ThreadPinned    = "thread.pinned"
	ThreadUnpinned  = "thread.unpinned"
	ThreadClosed    = "thread.closed" // it is only read from then on
	ThreadReopened  = "thread.reopened"
	ThreadSlowed    = "thread.slowed" // or no longer: between two posts of one person
	ThreadMoved     = "thread.moved"  // to another space
	ThreadTied      = "thread.tied"   // to an idea
	ThreadUntied    = "thread.untied"
	ThreadTurned    = "thread.turned"   // it has become an idea
	ThreadSplit     = "thread.split"    // some of its posts stand in another one
	ThreadMerged    = "thread.merged"   // it goes on in another one
	ThreadReceived  = "thread.received" // posts of another one
	ThreadPutBack   = "thread.put_back" // a split or a merge that it was part of was taken back
	TopicCreated    = "topic.created"
	TopicEdited     = "topic.edited"
	TopicsOrdered   = "topic.ordered"
	TopicArchived   = "topic.archived"
	TopicReopened   = "topic.reopened"

	TermDefined            = "term.defined"
	TermEdited             = "term.edited"
	TermWithdrawn          = "term.withdrawn"
	TermRestored           = "term.restored"
	TemplateCreated        = "template.created" // with which articles are begun
	TemplateEdited         = "template.edited"
	TemplatesOrdered       = "template.ordered"
	TemplateRetired        = "template.retired"
	TemplateOffered        = "template.offered" // again
	CollectionCreated      = "collection.created"
	CollectionEdited       = "collection.edited"
	CollectionsOrdered     = "collection.ordered"
	CollectionArchived     = "collection.archived"
	CollectionReopened     = "collection.reopened"
	ArticleWritten         = "article.written"
	ArticleEdited          = "article.edited"
	ArticleMoved           = "article.moved" // to another place, with what stands under it
	ArticleWithdrawn       = "article.withdrawn"
	ArticleRestored        = "article.restored"
	ArticlePurged          = "article.purged"
	ArticleSourced         = "article.sourced"
	ArticleOwned           = "article.owned" // given to somebody, or to nobody
	ArticleVerified        = "article.verified"
	ArticleUnverified      = "article.unverified" // its latest verification was taken back
	ArticleRated           = "article.rated"      // somebody said whether it helped
	ArticleDoubted         = "article.doubted"
	ArticleFeedbackDropped = "article.feedback_dropped" // one of these was taken back
	ArticleDoubtAnswered   = "article.doubt_answered"
	ArticleDoubtReopened   = "article.doubt_reopened"
	ArticleVersionNamed    = "article.version_named" // or renamed
	ArticleVersionUnnamed  = "article.version_unnamed"

	PassageMarked        = "passage.marked" // of an article or a draft, with something said about it
	PassageAnswered      = "passage.answered"
	PassageResolved      = "passage.resolved"
	PassageReopened      = "passage.reopened"
	PassageWordRemoved   = "passage.word_removed"
	PassageWordRestored  = "passage.word_restored"
	CollectionReviewed   = "collection.reviewed" // whether what is written there is approved first
	CollectionRestricted = "collection.restricted"
	CollectionOpened     = "collection.opened"        // to all who see the space, once more
	ReaderChosen         = "collection.reader_chosen" // of a restricted one
	ReaderEnded          = "collection.reader_ended"
	DraftKept            = "draft.kept" // a text that is not published yet
	DraftEdited          = "draft.edited"
	DraftSent            = "draft.sent"  // for review
	DraftTaken           = "draft.taken" // back from review
	DraftReviewed        = "draft.reviewed"
	DraftLeft            = "draft.dropped"
	DraftBack            = "draft.restored"

	GatheringPlanned   = "gathering.planned"
	GatheringEdited    = "gathering.edited"
	GatheringCancelled = "gathering.cancelled"
	GatheringResumed   = "gathering.resumed"  // it takes place after all
	GatheringAnswered  = "gathering.answered" // whether somebody comes
	GatheringAdvanced  = "gathering.advanced" // there is a place for those who waited for one
	GatheringNear      = "gathering.near"
	GatheringWithdrawn = "gathering.withdrawn" // with whoever planned it

	PostPosted      = "post.posted"
	PostEdited      = "post.edited"
	PostCleared     = "post.cleared" // a former text of it
	PostUncleared   = "post.uncleared"
	PostRemoved     = "post.removed"
	PostRestored    = "post.restored"
	PostReacted     = "post.reacted" // somebody gave it a sign
	PostUnreacted   = "post.unreacted"
	ReactionsChosen = "reactions.chosen" // the signs that posts can be given
	SkillRenamed    = "skill.renamed"
	SkillsMerged    = "skill.merged" // it means another one from now on
	SpaceCreated    = "space.created"
	SpaceEdited     = "space.edited"
	MemberAdded     = "member.added"
	MemberRemoved   = "member.removed"
	SpaceArchived   = "space.archived"
	SpaceReopened   = "space.reopened"
	SpaceHandedOver = "space.handed_over"
	SpaceTakenOver  = "space.taken_over" // named a manager from outside, since there was none
	SpaceUnmanaged  = "space.unmanaged"
	MemberJoined    = "member.joined"
	MemberLeft      = "member.left"
	MemberReturned  = "member.returned"
	RequestMade     = "request.made"
	RequestTaken    = "request.withdrawn"
	RequestGranted  = "request.approved"
	RequestRefused  = "request.declined"
	ViewBegun       = "view.begun" // someone looks at the house as someone else would
	ViewEnded       = "view.ended"
	UserCreated     = "user.created"
	UserEdited      = "user.edited"
	UserSignedIn    = "user.signed_in"
	UserSignedOut   = "user.signed_out"
	SessionEnded    = "session.ended" // a person's, from elsewhere
	SignInRefused   = "user.refused"
	UserLinked      = "user.linked" // bound to a subject of the identity provider, by an operator or by the key of the directory
	UserDisabled    = "user.disabled"
	UserEnabled     = "user.enabled"
	UserRoleChanged = "user.role_changed"
	UserTermsSet    = "user.terms_set" // how long they have access, and who answers for them
	SessionsEnded   = "user.sessions_ended"
	GroupCreated    = "group.created"
	GroupEdited     = "group.edited" // its name, who is in it, or who may name it
	MentionsLimited = "mentions.limited"
	GroupDeleted    = "group.deleted"
	GroupRestored   = "group.restored"
	SpaceGroupSet   = "space.group_set"
	SpaceGroupEnded = "space.group_ended"
	UserRuled       = "user.ruled" // the rules of sign-in gave or took something
	RuleCreated     = "rule.created"
	RuleEdited      = "rule.edited"
	RuleMoved       = "rule.moved"
	RuleDeleted     = "rule.deleted"
	RuleRestored    = "rule.restored"
	LinkCreated     = "link.created"
	TokenCreated    = "token.created"
	TokenRevoked    = "token.revoked"
	FeedTokenMade   = "feed.made" // the token with which somebody's feeds are read
	FeedTokenEnded  = "feed.ended"
	TokenUsed       = "token.used"      // for the first time
	TokenRefused    = "token.refused"   // it has ended
	Attacked        = "system.attacked" // many attempts to get in failed
	SearchReindex   = "search.reindex"

	PasskeyAdded     = "passkey.added"
	PasskeyRemoved   = "passkey.removed"
	PasskeySuspected = "passkey.suspected"

	ExportAsked = "export.asked" // a copy of everything about a person, by that person
	ExportReady = "export.ready"
	// Tables of ideas and comments.
	DownloadAsked = "download.asked"
	DownloadReady = "download.ready"
	// Files with ideas or comments of another platform.
	ImportSent   = "import.sent"
	ImportDone   = "import.done"
	ImportUndone = "import.undone"

	OwnerLinkCreated = "owner.link_created" // emergency access, from the command line

	InvitationSent     = "invitation.sent" // again, too
	InvitationAccepted = "invitation.accepted"
	InvitationRevoked  = "invitation.revoked"
	InvitationLinkMade = "invitation_link.created"
	InvitationLinkEnds = "invitation_link.revoked"
	RegistrationOpened = "registration.opened" // strangers may ask to be let into a space
	RegistrationClosed = "registration.closed"
	RegistrationMade   = "registration.made" // once the address is proven
	RegistrationTaken  = "registration.accepted"
	RegistrationDenied = "registration.refused"
	UserUnanswered     = "user.unanswered" // who answered for them has left

	AgreementPublished = "agreement.published" // a new version, which everyone from outside is asked to accept
	AgreementWithdrawn = "agreement.withdrawn"
	AgreementAccepted  = "agreement.accepted"

	CorrectionAsked    = "correction.asked" // what is said of them, by the person
	CorrectionAnswered = "correction.answered"

	CampaignCreated   = "campaign.created"
	CampaignEdited    = "campaign.edited"
	CampaignArranged  = "campaign.arranged"
	CampaignStaffed   = "campaign.staffed"
	CampaignPictured  = "campaign.pictured" // it has another banner, or none
	CampaignPublished = "campaign.published"
	CampaignPaused    = "campaign.paused"
	CampaignResumed   = "campaign.resumed"
	FormChanged       = "campaign.form_changed"     // what it asks
	AnswersNarrowed   = "campaign.answers_narrowed" // fewer people see the answers to a field

	VoteRuled   = "campaign.vote_ruled"  // by what rule it will be voted
	VoteOpened  = "campaign.vote_opened" // the rule is fixed, under a hash
	VoteCast    = "campaign.vote_cast"   // somebody has voted or changed their ballot; never how
	VoteClosed  = "campaign.vote_closed"
	VoteCounted = "campaign.vote_counted"

	PollSaved          = "poll.saved" // what a thread asks
	PollVoted          = "poll.voted" // somebody has voted or changed their vote; never how, and of an anonymous one not who
	PollVoteTaken      = "poll.vote_taken_back"
	PollMoved          = "poll.closing_moved"
	PollClosed         = "poll.closed"
	PollReopened       = "poll.reopened" // until another time
	PollObjectionTaken = "poll.objection_answered"
	PollOutcomeWritten = "poll.outcome_written"

	AnswerPrepared  = "answer.prepared" // which only those who may decide see
	TemplatesEdited = "answer.templates_edited"

	ProjectBegun    = "project.begun"
	ProjectEdited   = "project.edited"
	ProjectStarted  = "project.started"
	ProjectFinished = "project.finished"
	ProjectHalted   = "project.stopped"
	ProjectResumed  = "project.resumed"
	ProjectStepped  = "project.stepped"      // its milestones or tasks changed
	ProjectReported = "project.reported"     // an update for those who follow its idea
	StoryEdited     = "project.story_edited" // what was before, and what is there now
	ThanksAnnounced = "project.thanked"      // to those who had a part in it
	UpdateRemoved   = "project.update_removed"
	UpdateRestored  = "project.update_restored"
	BenefitAdded    = "project.benefit_claimed"
	BenefitJudged   = "project.benefit_judged"
	BenefitDropped  = "project.benefit_withdrawn"

	ScorecardSaved        = "scorecard.saved"
	EvaluatorSet          = "evaluator.set"
	EvaluatorRemoved      = "evaluator.removed"
	EvaluationsAssigned   = "evaluation.assigned" // ideas of a campaign, to its evaluators
	EvaluationMoved       = "evaluation.reassigned"
	EvaluationSubmitted   = "evaluation.submitted"
	EvaluationExcluded    = "evaluation.excluded"
	EvaluationAsked       = "evaluation.asked" // the author
	EvaluationAnswered    = "evaluation.answered"
	EvaluationDiscussed   = "evaluation.discussed"
	EvaluationPublished   = "evaluation.published" // what came of it, to the authors of an idea or all of its readers
	EvaluationUnpublished = "evaluation.unpublished"
	PassportShared        = "passport.shared"
	PassportUnshared      = "passport.unshared"
	GraduationsSaved      = "campaign.graduations_saved" // when its ideas come to their next stage

	ErasureAsked     = "erasure.asked"
	ErasureTakenBack = "erasure.taken_back"
	UserErased       = "user.erased"
	UserMerged       = "user.merged"     // another account of the same person has gone into theirs
	UserParted       = "user.parted"     // and was given back
	RosterImported   = "roster.imported" // a list of people
	RetentionRan     = "retention.ran"
	PrivacyChanged   = "privacy.changed"
	HoldPlaced       = "hold.placed" // on what a court or an authority asks for
	HoldReleased     = "hold.released"
)

// Verbs lists them, for filters.
func Verbs() []string {
	return []string{
		IdeaPosted, IdeaEdited, IdeaWithdrawn, IdeaRestored, IdeaStaged, IdeaAnswered, IdeaReopened, IdeaSupported, IdeaUnsupported,
		IdeaAuthorAsked, IdeaAuthorJoined, IdeaAuthorDeclined, IdeaAuthorLeft, IdeaAuthorRemoved, IdeaTied, IdeaUntied, IdeaHandedOver,
		IdeaEntered, IdeaClaimed, IdeaReturned, SlipsPrinted, NoteLeft, NoteDropped, BoxOpened, BoxReplaced, BoxClosed,
		AmendmentProposed, AmendmentDeclined, AmendmentTakenBack, IdeaMergeProposed, IdeaMergeRefused, IdeaMergeEnded, IdeaMerged,
		SealKeepersSet, SealKeyMade, SealRefused, SealAsked, SealDeclined, SealTakenBack, SealExpired, SealOpened, SealNobody, SealShown,
		ThreadBegun, ThreadEdited, ThreadWithdrawn, ThreadRestored, ThreadSolved, ThreadUnsolved, ThreadPinned, ThreadUnpinned, ThreadClosed, ThreadReopened, ThreadSlowed, ThreadMoved, ThreadSplit, ThreadMerged, ThreadReceived, ThreadPutBack, ThreadTied, ThreadUntied, ThreadTurned,
		TopicCreated, TopicEdited, TopicsOrdered, TopicArchived, TopicReopened,
		TemplateCreated, TemplateEdited, TemplatesOrdered, TemplateRetired, TemplateOffered,
		CollectionCreated, CollectionEdited, CollectionsOrdered, CollectionArchived, CollectionReopened, ArticleWritten, ArticleEdited, ArticleMoved, ArticleWithdrawn, ArticleRestored, ArticlePurged, ArticleSourced, ArticleOwned, ArticleVerified, ArticleUnverified, ArticleRated, ArticleDoubted, ArticleFeedbackDropped, ArticleDoubtAnswered, ArticleDoubtReopened, ArticleVersionNamed, ArticleVersionUnnamed, PassageMarked, PassageAnswered, PassageResolved, PassageReopened, PassageWordRemoved, PassageWordRestored,
		TermDefined, TermEdited, TermWithdrawn, TermRestored, CollectionReviewed, CollectionRestricted, CollectionOpened, ReaderChosen, ReaderEnded, DraftKept, DraftEdited, DraftSent, DraftTaken, DraftReviewed, DraftLeft, DraftBack,
		GatheringPlanned, GatheringEdited, GatheringCancelled, GatheringResumed, GatheringAnswered, GatheringAdvanced, GatheringNear, GatheringWithdrawn,
		PostPosted, PostEdited, PostCleared, PostUncleared, PostRemoved, PostRestored, PostReacted, PostUnreacted, ReactionsChosen, SkillRenamed, SkillsMerged, SpaceCreated, SpaceEdited, MemberAdded, MemberRemoved,
		UserRuled, RuleCreated, RuleEdited, RuleMoved, RuleDeleted, RuleRestored,
		UserCreated, UserEdited, UserSignedIn, UserSignedOut, SignInRefused, UserLinked, UserDisabled, UserEnabled, UserRoleChanged, UserTermsSet, SessionsEnded,
		GroupCreated, GroupEdited, GroupDeleted, GroupRestored, MentionsLimited, SpaceGroupSet, SpaceGroupEnded, LinkCreated, TokenCreated, TokenRevoked, FeedTokenMade, FeedTokenEnded, SearchReindex,
		PasskeyAdded, PasskeyRemoved, PasskeySuspected, OwnerLinkCreated,
		ExportAsked, ExportReady, DownloadAsked, DownloadReady, ImportSent, ImportDone, ImportUndone, CorrectionAsked, CorrectionAnswered, ErasureAsked, ErasureTakenBack, UserErased, RetentionRan, PrivacyChanged, HoldPlaced, HoldReleased,
		SpaceArchived, SpaceReopened, SpaceHandedOver, SpaceTakenOver, SpaceUnmanaged, MemberJoined, MemberLeft, MemberReturned,
		RequestMade, RequestTaken, RequestGranted, RequestRefused, ViewBegun, ViewEnded,
		AgreementPublished, AgreementWithdrawn, AgreementAccepted,
		CampaignCreated, CampaignEdited, CampaignArranged, CampaignStaffed, CampaignPictured, CampaignPublished, CampaignPaused, CampaignResumed, FormChanged, AnswersNarrowed,
		VoteRuled, VoteOpened, VoteCast, VoteClosed, VoteCounted, PollSaved, PollVoted, PollVoteTaken, PollMoved, PollClosed, PollReopened, PollObjectionTaken, PollOutcomeWritten, AnswerPrepared, TemplatesEdited,
		ProjectBegun, ProjectEdited, ProjectStarted, ProjectFinished, ProjectHalted, ProjectResumed, ProjectStepped, ProjectReported, StoryEdited, ThanksAnnounced, UpdateRemoved, UpdateRestored, BenefitAdded, BenefitJudged, BenefitDropped,
		ScorecardSaved, EvaluatorSet, EvaluatorRemoved, EvaluationsAssigned, EvaluationMoved, EvaluationSubmitted, EvaluationExcluded, EvaluationAsked, EvaluationAnswered, EvaluationDiscussed, EvaluationPublished, EvaluationUnpublished, GraduationsSaved, PassportShared, PassportUnshared,
		SessionEnded, TokenUsed, TokenRefused, Attacked,
		InvitationSent, InvitationAccepted, InvitationRevoked, UserUnanswered, InvitationLinkMade, InvitationLinkEnds, RosterImported,
		RegistrationOpened, RegistrationClosed, RegistrationMade, RegistrationTaken, RegistrationDenied,
		UserMerged, UserParted,
	}
}

// security tells whether an event is about getting in and about rights: all are but those of what people write every day.
func security(verb string) bool {
	kind, _, _ := strings.Cut(verb, ".")
	return !slices.Contains([]string{"idea", "thread", "topic", "post", "poll", "collection", "template", "article", "draft", "passage", "term", "gathering", "campaign", "answer", "project", "scorecard", "evaluator", "evaluation", "search", "reactions", "skill"}, kind)
}
