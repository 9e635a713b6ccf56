-- +goose Up
-- From which threads and ideas an article was written. One of the two is set.
CREATE TABLE article_origins (
	id ${ID},
	article_id BIGINT NOT NULL REFERENCES articles (id),
	idea_id BIGINT REFERENCES ideas (id),
	thread_id BIGINT REFERENCES threads (id),
	linked_by BIGINT NOT NULL REFERENCES users (id),
	linked_at ${TIME} NOT NULL
);
CREATE UNIQUE INDEX article_origins_idea ON article_origins (idea_id, article_id) WHERE idea_id IS NOT NULL;
CREATE UNIQUE INDEX article_origins_thread ON article_origins (thread_id, article_id) WHERE thread_id IS NOT NULL;
CREATE INDEX article_origins_article ON article_origins (article_id);
CREATE INDEX article_origins_linked_by ON article_origins (linked_by);
