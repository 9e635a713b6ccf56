-- +goose Up
-- A campaign asks a space a question and goes through stages that follow each other without a gap: each begins when the one
-- before ends, so that only beginnings are stored. A channel has one stage, which has no beginning and no end.
CREATE TABLE campaigns (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	kind TEXT NOT NULL CHECK (kind IN ('campaign', 'channel')),
	title TEXT NOT NULL,
	question TEXT NOT NULL DEFAULT '',
	body TEXT NOT NULL DEFAULT '',
	html TEXT NOT NULL DEFAULT '',
	lang TEXT NOT NULL DEFAULT '',
	sponsor_id BIGINT REFERENCES users (id),
	manager_id BIGINT REFERENCES users (id),
	answer_days INTEGER NOT NULL DEFAULT 0,
	published_at ${TIME},
	paused_at ${TIME},
	pause_reason TEXT NOT NULL DEFAULT '',
	opens_at ${TIME}, -- the beginning of the first stage and of the last, which closes it
	closes_at ${TIME},
	idea_count INTEGER NOT NULL DEFAULT 0,
	version INTEGER NOT NULL DEFAULT 1,
	import_ref TEXT,
	created_at ${TIME} NOT NULL
);
CREATE UNIQUE INDEX campaigns_import ON campaigns (import_ref) WHERE import_ref IS NOT NULL;
CREATE INDEX campaigns_space ON campaigns (space_id, closes_at DESC, id DESC);
CREATE INDEX campaigns_sponsor ON campaigns (sponsor_id) WHERE sponsor_id IS NOT NULL;
CREATE INDEX campaigns_manager ON campaigns (manager_id) WHERE manager_id IS NOT NULL;

CREATE TABLE campaign_stages (
	campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
	position INTEGER NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('gather', 'discuss', 'refine', 'vote', 'evaluate', 'decide', 'implement', 'closed')),
	starts_at ${TIME},
	posting BOOLEAN NOT NULL,
	commenting BOOLEAN NOT NULL,
	supporting BOOLEAN NOT NULL,
	editing BOOLEAN NOT NULL,
	PRIMARY KEY (campaign_id, position)
);

ALTER TABLE ideas ADD COLUMN campaign_id BIGINT REFERENCES campaigns (id);
CREATE INDEX ideas_campaign_hot ON ideas (campaign_id, hot DESC, id DESC) WHERE state = 'published';
CREATE INDEX ideas_campaign_newest ON ideas (campaign_id, published_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX ideas_campaign_supported ON ideas (campaign_id, support_count DESC, id DESC) WHERE state = 'published';
CREATE INDEX ideas_campaign_active ON ideas (campaign_id, active_at DESC, id DESC) WHERE state = 'published';

-- What was a label becomes a channel of its space.
INSERT INTO campaigns (space_id, kind, title, published_at, created_at, idea_count)
	SELECT space_id, 'channel', campaign, min(published_at), min(published_at), sum(CASE state WHEN 'published' THEN 1 ELSE 0 END) FROM ideas WHERE campaign <> '' GROUP BY space_id, campaign;
INSERT INTO campaign_stages (campaign_id, position, kind, posting, commenting, supporting, editing)
	SELECT id, 0, 'gather', true, true, true, true FROM campaigns;
UPDATE ideas SET campaign_id = (SELECT c.id FROM campaigns c WHERE c.space_id = ideas.space_id AND c.title = ideas.campaign) WHERE campaign <> '';
