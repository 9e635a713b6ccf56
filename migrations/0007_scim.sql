-- +goose Up
-- What the company's directory says of the accounts that it looks after by SCIM.
ALTER TABLE users ADD COLUMN user_name TEXT;
ALTER TABLE users ADD COLUMN user_name_key TEXT;
ALTER TABLE users ADD COLUMN external_id TEXT;
ALTER TABLE users ADD COLUMN given_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN family_name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN changed_at ${TIME};
ALTER TABLE users ADD COLUMN removed_at ${TIME};
CREATE UNIQUE INDEX users_user_name ON users (user_name_key) WHERE user_name_key IS NOT NULL;
CREATE UNIQUE INDEX users_external_id ON users (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX users_directory_name ON users (coalesce(user_name_key, email));
CREATE INDEX users_changed ON users (coalesce(changed_at, created_at));

-- by_directory: the directory says who is in it. deleted_at: it can be brought back for a day.
ALTER TABLE groups ADD COLUMN by_directory BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE groups ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE groups ADD COLUMN changed_at ${TIME};
ALTER TABLE groups ADD COLUMN deleted_at ${TIME};
CREATE INDEX groups_changed ON groups (coalesce(changed_at, created_at));
CREATE INDEX groups_deleted ON groups (deleted_at) WHERE deleted_at IS NOT NULL;
