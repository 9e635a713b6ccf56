-- +goose Up
-- What came of the evaluation of an idea, as it was published: a figure per criterion and a summary in the words of whoever published
-- it. Who gave what is not in it.
CREATE TABLE evaluation_publications (
	idea_id BIGINT PRIMARY KEY REFERENCES ideas (id),
	audience TEXT NOT NULL, -- 'authors' or 'readers' of the idea
	figures TEXT NOT NULL, -- a JSON document
	published_by BIGINT NOT NULL REFERENCES users (id),
	published_at ${TIME} NOT NULL
);
CREATE INDEX evaluation_publications_by ON evaluation_publications (published_by);

-- Keys with which the house signs what people take away. The newest signs; with the others what was signed before is known again.
CREATE TABLE house_keys (
	id ${ID},
	public_key TEXT NOT NULL UNIQUE,
	private_key TEXT NOT NULL,
	created_at ${TIME} NOT NULL
);

-- Links by which people show chapters of their passports. The token is kept as it is, so that whoever made a link can copy it again.
CREATE TABLE passport_links (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	token TEXT NOT NULL UNIQUE,
	audience TEXT NOT NULL, -- 'house' or 'anyone'
	chapters TEXT NOT NULL, -- separated by commas
	created_at ${TIME} NOT NULL,
	expires_at ${TIME} NOT NULL
);
CREATE INDEX passport_links_user ON passport_links (user_id, id);
CREATE INDEX passport_links_age ON passport_links (expires_at);
