-- +goose Up
-- What a campaign says beside its brief.
ALTER TABLE campaigns ADD COLUMN rules TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN rules_html TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN prizes TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN prizes_html TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN faq TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN faq_html TEXT NOT NULL DEFAULT '';

-- Who helps to run it.
CREATE TABLE campaign_team (
	campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (campaign_id, user_id)
);
CREATE INDEX campaign_team_user ON campaign_team (user_id);

-- The groups of whom alone it asks ideas. That it asks groups alone is said by itself: a group that is gone does not open it to all.
ALTER TABLE campaigns ADD COLUMN asks_groups BOOLEAN NOT NULL DEFAULT false;
CREATE TABLE campaign_groups (
	campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
	group_id BIGINT NOT NULL REFERENCES groups (id),
	PRIMARY KEY (campaign_id, group_id)
);
CREATE INDEX campaign_groups_group ON campaign_groups (group_id);

-- One that is never published, from which others begin.
ALTER TABLE campaigns ADD COLUMN template BOOLEAN NOT NULL DEFAULT false;
