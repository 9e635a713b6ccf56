-- +goose Up
-- Programs are marked by their column, no longer by their name.
UPDATE users SET name = substr(name, 1, length(name) - 6), name_key = substr(name_key, 1, length(name_key) - 6) WHERE service AND name LIKE '% [bot]';
CREATE INDEX sessions_sid ON sessions (issuer, sid) WHERE sid <> '';
