-- +goose Up
-- Where what an article says comes from: a text, and an address where there is one.
ALTER TABLE articles ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN source_url TEXT NOT NULL DEFAULT '';

-- Who gave an article its owner last, and who owned it before, so that they can take that back; nobody once it is.
ALTER TABLE articles ADD COLUMN owner_before BIGINT REFERENCES users (id);
ALTER TABLE articles ADD COLUMN given_by BIGINT REFERENCES users (id);
CREATE INDEX articles_owner_before ON articles (owner_before) WHERE owner_before IS NOT NULL;
CREATE INDEX articles_given_by ON articles (given_by) WHERE given_by IS NOT NULL;
