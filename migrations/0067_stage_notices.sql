-- +goose Up
-- A notice of the house may be about a campaign, and carry figures, which are put into words in the language of whoever reads it.
ALTER TABLE house_notices ADD COLUMN campaign_id BIGINT REFERENCES campaigns (id);
ALTER TABLE house_notices ADD COLUMN figures TEXT NOT NULL DEFAULT '';
CREATE INDEX house_notices_campaign ON house_notices (campaign_id) WHERE campaign_id IS NOT NULL;

-- Of which turns of a campaign people have been told, so that nobody hears of one twice.
CREATE TABLE campaign_turns (
	campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
	kind TEXT NOT NULL,
	told_at ${TIME} NOT NULL,
	PRIMARY KEY (campaign_id, kind)
);
CREATE INDEX campaigns_published ON campaigns (published_at) WHERE published_at IS NOT NULL;
CREATE INDEX campaigns_opens ON campaigns (opens_at) WHERE published_at IS NOT NULL;
CREATE INDEX campaigns_closes ON campaigns (closes_at) WHERE published_at IS NOT NULL;
CREATE INDEX campaign_stages_begin ON campaign_stages (starts_at) WHERE starts_at IS NOT NULL;
CREATE INDEX drafts_form ON drafts (form, user_id);

-- Who wants to hear of new campaigns of a space, or does not. Members hear of them unless they said otherwise.
CREATE TABLE space_follows (
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	followed BOOLEAN NOT NULL,
	changed_at ${TIME} NOT NULL,
	PRIMARY KEY (space_id, user_id)
);
CREATE INDEX space_follows_user ON space_follows (user_id);
