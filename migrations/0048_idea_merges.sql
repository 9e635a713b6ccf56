-- +goose Up
-- Ideas that go on in another one. Nothing moves: a merge is this row, and ending it takes nothing but the row back. was_answer,
-- was_waiting and was_reminded are how the idea stood towards an answer before, waited_days what the merge counted as the first one.
CREATE TABLE idea_merges (
	id ${ID},
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	into_id BIGINT NOT NULL REFERENCES ideas (id),
	state TEXT NOT NULL CHECK (state IN ('waiting', 'merged', 'refused', 'ended')),
	reason TEXT NOT NULL,
	proposed_by BIGINT NOT NULL REFERENCES users (id),
	proposed_at ${TIME} NOT NULL,
	due_at ${TIME} NOT NULL,
	answered_by BIGINT REFERENCES users (id),
	merged_at ${TIME},
	ended_by BIGINT REFERENCES users (id),
	ended_at ${TIME},
	was_answer TEXT NOT NULL DEFAULT '',
	was_waiting ${TIME},
	was_reminded INTEGER NOT NULL DEFAULT 0,
	waited_days INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX idea_merges_open ON idea_merges (idea_id) WHERE state IN ('waiting', 'merged');
CREATE INDEX idea_merges_idea ON idea_merges (idea_id, id);
CREATE INDEX idea_merges_into ON idea_merges (into_id, id);
CREATE INDEX idea_merges_due ON idea_merges (due_at, id) WHERE state = 'waiting';
CREATE INDEX idea_merges_proposer ON idea_merges (proposed_by);
CREATE INDEX idea_merges_answerer ON idea_merges (answered_by) WHERE answered_by IS NOT NULL;
CREATE INDEX idea_merges_ender ON idea_merges (ended_by) WHERE ended_by IS NOT NULL;

-- Where an idea goes on, and how many go on in it. With any of these, support_count is of all who support one of them.
ALTER TABLE ideas ADD COLUMN merged_into_id BIGINT REFERENCES ideas (id);
ALTER TABLE ideas ADD COLUMN origins INTEGER NOT NULL DEFAULT 0;
CREATE INDEX ideas_merged ON ideas (merged_into_id, id) WHERE merged_into_id IS NOT NULL;
