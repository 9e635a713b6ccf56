package projects

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ruche/app/web"
	"ruche/models"
	views "ruche/views/projects"
)

// benefitForm reads the form of a benefit.
func benefitForm(c echo.Context) (view views.BenefitForm, benefit *models.Benefit, problems models.Invalid) {
	problems = models.Invalid{}
	view = views.BenefitForm{
		Kind: c.FormValue("benefit_kind"), Unit: c.FormValue("unit"), Nature: c.FormValue("nature"),
		Amount: strings.TrimSpace(c.FormValue("amount")), Label: c.FormValue("label"), On: strings.TrimSpace(c.FormValue("on")),
	}
	benefit = &models.Benefit{Kind: models.BenefitKind(view.Kind), Unit: view.Unit, Nature: models.BenefitNature(view.Nature), Label: view.Label, Amount: amount(view.Amount)}
	if on := day(c, view.On, "on", problems); on != nil {
		benefit.OnDay = *on
	}
	var invalid models.Invalid
	if err := benefit.Validate(); errors.As(err, &invalid) {
		for field, key := range invalid {
			problems[field] = key
		}
	}
	return view, benefit, problems
}

// amount reads a whole number as people of both languages write it, with a sign and between the thousands whatever is theirs; 0 for
// what is none.
func amount(text string) int64 {
	digits := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "−", "-").Replace(text)
	if groups := strings.Split(digits, ","); len(groups) > 1 && !slices.ContainsFunc(groups[1:], func(g string) bool { return len(g) != 3 }) {
		digits = strings.Join(groups, "")
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (f *Projects) claim(c echo.Context) error {
	project, err := f.editable(c)
	if err != nil {
		return err
	}
	view, benefit, problems := benefitForm(c)
	if len(problems) == 0 {
		_, err = f.Claim(c.Request().Context(), web.Actor(c), project.ID, benefit, Once{})
	} else {
		err = problems
	}
	if err != nil {
		return f.wrong(c, err, func(show *views.Show) { show.BenefitForm = view })
	}
	return f.done(c, &project.ProjectCard, "projects.benefit.added", "/benefits/"+strconv.FormatInt(benefit.ID, 10)+"/withdrawal")
}

func (f *Projects) judge(c echo.Context) error {
	id, benefit, err := partOf(c, "benefit")
	if err != nil {
		return err
	}
	state := models.BenefitState(c.FormValue("answer"))
	if state != models.BenefitValidated && state != models.BenefitRefused && state != models.BenefitClaimed {
		return models.Invalid{"answer": "projects.benefit.answer_invalid"}
	}
	card, err := f.Judge(c.Request().Context(), web.Actor(c), id, benefit, state, c.FormValue("refusal"))
	if err != nil {
		return f.wrong(c, err, func(show *views.Show) { show.Refusing, show.Refusal = benefit, c.FormValue("refusal") })
	}
	return f.done(c, card, "projects.benefit.now."+string(state), "")
}

func (f *Projects) withdraw(c echo.Context) error {
	id, benefit, err := partOf(c, "benefit")
	if err != nil {
		return err
	}
	card, err := f.Withdraw(c.Request().Context(), web.Actor(c), id, benefit)
	if err != nil {
		return err
	}
	return f.done(c, card, "projects.benefit.withdrawn", "/benefits/"+strconv.FormatInt(benefit, 10)+"/restoration")
}

func (f *Projects) claimAgain(c echo.Context) error {
	id, benefit, err := partOf(c, "benefit")
	if err != nil {
		return err
	}
	card, err := f.ClaimAgain(c.Request().Context(), web.Actor(c), id, benefit)
	if err != nil {
		return err
	}
	return f.done(c, card, "projects.benefit.restored", "")
}
