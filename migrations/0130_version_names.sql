-- +goose Up
-- What people call versions of an article, to find them again: "as audited in May".
CREATE TABLE article_version_names (
	article_id BIGINT NOT NULL REFERENCES articles (id),
	number INTEGER NOT NULL,
	name TEXT NOT NULL,
	note TEXT NOT NULL DEFAULT '',
	named_by BIGINT NOT NULL REFERENCES users (id),
	named_at ${TIME} NOT NULL,
	PRIMARY KEY (article_id, number),
	FOREIGN KEY (article_id, number) REFERENCES article_versions (article_id, number)
);
CREATE INDEX article_version_names_by ON article_version_names (named_by);
