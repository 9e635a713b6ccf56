-- +goose Up
-- When those were reminded whose ballots in a vote that closes soon did not count yet.
ALTER TABLE voting_rules ADD COLUMN reminded_at ${TIME};
