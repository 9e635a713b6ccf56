-- +goose Up
-- The group that answers for an article instead of a person, and the one that did before it was given away last, as owner_before.
ALTER TABLE articles ADD COLUMN owner_group_id BIGINT REFERENCES groups (id);
ALTER TABLE articles ADD COLUMN owner_group_before BIGINT REFERENCES groups (id);
CREATE INDEX articles_group_owned ON articles (owner_group_id, verified_until, id) WHERE owner_group_id IS NOT NULL;
CREATE INDEX articles_group_before ON articles (owner_group_before) WHERE owner_group_before IS NOT NULL;
CREATE INDEX articles_group_doubted ON articles (owner_group_id, id) WHERE owner_group_id IS NOT NULL AND doubt_count > 0 AND state = 'published';
CREATE INDEX articles_space_group ON articles (space_id, owner_group_id, id) WHERE owner_group_id IS NOT NULL AND state = 'published';
CREATE INDEX articles_nobodys ON articles (space_id, id) WHERE owner_id IS NULL AND owner_group_id IS NULL AND state = 'published';
