-- +goose Up
-- The published articles of a space in the order of their numbers, for the site map.
CREATE INDEX articles_mapped ON articles (space_id, id) WHERE state = 'published';
