package parts

import (
	"strconv"

	"ruche/models"
)

// NearThread is a thread that resembles what somebody is about to write.
type NearThread struct {
	ID               int64
	URL, Title, Lang string
	Marks            []Span // words of the title that both have
	Kind             models.ThreadKind
	Posts            int
	Solved, Can      bool // Can: the reader may say that they have the same question
}

func (n NearThread) same() string {
	return "/threads/" + strconv.FormatInt(n.ID, 10) + "/same"
}

// NearArticle is an article that resembles what somebody is about to ask.
type NearArticle struct {
	URL, Title, Lang, Collection string
	Marks                        []Span // words of the title that both have
	Verified                     bool   // somebody vouches for it now
}
