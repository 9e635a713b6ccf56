-- +goose Up
-- Who signs an idea beside its author, and who was asked to. Whoever said no, has left or was removed stays noted, so that
-- nobody is asked again and again.
CREATE TABLE co_authors (
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	state TEXT NOT NULL CHECK (state IN ('asked', 'joined', 'declined', 'left', 'removed')),
	message TEXT NOT NULL,
	agreement_id BIGINT REFERENCES agreements (id),
	asked_at ${TIME} NOT NULL,
	answered_at ${TIME},
	PRIMARY KEY (idea_id, user_id)
);
CREATE INDEX co_authors_user ON co_authors (user_id, idea_id);
CREATE INDEX co_authors_agreement ON co_authors (agreement_id) WHERE agreement_id IS NOT NULL;
