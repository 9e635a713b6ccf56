-- +goose Up
-- The knowledge of a space stands in collections. An article is at the top of its collection or under another article of it; position
-- orders it among those beside it. The body is Markdown, the rest of a text is made from it. outline is the list of its headings as JSON.
-- Who takes an article out of sight takes what is under it along: withdrawn_with names the article that went.
CREATE TABLE collections (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	title TEXT NOT NULL,
	description TEXT NOT NULL DEFAULT '',
	position INTEGER NOT NULL DEFAULT 0,
	article_count INTEGER NOT NULL DEFAULT 0,
	import_ref TEXT,
	created_at ${TIME} NOT NULL,
	archived_at ${TIME}
);
CREATE INDEX collections_space ON collections (space_id, position, id);
CREATE UNIQUE INDEX collections_import ON collections (import_ref) WHERE import_ref IS NOT NULL;

CREATE TABLE articles (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	collection_id BIGINT NOT NULL REFERENCES collections (id),
	parent_id BIGINT REFERENCES articles (id),
	position BIGINT NOT NULL DEFAULT 0,
	title TEXT NOT NULL,
	summary TEXT NOT NULL DEFAULT '',
	body TEXT NOT NULL DEFAULT '',
	html TEXT NOT NULL DEFAULT '',
	outline TEXT NOT NULL DEFAULT '',
	words INTEGER NOT NULL DEFAULT 0,
	lang TEXT NOT NULL DEFAULT '',
	tags TEXT NOT NULL DEFAULT '',
	author_id BIGINT NOT NULL REFERENCES users (id),
	editor_id BIGINT NOT NULL REFERENCES users (id),
	state TEXT NOT NULL DEFAULT 'published' CHECK (state IN ('published', 'withdrawn')),
	version INTEGER NOT NULL DEFAULT 1,
	import_ref TEXT,
	created_at ${TIME} NOT NULL,
	edited_at ${TIME} NOT NULL,
	withdrawn_at ${TIME},
	withdrawn_by BIGINT REFERENCES users (id),
	withdrawn_with BIGINT REFERENCES articles (id)
);
CREATE INDEX articles_top ON articles (collection_id, position, id) WHERE parent_id IS NULL AND state = 'published';
CREATE INDEX articles_under ON articles (parent_id, position, id) WHERE parent_id IS NOT NULL AND state = 'published';
CREATE INDEX articles_edited ON articles (space_id, edited_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX articles_withdrawn ON articles (collection_id, withdrawn_at DESC, id DESC) WHERE state = 'withdrawn';
CREATE INDEX articles_withdrawn_with ON articles (withdrawn_with) WHERE withdrawn_with IS NOT NULL;
CREATE INDEX articles_author ON articles (author_id, id);
CREATE INDEX articles_editor ON articles (editor_id);
CREATE INDEX articles_withdrawn_by ON articles (withdrawn_by) WHERE withdrawn_by IS NOT NULL;
CREATE UNIQUE INDEX articles_import ON articles (import_ref) WHERE import_ref IS NOT NULL;

CREATE TABLE article_tags (
	tag TEXT NOT NULL,
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	article_id BIGINT NOT NULL REFERENCES articles (id),
	PRIMARY KEY (tag, space_id, article_id)
);
CREATE INDEX article_tags_article ON article_tags (article_id);

-- Every save is a version, the first one too. note is what its editor says about it.
CREATE TABLE article_versions (
	article_id BIGINT NOT NULL REFERENCES articles (id),
	number INTEGER NOT NULL,
	editor_id BIGINT NOT NULL REFERENCES users (id),
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	tags TEXT NOT NULL DEFAULT '',
	note TEXT NOT NULL DEFAULT '',
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (article_id, number)
);
CREATE INDEX article_versions_editor ON article_versions (editor_id);

-- The pictures and files of an article are the article's.
ALTER TABLE files ADD COLUMN article_id BIGINT REFERENCES articles (id);
CREATE INDEX files_article ON files (article_id) WHERE article_id IS NOT NULL;
DROP INDEX files_orphan;
CREATE INDEX files_orphan ON files (created_at) WHERE idea_id IS NULL AND thread_id IS NULL AND article_id IS NULL;
