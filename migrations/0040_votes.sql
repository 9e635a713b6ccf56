-- +goose Up
-- How the ideas of a campaign are voted on. The rule is fixed when the vote opens, with the ideas that stand for it: terms is
-- what was fixed, hash its SHA-256. When the vote closes it is settled which ballots count, and who could have voted.
CREATE TABLE voting_rules (
	campaign_id BIGINT PRIMARY KEY REFERENCES campaigns (id),
	method TEXT NOT NULL CHECK (method IN ('support', 'for_against', 'points', 'approval', 'score', 'budget', 'duels')),
	points INTEGER NOT NULL DEFAULT 0, -- that everyone gives away
	choices INTEGER NOT NULL DEFAULT 0, -- ideas that everyone may choose; 0: as many as they like
	minimum INTEGER NOT NULL DEFAULT 0, -- ideas, or duels, of which a ballot has to say something to count
	budget BIGINT NOT NULL DEFAULT 0, -- in cents
	equal_shares BOOLEAN NOT NULL DEFAULT false,
	hidden BOOLEAN NOT NULL DEFAULT false, -- the counts, until the vote closes
	divided_by TEXT NOT NULL DEFAULT '' CHECK (divided_by IN ('', 'department', 'site', 'job_family')), -- results by these groups
	version INTEGER NOT NULL DEFAULT 1,
	frozen_at ${TIME},
	terms TEXT NOT NULL DEFAULT '',
	hash TEXT NOT NULL DEFAULT '',
	closed_at ${TIME},
	electorate TEXT NOT NULL DEFAULT '',
	counted_at ${TIME},
	result TEXT NOT NULL DEFAULT '',
	result_hash TEXT NOT NULL DEFAULT ''
);
CREATE INDEX voting_rules_open ON voting_rules (campaign_id) WHERE closed_at IS NULL;

-- An idea with what its team says it costs, and, once the vote is open, whether it stands for it.
CREATE TABLE voting_options (
	campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	cost BIGINT NOT NULL DEFAULT 0, -- in cents
	listed BOOLEAN NOT NULL DEFAULT false,
	shown INTEGER NOT NULL DEFAULT 0, -- in duels
	PRIMARY KEY (campaign_id, idea_id)
);
CREATE INDEX voting_options_idea ON voting_options (idea_id);

-- One ballot a person. What is counted and published goes by its key, which says nothing of who they are; where they work is
-- kept as it was when they voted.
CREATE TABLE ballots (
	id ${ID},
	campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
	user_id BIGINT REFERENCES users (id),
	key TEXT NOT NULL,
	version INTEGER NOT NULL DEFAULT 0,
	marks INTEGER NOT NULL DEFAULT 0, -- of how many ideas, or duels, it says something
	counts BOOLEAN NOT NULL DEFAULT false, -- enough to be counted; when the vote closes, for good
	department TEXT NOT NULL,
	site TEXT NOT NULL,
	job_family TEXT NOT NULL,
	left_id BIGINT REFERENCES ideas (id), -- the duel that is shown now
	right_id BIGINT REFERENCES ideas (id),
	cast_at ${TIME},
	changed_at ${TIME}
);
CREATE UNIQUE INDEX ballots_person ON ballots (campaign_id, user_id);
CREATE UNIQUE INDEX ballots_key ON ballots (campaign_id, key);
CREATE INDEX ballots_user ON ballots (user_id);

CREATE TABLE ballot_lines (
	ballot_id BIGINT NOT NULL REFERENCES ballots (id),
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	amount BIGINT NOT NULL,
	PRIMARY KEY (ballot_id, idea_id)
);
CREATE INDEX ballot_lines_idea ON ballot_lines (idea_id);

CREATE TABLE duels (
	ballot_id BIGINT NOT NULL REFERENCES ballots (id),
	number INTEGER NOT NULL,
	left_id BIGINT NOT NULL REFERENCES ideas (id),
	right_id BIGINT NOT NULL REFERENCES ideas (id),
	winner_id BIGINT REFERENCES ideas (id), -- none if the voter could not decide
	PRIMARY KEY (ballot_id, number)
);

-- How often two ideas were shown together.
CREATE TABLE duel_pairs (
	campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
	low_id BIGINT NOT NULL REFERENCES ideas (id),
	high_id BIGINT NOT NULL REFERENCES ideas (id),
	shown INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (campaign_id, low_id, high_id)
);
