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
