-- +goose Up
-- What readers say of a version of an article: whether it helped or, where helped is null, that it may not be right any more. What has a
-- reason is a doubt: it waits until whoever answers for the article has dealt with it.
CREATE TABLE article_feedback (
	id ${ID},
	article_id BIGINT NOT NULL REFERENCES articles (id),
	version INTEGER NOT NULL,
	user_id BIGINT NOT NULL REFERENCES users (id),
	helped BOOLEAN,
	reason TEXT NOT NULL DEFAULT '',
	state TEXT NOT NULL DEFAULT '' CHECK (state IN ('', 'open', 'done', 'declined')),
	created_at ${TIME} NOT NULL,
	answer TEXT NOT NULL DEFAULT '',
	answered_by BIGINT REFERENCES users (id),
	answered_at ${TIME},
	CHECK ((reason = '') = (state = ''))
);
CREATE INDEX article_feedback_version ON article_feedback (article_id, version, user_id);
CREATE INDEX article_feedback_doubts ON article_feedback (article_id, state, id) WHERE reason <> '';
CREATE INDEX article_feedback_by ON article_feedback (user_id, created_at);
CREATE INDEX article_feedback_answered ON article_feedback (answered_by) WHERE answered_by IS NOT NULL;

-- How many doubts are open, to list the articles that have any.
ALTER TABLE articles ADD COLUMN doubt_count INTEGER NOT NULL DEFAULT 0;
CREATE INDEX articles_owned_doubted ON articles (owner_id, id) WHERE doubt_count > 0 AND state = 'published';
CREATE INDEX articles_doubted ON articles (space_id, id) WHERE doubt_count > 0 AND state = 'published';
