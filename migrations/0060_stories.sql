-- +goose Up
-- What was before an idea was carried out and what is there now, in the words of whoever leads its project, and since when those who
-- had a part in it know that they are thanked.
CREATE TABLE project_stories (
	project_id BIGINT NOT NULL PRIMARY KEY REFERENCES projects (id),
	before_text TEXT NOT NULL,
	before_html TEXT NOT NULL,
	after_text TEXT NOT NULL,
	after_html TEXT NOT NULL,
	lang TEXT NOT NULL DEFAULT '',
	version INTEGER NOT NULL DEFAULT 1,
	announced_at ${TIME}
);
