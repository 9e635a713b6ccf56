-- +goose Up
-- A group can be named in a text, and its people are told. Everybody of the company may name one that is open; the others are named by
-- those who are in them and by those who look after people. Units are known to everybody anyway: they stand beside each name.
ALTER TABLE groups ADD COLUMN open BOOLEAN NOT NULL DEFAULT false;
UPDATE groups SET open = true WHERE kind = 'unit';

-- How many people somebody may call by naming groups, where the house has decided otherwise than usual.
CREATE TABLE mention_limits (
	who TEXT PRIMARY KEY, -- 'employees' or 'leaders'
	people BIGINT NOT NULL,
	changed_at ${TIME} NOT NULL
);

-- The group through which somebody was named; one that is deleted for good leaves its number behind.
ALTER TABLE notices ADD COLUMN group_id BIGINT;
