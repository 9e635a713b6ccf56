-- +goose Up
-- Folders of Markdown that somebody has sent to be taken into a collection, and what came of them. The archive waits in the file store
-- under key; report says what the last reading of it found, and problem why it could not be taken in.
CREATE TABLE article_imports (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	collection_id BIGINT NOT NULL REFERENCES collections (id),
	name TEXT NOT NULL,
	key TEXT NOT NULL,
	report TEXT NOT NULL DEFAULT '',
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
CREATE INDEX article_imports_user ON article_imports (user_id, id);
CREATE INDEX article_imports_space ON article_imports (space_id);
CREATE INDEX article_imports_collection ON article_imports (collection_id);
CREATE INDEX article_imports_waiting ON article_imports (id) WHERE key <> '';

-- Which run made an article, so that it can be undone.
ALTER TABLE articles ADD COLUMN import_id BIGINT REFERENCES article_imports (id);
CREATE INDEX articles_import_run ON articles (import_id, id) WHERE import_id IS NOT NULL;
