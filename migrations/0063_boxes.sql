-- +goose Up
-- Boxes that a poster leads to: whoever stands before it leaves an idea by phone without signing in. The token is what the poster shows
-- to everybody who passes, so it is kept as it is and printed again; it only serves to leave something that others look at first.
CREATE TABLE boxes (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	campaign_id BIGINT REFERENCES campaigns (id),
	token TEXT NOT NULL UNIQUE,
	opened_by BIGINT NOT NULL REFERENCES users (id),
	opened_at ${TIME} NOT NULL,
	closed_at ${TIME}
);
CREATE UNIQUE INDEX boxes_space ON boxes (space_id) WHERE campaign_id IS NULL AND closed_at IS NULL;
CREATE UNIQUE INDEX boxes_campaign ON boxes (campaign_id) WHERE campaign_id IS NOT NULL AND closed_at IS NULL;
CREATE INDEX boxes_place ON boxes (space_id, id);
CREATE INDEX boxes_opened ON boxes (opened_by);

-- What waits in them. What is taken becomes an idea on paper, what is not goes.
CREATE TABLE box_notes (
	id ${ID},
	box_id BIGINT NOT NULL REFERENCES boxes (id),
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	name TEXT NOT NULL,
	once TEXT NOT NULL UNIQUE,
	code TEXT NOT NULL,
	sent_at ${TIME} NOT NULL
);
CREATE INDEX box_notes_box ON box_notes (box_id, id);
CREATE INDEX box_notes_sent ON box_notes (box_id, sent_at);

-- Where an idea that came on paper was found: 'paper', or 'box' for one that a phone has left.
ALTER TABLE paper_ideas ADD COLUMN source TEXT NOT NULL DEFAULT 'paper';
