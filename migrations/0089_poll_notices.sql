-- +goose Up
-- The house tells of polls, which are in threads.
ALTER TABLE house_notices ADD COLUMN thread_id BIGINT REFERENCES threads (id);
CREATE INDEX house_notices_thread ON house_notices (thread_id) WHERE thread_id IS NOT NULL;
