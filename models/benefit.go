package models

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Benefit is one line of what a project brings: expected or had on a day, claimed by who leads the project, and judged by its
// controller, who is somebody else.
type Benefit struct {
	ID        int64
	ProjectID int64
	Kind      BenefitKind
	Unit      string // in words, of a kind that has none of its own
	Nature    BenefitNature
	Amount    int64  // in whole units; one below zero corrects what was claimed before
	Label     string // what it consists of
	OnDay     time.Time
	State     BenefitState
	Reason    string // why it was refused
	ClaimedBy int64
	ClaimedAt time.Time
	JudgedBy  *int64
	JudgedAt  *time.Time
}

// BenefitKind says in what a benefit is counted.
type BenefitKind string

// Kinds of benefits: euros, hours of work, kilogrammes of CO₂, and those whose unit is said in words.
const (
	BenefitEuros    BenefitKind = "euros"
	BenefitHours    BenefitKind = "hours"
	BenefitCO2      BenefitKind = "co2"
	BenefitSafety   BenefitKind = "safety"
	BenefitQuality  BenefitKind = "quality"
	BenefitCustomer BenefitKind = "customer"
	BenefitOther    BenefitKind = "other"
)

// BenefitKinds lists them in the order of forms.
func BenefitKinds() []BenefitKind {
	return []BenefitKind{BenefitEuros, BenefitHours, BenefitCO2, BenefitSafety, BenefitQuality, BenefitCustomer, BenefitOther}
}

// Measured tells whether a kind has a unit of its own.
func (k BenefitKind) Measured() bool {
	return k == BenefitEuros || k == BenefitHours || k == BenefitCO2
}

// BenefitNature tells what is expected from what came.
type BenefitNature string

// Natures of benefits.
const (
	Forecast BenefitNature = "forecast"
	Actual   BenefitNature = "actual"
)

// BenefitState says what has become of a claim.
type BenefitState string

// States of benefits.
const (
	BenefitClaimed   BenefitState = "claimed"
	BenefitValidated BenefitState = "validated"
	BenefitRefused   BenefitState = "refused"
	BenefitWithdrawn BenefitState = "withdrawn"
)

// Limits of benefits: units either way, characters, and lines of a project.
const (
	MaxBenefit      = 1_000_000_000_000
	MaxBenefitLabel = 160
	MaxBenefitUnit  = 40
	maxBenefits     = 300
)

