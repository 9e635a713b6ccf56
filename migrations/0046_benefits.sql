-- +goose Up
-- What a project brings, line by line: what is expected and what came, as it was claimed and as it was judged.
CREATE TABLE benefits (
	id ${ID},
	project_id BIGINT NOT NULL REFERENCES projects (id),
	kind TEXT NOT NULL CHECK (kind IN ('euros', 'hours', 'co2', 'safety', 'quality', 'customer', 'other')),
	unit TEXT NOT NULL DEFAULT '', -- in words, of a kind that has none of its own
	nature TEXT NOT NULL CHECK (nature IN ('forecast', 'actual')),
	amount BIGINT NOT NULL,
	label TEXT NOT NULL,
	on_day ${TIME} NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('claimed', 'validated', 'refused', 'withdrawn')),
	reason TEXT NOT NULL DEFAULT '', -- why it was refused
	claimed_by BIGINT NOT NULL REFERENCES users (id),
	claimed_at ${TIME} NOT NULL,
	judged_by BIGINT REFERENCES users (id),
	judged_at ${TIME}
);
CREATE UNIQUE INDEX benefits_once ON benefits (project_id, kind, unit, nature, on_day, label) WHERE state <> 'withdrawn';
CREATE INDEX benefits_claimed ON benefits (claimed_by);
CREATE INDEX benefits_judged ON benefits (judged_by) WHERE judged_by IS NOT NULL;
