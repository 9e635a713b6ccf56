-- +goose Up
-- Other texts that readers propose for an idea, and what its authors decided. base is the version that the proposal started
-- from, version the one that it became, became_id the idea that a rejected one became.
CREATE TABLE amendments (
	id ${ID},
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	author_id BIGINT NOT NULL REFERENCES users (id),
	agreement_id BIGINT REFERENCES agreements (id),
	base INTEGER NOT NULL,
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	reason TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'rejected', 'withdrawn')),
	answer TEXT NOT NULL DEFAULT '',
	decided_by BIGINT REFERENCES users (id),
	decided_at ${TIME},
	version INTEGER NOT NULL DEFAULT 0,
	became_id BIGINT REFERENCES ideas (id),
	created_at ${TIME} NOT NULL
);
CREATE INDEX amendments_idea ON amendments (idea_id, id);
CREATE INDEX amendments_author ON amendments (author_id, id);
CREATE INDEX amendments_decider ON amendments (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX amendments_became ON amendments (became_id) WHERE became_id IS NOT NULL;
CREATE INDEX amendments_agreement ON amendments (agreement_id) WHERE agreement_id IS NOT NULL;
