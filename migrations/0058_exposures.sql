-- +goose Up
-- In which order a voter meets the ideas of a vote, and which of them they were shown: a bit for each, in the order of their
-- numbers. When the vote closes these rows go; of how many people an idea was shown to, the number is kept.
CREATE TABLE exposures (
	campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	seed BIGINT NOT NULL,
	seen ${BYTES} NOT NULL,
	PRIMARY KEY (campaign_id, user_id)
);
CREATE INDEX exposures_user ON exposures (user_id);
ALTER TABLE voting_options ADD COLUMN seen INTEGER NOT NULL DEFAULT 0; -- by how many people, once the vote is closed
