-- +goose Up
-- Keys of those who keep seals: whoever knows the passphrase can use one, nobody else. A person's newest is for what is sealed from
-- now on; the others still open what was sealed for them.
CREATE TABLE seal_keys (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	recipient TEXT NOT NULL,
	secret TEXT NOT NULL,
	made_at ${TIME} NOT NULL,
	tries BIGINT NOT NULL DEFAULT 0,
	tried_at ${TIME}
);
CREATE INDEX seal_keys_user ON seal_keys (user_id, id);

-- The two who keep the seals of a campaign, and in which role.
CREATE TABLE seal_keepers (
	campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
	position BIGINT NOT NULL,
	user_id BIGINT NOT NULL REFERENCES users (id),
	role TEXT NOT NULL,
	PRIMARY KEY (campaign_id, position)
);
CREATE INDEX seal_keepers_user ON seal_keepers (user_id, campaign_id);

-- Who wrote an idea, by its mask, encrypted for one key inside an encryption for the other, in both orders. A key goes with its
-- keeper, and what was sealed for it stays closed for ever: so the numbers of the keys refer to nothing.
CREATE TABLE seals (
	mask_id BIGINT PRIMARY KEY REFERENCES users (id),
	first_key BIGINT NOT NULL,
	second_key BIGINT NOT NULL,
	for_first TEXT NOT NULL,
	for_second TEXT NOT NULL,
	sealed_at ${TIME} NOT NULL
);
CREATE INDEX seals_age ON seals (sealed_at);
CREATE INDEX seals_first ON seals (first_key);
CREATE INDEX seals_second ON seals (second_key);
