-- +goose Up
-- Whether people may begin threads in the space without their name.
ALTER TABLE spaces ADD COLUMN nameless BOOLEAN NOT NULL DEFAULT FALSE;
