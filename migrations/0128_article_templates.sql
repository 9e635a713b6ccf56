-- +goose Up
-- Texts that articles are begun with, beside those that come with Ruche: of a space, or of the whole house where no space is named.
CREATE TABLE article_templates (
	id ${ID},
	space_id BIGINT REFERENCES spaces (id),
	title TEXT NOT NULL,
	guide TEXT NOT NULL DEFAULT '',
	body TEXT NOT NULL,
	lang TEXT NOT NULL DEFAULT '',
	position INTEGER NOT NULL DEFAULT 0,
	version INTEGER NOT NULL DEFAULT 1,
	created_at ${TIME} NOT NULL,
	edited_at ${TIME} NOT NULL,
	retired_at ${TIME}
);
CREATE INDEX article_templates_space ON article_templates (space_id, position, id);
