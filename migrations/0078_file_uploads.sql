-- +goose Up
-- A file counts for the space of what it belongs to. digest says what was sent, so that the same bytes from the same person are kept
-- once; upload_id is what whoever sent it calls the sending, so that sending it again finds the file. Both go where an author hides.
ALTER TABLE files ADD COLUMN space_id BIGINT REFERENCES spaces (id);
ALTER TABLE files ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN upload_id TEXT NOT NULL DEFAULT '';
UPDATE files SET space_id = coalesce((SELECT i.space_id FROM ideas i WHERE i.id = files.idea_id), (SELECT t.space_id FROM threads t WHERE t.id = files.thread_id));
DROP INDEX files_user;
CREATE INDEX files_of_person ON files (user_id, size);
CREATE INDEX files_of_space ON files (space_id, size) WHERE space_id IS NOT NULL;
CREATE INDEX files_sent ON files (user_id, digest) WHERE digest <> '';
CREATE UNIQUE INDEX files_upload ON files (upload_id) WHERE upload_id <> '';
DROP INDEX files_waiting;
CREATE INDEX files_waiting ON files (user_id) WHERE idea_id IS NULL AND thread_id IS NULL;
