-- +goose Up
-- The hash of the code with which the author of an idea of whom nothing is stored comes back.
CREATE TABLE return_codes (
	hash TEXT PRIMARY KEY,
	mask_id BIGINT NOT NULL UNIQUE REFERENCES users (id)
);
