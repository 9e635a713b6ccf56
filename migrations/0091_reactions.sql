-- +goose Up
-- The signs with which people answer a post without words, as the company has chosen them. One that is taken out of the set stays where
-- it was given, so none is ever deleted.
CREATE TABLE reaction_signs (
	id ${ID},
	emoji TEXT NOT NULL UNIQUE,
	name_en TEXT NOT NULL,
	name_fr TEXT NOT NULL,
	position INTEGER NOT NULL,
	retired_at ${TIME}
);
INSERT INTO reaction_signs (emoji, name_en, name_fr, position) VALUES
	('👍', 'I agree', 'D’accord', 1),
	('❤️', 'I love it', 'J’adore', 2),
	('🎉', 'Well done', 'Bravo', 3),
	('💡', 'Bright', 'Lumineux', 4),
	('🙏', 'Thank you', 'Merci', 5),
	('🤔', 'It makes me think', 'Ça fait réfléchir', 6);

-- Who gave a post which sign. Of somebody who was erased it stays without them, so that the count stays true. Of two accounts of one
-- person, once they are merged, the sign of one counts.
CREATE TABLE reactions (
	id ${ID},
	post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
	sign_id BIGINT NOT NULL REFERENCES reaction_signs (id),
	user_id BIGINT REFERENCES users (id),
	counts BOOLEAN NOT NULL DEFAULT TRUE,
	created_at ${TIME} NOT NULL,
	UNIQUE (post_id, sign_id, user_id)
);
CREATE INDEX reactions_post ON reactions (post_id, id);
CREATE INDEX reactions_list ON reactions (post_id, sign_id, id);
CREATE INDEX reactions_user ON reactions (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX reactions_day ON reactions (created_at, post_id);

-- How many gave a post each sign, kept in the transaction of each, so that a page costs the same however many there are.
CREATE TABLE reaction_counts (
	post_id BIGINT NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
	sign_id BIGINT NOT NULL REFERENCES reaction_signs (id),
	people INTEGER NOT NULL,
	PRIMARY KEY (post_id, sign_id)
);
