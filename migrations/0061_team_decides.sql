-- +goose Up
-- Whether those who help to run a campaign answer its ideas, too.
ALTER TABLE campaigns ADD COLUMN team_decides BOOLEAN NOT NULL DEFAULT FALSE;
