-- +goose Up
-- What is known of the pages outside that texts show as a card, once for all texts, from when it is asked for again, and how often it
-- was in vain. They are found by the hash of their address, which an erasure may have to change where it names somebody. The picture
-- lies in the file store under the number of the link.
CREATE TABLE links (
	id ${ID},
	hash TEXT NOT NULL UNIQUE,
	url TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'ready', 'empty', 'failed')),
	title TEXT NOT NULL DEFAULT '',
	description TEXT NOT NULL DEFAULT '',
	site TEXT NOT NULL DEFAULT '',
	lang TEXT NOT NULL DEFAULT '',
	picture_type TEXT NOT NULL DEFAULT '',
	picture_width INTEGER NOT NULL DEFAULT 0,
	picture_height INTEGER NOT NULL DEFAULT 0,
	tries INTEGER NOT NULL DEFAULT 0,
	fetched_at ${TIME},
	due_at ${TIME} NOT NULL
);
CREATE INDEX links_due ON links (due_at, id);

-- Which texts show what: a page outside, or something of the house, which the reader may not be allowed to see, or which is not there.
CREATE TABLE text_links (
	id ${ID},
	idea_id BIGINT REFERENCES ideas (id),
	post_id BIGINT REFERENCES posts (id),
	place INTEGER NOT NULL,
	link_id BIGINT REFERENCES links (id),
	target TEXT CHECK (target IN ('idea', 'thread', 'post')),
	target_id BIGINT,
	CHECK ((idea_id IS NULL) <> (post_id IS NULL)),
	CHECK ((link_id IS NULL) = (target IS NOT NULL) AND (target IS NULL) = (target_id IS NULL))
);
CREATE UNIQUE INDEX text_links_idea ON text_links (idea_id, place) WHERE idea_id IS NOT NULL;
CREATE UNIQUE INDEX text_links_post ON text_links (post_id, place) WHERE post_id IS NOT NULL;
CREATE INDEX text_links_link ON text_links (link_id) WHERE link_id IS NOT NULL;
