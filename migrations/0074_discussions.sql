-- +goose Up
-- One kind of post under everything that is discussed: comments of ideas, and the messages of threads. The column that says under
-- which idea a post stands may be empty from now on; no database changes that of a column alone and leaves the other one able to do it too.
DROP INDEX comments_idea;
ALTER TABLE comments RENAME TO posts;
ALTER TABLE posts RENAME COLUMN idea_id TO commented_id;
ALTER TABLE posts ADD COLUMN idea_id BIGINT REFERENCES ideas (id);
UPDATE posts SET idea_id = commented_id;
ALTER TABLE posts DROP COLUMN commented_id;

CREATE TABLE topics (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	slug TEXT NOT NULL,
	title TEXT NOT NULL,
	description TEXT NOT NULL DEFAULT '',
	position INTEGER NOT NULL DEFAULT 0,
	import_ref TEXT,
	created_at ${TIME} NOT NULL,
	archived_at ${TIME},
	UNIQUE (space_id, slug)
);
CREATE UNIQUE INDEX topics_import ON topics (import_ref) WHERE import_ref IS NOT NULL;

-- post_count, people_count, last_number, hot and active_at are kept in the transaction that changes them.
CREATE TABLE threads (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	topic_id BIGINT REFERENCES topics (id),
	kind TEXT NOT NULL CHECK (kind IN ('discussion', 'question', 'poll', 'announcement')),
	title TEXT NOT NULL,
	summary TEXT NOT NULL DEFAULT '',
	author_id BIGINT NOT NULL REFERENCES users (id),
	lang TEXT NOT NULL DEFAULT '',
	tags TEXT NOT NULL DEFAULT '',
	state TEXT NOT NULL DEFAULT 'published' CHECK (state IN ('published', 'withdrawn')),
	anonymity TEXT NOT NULL DEFAULT 'named',
	agreement_id BIGINT REFERENCES agreements (id),
	version INTEGER NOT NULL DEFAULT 1,
	post_count INTEGER NOT NULL DEFAULT 0,
	people_count INTEGER NOT NULL DEFAULT 0,
	last_number INTEGER NOT NULL DEFAULT 0,
	same_count INTEGER NOT NULL DEFAULT 0,
	hot DOUBLE PRECISION NOT NULL DEFAULT 0,
	accepted_id BIGINT REFERENCES posts (id),
	accepted_by BIGINT REFERENCES users (id),
	accepted_at ${TIME},
	pinned_at ${TIME},
	pinned_by BIGINT REFERENCES users (id),
	closed_at ${TIME},
	closed_by BIGINT REFERENCES users (id),
	close_reason TEXT NOT NULL DEFAULT '',
	slow_seconds INTEGER NOT NULL DEFAULT 0,
	import_ref TEXT,
	import_id BIGINT REFERENCES idea_imports (id),
	created_at ${TIME} NOT NULL,
	edited_at ${TIME},
	active_at ${TIME} NOT NULL
);
CREATE UNIQUE INDEX threads_import ON threads (import_ref) WHERE import_ref IS NOT NULL;
CREATE INDEX threads_import_run ON threads (import_id, id) WHERE import_id IS NOT NULL;
CREATE INDEX threads_author ON threads (author_id, created_at DESC, id DESC);
CREATE INDEX threads_topic ON threads (topic_id) WHERE topic_id IS NOT NULL;
CREATE INDEX threads_agreement ON threads (agreement_id) WHERE agreement_id IS NOT NULL;
CREATE INDEX threads_accepted ON threads (accepted_id) WHERE accepted_id IS NOT NULL;
CREATE INDEX threads_accepted_by ON threads (accepted_by) WHERE accepted_by IS NOT NULL;
CREATE INDEX threads_pinned_by ON threads (pinned_by) WHERE pinned_by IS NOT NULL;
CREATE INDEX threads_closed_by ON threads (closed_by) WHERE closed_by IS NOT NULL;

