-- +goose Up
-- Passages of an article or of a draft that people say something about. quote is what was marked, words what stands there now; with what
-- stands before and after, they are found again in every later text. begins counts the letters before it, without spaces. Where found is
-- false, the text of the version has nothing like it any more.
CREATE TABLE passages (
	id ${ID},
	article_id BIGINT REFERENCES articles (id),
	draft_id BIGINT REFERENCES article_drafts (id),
	author_id BIGINT NOT NULL REFERENCES users (id),
	quote TEXT NOT NULL,
	words TEXT NOT NULL,
	prefix TEXT NOT NULL DEFAULT '',
	suffix TEXT NOT NULL DEFAULT '',
	begins INTEGER NOT NULL,
	version INTEGER NOT NULL,
	found BOOLEAN NOT NULL DEFAULT TRUE,
	created_at ${TIME} NOT NULL,
	resolved_at ${TIME},
	resolved_by BIGINT REFERENCES users (id),
	CHECK ((article_id IS NULL) <> (draft_id IS NULL))
);
CREATE INDEX passages_article ON passages (article_id, id) WHERE article_id IS NOT NULL;
CREATE INDEX passages_draft ON passages (draft_id, id) WHERE draft_id IS NOT NULL;
CREATE INDEX passages_author ON passages (author_id);
CREATE INDEX passages_resolved_by ON passages (resolved_by) WHERE resolved_by IS NOT NULL;

-- What is said about a passage, the first by whoever marked it.
CREATE TABLE passage_words (
	id ${ID},
	passage_id BIGINT NOT NULL REFERENCES passages (id),
	author_id BIGINT NOT NULL REFERENCES users (id),
	body TEXT NOT NULL,
	created_at ${TIME} NOT NULL,
	removed_at ${TIME},
	removed_by BIGINT REFERENCES users (id)
);
CREATE INDEX passage_words_passage ON passage_words (passage_id, id);
CREATE INDEX passage_words_author ON passage_words (author_id, created_at);
CREATE INDEX passage_words_removed_by ON passage_words (removed_by) WHERE removed_by IS NOT NULL;
