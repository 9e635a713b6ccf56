package projects_test

import (
	"net/http"
	"testing"
	"time"

	"ruche/app/apptest"
)

func benefit(changes ...string) apptest.Form {
	form := apptest.Form{"nature": "forecast", "label": "Offcuts sold", "benefit_kind": "euros", "amount": "12 000", "on": "2027-06-30"}
	for i := 0; i+1 < len(changes); i += 2 {
		form[changes[i]] = changes[i+1]
	}
	return form
}

func TestABenefitIsClaimedByTheOwnerAndValidatedBySomebodyElse(t *testing.T) {
	h := open(t)
	h.now = time.Date(2027, 8, 1, 9, 0, 0, 0, time.UTC)
	page, base := h.begun()
	olaf, connie, lena := h.As(h.olaf), h.As(h.connie), h.As(h.lena)
	for _, client := range []*apptest.Client{connie, h.As(h.paul), h.As(h.guest)} {
		client.Post(base+"/benefits", benefit()).Status(403)
	}
	olaf.Post(base+"/benefits", benefit()).Status(http.StatusSeeOther)
	olaf.Get(page).See("Validated so far: €0 of €12,000 expected", "Offcuts sold", "Claimed by Olaf Berg")
	olaf.Post(base+"/benefits", benefit("nature", "actual", "amount", "4,500", "on", "2027-07-15")).Status(http.StatusSeeOther)
	olaf.Get(page).See("Validated so far: €0", "To be validated: €4,500").NotSee(base + "/benefits/2/judgement")
	for _, client := range []*apptest.Client{olaf, lena, h.As(h.guest)} { // neither who claims nor who leads
		client.Post(base+"/benefits/2/judgement", apptest.Form{"answer": "validated"}).Status(403)
	}
	connie.Get(page).See(base + "/benefits/2/judgement")
	connie.Post(base+"/benefits/2/judgement", apptest.Form{"answer": "refused"}).Status(http.StatusUnprocessableEntity).See("300 signs")
	connie.Post(base+"/benefits/2/judgement", apptest.Form{"answer": "perhaps"}).Status(http.StatusUnprocessableEntity)
	connie.Post(base+"/benefits/2/judgement", apptest.Form{"answer": "validated"}).Status(http.StatusSeeOther)
	connie.Post(base+"/benefits/2/judgement", apptest.Form{"answer": "refused", "refusal": "Counted twice"}).Status(http.StatusConflict)
	olaf.Get(page).See("Validated so far: €4,500 of €12,000 expected", "Validated by Connie Control", "<polyline", "1 August 2027").NotSee("To be validated:")
	olaf.Post(base+"/benefits/2/withdrawal", nil).Status(http.StatusConflict) // it is counted on
	h.As(h.paul).Get(page).See("Validated so far: €4,500").NotSee("/benefits/")
	h.As(h.guest).Get(page).Status(200).NotSee("4,500", "Offcuts", "What it brings")
	connie.Post(base+"/benefits/2/judgement", apptest.Form{"answer": "claimed"}).Status(http.StatusSeeOther)
	connie.Post(base+"/benefits/2/judgement", apptest.Form{"answer": "refused", "refusal": "The price was another one"}).Status(http.StatusSeeOther)
	olaf.Get(page).See("Validated so far: €0", "The price was another one", "Refused by Connie Control")
}

func TestWhoOnceClaimedABenefitDoesNotValidateItAsController(t *testing.T) {
	h := open(t)
	_, base := h.begun()
	h.As(h.lena).Post(base+"/benefits", benefit()).Status(http.StatusSeeOther)
	h.As(h.lena).Post(base, h.form("controller", h.lena.Email, "base", "1")).Status(http.StatusSeeOther)
	h.As(h.lena).Post(base+"/benefits/1/judgement", apptest.Form{"answer": "validated"}).Status(403)
	h.As(h.connie).Post(base+"/benefits/1/judgement", apptest.Form{"answer": "validated"}).Status(403) // no longer the controller
}

func TestABenefitIsCountedOnceAndSaysWhatIsWrong(t *testing.T) {
	h := open(t)
	page, base := h.begun()
	olaf := h.As(h.olaf)
	for field, wrong := range map[string]string{"amount": "12.5", "benefit_kind": "bananas", "nature": "hoped", "label": " ", "on": "tomorrow"} {
		olaf.Post(base+"/benefits", benefit(field, wrong)).Status(http.StatusUnprocessableEntity).See(`href="#`+field+`"`, `id="`+field)
	}
	for _, amount := range []string{"0", "1000000000001", "-1000000000001", "99999999999999999999", "1,2", "x"} {
		olaf.Post(base+"/benefits", benefit("amount", amount, "label", "Kept while wrong")).Status(http.StatusUnprocessableEntity).See("a million million", "Kept while wrong")
	}
	olaf.Post(base+"/benefits", benefit("benefit_kind", "quality")).Status(http.StatusUnprocessableEntity).See("Give the unit")
	olaf.Post(base+"/benefits", benefit("nature", "actual")).Status(http.StatusUnprocessableEntity).See("That day has not come yet")
	olaf.Post(base+"/benefits", benefit()).Status(http.StatusSeeOther)
	olaf.Post(base+"/benefits", benefit("amount", "13000")).Status(http.StatusUnprocessableEntity).See("claimed already")
	olaf.Post(base+"/benefits/1/withdrawal", nil).Status(http.StatusSeeOther)
	olaf.Get(page).NotSee("Offcuts sold")
	olaf.Post(base+"/benefits", benefit("amount", "13 000")).Status(http.StatusSeeOther)
	olaf.Post(base+"/benefits/1/restoration", nil).Status(http.StatusConflict) // another one has taken its place
	olaf.Post(base+"/benefits", benefit("benefit_kind", "quality", "unit", "complaints a month", "amount", "−3")).Status(http.StatusSeeOther)
	olaf.Get(page).See("of €13,000 expected", "of -3 complaints a month expected")
	olaf.Post("/projects/999/benefits", benefit()).Status(404)
	olaf.Post(base+"/benefits/999/withdrawal", nil).Status(404)
}

func TestBenefitsAddUpInTheOrderOfTheirDays(t *testing.T) {
	h := open(t)
	h.now = time.Date(2028, 1, 1, 9, 0, 0, 0, time.UTC)
	page, base := h.begun()
	for _, b := range []apptest.Form{benefit("on", "2027-01-01", "amount", "1000"), benefit("on", "2027-07-01", "amount", "1000"), benefit("on", "2027-01-01", "amount", "500", "nature", "actual")} {
		h.As(h.olaf).Post(base+"/benefits", b).Status(http.StatusSeeOther)
	}
	h.As(h.connie).Post(base+"/benefits/3/judgement", apptest.Form{"answer": "validated"}).Status(http.StatusSeeOther)
	// Drawn 640 wide: from 8 to 528 across, from 170 (nothing) up to 14 (all that is expected).
	h.As(h.paul).Get(page).See(`points="8.0,170.0 8.0,92.0 528.0,92.0 528.0,14.0"`, `points="8.0,170.0 8.0,131.0"`, "1 January 2027", "1 July 2027")
}
