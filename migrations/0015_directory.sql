-- +goose Up
-- Whether the directory has made an account, rather than found it here: then it may say whose it is when they first sign in.
ALTER TABLE users ADD COLUMN made_by_directory BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE users SET made_by_directory = TRUE WHERE EXISTS (SELECT 1 FROM events e WHERE e.subject = 'user' AND e.subject_id = users.id AND e.verb = 'user.created' AND e.data = '{"by":"scim"}');
