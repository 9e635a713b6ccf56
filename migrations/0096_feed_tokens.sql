-- +goose Up
-- With what stands in the address of a feed somebody reads, in a program that cannot sign in, what they may read. Each person has one.
CREATE TABLE feed_tokens (
	user_id BIGINT PRIMARY KEY REFERENCES users (id),
	hash TEXT NOT NULL UNIQUE,
	created_at ${TIME} NOT NULL
);
