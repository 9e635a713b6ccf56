-- +goose Up
-- The threads that somebody began in the order of what is written in them, as whoever follows them lists them.
CREATE INDEX threads_author_active ON threads (author_id, active_at DESC, id DESC) WHERE state = 'published';
