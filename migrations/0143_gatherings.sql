-- +goose Up
-- What people come together for: "event" on pages. The times are moments; forms and pages have them in the zone of the house. A capacity of
-- null is none. coming_count are those who come and have a place, waiting_count those who would. reminded_at is when those who come were told
-- that it is near, or would be told no more. sequence and changed_at are what programs for calendars compare: they go on with each edit,
-- cancellation and resumption.
CREATE TABLE gatherings (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	author_id BIGINT NOT NULL REFERENCES users (id),
	title TEXT NOT NULL,
	body TEXT NOT NULL DEFAULT '',
	html TEXT NOT NULL DEFAULT '',
	summary TEXT NOT NULL DEFAULT '',
	lang TEXT NOT NULL DEFAULT '',
	starts_at ${TIME} NOT NULL,
	ends_at ${TIME} NOT NULL,
	place TEXT NOT NULL DEFAULT '',
	url TEXT NOT NULL DEFAULT '',
	capacity INTEGER,
	coming_count INTEGER NOT NULL DEFAULT 0,
	maybe_count INTEGER NOT NULL DEFAULT 0,
	waiting_count INTEGER NOT NULL DEFAULT 0,
	comment_count INTEGER NOT NULL DEFAULT 0,
	state TEXT NOT NULL DEFAULT 'published' CHECK (state IN ('published', 'withdrawn')),
	cancelled_at ${TIME},
	cancelled_by BIGINT REFERENCES users (id),
	reason TEXT NOT NULL DEFAULT '',
	reminded_at ${TIME},
	version INTEGER NOT NULL DEFAULT 1,
	sequence INTEGER NOT NULL DEFAULT 1,
	created_at ${TIME} NOT NULL,
	edited_at ${TIME} NOT NULL,
	changed_at ${TIME} NOT NULL
);
CREATE INDEX gatherings_space ON gatherings (space_id, starts_at, id) WHERE state = 'published';
CREATE INDEX gatherings_near ON gatherings (starts_at) WHERE reminded_at IS NULL AND cancelled_at IS NULL AND state = 'published';
CREATE INDEX gatherings_author ON gatherings (author_id);
CREATE INDEX gatherings_cancelled_by ON gatherings (cancelled_by) WHERE cancelled_by IS NOT NULL;

-- What was said of a gathering, and by whom.
CREATE TABLE gathering_versions (
	gathering_id BIGINT NOT NULL REFERENCES gatherings (id),
	number INTEGER NOT NULL,
	editor_id BIGINT NOT NULL REFERENCES users (id),
	title TEXT NOT NULL,
	body TEXT NOT NULL DEFAULT '',
	starts_at ${TIME} NOT NULL,
	ends_at ${TIME} NOT NULL,
	place TEXT NOT NULL DEFAULT '',
	url TEXT NOT NULL DEFAULT '',
	capacity INTEGER,
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (gathering_id, number)
);
CREATE INDEX gathering_versions_editor ON gathering_versions (editor_id);

-- Who comes. waiting tells that they would, and that there is no place; places go to those who wait longest.
CREATE TABLE attendances (
	gathering_id BIGINT NOT NULL REFERENCES gatherings (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	answer TEXT NOT NULL CHECK (answer IN ('yes', 'maybe', 'no')),
	waiting BOOLEAN NOT NULL DEFAULT FALSE,
	answered_at ${TIME} NOT NULL,
	PRIMARY KEY (gathering_id, user_id)
);
CREATE INDEX attendances_answer ON attendances (gathering_id, answer, waiting, answered_at, user_id);
CREATE INDEX attendances_user ON attendances (user_id, gathering_id);

ALTER TABLE notices ADD COLUMN gathering_id BIGINT REFERENCES gatherings (id);
CREATE INDEX notices_gathering_unread ON notices (user_id, gathering_id, kind) WHERE read_at IS NULL AND gathering_id IS NOT NULL;
CREATE INDEX notices_gathering ON notices (gathering_id) WHERE gathering_id IS NOT NULL;

-- The pictures and files of a gathering, and of what is said there, are the gathering's.
ALTER TABLE files ADD COLUMN gathering_id BIGINT REFERENCES gatherings (id);
CREATE INDEX files_gathering ON files (gathering_id) WHERE gathering_id IS NOT NULL;
DROP INDEX files_orphan;
CREATE INDEX files_orphan ON files (created_at) WHERE idea_id IS NULL AND thread_id IS NULL AND article_id IS NULL AND gathering_id IS NULL;
