-- +goose Up
-- What somebody has done that shows what they know: an answer that was accepted, an article that they wrote or answer for, one that they
-- found right. weight counts an old one less than a new one (models/expertise.go). Kept by the reader of the log that is called experts.
CREATE TABLE expertise_evidence (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	tag TEXT NOT NULL,
	key ${WORD} NOT NULL, -- the tag without case and accents
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	kind TEXT NOT NULL CHECK (kind IN ('answer', 'article', 'review')),
	thread_id BIGINT REFERENCES threads (id),
	article_id BIGINT REFERENCES articles (id),
	weight DOUBLE PRECISION NOT NULL,
	at ${TIME} NOT NULL
);
CREATE INDEX expertise_evidence_of ON expertise_evidence (user_id, key, space_id, at DESC, id DESC);
CREATE INDEX expertise_evidence_thread ON expertise_evidence (thread_id) WHERE thread_id IS NOT NULL;
CREATE INDEX expertise_evidence_article ON expertise_evidence (article_id) WHERE article_id IS NOT NULL;

-- The sums of that, by person, tag and space: nobody is told of what others did in a space that they do not see.
CREATE TABLE expertise (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	tag TEXT NOT NULL,
	key ${WORD} NOT NULL, -- the tag without case and accents
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	score DOUBLE PRECISION NOT NULL DEFAULT 0,
	answers INTEGER NOT NULL DEFAULT 0,
	articles INTEGER NOT NULL DEFAULT 0,
	reviews INTEGER NOT NULL DEFAULT 0,
	UNIQUE (user_id, key, space_id)
);
CREATE INDEX expertise_key ON expertise (key, space_id, score DESC, id DESC);

-- What people say of being found. Without a row they are shown.
CREATE TABLE expert_choices (
	user_id BIGINT PRIMARY KEY REFERENCES users (id),
	hidden BOOLEAN NOT NULL DEFAULT FALSE
);
