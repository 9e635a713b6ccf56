-- +goose Up
-- A text that is not published: of a new article, or another one of an article that is. Only its author sees it, and once it is sent for
-- review those who are asked and those who arrange the collections. article_id is the article that it changes, or has become.
CREATE TABLE article_drafts (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	collection_id BIGINT NOT NULL REFERENCES collections (id),
	article_id BIGINT REFERENCES articles (id),
	parent_id BIGINT REFERENCES articles (id),
	idea_id BIGINT REFERENCES ideas (id),
	thread_id BIGINT REFERENCES threads (id),
	base_version INTEGER NOT NULL DEFAULT 0,
	title TEXT NOT NULL,
	body TEXT NOT NULL DEFAULT '',
	html TEXT NOT NULL DEFAULT '',
	lang TEXT NOT NULL DEFAULT '',
	tags TEXT NOT NULL DEFAULT '',
	note TEXT NOT NULL DEFAULT '',
	author_id BIGINT NOT NULL REFERENCES users (id),
	state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'published', 'dropped')),
	version INTEGER NOT NULL DEFAULT 1,
	created_at ${TIME} NOT NULL,
	edited_at ${TIME} NOT NULL,
	sent_at ${TIME},
	ended_at ${TIME}
);
CREATE INDEX article_drafts_author ON article_drafts (author_id, id);
CREATE INDEX article_drafts_open ON article_drafts (author_id, id) WHERE state = 'open';
CREATE INDEX article_drafts_sent ON article_drafts (space_id, id) WHERE state = 'open' AND sent_at IS NOT NULL;
CREATE INDEX article_drafts_article ON article_drafts (article_id, id) WHERE article_id IS NOT NULL;
CREATE INDEX article_drafts_parent ON article_drafts (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX article_drafts_collection ON article_drafts (collection_id);
CREATE INDEX article_drafts_idea ON article_drafts (idea_id) WHERE idea_id IS NOT NULL;
CREATE INDEX article_drafts_thread ON article_drafts (thread_id) WHERE thread_id IS NOT NULL;

-- Who is asked to read a draft before it is published, and what they say: nothing yet, that it is good, or what has to change. version is
-- the one of the draft that they read.
CREATE TABLE article_reviews (
	id ${ID},
	draft_id BIGINT NOT NULL REFERENCES article_drafts (id),
	reviewer_id BIGINT NOT NULL REFERENCES users (id),
	asked_by BIGINT NOT NULL REFERENCES users (id),
	asked_at ${TIME} NOT NULL,
	verdict TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'approved', 'changes')),
	word TEXT NOT NULL DEFAULT '',
	version INTEGER NOT NULL DEFAULT 0,
	answered_at ${TIME}
);
CREATE INDEX article_reviews_draft ON article_reviews (draft_id, id);
CREATE INDEX article_reviews_reviewer ON article_reviews (reviewer_id);
CREATE INDEX article_reviews_waiting ON article_reviews (reviewer_id, draft_id) WHERE verdict = '';
CREATE INDEX article_reviews_asked_by ON article_reviews (asked_by);

-- In such a collection nothing is published that nobody else has approved, unless by those who arrange it.
ALTER TABLE collections ADD COLUMN reviewed BOOLEAN NOT NULL DEFAULT FALSE;

-- The pictures and files of a draft are seen by whoever sees the draft.
ALTER TABLE files ADD COLUMN draft_id BIGINT REFERENCES article_drafts (id);
CREATE INDEX files_draft ON files (draft_id) WHERE draft_id IS NOT NULL;

ALTER TABLE house_notices ADD COLUMN draft_id BIGINT REFERENCES article_drafts (id);
CREATE INDEX house_notices_draft ON house_notices (draft_id) WHERE draft_id IS NOT NULL;
