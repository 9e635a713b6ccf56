-- +goose Up
-- The texts that a post has had. The first edit keeps the original as version 1; a post that was never edited has none. One that must not
-- be seen any more is cleared, and can be shown again.
CREATE TABLE post_versions (
	post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
	number BIGINT NOT NULL,
	editor_id BIGINT NOT NULL REFERENCES users (id),
	body TEXT NOT NULL,
	created_at ${TIME} NOT NULL,
	agreement_id BIGINT REFERENCES agreements (id),
	cleared_at ${TIME},
	cleared_by BIGINT REFERENCES users (id),
	clear_reason TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (post_id, number)
);
CREATE INDEX post_versions_editor ON post_versions (editor_id);
CREATE INDEX post_versions_agreement ON post_versions (agreement_id) WHERE agreement_id IS NOT NULL;
CREATE INDEX post_versions_cleared_by ON post_versions (cleared_by) WHERE cleared_by IS NOT NULL;
