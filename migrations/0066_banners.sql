-- +goose Up
-- A picture stands across the page of a campaign and beside it in lists. It belongs to the campaigns that show it, of which one may be
-- the copy of another, and is seen by whoever sees one of them. No description means that it only decorates.
ALTER TABLE campaigns ADD COLUMN banner_id BIGINT REFERENCES files (id);
ALTER TABLE campaigns ADD COLUMN banner_alt TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN banner_focus TEXT NOT NULL DEFAULT 'center'; -- what stays in sight where there is no room for all of it
CREATE INDEX campaigns_banner ON campaigns (banner_id) WHERE banner_id IS NOT NULL;
