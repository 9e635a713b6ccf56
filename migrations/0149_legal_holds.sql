-- +goose Up
-- What is to be kept as it is because a court or an authority asks for it, whatever the periods and the rules of erasure say. One of the
-- five is named as long as the hold is in force; none once what was named is gone. The same thing may be asked for in several matters.
CREATE TABLE legal_holds (
	id ${ID},
	subject TEXT NOT NULL CHECK (subject IN ('person', 'space', 'idea', 'thread', 'article')),
	user_id BIGINT REFERENCES users (id),
	space_id BIGINT REFERENCES spaces (id),
	idea_id BIGINT REFERENCES ideas (id),
	thread_id BIGINT REFERENCES threads (id),
	article_id BIGINT REFERENCES articles (id),
	reason TEXT NOT NULL,
	reference TEXT NOT NULL,
	dated ${TIME} NOT NULL,
	placed_by BIGINT NOT NULL REFERENCES users (id),
	placed_at ${TIME} NOT NULL,
	released_by BIGINT REFERENCES users (id),
	released_at ${TIME},
	release_reason TEXT NOT NULL DEFAULT ''
);
CREATE INDEX legal_holds_in_force ON legal_holds (id) WHERE released_at IS NULL;
CREATE INDEX legal_holds_user ON legal_holds (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX legal_holds_space ON legal_holds (space_id) WHERE space_id IS NOT NULL;
CREATE INDEX legal_holds_idea ON legal_holds (idea_id) WHERE idea_id IS NOT NULL;
CREATE INDEX legal_holds_thread ON legal_holds (thread_id) WHERE thread_id IS NOT NULL;
CREATE INDEX legal_holds_article ON legal_holds (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX legal_holds_placed ON legal_holds (placed_by);
CREATE INDEX legal_holds_released ON legal_holds (released_by) WHERE released_by IS NOT NULL;

-- When whoever asked for an erasure was told that it is delayed.
ALTER TABLE erasures ADD COLUMN delay_told_at ${TIME};
