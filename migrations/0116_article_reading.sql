-- +goose Up
-- The articles that people keep at hand, and those that they have read last, for themselves alone.
CREATE TABLE article_stars (
	user_id BIGINT NOT NULL REFERENCES users (id),
	article_id BIGINT NOT NULL REFERENCES articles (id),
	starred_at ${TIME} NOT NULL,
	PRIMARY KEY (user_id, article_id)
);
CREATE INDEX article_stars_latest ON article_stars (user_id, starred_at DESC, article_id DESC);
CREATE INDEX article_stars_article ON article_stars (article_id);
CREATE TABLE article_reads (
	user_id BIGINT NOT NULL REFERENCES users (id),
	article_id BIGINT NOT NULL REFERENCES articles (id),
	read_at ${TIME} NOT NULL,
	PRIMARY KEY (user_id, article_id)
);
CREATE INDEX article_reads_latest ON article_reads (user_id, read_at DESC, article_id DESC);
CREATE INDEX article_reads_article ON article_reads (article_id);
-- Whether somebody has said that what they read is not to be noted.
ALTER TABLE users ADD COLUMN reading_unkept BOOLEAN NOT NULL DEFAULT FALSE;
