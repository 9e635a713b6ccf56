-- +goose Up
-- Articles are discussed with the posts that ideas and threads have, and reach people as those do.
ALTER TABLE posts ADD COLUMN article_id BIGINT REFERENCES articles (id);
CREATE INDEX posts_article ON posts (article_id, created_at, id) WHERE article_id IS NOT NULL;
ALTER TABLE articles ADD COLUMN comment_count INTEGER NOT NULL DEFAULT 0;

-- How closely somebody follows an article; chosen_at is null where they do by having written there.
CREATE TABLE article_people (
	article_id BIGINT NOT NULL REFERENCES articles (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	level TEXT NOT NULL CHECK (level IN ('watch', 'follow', 'normal', 'mute')),
	chosen_at ${TIME},
	PRIMARY KEY (article_id, user_id)
);
CREATE INDEX article_people_user ON article_people (user_id, level, article_id);
INSERT INTO article_people (article_id, user_id, level) SELECT id, author_id, 'follow' FROM articles WHERE import_ref IS NULL;

ALTER TABLE notices ADD COLUMN article_id BIGINT REFERENCES articles (id);
CREATE INDEX notices_article_unread ON notices (user_id, article_id, kind) WHERE read_at IS NULL AND article_id IS NOT NULL;
CREATE INDEX notices_article ON notices (article_id) WHERE article_id IS NOT NULL;

-- The texts of articles show links as cards too, and cards lead to articles.
CREATE TABLE shown_links (
	id ${ID},
	idea_id BIGINT REFERENCES ideas (id),
	post_id BIGINT REFERENCES posts (id),
	article_id BIGINT REFERENCES articles (id),
	place INTEGER NOT NULL,
	link_id BIGINT REFERENCES links (id),
	target TEXT CHECK (target IN ('idea', 'thread', 'article', 'post')),
	target_id BIGINT,
	CHECK (CASE WHEN idea_id IS NULL THEN 0 ELSE 1 END + CASE WHEN post_id IS NULL THEN 0 ELSE 1 END + CASE WHEN article_id IS NULL THEN 0 ELSE 1 END = 1),
	CHECK ((link_id IS NULL) = (target IS NOT NULL) AND (target IS NULL) = (target_id IS NULL))
);
INSERT INTO shown_links (idea_id, post_id, place, link_id, target, target_id) SELECT idea_id, post_id, place, link_id, target, target_id FROM text_links ORDER BY id;
DROP TABLE text_links;
ALTER TABLE shown_links RENAME TO text_links;
CREATE UNIQUE INDEX text_links_idea ON text_links (idea_id, place) WHERE idea_id IS NOT NULL;
CREATE UNIQUE INDEX text_links_post ON text_links (post_id, place) WHERE post_id IS NOT NULL;
CREATE UNIQUE INDEX text_links_article ON text_links (article_id, place) WHERE article_id IS NOT NULL;
CREATE INDEX text_links_link ON text_links (link_id) WHERE link_id IS NOT NULL;