CREATE TABLE thread_tags (
	tag TEXT NOT NULL,
	thread_id BIGINT NOT NULL REFERENCES threads (id),
	PRIMARY KEY (tag, thread_id)
);
CREATE INDEX thread_tags_thread ON thread_tags (thread_id);

-- What a person is to a thread: how closely they follow it, how far they have read, whether they ask the same.
CREATE TABLE thread_people (
	thread_id BIGINT NOT NULL REFERENCES threads (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	level TEXT NOT NULL DEFAULT 'normal' CHECK (level IN ('watch', 'follow', 'normal', 'mute')),
	read_number INTEGER NOT NULL DEFAULT 0,
	read_at ${TIME},
	same_at ${TIME},
	wrote_at ${TIME},
	PRIMARY KEY (thread_id, user_id)
);
CREATE INDEX thread_people_user ON thread_people (user_id, level, thread_id);

-- number is the place of a post in its thread, 1 for the opening one; it is 0 under ideas.
ALTER TABLE posts ADD COLUMN thread_id BIGINT REFERENCES threads (id);
ALTER TABLE posts ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
DROP INDEX comments_import;
DROP INDEX comments_parent;
DROP INDEX comments_author;
DROP INDEX comments_removed_by;
DROP INDEX comments_agreement;
DROP INDEX comments_import_run;
CREATE UNIQUE INDEX posts_import ON posts (import_ref) WHERE import_ref IS NOT NULL;
CREATE INDEX posts_idea ON posts (idea_id, created_at, id) WHERE idea_id IS NOT NULL;
CREATE UNIQUE INDEX posts_thread ON posts (thread_id, number) WHERE thread_id IS NOT NULL;
CREATE INDEX posts_parent ON posts (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX posts_author ON posts (author_id, id);
CREATE INDEX posts_removed_by ON posts (removed_by) WHERE removed_by IS NOT NULL;
CREATE INDEX posts_agreement ON posts (agreement_id) WHERE agreement_id IS NOT NULL;
CREATE INDEX posts_import_run ON posts (import_id, id) WHERE import_id IS NOT NULL;

-- Notices are about ideas and about threads.
DROP INDEX notices_unread;
DROP INDEX notices_idea;
DROP INDEX notices_comment;
ALTER TABLE notices RENAME COLUMN comment_id TO post_id;
ALTER TABLE notices RENAME COLUMN idea_id TO told_idea_id;
ALTER TABLE notices ADD COLUMN idea_id BIGINT REFERENCES ideas (id);
UPDATE notices SET idea_id = told_idea_id;
ALTER TABLE notices DROP COLUMN told_idea_id;
ALTER TABLE notices ADD COLUMN thread_id BIGINT REFERENCES threads (id);
CREATE INDEX notices_unread ON notices (user_id, idea_id, kind) WHERE read_at IS NULL;
CREATE INDEX notices_thread_unread ON notices (user_id, thread_id, kind) WHERE read_at IS NULL AND thread_id IS NOT NULL;
CREATE INDEX notices_idea ON notices (idea_id) WHERE idea_id IS NOT NULL;
CREATE INDEX notices_thread ON notices (thread_id) WHERE thread_id IS NOT NULL;
CREATE INDEX notices_post ON notices (post_id) WHERE post_id IS NOT NULL;

UPDATE events SET subject = 'post' WHERE subject = 'comment';
UPDATE events SET verb = 'post.posted' WHERE verb = 'comment.posted';
UPDATE events SET verb = 'post.edited' WHERE verb = 'comment.edited';
UPDATE events SET verb = 'post.removed' WHERE verb = 'comment.removed';
UPDATE events SET verb = 'post.restored' WHERE verb = 'comment.restored';
DROP INDEX events_news;
CREATE INDEX events_news ON events (space_id, id DESC) WHERE verb IN ('idea.posted', 'idea.staged', 'post.posted');
