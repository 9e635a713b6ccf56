-- +goose Up
-- An enclosure is a room within a space for a collection that only some of its people may read. All that lies in the collection carries the
-- enclosure's number as its space_id, so that whatever is asked of the space alone does not find it.
ALTER TABLE spaces ADD COLUMN within_id BIGINT REFERENCES spaces (id);
CREATE INDEX spaces_within ON spaces (within_id) WHERE within_id IS NOT NULL;
CREATE INDEX spaces_around ON spaces (title, id) WHERE within_id IS NULL;
-- To bring all articles of a collection along, wherever they stand in it.
CREATE INDEX articles_collection ON articles (collection_id, id);
