-- +goose Up
-- A word of a space with what it means there. also are its other spellings, one a line; word_key is the word as lists are in order by. Where
-- everywhere is set the term is explained in the articles of all spaces, to those who see this one.
CREATE TABLE terms (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	word TEXT NOT NULL,
	word_key ${WORD} NOT NULL,
	also TEXT NOT NULL DEFAULT '',
	lang TEXT NOT NULL DEFAULT '',
	definition TEXT NOT NULL,
	html TEXT NOT NULL,
	article_id BIGINT REFERENCES articles (id),
	everywhere BOOLEAN NOT NULL DEFAULT FALSE,
	state TEXT NOT NULL DEFAULT 'published' CHECK (state IN ('published', 'withdrawn')),
	version INTEGER NOT NULL DEFAULT 1,
	created_at ${TIME} NOT NULL,
	edited_at ${TIME} NOT NULL
);
CREATE INDEX terms_space ON terms (space_id, word_key, id) WHERE state = 'published';
CREATE INDEX terms_everywhere ON terms (id) WHERE everywhere AND state = 'published';
CREATE INDEX terms_article ON terms (article_id) WHERE article_id IS NOT NULL;

-- What was said of a term, and by whom.
CREATE TABLE term_versions (
	term_id BIGINT NOT NULL REFERENCES terms (id),
	number INTEGER NOT NULL,
	editor_id BIGINT NOT NULL REFERENCES users (id),
	word TEXT NOT NULL,
	also TEXT NOT NULL DEFAULT '',
	lang TEXT NOT NULL DEFAULT '',
	definition TEXT NOT NULL,
	article_id BIGINT REFERENCES articles (id),
	everywhere BOOLEAN NOT NULL DEFAULT FALSE,
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (term_id, number)
);
CREATE INDEX term_versions_editor ON term_versions (editor_id);
CREATE INDEX term_versions_article ON term_versions (article_id) WHERE article_id IS NOT NULL;

-- The word of a term that is there and its other spellings, as they are looked up: in small letters without accents.
CREATE TABLE term_words (
	term_id BIGINT NOT NULL REFERENCES terms (id),
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	word_key ${WORD} NOT NULL,
	PRIMARY KEY (term_id, word_key)
);
CREATE INDEX term_words_key ON term_words (word_key, space_id);
