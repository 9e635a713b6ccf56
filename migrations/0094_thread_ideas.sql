-- +goose Up
-- A poll can be opened again: the outcomes that were written before are its history, and none of them holds.
ALTER TABLE polls ADD COLUMN past INTEGER NOT NULL DEFAULT 0;

-- Which threads belong to which ideas, said by somebody who may change one of the two. An idea that a thread has become keeps that.
CREATE TABLE idea_threads (
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	thread_id BIGINT NOT NULL REFERENCES threads (id),
	became BOOLEAN NOT NULL DEFAULT FALSE,
	linked_by BIGINT NOT NULL REFERENCES users (id),
	linked_at ${TIME} NOT NULL,
	PRIMARY KEY (idea_id, thread_id)
);
CREATE INDEX idea_threads_thread ON idea_threads (thread_id, idea_id);
CREATE INDEX idea_threads_linked_by ON idea_threads (linked_by);
