-- +goose Up
-- What a token lets its program do, until when, and how people recognise it. Those from before keep what they had, for a year.
ALTER TABLE tokens ADD COLUMN scope TEXT NOT NULL DEFAULT 'manage' CHECK (scope IN ('read', 'write', 'manage', 'scim'));
ALTER TABLE tokens ADD COLUMN start TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN expires_at ${TIME} NOT NULL DEFAULT '2027-12-01 00:00:00+00:00';
ALTER TABLE tokens ADD COLUMN warned_at ${TIME};
CREATE INDEX tokens_expiry ON tokens (expires_at);

-- An account of a program: no person, nobody signs in with it. sponsor_id answers for it.
ALTER TABLE users ADD COLUMN service BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX users_service ON users (id) WHERE service;

-- The browsers that someone has signed in with, each known by the hash of a cookie, so that a new one can be told of.
CREATE TABLE devices (
	user_id BIGINT NOT NULL REFERENCES users (id),
	key TEXT NOT NULL,
	created_at ${TIME} NOT NULL,
	seen_at ${TIME} NOT NULL,
	PRIMARY KEY (user_id, key)
);
CREATE INDEX devices_seen ON devices (seen_at);

-- What is about getting in and about rights, to be read apart: by the person, and by those who look after the house.
ALTER TABLE events ADD COLUMN security BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE events SET security = TRUE WHERE verb NOT LIKE 'idea.%' AND verb NOT LIKE 'comment.%' AND verb NOT LIKE 'search.%';
CREATE INDEX events_security ON events (id DESC) WHERE security;
CREATE INDEX events_security_own ON events (actor_id, id DESC) WHERE security AND subject IN ('token', 'passkey');
CREATE INDEX events_security_person ON events (subject_id, id DESC) WHERE security AND subject = 'user';
