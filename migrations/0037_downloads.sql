-- +goose Up
-- Tables of ideas or comments that people have asked for, of what they may read. The bytes are in the file store under key.
CREATE TABLE downloads (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	key TEXT NOT NULL,
	what TEXT NOT NULL CHECK (what IN ('ideas', 'comments')),
	format TEXT NOT NULL CHECK (format IN ('csv', 'xlsx', 'jsonl')),
	separator TEXT NOT NULL DEFAULT ',',
	mark BOOLEAN NOT NULL DEFAULT FALSE,
	locale TEXT NOT NULL DEFAULT '',
	filter TEXT NOT NULL DEFAULT '{}',
	spaces TEXT NOT NULL DEFAULT '', -- the ids of those its rows are of, once it is made
	row_count INTEGER NOT NULL DEFAULT 0,
	size BIGINT NOT NULL DEFAULT 0,
	created_at ${TIME} NOT NULL,
	ready_at ${TIME},
	expires_at ${TIME} NOT NULL
);
CREATE INDEX downloads_user ON downloads (user_id, id);
CREATE INDEX downloads_expiry ON downloads (expires_at);
