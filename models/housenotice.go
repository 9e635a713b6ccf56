package models

import (
	"context"
	"time"
)

// HouseNotice tells a person something that is about no idea, such as that their copy is ready.
type HouseNotice struct {
	ID        int64
	UserID    int64
	Kind      Kind
	CreatedAt time.Time
	ReadAt    *time.Time

	CampaignID    *int64 // that it is about, if it names one
	Figures       string // what is to be put into words, as JSON
	CampaignTitle string `gorm:"->"`
	ThreadID      *int64 // that it is about, if it names one
	ThreadTitle   string `gorm:"->"`
	DraftID       *int64 // of an article, that it is about, if it names one
	DraftTitle    string `gorm:"->"`
}

// Kinds of what the house itself tells.
const (
	NoticeExport     Kind = "export"      // the copy of their data is ready
	NoticeDownload   Kind = "download"    // the table that they asked for is ready
	NoticeImport     Kind = "import"      // the file that they had taken in is in, or undone
	NoticeSealKeeper Kind = "seal_keeper" // you were named to keep the seals of a campaign
	NoticeSealAsked  Kind = "seal_asked"  // the other keeper asks to open a seal
	NoticeSealAnswer Kind = "seal_answer" // what you asked for is answered
	NoticeSealOpened Kind = "seal_opened" // the seal of an idea of yours was opened
	NoticeBox        Kind = "box"         // something was left in a box that they have opened
	NoticeEnding     Kind = "ending"      // your own access ends soon
	NoticeGuestEnds  Kind = "guest_ends"  // that of somebody whom you answer for
	NoticeUnanswered Kind = "unanswered"  // nobody answers for someone from outside any more
	NoticeProgram    Kind = "program"     // nor for a program
	NoticeCorrection Kind = "correction"  // somebody asks to have something corrected that is said of them
	NoticeCorrected  Kind = "corrected"   // what you asked for is answered
	NoticeMerged     Kind = "merged"      // another account of yours has gone into this one

	NoticeAnswersSoon Kind = "answers_soon" // ideas that you answer for have to be answered soon
	NoticeAnswersLate Kind = "answers_late" // the day that was promised is over
	NoticeAnswersLong Kind = "answers_long" // it has been over for long, which the sponsor hears too

	NoticeIdeasStalled     Kind = "ideas_stalled"      // ideas stand still in a stage that you answer for
	NoticeIdeasStalledLong Kind = "ideas_stalled_long" // for a week now, which the sponsor hears too

	NoticeReviewAsked    Kind = "review_asked"    // a draft of an article waits for your review
	NoticeReviewApproved Kind = "review_approved" // somebody finds yours good
	NoticeReviewChanges  Kind = "review_changes"  // somebody wants it changed
	NoticeDraftPublished Kind = "draft_published" // somebody else has published yours
	NoticeDraftPassage   Kind = "draft_passage"   // somebody says something of a passage of one that you write or review

	NoticeEvaluate     Kind = "evaluate"      // ideas wait for your evaluation
	NoticeEvaluateSoon Kind = "evaluate_soon" // and not for much longer
	NoticeAskedBack    Kind = "asked_back"    // the evaluators of your idea ask you something
	NoticeAnsweredBack Kind = "answered_back" // an author has answered what you asked
	NoticeGraduates    Kind = "graduates"     // ideas of a campaign that you run have come far enough for their next stage

	NoticeExpertAsked    Kind = "expert_asked"    // somebody asks you to answer a question
	NoticeExpertDeclined Kind = "expert_declined" // whom you asked does not answer it
)

// Kinds about the articles that somebody answers for.
const (
	NoticeArticlesSoon  Kind = "articles_soon"  // their verification ends soon
	NoticeArticlesEnded Kind = "articles_ended" // it has ended
)

// shownHouseNotices is how many of them a person sees above the others.
const shownHouseNotices = 5

// HouseNotices are the newest of a person's notices from the house.
func (q Queries) HouseNotices(ctx context.Context, actor *Actor) (notices []HouseNotice, err error) {
	about, args := q.readableHouseNotice(actor)
	return notices, q.raw(ctx, &notices, "SELECT h.*, coalesce(c.title, '') AS campaign_title, coalesce(t.title, '') AS thread_title, coalesce(d.title, '') AS draft_title FROM house_notices h LEFT JOIN campaigns c ON c.id = h.campaign_id LEFT JOIN threads t ON t.id = h.thread_id LEFT JOIN article_drafts d ON d.id = h.draft_id WHERE h.user_id = ? AND "+about+" ORDER BY h.id DESC LIMIT ?",
		append(append([]any{actor.ID}, args...), shownHouseNotices)...)
}

// NotifyFromHouse tells a person something.
func (tx *Tx) NotifyFromHouse(userID int64, kind Kind) error {
	return tx.create(&HouseNotice{UserID: userID, Kind: kind, CreatedAt: tx.now})
}
