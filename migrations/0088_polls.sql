-- +goose Up
-- What a thread asks its readers to decide. tally is how many say what of each option, and in ranked polls how many put which option
-- above which other; it is kept in the transaction of each vote, under a lock on the row, so that reading it costs the same however
-- many have voted.
CREATE TABLE polls (
	thread_id BIGINT PRIMARY KEY REFERENCES threads (id),
	kind TEXT NOT NULL CHECK (kind IN ('single', 'multiple', 'ranked', 'dates', 'consent')),
	question TEXT NOT NULL,
	least INTEGER NOT NULL DEFAULT 0,
	most INTEGER NOT NULL DEFAULT 0,
	anonymous BOOLEAN NOT NULL DEFAULT FALSE,
	results TEXT NOT NULL CHECK (results IN ('always', 'voted', 'closed')),
	quorum INTEGER NOT NULL DEFAULT 0,
	quorum_percent BOOLEAN NOT NULL DEFAULT FALSE,
	version INTEGER NOT NULL DEFAULT 1,
	frozen BOOLEAN NOT NULL DEFAULT FALSE,
	voters INTEGER NOT NULL DEFAULT 0,
	tally TEXT NOT NULL DEFAULT '',
	closes_at ${TIME} NOT NULL,
	closed_at ${TIME},
	closed_by BIGINT REFERENCES users (id),
	electorate INTEGER,
	outcomes INTEGER NOT NULL DEFAULT 0,
	reminded INTEGER NOT NULL DEFAULT 0,
	remind_at ${TIME},
	review_at ${TIME},
	reviewed BOOLEAN NOT NULL DEFAULT FALSE,
	created_at ${TIME} NOT NULL
);
CREATE INDEX polls_due ON polls (closes_at, thread_id) WHERE closed_at IS NULL;
CREATE INDEX polls_remind ON polls (remind_at, thread_id) WHERE remind_at IS NOT NULL;
CREATE INDEX polls_review ON polls (review_at, thread_id) WHERE review_at IS NOT NULL AND NOT reviewed;
CREATE INDEX polls_closed_by ON polls (closed_by) WHERE closed_by IS NOT NULL;

-- An option is words, a day, or a time.
CREATE TABLE poll_options (
	thread_id BIGINT NOT NULL REFERENCES polls (thread_id),
	position INTEGER NOT NULL,
	label TEXT NOT NULL DEFAULT '',
	day TEXT NOT NULL DEFAULT '',
	starts_at ${TIME},
	PRIMARY KEY (thread_id, position)
);

-- What one person says, as a list of marks, one an option. Those of an anonymous poll bear no time, and are deleted when it closes:
-- until then they are there so that whoever gave one can change it.
CREATE TABLE poll_votes (
	id ${ID},
	thread_id BIGINT NOT NULL REFERENCES polls (thread_id),
	user_id BIGINT REFERENCES users (id),
	marks TEXT NOT NULL,
	reason TEXT NOT NULL DEFAULT '',
	reply TEXT NOT NULL DEFAULT '',
	replied_by BIGINT REFERENCES users (id),
	replied_at ${TIME},
	objects BOOLEAN NOT NULL DEFAULT FALSE,
	counts BOOLEAN NOT NULL DEFAULT TRUE,
	version INTEGER NOT NULL DEFAULT 1,
	voted_at ${TIME},
	changed_at ${TIME},
	UNIQUE (thread_id, user_id)
);
CREATE INDEX poll_votes_list ON poll_votes (thread_id, id);
CREATE INDEX poll_votes_objections ON poll_votes (thread_id, id) WHERE objects;
CREATE INDEX poll_votes_user ON poll_votes (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX poll_votes_replied_by ON poll_votes (replied_by) WHERE replied_by IS NOT NULL;

-- What a poll led to, as it was written and rewritten; the one with the highest number holds.
CREATE TABLE poll_outcomes (
	thread_id BIGINT NOT NULL REFERENCES polls (thread_id),
	number INTEGER NOT NULL,
	author_id BIGINT NOT NULL REFERENCES users (id),
	body TEXT NOT NULL,
	html TEXT NOT NULL,
	review_at ${TIME},
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (thread_id, number)
);
CREATE INDEX poll_outcomes_author ON poll_outcomes (author_id);
