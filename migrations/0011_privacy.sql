-- +goose Up
-- When a person's account will be erased; until then they may take it back.
ALTER TABLE users ADD COLUMN erase_at ${TIME};
CREATE INDEX users_erasure ON users (erase_at) WHERE erase_at IS NOT NULL;

-- What an owner has decided about personal data: periods in days, and what becomes of contributions.
CREATE TABLE privacy_settings (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL,
	changed_at ${TIME} NOT NULL
);

-- The copies of their data that people have asked for. The bytes are in the file store under key.
CREATE TABLE exports (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	key TEXT NOT NULL DEFAULT '',
	size BIGINT NOT NULL DEFAULT 0,
	created_at ${TIME} NOT NULL,
	ready_at ${TIME},
	expires_at ${TIME}
);
CREATE INDEX exports_user ON exports (user_id, id);
CREATE INDEX exports_expiry ON exports (expires_at) WHERE expires_at IS NOT NULL;

-- Erasures that were asked for, and how far those have come that are being carried out. What they look for is forgotten at the end.
CREATE TABLE erasures (
	id ${ID},
	user_id BIGINT REFERENCES users (id),
	requested_by BIGINT REFERENCES users (id),
	contributions TEXT NOT NULL CHECK (contributions IN ('keep', 'remove')),
	names TEXT NOT NULL DEFAULT '',
	step TEXT NOT NULL DEFAULT '',
	position TEXT NOT NULL DEFAULT '',
	touched BOOLEAN NOT NULL DEFAULT FALSE,
	requested_at ${TIME} NOT NULL,
	due_at ${TIME} NOT NULL,
	started_at ${TIME},
	finished_at ${TIME}
);
CREATE UNIQUE INDEX erasures_user ON erasures (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX erasures_requested_by ON erasures (requested_by) WHERE requested_by IS NOT NULL;
CREATE INDEX erasures_due ON erasures (due_at) WHERE finished_at IS NULL;

-- What the periods have removed, and when.
CREATE TABLE retention_runs (
	kind TEXT PRIMARY KEY,
	ran_at ${TIME} NOT NULL,
	removed BIGINT NOT NULL
);

-- What the house itself tells a person, beside the notices about ideas.
CREATE TABLE house_notices (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	kind TEXT NOT NULL,
	created_at ${TIME} NOT NULL,
	read_at ${TIME}
);
CREATE INDEX house_notices_user ON house_notices (user_id, id);
CREATE INDEX house_notices_age ON house_notices (created_at);
CREATE INDEX notices_age ON notices (created_at);
CREATE INDEX drafts_age ON drafts (saved_at);
CREATE INDEX events_sign_in ON events (at) WHERE verb IN ('user.signed_in', 'user.signed_out', 'user.refused', 'link.created');
