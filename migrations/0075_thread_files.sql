-- +goose Up
-- The pictures and files of a thread's posts are the thread's, as those of an idea and its comments are the idea's.
ALTER TABLE files ADD COLUMN thread_id BIGINT REFERENCES threads (id);
CREATE INDEX files_thread ON files (thread_id) WHERE thread_id IS NOT NULL;
DROP INDEX files_orphan;
CREATE INDEX files_orphan ON files (created_at) WHERE idea_id IS NULL AND thread_id IS NULL;
