-- +goose Up
-- Everyone by name, as a whole and by each of the list's filters.
CREATE INDEX users_name_key ON users (name_key, id);
CREATE INDEX users_role ON users (role, name_key, id);
CREATE INDEX users_department ON users (department, name_key, id) WHERE department <> '';
CREATE INDEX users_suspended ON users (name_key, id) WHERE disabled_at IS NOT NULL;
CREATE INDEX users_ending ON users (name_key, id) WHERE expires_at IS NOT NULL;
CREATE INDEX users_unsponsored ON users (name_key, id) WHERE role = 'external' AND sponsor_id IS NULL;
CREATE INDEX users_unseen ON users (name_key, id) WHERE seen_at IS NULL;

-- The words by which a person is found: those of their name and their address.
CREATE TABLE user_words (
	user_id BIGINT NOT NULL REFERENCES users (id),
	word ${WORD} NOT NULL,
	PRIMARY KEY (user_id, word)
);
CREATE INDEX user_words_word ON user_words (word, user_id);
INSERT INTO user_words (user_id, word) SELECT id, name_key FROM users WHERE import_ref IS NULL AND name_key <> '';
INSERT INTO user_words (user_id, word) SELECT id, email FROM users WHERE import_ref IS NULL AND email <> '' ON CONFLICT DO NOTHING;
