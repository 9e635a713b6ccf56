-- +goose Up
-- From which version each block of the text of an article is, as far as that has been found out: of the text of the version "number",
-- having looked back as far as the version "looked_to". What is known of a version goes for the next ones too.
CREATE TABLE article_blame (
	article_id BIGINT NOT NULL PRIMARY KEY REFERENCES articles (id),
	number INTEGER NOT NULL,
	looked_to INTEGER NOT NULL,
	marks TEXT NOT NULL
);
