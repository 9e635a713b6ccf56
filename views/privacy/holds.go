package privacy

import (
	"net/url"
	"strconv"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/layout"
)

// Holds is the page of what is held, and of the form for one more.
type Holds struct {
	Cards                          []models.HoldCard
	Ended                          bool // those that have ended are listed, too
	Later                          bool
	Next                           int64 // 0 on the last page
	MayHold                        bool
	Page, Reason, Reference, Dated string // a form that was refused
	Problems                       models.Invalid
}

func (h Holds) next() string {
	if h.Next == 0 {
		return ""
	}
	return h.list(url.Values{"before": {strconv.FormatInt(h.Next, 10)}})
}

func (h Holds) start() string {
	if !h.Later {
		return ""
	}
	return h.list(url.Values{})
}

func (h Holds) list(values url.Values) string {
	if h.Ended {
		values.Set("ended", "1")
	}
	if len(values) == 0 {
		return "/privacy/holds"
	}
	return "/privacy/holds?" + values.Encode()
}

// Held is the page of one hold.
type Held struct {
	Card       *models.HoldCard
	Reason     string // a form that was refused
	MayRelease bool
	Problems   models.Invalid
}

func problem(l *i18n.Locale, problems models.Invalid, name string) string {
	if key := problems[name]; key != "" {
		return l.T(key, "count", models.MaxHoldReason)
	}
	return ""
}

// named is what is held, by its title where the reader may know it.
func named(p layout.Page, h *models.HoldCard) string {
	switch {
	case h.About() == 0:
		return p.L.T("holds.gone." + string(h.Subject))
	case h.Title == "" || h.Title == "–":
		return p.L.T("holds.subject."+string(h.Subject)) + " " + strconv.FormatInt(h.About(), 10)
	}
	return h.Title
}

func holdPath(h *models.HoldCard) string { return "/privacy/holds/" + strconv.FormatInt(h.ID, 10) }

// pageOf is the page of what is held; empty for a space, whose address the reader need not be able to open, and once it is gone.
func pageOf(h *models.HoldCard) string {
	rooms := map[models.HoldSubject]string{models.HoldPerson: "/people/", models.HoldIdea: "/ideas/", models.HoldThread: "/threads/", models.HoldArticle: "/articles/"}
	if room := rooms[h.Subject]; room != "" && h.About() != 0 && h.Title != "" {
		return room + strconv.FormatInt(h.About(), 10)
	}
	return ""
}
