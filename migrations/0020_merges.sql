-- +goose Up
-- Into which account one has gone that belonged to the same person.
ALTER TABLE users ADD COLUMN merged_into BIGINT REFERENCES users (id);
CREATE INDEX users_merged ON users (merged_into) WHERE merged_into IS NOT NULL;

-- Which accounts were merged, what the two were before, and what came of it. As long as a row is here, it can be taken back.
CREATE TABLE merges (
	id ${ID},
	kept_id BIGINT NOT NULL REFERENCES users (id),
	gone_id BIGINT NOT NULL REFERENCES users (id),
	actor_id BIGINT NOT NULL REFERENCES users (id),
	accounts TEXT NOT NULL,
	moved TEXT NOT NULL DEFAULT '',
	lost TEXT NOT NULL DEFAULT '',
	merged_at ${TIME} NOT NULL,
	undone_at ${TIME}
);
CREATE INDEX merges_kept ON merges (kept_id);
CREATE INDEX merges_gone ON merges (gone_id);
CREATE INDEX merges_actor ON merges (actor_id);
CREATE INDEX merges_age ON merges (merged_at);

-- Every row that a merge gave to the account that stays, or set aside because that one had the same, or because the account that went
-- no longer had what it stands for. role, had and at are those of what was set aside, and of what the account that stays had in its place.
CREATE TABLE merged_rows (
	merge_id BIGINT NOT NULL REFERENCES merges (id) ON DELETE CASCADE,
	place TEXT NOT NULL,
	row_id BIGINT NOT NULL,
	row_ref TEXT NOT NULL,
	aside TEXT NOT NULL DEFAULT '' CHECK (aside IN ('', 'doubled', 'withheld')),
	role TEXT NOT NULL DEFAULT '',
	had TEXT NOT NULL DEFAULT '',
	at ${TIME},
	PRIMARY KEY (merge_id, place, row_id, row_ref)
);
