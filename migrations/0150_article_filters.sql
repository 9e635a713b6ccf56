-- +goose Up
-- Lists of the articles that somebody answers for, and of those that were verified once or never, those written in last first.
CREATE INDEX articles_owner_edited ON articles (owner_id, edited_at DESC, id DESC) WHERE state = 'published' AND owner_id IS NOT NULL;
CREATE INDEX articles_verified_edited ON articles (space_id, edited_at DESC, id DESC) WHERE state = 'published' AND verified_until IS NOT NULL;
CREATE INDEX articles_unverified_edited ON articles (space_id, edited_at DESC, id DESC) WHERE state = 'published' AND verified_until IS NULL;
