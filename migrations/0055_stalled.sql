-- +goose Up
-- Ideas that stand still: since when, in the order in which their campaign is asked for them, and of which stage of it those
-- who answer for that were told (its position, twice, and once more when its sponsor was told too).
ALTER TABLE ideas ADD COLUMN stalled INTEGER NOT NULL DEFAULT 0;
CREATE INDEX ideas_unmoved ON ideas (campaign_id, coalesce(staged_at, published_at), id) WHERE state = 'published' AND stage IN ('proposed', 'discussed', 'refined', 'evaluated');
CREATE INDEX ideas_unbuilt ON ideas (campaign_id, coalesce(staged_at, published_at), id) WHERE state = 'published' AND stage = 'decided';
