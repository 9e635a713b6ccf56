-- +goose Up
-- What a campaign promises those who propose an idea about their name, and what each idea was promised. Who hides writes in
-- the name of an account of its own, a mask: nothing but the table below, or for whom not even that is stored a code that the
-- author alone has, leads from there to them.
ALTER TABLE campaigns ADD COLUMN anonymity TEXT NOT NULL DEFAULT 'named';
ALTER TABLE ideas ADD COLUMN anonymity TEXT NOT NULL DEFAULT 'named';

CREATE TABLE hidden_authors (
	mask_id BIGINT PRIMARY KEY REFERENCES users (id),
	user_id BIGINT NOT NULL REFERENCES users (id)
);
CREATE INDEX hidden_authors_user ON hidden_authors (user_id);
