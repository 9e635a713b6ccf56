-- +goose Up
-- What a use case leaves for later, in its own transaction. due_at is also how long whoever works on a job has it for.
CREATE TABLE jobs (
	id ${ID},
	kind TEXT NOT NULL,
	args TEXT NOT NULL DEFAULT '',
	key TEXT NOT NULL DEFAULT '',
	owner_id BIGINT REFERENCES users (id),
	state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
	attempts INTEGER NOT NULL DEFAULT 0,
	done INTEGER NOT NULL DEFAULT 0,
	total INTEGER NOT NULL DEFAULT 0,
	due_at ${TIME} NOT NULL,
	created_at ${TIME} NOT NULL,
	finished_at ${TIME}
);
CREATE INDEX jobs_due ON jobs (due_at, id) WHERE state = 'waiting';
CREATE UNIQUE INDEX jobs_key ON jobs (kind, key) WHERE state = 'waiting' AND key <> '';
CREATE INDEX jobs_owner ON jobs (owner_id, id) WHERE owner_id IS NOT NULL;
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE passkeys (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	credential_id TEXT NOT NULL UNIQUE,
	credential TEXT NOT NULL,
	name TEXT NOT NULL,
	created_at ${TIME} NOT NULL,
	used_at ${TIME},
	suspect_at ${TIME}
);
CREATE INDEX passkeys_user ON passkeys (user_id);

-- What an authenticator has to sign: made here, bound to one browser's session, served once.
CREATE TABLE passkey_challenges (
	token TEXT PRIMARY KEY,
	data TEXT NOT NULL,
	expires_at ${TIME} NOT NULL
);
CREATE INDEX passkey_challenges_expiry ON passkey_challenges (expires_at);

-- Emergency access is shown to every owner for a while.
CREATE INDEX events_emergency ON events (id) WHERE verb = 'owner.link_created';