// Validate tidies a benefit and says which fields are wrong.
func (b *Benefit) Validate() error {
	problems := Invalid{}
	if !slices.Contains(BenefitKinds(), b.Kind) {
		problems["benefit_kind"] = "projects.benefit.kind_invalid"
	}
	if b.Unit = oneLine(b.Unit); b.Kind.Measured() {
		b.Unit = ""
	} else if b.Unit == "" || !fits(b.Unit, MaxBenefitUnit) {
		problems["unit"] = "projects.benefit.unit_invalid"
	}
	if b.Nature != Forecast && b.Nature != Actual {
		problems["nature"] = "projects.benefit.nature_invalid"
	}
	if b.Amount == 0 || b.Amount < -MaxBenefit || b.Amount > MaxBenefit {
		problems["amount"] = "projects.benefit.amount_invalid"
	}
	if b.Label = oneLine(b.Label); b.Label == "" || !fits(b.Label, MaxBenefitLabel) {
		problems["label"] = "projects.benefit.label_invalid"
	}
	if b.OnDay.IsZero() {
		problems["on"] = "projects.date_invalid"
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// Counts tells whether a benefit is counted: what is expected until it is refused, what came once it is validated.
func (b *Benefit) Counts() bool {
	return b.State == BenefitValidated || b.State == BenefitClaimed && b.Nature == Forecast
}

// MayJudge tells whether the actor may say of a project's benefits whether they hold: its controller, while they take part in its space.
func (a *Actor) MayJudge(p *ProjectCard) bool { return a.takesOn(p.SpaceID, p.ControllerID) }

// ClaimBenefit adds a line to a locked project. The same thing of the same day is claimed once: a second time is a problem of the label.
func (tx *Tx) ClaimBenefit(project *Project, benefit *Benefit) error {
	if err := benefit.Validate(); err != nil {
		return err
	}
	if benefit.Nature == Actual && benefit.OnDay.After(tx.now) {
		return Invalid{"on": "projects.benefit.early"}
	}
	var lines int
	if err := tx.raw(tx.ctx, &lines, "SELECT count(*) FROM benefits WHERE project_id = ?", project.ID); err != nil {
		return err
	}
	if lines >= maxBenefits {
		return Invalid{"label": "projects.benefit.full"}
	}
	benefit.ProjectID = project.ID
	known, err := tx.claimed(benefit)
	if err != nil {
		return err
	}
	if known {
		return Invalid{"label": "projects.benefit.known"}
	}
	benefit.State, benefit.ClaimedBy, benefit.ClaimedAt = BenefitClaimed, tx.actorID(), tx.now
	return tx.create(benefit)
}

// claimed tells whether a line of a locked project says the same of the same day.
func (tx *Tx) claimed(b *Benefit) (known bool, err error) {
	return known, tx.raw(tx.ctx, &known, "SELECT EXISTS (SELECT 1 FROM benefits WHERE project_id = ? AND kind = ? AND unit = ? AND nature = ? AND on_day = ? AND label = ? AND state <> 'withdrawn')",
		b.ProjectID, b.Kind, b.Unit, b.Nature, b.OnDay, b.Label)
}

// Benefit finds a line of a locked project.
func (tx *Tx) Benefit(project *Project, id int64) (*Benefit, error) {
	benefit := &Benefit{}
	if err := tx.one(tx.ctx, benefit, "SELECT * FROM benefits WHERE project_id = ? AND id = ?", project.ID, id); err != nil {
		return nil, fmt.Errorf("benefit %d of project %d: %w", id, project.ID, err)
	}
	return benefit, nil
}

// JudgeBenefit says of a claim that it holds or not, or takes that back. Nobody judges what they claimed themselves: ErrForbidden.
// ErrConflict for one that was withdrawn or, unless the judgement is taken back, judged already.
func (tx *Tx) JudgeBenefit(benefit *Benefit, state BenefitState, reason string) error {
	if benefit.ClaimedBy == tx.actorID() {
		return fmt.Errorf("judge benefit %d, claimed by the same person: %w", benefit.ID, ErrForbidden)
	}
	judged := benefit.State == BenefitValidated || benefit.State == BenefitRefused
	if benefit.State == BenefitWithdrawn || judged == (state != BenefitClaimed) {
		return fmt.Errorf("benefit %d from %s to %s: %w", benefit.ID, benefit.State, state, ErrConflict)
	}
	if reason = oneLine(reason); state == BenefitRefused && (reason == "" || !fits(reason, maxReason)) {
		return Invalid{"refusal": "projects.reason_invalid"}
	}
	benefit.State, benefit.Reason, benefit.JudgedBy, benefit.JudgedAt = state, "", nil, nil
	if state != BenefitClaimed {
		by := tx.actorID()
		benefit.JudgedBy, benefit.JudgedAt = &by, &tx.now
	}
	if state == BenefitRefused {
		benefit.Reason = reason
	}
	return tx.saveBenefit(benefit)
}

// WithdrawBenefit takes a claim back, or brings it back. ErrConflict for one that is validated, since it is counted on, and for
// one whose place another has taken.
func (tx *Tx) WithdrawBenefit(benefit *Benefit, withdrawn bool) error {
	if benefit.State == BenefitValidated || withdrawn == (benefit.State == BenefitWithdrawn) {
		return fmt.Errorf("withdraw benefit %d, which is %s: %w", benefit.ID, benefit.State, ErrConflict)
	}
	if !withdrawn {
		known, err := tx.claimed(benefit)
		if err != nil {
			return err
		}
		if known {
			return fmt.Errorf("benefit %d is claimed anew: %w", benefit.ID, ErrConflict)
		}
	}
	benefit.State, benefit.Reason, benefit.JudgedBy, benefit.JudgedAt = BenefitClaimed, "", nil, nil
	if withdrawn {
		benefit.State = BenefitWithdrawn
	}
	return tx.saveBenefit(benefit)
}

func (tx *Tx) saveBenefit(b *Benefit) error {
	_, err := tx.exec("UPDATE benefits SET state = ?, reason = ?, judged_by = ?, judged_at = ? WHERE id = ?", b.State, b.Reason, b.JudgedBy, b.JudgedAt, b.ID)
	return err
}

// BenefitCard is a benefit with who claimed and who judged it.
type BenefitCard struct {
	Benefit
	ClaimerName string
	JudgeName   string
}

// Benefits lists what a project brings, in the order of the days; withdrawn claims are left out. The caller has loaded it as one
// that the actor may read. Who is not of the company sees none: ErrForbidden.
func (q Queries) Benefits(ctx context.Context, actor *Actor, project *Project) (cards []BenefitCard, err error) {
	if !actor.OfTheCompany() {
		return nil, fmt.Errorf("benefits of project %d: %w", project.ID, ErrForbidden)
	}
	return cards, q.raw(ctx, &cards, `SELECT b.*, u.name AS claimer_name, coalesce(j.name, '') AS judge_name
		FROM benefits b JOIN users u ON u.id = b.claimed_by LEFT JOIN users j ON j.id = b.judged_by
		WHERE b.project_id = ? AND b.state <> 'withdrawn' ORDER BY b.on_day, b.id LIMIT ?`, project.ID, maxBenefits)
}
