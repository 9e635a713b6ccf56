-- +goose Up
-- Whether the directory has made an account, rather than found it here: then it may say whose it is when they first sign in.
ALTER TABLE users ADD COLUMN made_by_directory BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE users SET made_by_directory = TRUE WHERE EXISTS (SELECT 1 FROM events e WHERE e.subject = 'user' AND e.subject_id = users.id AND e.verb = 'user.created' AND e.data = '{"by":"scim"}');
CREATE INDEX users_service_name ON users (name_key, id) WHERE service;

-- Lists of people that somebody has sent to be taken in.
CREATE TABLE rosters (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	name TEXT NOT NULL,
	content TEXT NOT NULL,
	lines INTEGER NOT NULL,
	made INTEGER NOT NULL DEFAULT 0,
	changed INTEGER NOT NULL DEFAULT 0,
	created_at ${TIME} NOT NULL,
	imported_at ${TIME},
	problem_line INTEGER NOT NULL DEFAULT 0,
	problem TEXT NOT NULL DEFAULT ''
);
CREATE INDEX rosters_user ON rosters (user_id);
CREATE INDEX rosters_created ON rosters (created_at);
