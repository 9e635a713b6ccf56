-- +goose Up
-- For how many days an idea may wait in a stage of a campaign, 0 for as long as the stage takes, and who answers for that.
ALTER TABLE campaign_stages ADD COLUMN max_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE campaign_stages ADD COLUMN answerer_id BIGINT REFERENCES users (id);
CREATE INDEX campaign_stages_answerer ON campaign_stages (answerer_id) WHERE answerer_id IS NOT NULL;
