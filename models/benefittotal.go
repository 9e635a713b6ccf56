package models

import (
	"context"
	"fmt"
)

// BenefitTotal is what projects bring in one unit together.
type BenefitTotal struct {
	Kind      BenefitKind
	Unit      string
	Expected  int64
	Validated int64
	Projects  int
}

// countedOnce finds what each project brings in each unit, and the place of the project among those whose ideas go on in one another:
// what is there in place 1 is counted, and nothing else, since several projects that carry one thing out bring it once. That is the
// one with something validated, then that of the idea in which the others go on, then what brings most. Nothing of this is stored,
// so a merge that is taken back takes it back with it. It wants a condition on the ideas i.
func countedOnce(condition string) string {
	return `WITH sums AS (SELECT coalesce(i.merged_into_id, i.id) AS family, CASE WHEN i.merged_into_id IS NULL THEN 1 ELSE 0 END AS root, p.id AS project_id, i.campaign_id, b.kind, b.unit,
			CAST(sum(CASE WHEN b.nature = 'forecast' AND p.state <> 'stopped' THEN b.amount ELSE 0 END) AS BIGINT) AS expected, CAST(sum(CASE WHEN b.nature = 'actual' THEN b.amount ELSE 0 END) AS BIGINT) AS validated
		FROM benefits b JOIN projects p ON p.id = b.project_id JOIN ideas i ON i.id = p.idea_id
		WHERE (b.state = 'validated' OR b.state = 'claimed' AND b.nature = 'forecast') AND i.state = 'published' AND ` + condition + `
		GROUP BY coalesce(i.merged_into_id, i.id), CASE WHEN i.merged_into_id IS NULL THEN 1 ELSE 0 END, p.id, i.campaign_id, b.kind, b.unit),
	places AS (SELECT s.*, row_number() OVER (PARTITION BY family, kind, unit ORDER BY CASE WHEN validated <> 0 THEN 0 ELSE 1 END, root DESC, validated DESC, expected DESC, project_id) AS place FROM sums s) `
}

// BenefitTotals are what the projects bring that the actor may see, of all spaces or of the one given, and of all campaigns or of
// the one given: each benefit once, however many of the ideas that go on in one another have a project. So what the campaigns bring
// adds up to what the house brings. Who is not of the company sees none: ErrForbidden.
func (q Queries) BenefitTotals(ctx context.Context, actor *Actor, spaceID, campaignID int64) (totals []BenefitTotal, err error) {
	if !actor.OfTheCompany() {
		return nil, fmt.Errorf("totals of benefits: %w", ErrForbidden)
	}
	if spaceID != 0 {
		actor = actor.within(spaceID)
	}
	seen, list := q.visible(actor, "i.space_id")
	return totals, q.raw(ctx, &totals, countedOnce(seen)+`SELECT kind, unit, CAST(sum(expected) AS BIGINT) AS expected, CAST(sum(validated) AS BIGINT) AS validated, count(*) AS projects FROM places
		WHERE place = 1 AND (? = 0 OR campaign_id = ?) AND (expected <> 0 OR validated <> 0) GROUP BY kind, unit
		ORDER BY CASE kind WHEN 'euros' THEN 1 WHEN 'hours' THEN 2 WHEN 'co2' THEN 3 WHEN 'safety' THEN 4 WHEN 'quality' THEN 5 WHEN 'customer' THEN 6 ELSE 7 END, sum(validated) DESC, unit LIMIT ?`,
		list, campaignID, campaignID, maxBenefitTotals)
}

// maxBenefitTotals bounds the units in which totals are shown.
const maxBenefitTotals = 60

// CountedElsewhere is a unit in which not this project is counted but another one, which carries out an idea that its own goes on
// in or with.
type CountedElsewhere struct {
	Kind      BenefitKind
	Unit      string
	ProjectID int64
	Title     string
}

// Path is the address of the project that is counted.
func (c *CountedElsewhere) Path() string { return numbered("/projects/", c.ProjectID, c.Title) }

// CountedElsewhere lists the units in which a project, which the caller has loaded as one that the actor may read, is not counted.
// The others are of the same space.
func (q Queries) CountedElsewhere(ctx context.Context, project *ProjectCard) (elsewhere []CountedElsewhere, err error) {
	return elsewhere, q.raw(ctx, &elsewhere, countedOnce("(i.id = ? OR i.merged_into_id = ?)")+`SELECT own.kind, own.unit, p.id AS project_id, p.title FROM places own
		JOIN places other ON other.family = own.family AND other.kind = own.kind AND other.unit = own.unit AND other.place = 1 JOIN projects p ON p.id = other.project_id
		WHERE own.project_id = ? AND own.place > 1 ORDER BY own.kind, own.unit`, project.Root(), project.Root(), project.ID)
}
