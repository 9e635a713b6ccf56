-- +goose Up
-- Whether groups of opinion are looked for among the ballots of a vote for and against, or by scores.
ALTER TABLE voting_rules ADD COLUMN opinions BOOLEAN NOT NULL DEFAULT false;
