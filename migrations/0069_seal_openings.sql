-- +goose Up
-- What one keeper asks and the other answers. Half is the identity without the encryption of whoever asks: the other key alone opens
-- it, as long as the request waits. What was found lies there for both, encrypted for each, until the end.
CREATE TABLE seal_openings (
	id ${ID},
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	asked_by BIGINT NOT NULL REFERENCES users (id),
	asked_key BIGINT NOT NULL,
	answered_by BIGINT REFERENCES users (id),
	other_key BIGINT NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL,
	half TEXT NOT NULL,
	for_asker TEXT NOT NULL DEFAULT '',
	for_other TEXT NOT NULL DEFAULT '',
	told_id BIGINT REFERENCES users (id),
	asked_at ${TIME} NOT NULL,
	answered_at ${TIME},
	ends_at ${TIME} NOT NULL
);
CREATE UNIQUE INDEX seal_openings_waiting ON seal_openings (idea_id) WHERE state = 'asked';
CREATE INDEX seal_openings_idea ON seal_openings (idea_id, id);
CREATE INDEX seal_openings_asked ON seal_openings (asked_by, id);
CREATE INDEX seal_openings_asked_key ON seal_openings (asked_key, id);
CREATE INDEX seal_openings_other_key ON seal_openings (other_key, id);
CREATE INDEX seal_openings_answered ON seal_openings (answered_by) WHERE answered_by IS NOT NULL;
CREATE INDEX seal_openings_told ON seal_openings (told_id, id) WHERE told_id IS NOT NULL;
CREATE INDEX seal_openings_end ON seal_openings (ends_at);
