package campaigns_test

import (
	"net/http"
	"testing"
)

func TestThoseWhoRunACampaignAreToldWhichOfItsDaysAreQuiet(t *testing.T) {
	h := open(t)
	lena := h.As(h.lena)
	page := h.made(t, "stage_gather", "2026-12-05", "stage_refine", "2026-12-08", "stage_vote", "2026-12-25", "stage_closed", "2027-05-02")
	lena.Get(page).See("“Ideas” begins on 5 December 2026, a weekend", "“Vote” begins on 25 December 2026, a public holiday", "The last day of “Vote” is 1 May 2027, a public holiday").
		NotSee("7 December 2026, a", "8 December 2026, a", "24 December 2026, a", "2 May 2027, a")
	lena.Post(number(page)+"/publication", nil).Status(http.StatusSeeOther) // it is no obstacle
	h.As(h.paul).Get(page).NotSee("weekend", "public holiday")
	lena.Get(number(page) + "/stages").See("5 December 2026, a weekend")
	h.at(12, 6, 9)
	lena.Get(number(page) + "/stages").See("25 December").NotSee("5 December 2026, a weekend") // which is over
	quiet := h.made(t, "stage_gather", "2026-12-08", "stage_refine", "2026-12-10", "stage_vote", "2026-12-15", "stage_closed", "2026-12-19")
	lena.Get(quiet).NotSee("few people are at work")
}
