-- +goose Up
-- How many ballots of a vote count is read from this alone.
CREATE INDEX ballots_standing ON ballots (campaign_id, counts, marks);
