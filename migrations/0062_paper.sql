-- +goose Up
-- Ideas that came on paper, and who typed them in. Each has a code on a slip, kept by its hash, with which whoever wrote it becomes
-- its author; until then the account that stands for paper is. Name is what the paper says about who wrote it.
CREATE TABLE paper_ideas (
	idea_id BIGINT PRIMARY KEY REFERENCES ideas (id),
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	campaign_id BIGINT REFERENCES campaigns (id),
	name TEXT NOT NULL,
	entered_by BIGINT NOT NULL REFERENCES users (id),
	entered_at ${TIME} NOT NULL,
	code TEXT,
	code_until ${TIME},
	claimed_by BIGINT REFERENCES users (id),
	claimed_at ${TIME}
);
CREATE UNIQUE INDEX paper_ideas_code ON paper_ideas (code) WHERE code IS NOT NULL;
CREATE INDEX paper_ideas_space ON paper_ideas (space_id, idea_id);
CREATE INDEX paper_ideas_campaign ON paper_ideas (campaign_id, idea_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX paper_ideas_entered ON paper_ideas (entered_by, idea_id);
CREATE INDEX paper_ideas_claimed ON paper_ideas (claimed_by, idea_id) WHERE claimed_by IS NOT NULL;
