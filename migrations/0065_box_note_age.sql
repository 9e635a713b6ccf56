-- +goose Up
-- What nobody has looked at in an idea box goes by its age.
CREATE INDEX box_notes_age ON box_notes (sent_at);
