-- +goose Up
-- Who does not want others to see that they are reading, nor that they are writing.
ALTER TABLE users ADD COLUMN unseen BOOLEAN NOT NULL DEFAULT false;
