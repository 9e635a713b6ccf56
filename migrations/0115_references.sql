-- +goose Up
-- What of the house texts lead to, wherever the link stands in them, so that an article can say who links there. gone tells that it is
-- not there to be read any more, or never was.
CREATE TABLE text_references (
	id ${ID},
	idea_id BIGINT REFERENCES ideas (id),
	post_id BIGINT REFERENCES posts (id),
	article_id BIGINT REFERENCES articles (id),
	target TEXT NOT NULL CHECK (target IN ('idea', 'thread', 'article', 'post')),
	target_id BIGINT NOT NULL,
	gone BOOLEAN NOT NULL DEFAULT FALSE,
	CHECK (CASE WHEN idea_id IS NULL THEN 0 ELSE 1 END + CASE WHEN post_id IS NULL THEN 0 ELSE 1 END + CASE WHEN article_id IS NULL THEN 0 ELSE 1 END = 1)
);
CREATE UNIQUE INDEX text_references_idea ON text_references (idea_id, target, target_id) WHERE idea_id IS NOT NULL;
CREATE UNIQUE INDEX text_references_post ON text_references (post_id, target, target_id) WHERE post_id IS NOT NULL;
CREATE UNIQUE INDEX text_references_article ON text_references (article_id, target, target_id) WHERE article_id IS NOT NULL;
CREATE INDEX text_references_target ON text_references (target, target_id, id);
CREATE INDEX text_references_gone ON text_references (article_id, id) WHERE gone AND article_id IS NOT NULL;
-- To look through the articles of a space for those to which nobody links.
CREATE INDEX articles_nested ON articles (space_id, id) WHERE parent_id IS NOT NULL AND state = 'published';
-- The reader of links reads the whole log again, and so what was written before.
DELETE FROM cursors WHERE reader = 'links';
