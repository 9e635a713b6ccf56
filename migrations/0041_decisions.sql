-- +goose Up
-- Answers to ideas. One that is not published is being prepared, and there is one such at a time; what is published stays,
-- and is replaced by the next.
CREATE TABLE decisions (
	id ${ID},
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	campaign_id BIGINT REFERENCES campaigns (id),
	kind TEXT NOT NULL CHECK (kind IN ('selected', 'deferred', 'declined', 'out_of_scope')),
	reason_code TEXT NOT NULL,
	body TEXT NOT NULL,
	html TEXT NOT NULL,
	lang TEXT NOT NULL DEFAULT '',
	conditions TEXT NOT NULL DEFAULT '', -- what would change the answer
	reopen_on ${TIME},
	reopen_tag TEXT NOT NULL DEFAULT '',
	reopen_campaign BOOLEAN NOT NULL DEFAULT FALSE,
	author_id BIGINT NOT NULL REFERENCES users (id),
	corrects_id BIGINT REFERENCES decisions (id),
	version INTEGER NOT NULL DEFAULT 1,
	saved_at ${TIME} NOT NULL,
	published_at ${TIME},
	waited_days INTEGER NOT NULL DEFAULT 0,
	replaced_at ${TIME},
	reopened_at ${TIME},
	reopened_by TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX decisions_prepared ON decisions (idea_id) WHERE published_at IS NULL;
CREATE INDEX decisions_idea ON decisions (idea_id, id DESC);
CREATE INDEX decisions_space_prepared ON decisions (space_id, id) WHERE published_at IS NULL;
CREATE INDEX decisions_campaign_prepared ON decisions (campaign_id, id) WHERE published_at IS NULL;
CREATE INDEX decisions_author ON decisions (author_id);
CREATE INDEX decisions_corrects ON decisions (corrects_id) WHERE corrects_id IS NOT NULL;
CREATE INDEX decisions_reopen_on ON decisions (reopen_on, id) WHERE published_at IS NOT NULL AND replaced_at IS NULL AND reopened_at IS NULL AND reopen_on IS NOT NULL;
CREATE INDEX decisions_reopen_tag ON decisions (space_id, reopen_tag, id) WHERE published_at IS NOT NULL AND replaced_at IS NULL AND reopened_at IS NULL AND reopen_tag <> '';
CREATE INDEX decisions_reopen_campaign ON decisions (space_id, id) WHERE published_at IS NOT NULL AND replaced_at IS NULL AND reopened_at IS NULL AND reopen_campaign;

-- The answer that holds, of which kind it is, since when the idea waits for one, and of what those who decide were reminded.
ALTER TABLE ideas ADD COLUMN answer_id BIGINT REFERENCES decisions (id);
ALTER TABLE ideas ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE ideas ADD COLUMN waiting_since ${TIME};
ALTER TABLE ideas ADD COLUMN reminded INTEGER NOT NULL DEFAULT 0;
UPDATE ideas SET waiting_since = published_at WHERE stage NOT IN ('decided', 'implemented', 'declined');
CREATE INDEX ideas_waiting ON ideas (campaign_id, waiting_since, id) WHERE waiting_since IS NOT NULL AND state = 'published';

-- How many first answers of a campaign took how many days, the last one begun: enough for the median and the 90th percentile.
CREATE TABLE campaign_answers (
	campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
	days INTEGER NOT NULL,
	answers INTEGER NOT NULL,
	PRIMARY KEY (campaign_id, days)
);

-- How the house begins an answer, in the place of what Ruche proposes.
CREATE TABLE answer_templates (
	kind TEXT NOT NULL,
	lang TEXT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (kind, lang)
);
