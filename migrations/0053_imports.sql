-- +goose Up
-- Files with ideas or comments that somebody has sent to be taken in, and what came of them. The rows wait in the file store under
-- key; reading says what was found out about the file, mapping which column holds what, counts what the last check found, and problem
-- why it could not be taken in.
CREATE TABLE idea_imports (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	campaign_id BIGINT REFERENCES campaigns (id),
	what TEXT NOT NULL CHECK (what IN ('ideas', 'comments')),
	name TEXT NOT NULL,
	key TEXT NOT NULL,
	reading TEXT NOT NULL,
	mapping TEXT NOT NULL,
	counts TEXT NOT NULL DEFAULT '',
	row_count INTEGER NOT NULL,
	problem_count INTEGER NOT NULL DEFAULT 0,
	made INTEGER NOT NULL DEFAULT 0,
	undone INTEGER NOT NULL DEFAULT 0,
	kept INTEGER NOT NULL DEFAULT 0,
	problem TEXT NOT NULL DEFAULT '',
	created_at ${TIME} NOT NULL,
	checked_at ${TIME},
	imported_at ${TIME},
	undone_at ${TIME}
);
CREATE INDEX idea_imports_user ON idea_imports (user_id, id);
CREATE INDEX idea_imports_space ON idea_imports (space_id);
CREATE INDEX idea_imports_campaign ON idea_imports (campaign_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX idea_imports_waiting ON idea_imports (id) WHERE key <> '';

-- What is wrong with which row of a file, at which column.
CREATE TABLE import_problems (
	import_id BIGINT NOT NULL REFERENCES idea_imports (id),
	number INTEGER NOT NULL,
	line INTEGER NOT NULL,
	place TEXT NOT NULL,
	problem TEXT NOT NULL,
	PRIMARY KEY (import_id, number)
);

-- Which run made an idea or a comment, so that it can be undone.
ALTER TABLE ideas ADD COLUMN import_id BIGINT REFERENCES idea_imports (id);
CREATE INDEX ideas_import_run ON ideas (import_id, id) WHERE import_id IS NOT NULL;
ALTER TABLE comments ADD COLUMN import_id BIGINT REFERENCES idea_imports (id);
CREATE INDEX comments_import_run ON comments (import_id, id) WHERE import_id IS NOT NULL;
