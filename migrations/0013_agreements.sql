-- +goose Up
-- Under which agreement somebody from outside wrote this version of an idea.
ALTER TABLE idea_versions ADD COLUMN agreement_id BIGINT REFERENCES agreements (id);
CREATE INDEX idea_versions_agreement ON idea_versions (agreement_id) WHERE agreement_id IS NOT NULL;
