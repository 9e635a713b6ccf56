-- +goose Up
-- How many people have to have opened an idea before it comes to its next stage, and who has opened which: kept only while a rule of
-- the campaign asks for it.
ALTER TABLE graduations ADD COLUMN views INTEGER NOT NULL DEFAULT 0;
CREATE TABLE idea_views (
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	PRIMARY KEY (idea_id, user_id)
);
CREATE INDEX idea_views_user ON idea_views (user_id);
