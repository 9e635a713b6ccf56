-- +goose Up
-- Threads are listed by the space, by the topic and by what became of their question; every order of a list is an index.
DROP TABLE thread_tags;
CREATE TABLE thread_tags (
	tag TEXT NOT NULL,
	thread_id BIGINT NOT NULL REFERENCES threads (id),
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	PRIMARY KEY (tag, space_id, thread_id)
);
CREATE INDEX thread_tags_thread ON thread_tags (thread_id, tag);

CREATE INDEX threads_active ON threads (space_id, active_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX threads_new ON threads (space_id, created_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX threads_hot ON threads (space_id, hot DESC, id DESC) WHERE state = 'published';
CREATE INDEX threads_kind_active ON threads (space_id, kind, active_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX threads_kind_new ON threads (space_id, kind, created_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX threads_kind_hot ON threads (space_id, kind, hot DESC, id DESC) WHERE state = 'published';
CREATE INDEX threads_solved ON threads (space_id, active_at DESC, id DESC) WHERE state = 'published' AND accepted_id IS NOT NULL;
CREATE INDEX threads_unsolved ON threads (space_id, active_at DESC, id DESC) WHERE state = 'published' AND kind = 'question' AND accepted_id IS NULL;
DROP INDEX threads_topic;
CREATE INDEX threads_topic_active ON threads (topic_id, active_at DESC, id DESC) WHERE topic_id IS NOT NULL;
CREATE INDEX threads_topic_new ON threads (topic_id, created_at DESC, id DESC) WHERE topic_id IS NOT NULL;
CREATE INDEX threads_topic_hot ON threads (topic_id, hot DESC, id DESC) WHERE topic_id IS NOT NULL;
CREATE INDEX threads_pinned ON threads (space_id, pinned_at DESC, id DESC) WHERE pinned_at IS NOT NULL;

-- Who writes in a thread is looked up, who merely reads it is not.
CREATE INDEX thread_people_wrote ON thread_people (thread_id, wrote_at DESC) WHERE wrote_at IS NOT NULL;
