-- +goose Up
-- How the ideas of a campaign are evaluated: by which criteria, by whom, and what came of it.
CREATE TABLE scorecards (
	campaign_id BIGINT PRIMARY KEY REFERENCES campaigns (id),
	per_idea INTEGER NOT NULL, -- how many people evaluate each idea
	minimum INTEGER NOT NULL, -- fewer say too little about it
	blind BOOLEAN NOT NULL, -- evaluators are not shown who wrote an idea
	expected INTEGER NOT NULL DEFAULT 0, -- ideas, as far as whoever runs the campaign reckons
	minutes INTEGER NOT NULL DEFAULT 20, -- that one evaluation takes
	hours INTEGER NOT NULL DEFAULT 0, -- that each evaluator has for it all; 0: nobody has said
	due_at ${TIME},
	assigning BOOLEAN NOT NULL DEFAULT false, -- ideas that come later are given to evaluators by themselves
	frozen_at ${TIME}, -- since the first evaluation the criteria stay as they are
	version INTEGER NOT NULL
);

CREATE TABLE criteria (
	id ${ID},
	campaign_id BIGINT NOT NULL REFERENCES scorecards (campaign_id),
	position INTEGER NOT NULL,
	name_en TEXT NOT NULL DEFAULT '',
	name_fr TEXT NOT NULL DEFAULT '',
	help_en TEXT NOT NULL DEFAULT '',
	help_fr TEXT NOT NULL DEFAULT '',
	steps_en TEXT NOT NULL DEFAULT '', -- a line each: the score, then what it means
	steps_fr TEXT NOT NULL DEFAULT '',
	lowest INTEGER NOT NULL,
	highest INTEGER NOT NULL,
	weight INTEGER NOT NULL,
	inverted BOOLEAN NOT NULL, -- a high score speaks against the idea
	axis TEXT NOT NULL DEFAULT '' CHECK (axis IN ('', 'value', 'effort'))
);
CREATE INDEX criteria_campaign ON criteria (campaign_id, position);

CREATE TABLE evaluators (
	campaign_id BIGINT NOT NULL REFERENCES scorecards (campaign_id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	leads BOOLEAN NOT NULL,
	tags TEXT NOT NULL DEFAULT '', -- of the ideas they evaluate; empty: all
	added_at ${TIME} NOT NULL,
	PRIMARY KEY (campaign_id, user_id)
);
CREATE INDEX evaluators_user ON evaluators (user_id);

-- One person's evaluation of one idea, from when it is given to them. Of whoever is erased the evaluation stays, without them.
CREATE TABLE evaluations (
	id ${ID},
	campaign_id BIGINT NOT NULL REFERENCES scorecards (campaign_id),
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	user_id BIGINT REFERENCES users (id),
	state TEXT NOT NULL CHECK (state IN ('assigned', 'submitted', 'excluded')),
	answers TEXT NOT NULL DEFAULT '', -- score by criterion, null: not applicable
	note TEXT NOT NULL DEFAULT '',
	reason TEXT NOT NULL DEFAULT '', -- why they are excluded, in their words
	score DOUBLE PRECISION, -- from 0 to 1; empty: nothing applied
	assigned_at ${TIME} NOT NULL,
	saved_at ${TIME},
	submitted_at ${TIME},
	revised_at ${TIME} -- after they could read the others'
);
CREATE UNIQUE INDEX evaluations_person ON evaluations (idea_id, user_id);
CREATE INDEX evaluations_user ON evaluations (user_id, state, id);
CREATE INDEX evaluations_campaign ON evaluations (campaign_id, idea_id);

-- What the submitted evaluations of an idea say together; it can be counted anew from them.
CREATE TABLE evaluation_results (
	idea_id BIGINT PRIMARY KEY REFERENCES ideas (id),
	campaign_id BIGINT NOT NULL REFERENCES scorecards (campaign_id),
	people INTEGER NOT NULL,
	mean DOUBLE PRECISION NOT NULL,
	deviation DOUBLE PRECISION NOT NULL,
	bound DOUBLE PRECISION NOT NULL,
	enough INTEGER NOT NULL -- 1: as many as the scorecard wants
);
CREATE INDEX evaluation_results_rank ON evaluation_results (campaign_id, enough DESC, bound DESC, idea_id DESC);

-- What evaluators say among themselves about an idea, and what they ask its author.
CREATE TABLE evaluation_posts (
	id ${ID},
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	user_id BIGINT REFERENCES users (id),
	kind TEXT NOT NULL CHECK (kind IN ('message', 'question', 'answer')),
	body TEXT NOT NULL,
	created_at ${TIME} NOT NULL
);
CREATE INDEX evaluation_posts_idea ON evaluation_posts (idea_id, id);

CREATE TABLE evaluation_reminders (
	campaign_id BIGINT NOT NULL REFERENCES scorecards (campaign_id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	due_at ${TIME} NOT NULL,
	days INTEGER NOT NULL,
	PRIMARY KEY (campaign_id, user_id, due_at, days)
);
CREATE INDEX evaluation_reminders_user ON evaluation_reminders (user_id);

-- What a campaign's page lacks is known without asking the tables above.
ALTER TABLE campaigns ADD COLUMN criterion_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE campaigns ADD COLUMN evaluator_count INTEGER NOT NULL DEFAULT 0;
