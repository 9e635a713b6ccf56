-- +goose Up
-- When ideas of a campaign have come far enough for their next stage; all that is asked for has to be so.
CREATE TABLE graduations (
	campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
	stage TEXT NOT NULL, -- that they are in
	supports INTEGER NOT NULL,
	comments INTEGER NOT NULL,
	rating INTEGER NOT NULL, -- mean of enough evaluations, in per cent; 0: none is asked for
	moves BOOLEAN NOT NULL, -- by itself, or it is proposed to those who run the campaign
	PRIMARY KEY (campaign_id, stage)
);

-- Ideas whose next stage was proposed, so that nobody is told twice.
CREATE TABLE graduation_proposals (
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	stage TEXT NOT NULL,
	proposed_at ${TIME} NOT NULL,
	PRIMARY KEY (idea_id, stage)
);
