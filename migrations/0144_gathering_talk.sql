-- +goose Up
-- Gatherings are discussed with the posts that ideas, threads and articles have, and reach people as those do.
ALTER TABLE posts ADD COLUMN gathering_id BIGINT REFERENCES gatherings (id);
CREATE INDEX posts_gathering ON posts (gathering_id, created_at, id) WHERE gathering_id IS NOT NULL;

-- How closely somebody follows a gathering; chosen_at is null where they do by coming or by having written there.
CREATE TABLE gathering_people (
	gathering_id BIGINT NOT NULL REFERENCES gatherings (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	level TEXT NOT NULL CHECK (level IN ('watch', 'follow', 'normal', 'mute')),
	chosen_at ${TIME},
	PRIMARY KEY (gathering_id, user_id)
);
CREATE INDEX gathering_people_user ON gathering_people (user_id, level, gathering_id);

-- The texts of gatherings show links as cards too, and cards lead to gatherings.
CREATE TABLE shown_links (
	id ${ID},
	idea_id BIGINT REFERENCES ideas (id),
	post_id BIGINT REFERENCES posts (id),
	article_id BIGINT REFERENCES articles (id),
	gathering_id BIGINT REFERENCES gatherings (id),
	place INTEGER NOT NULL,
	link_id BIGINT REFERENCES links (id),
	target TEXT CHECK (target IN ('idea', 'thread', 'article', 'event', 'post')),
	target_id BIGINT,
	CHECK (CASE WHEN idea_id IS NULL THEN 0 ELSE 1 END + CASE WHEN post_id IS NULL THEN 0 ELSE 1 END + CASE WHEN article_id IS NULL THEN 0 ELSE 1 END + CASE WHEN gathering_id IS NULL THEN 0 ELSE 1 END = 1),
	CHECK ((link_id IS NULL) = (target IS NOT NULL) AND (target IS NULL) = (target_id IS NULL))
);
INSERT INTO shown_links (idea_id, post_id, article_id, place, link_id, target, target_id) SELECT idea_id, post_id, article_id, place, link_id, target, target_id FROM text_links ORDER BY id;
DROP TABLE text_links;
ALTER TABLE shown_links RENAME TO text_links;
CREATE UNIQUE INDEX text_links_idea ON text_links (idea_id, place) WHERE idea_id IS NOT NULL;
CREATE UNIQUE INDEX text_links_post ON text_links (post_id, place) WHERE post_id IS NOT NULL;
CREATE UNIQUE INDEX text_links_article ON text_links (article_id, place) WHERE article_id IS NOT NULL;
CREATE UNIQUE INDEX text_links_gathering ON text_links (gathering_id, place) WHERE gathering_id IS NOT NULL;
CREATE INDEX text_links_link ON text_links (link_id) WHERE link_id IS NOT NULL;

CREATE TABLE made_references (
	id ${ID},
	idea_id BIGINT REFERENCES ideas (id),
	post_id BIGINT REFERENCES posts (id),
	article_id BIGINT REFERENCES articles (id),
	gathering_id BIGINT REFERENCES gatherings (id),
	target TEXT NOT NULL CHECK (target IN ('idea', 'thread', 'article', 'event', 'post')),
	target_id BIGINT NOT NULL,
	gone BOOLEAN NOT NULL DEFAULT FALSE,
	CHECK (CASE WHEN idea_id IS NULL THEN 0 ELSE 1 END + CASE WHEN post_id IS NULL THEN 0 ELSE 1 END + CASE WHEN article_id IS NULL THEN 0 ELSE 1 END + CASE WHEN gathering_id IS NULL THEN 0 ELSE 1 END = 1)
);
INSERT INTO made_references (idea_id, post_id, article_id, target, target_id, gone) SELECT idea_id, post_id, article_id, target, target_id, gone FROM text_references ORDER BY id;
DROP TABLE text_references;
ALTER TABLE made_references RENAME TO text_references;
CREATE UNIQUE INDEX text_references_idea ON text_references (idea_id, target, target_id) WHERE idea_id IS NOT NULL;
CREATE UNIQUE INDEX text_references_post ON text_references (post_id, target, target_id) WHERE post_id IS NOT NULL;
CREATE UNIQUE INDEX text_references_article ON text_references (article_id, target, target_id) WHERE article_id IS NOT NULL;
CREATE UNIQUE INDEX text_references_gathering ON text_references (gathering_id, target, target_id) WHERE gathering_id IS NOT NULL;
CREATE INDEX text_references_target ON text_references (target, target_id, id);
CREATE INDEX text_references_gone ON text_references (article_id, id) WHERE gone AND article_id IS NOT NULL;
