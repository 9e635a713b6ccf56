-- +goose Up
-- The articles of one collection in the order in which they were written in last.
CREATE INDEX articles_collection_edited ON articles (collection_id, edited_at DESC, id DESC) WHERE state = 'published';
