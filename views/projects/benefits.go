package projects

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ruche/models"
	"ruche/views/i18n"
	"ruche/views/parts"
)

// BenefitForm is what a form says of a benefit.
type BenefitForm struct {
	Kind, Unit, Nature, Amount, Label, On string
}

// measure is what a project brings in one unit.
type measure struct {
	Kind                          models.BenefitKind
	Unit                          string
	Expected, Validated, Awaiting int64
	lines                         []models.BenefitCard // in the order of the days
}

// measures are what a project brings, unit by unit.
func (v Show) measures() (measures []measure) {
	for _, b := range v.Benefits {
		i := slices.IndexFunc(measures, func(m measure) bool { return m.Kind == b.Kind && m.Unit == b.Unit })
		if i < 0 {
			i = len(measures)
			measures = append(measures, measure{Kind: b.Kind, Unit: b.Unit})
		}
		m := &measures[i]
		m.lines = append(m.lines, b)
		switch {
		case b.Nature == models.Forecast && b.Counts():
			m.Expected += b.Amount
		case b.Counts():
			m.Validated += b.Amount
		case b.State == models.BenefitClaimed:
			m.Awaiting += b.Amount
		}
	}
	order := models.BenefitKinds()
	slices.SortStableFunc(measures, func(a, b measure) int {
		return cmp.Or(slices.Index(order, a.Kind)-slices.Index(order, b.Kind), strings.Compare(a.Unit, b.Unit))
	})
	return measures
}

// amountOf writes an amount with its unit.
func amountOf(l *i18n.Locale, kind models.BenefitKind, unit string, n int64) string {
	if kind.Measured() {
		return l.T("projects.benefit.amount."+string(kind), "n", l.Number(int(n)))
	}
	return l.T("projects.benefit.amount.other", "n", l.Number(int(n)), "unit", unit)
}

func (m measure) amount(l *i18n.Locale, n int64) string { return amountOf(l, m.Kind, m.Unit, n) }

// total says in words what one measure brought.
func (m measure) total(l *i18n.Locale) string {
	if m.Expected == 0 {
		return l.T("projects.benefit.total", "validated", m.amount(l, m.Validated))
	}
	return l.T("projects.benefit.total_expected", "validated", m.amount(l, m.Validated), "expected", m.amount(l, m.Expected))
}

// unit is what is counted in one unit, without an amount.
func unit(l *i18n.Locale, kind models.BenefitKind, unit string) string {
	if kind.Measured() {
		return l.T("projects.benefit.kind." + string(kind))
	}
	return unit
}

// curve is a drawing of a measure: how what is expected and what was validated add up over time.
type curve struct {
	Width, Height    int
	Expected, Actual series
	Grid             []float64 // heights of its lines
	From, To         string
	Left, Right      float64 // of the grid
	Floor            float64 // where the days are written
}

// series is one line of a curve: the corners that SVG asks for, and its end with what is reached there. It is drawn if it has any.
type series struct {
	Points string
	X, Y   float64
	LabelY float64
	Label  string
}

// Room around a curve, in pixels: for the values, for the labels at the ends of the lines, for the days.
const (
	curveLeft, curveRight, curveTop, curveBottom = 8, 112, 14, 30
	labelHeight                                  = 16
)

// curve draws a measure so wide; ok only if there are two days to draw a line between.
func (m measure) curve(l *i18n.Locale, width, height int) (c curve, ok bool) {
	var counted []models.BenefitCard
	for _, b := range m.lines {
		if b.Counts() {
			counted = append(counted, b)
		}
	}
	if len(counted) == 0 || !counted[len(counted)-1].OnDay.After(counted[0].OnDay) {
		return c, false
	}
	first, last := counted[0].OnDay, counted[len(counted)-1].OnDay
	low, high := int64(0), int64(0)
	for _, nature := range []models.BenefitNature{models.Forecast, models.Actual} {
		sum := int64(0)
		for _, b := range counted {
			if b.Nature == nature {
				sum += b.Amount
				low, high = min(low, sum), max(high, sum)
			}
		}
	}
	c = curve{Width: width, Height: height, From: l.Date(first), To: l.Date(last), Left: curveLeft, Right: float64(width - curveRight), Floor: float64(height - 8)}
	x := func(at time.Time) float64 {
		return c.Left + (c.Right-c.Left)*float64(at.Sub(first))/float64(last.Sub(first))
	}
	y := func(n int64) float64 {
		return curveTop + float64(height-curveTop-curveBottom)*float64(high-n)/float64(high-low)
	}
	for step := range int64(4) {
		n := low + (high-low)*step/3
		c.Grid = append(c.Grid, y(n))
	}
	draw := func(nature models.BenefitNature) (s series) {
		sum := int64(0)
		var corners []string
		corner := func(px, py float64) { corners = append(corners, fmt.Sprintf("%.1f,%.1f", px, py)) }
		for _, b := range counted {
			if b.Nature != nature {
				continue
			}
			corner(x(b.OnDay), y(sum))
			sum += b.Amount
			s.X, s.Y = x(b.OnDay), y(sum)
			corner(s.X, s.Y)
		}
		s.Points, s.LabelY, s.Label = strings.Join(corners, " "), s.Y, m.amount(l, sum)
		return s
	}
	c.Expected, c.Actual = draw(models.Forecast), draw(models.Actual)
	if gap := c.Actual.Y - c.Expected.Y; c.Expected.Points != "" && c.Actual.Points != "" && gap > -labelHeight && gap < labelHeight {
		if gap >= 0 {
			c.Actual.LabelY = c.Expected.Y + labelHeight
		} else {
			c.Expected.LabelY = c.Actual.Y + labelHeight
		}
	}
	return c, true
}

// px writes a place in a drawing.
func px(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) }

func (v Show) benefitURL(b *models.BenefitCard) string {
	return v.base() + "/benefits/" + strconv.FormatInt(b.ID, 10)
}

// mayJudge tells whether the reader judges a claim: the controller, unless it is their own.
func (v Show) mayJudge(b *models.BenefitCard) bool { return v.MayJudge && b.ClaimedBy != v.Reader }

// refusal is what was written of why a claim is refused, when that was not taken.
func (v Show) refusal(b *models.BenefitCard) string {
	if v.Refusing == b.ID {
		return v.Refusal
	}
	return ""
}

func (v Show) refusalProblem(l *i18n.Locale, b *models.BenefitCard) string {
	if v.Refusing == b.ID {
		return v.problem(l, "refusal")
	}
	return ""
}

func benefitColour(state models.BenefitState) string {
	switch state {
	case models.BenefitValidated:
		return "green"
	case models.BenefitRefused:
		return "red"
	}
	return ""
}

func benefitKinds(l *i18n.Locale) (options []parts.Option) {
	for _, kind := range models.BenefitKinds() {
		options = append(options, parts.Option{Value: string(kind), Label: l.T("projects.benefit.kind." + string(kind))})
	}
	return options
}
