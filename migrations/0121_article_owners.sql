-- +goose Up
-- Who owns articles of a space, to find those who have left or may no longer write there.
CREATE INDEX articles_space_owner ON articles (space_id, owner_id, id) WHERE owner_id IS NOT NULL AND state = 'published';
