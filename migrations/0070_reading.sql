-- +goose Up
-- Where those who wrote published ideas belong, as lists are narrowed by it: 'department:…' and 'site:…'. Of somebody hidden there is
-- nothing here, since a mask belongs nowhere.
CREATE TABLE idea_places (
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	place TEXT NOT NULL,
	space_id BIGINT NOT NULL,
	PRIMARY KEY (idea_id, place)
);
CREATE INDEX idea_places_space ON idea_places (space_id, place, idea_id);
INSERT INTO idea_places (idea_id, place, space_id) SELECT i.id, 'department:' || u.department, i.space_id FROM ideas i JOIN users u ON u.id = i.author_id WHERE i.state = 'published' AND u.department <> '';
INSERT INTO idea_places (idea_id, place, space_id) SELECT i.id, 'site:' || u.site, i.space_id FROM ideas i JOIN users u ON u.id = i.author_id WHERE i.state = 'published' AND u.site <> '';

-- How many people have to have opened an idea before it comes to its next stage, and who has opened which: kept only while a rule of
-- the campaign asks for it.
ALTER TABLE graduations ADD COLUMN views INTEGER NOT NULL DEFAULT 0;
CREATE TABLE idea_views (
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	PRIMARY KEY (idea_id, user_id)
);
CREATE INDEX idea_views_user ON idea_views (user_id);
