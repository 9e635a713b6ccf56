-- +goose Up
-- Who answers for an article: whoever wrote it first, until it is given to somebody else. What was imported belongs to nobody.
ALTER TABLE articles ADD COLUMN owner_id BIGINT REFERENCES users (id);
-- Until when its latest verification holds, to list what has to be looked at again.
ALTER TABLE articles ADD COLUMN verified_until ${TIME};
UPDATE articles SET owner_id = author_id WHERE import_ref IS NULL;
CREATE INDEX articles_owned ON articles (owner_id, verified_until, id) WHERE owner_id IS NOT NULL AND state = 'published';
CREATE INDEX articles_due ON articles (space_id, verified_until, id) WHERE verified_until IS NOT NULL AND state = 'published';
CREATE INDEX articles_ownerless ON articles (space_id, id) WHERE owner_id IS NULL AND state = 'published';
CREATE INDEX articles_owner ON articles (owner_id);

-- Somebody has read a version of an article and says that it is right, for some months.
CREATE TABLE article_verifications (
	id ${ID},
	article_id BIGINT NOT NULL REFERENCES articles (id),
	version INTEGER NOT NULL,
	months INTEGER NOT NULL,
	verified_by BIGINT NOT NULL REFERENCES users (id),
	verified_at ${TIME} NOT NULL,
	verified_until ${TIME} NOT NULL
);
CREATE INDEX article_verifications_article ON article_verifications (article_id, id);
CREATE INDEX article_verifications_by ON article_verifications (verified_by);
