-- +goose Up
-- The summary that an author has written stands where the beginning of the text stands without one, so that lists cost the same; a version
-- keeps its own, empty for none.
ALTER TABLE ideas ADD COLUMN own_summary BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE idea_versions ADD COLUMN summary TEXT NOT NULL DEFAULT '';
ALTER TABLE amendments ADD COLUMN summary TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN asks_summary BOOLEAN NOT NULL DEFAULT false;
