-- +goose Up
-- Programs are marked by their column, no longer by their name.
UPDATE users SET name = substr(name, 1, length(name) - 6), name_key = substr(name_key, 1, length(name_key) - 6) WHERE service AND name LIKE '% [bot]';

-- As of when its sender has seen what a list would do, and when they fetched the links of those whom it made accounts for.
ALTER TABLE rosters ADD COLUMN seen_at ${TIME};
ALTER TABLE rosters ADD COLUMN links_at ${TIME};

-- The picture of a person, and where it comes from: "self", or the hash of the address that their provider gave.
ALTER TABLE users ADD COLUMN picture_id BIGINT REFERENCES files (id);
ALTER TABLE users ADD COLUMN picture_from TEXT NOT NULL DEFAULT '';
CREATE INDEX users_picture ON users (picture_id) WHERE picture_id IS NOT NULL;

-- What people ask to have corrected of what is said of them, where it is not theirs to write.
CREATE TABLE corrections (
	user_id BIGINT PRIMARY KEY REFERENCES users (id),
	wish TEXT NOT NULL,
	created_at ${TIME} NOT NULL
);

CREATE INDEX sessions_sid ON sessions (issuer, sid) WHERE sid <> '';
