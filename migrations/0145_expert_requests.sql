-- +goose Up
-- Somebody was asked to answer a question. An open one lapses by itself a week after it was asked. post_id is the post by which they
-- answered, as long as it stands.
CREATE TABLE expert_requests (
	id ${ID},
	thread_id BIGINT NOT NULL REFERENCES threads (id),
	expert_id BIGINT NOT NULL REFERENCES users (id),
	asker_id BIGINT NOT NULL REFERENCES users (id),
	state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'declined', 'withdrawn')),
	word TEXT NOT NULL DEFAULT '',
	times INTEGER NOT NULL DEFAULT 1, -- how often it was made within a day, if it was taken back in between
	post_id BIGINT REFERENCES posts (id),
	created_at ${TIME} NOT NULL,
	ended_at ${TIME}
);
CREATE UNIQUE INDEX expert_requests_once ON expert_requests (thread_id, expert_id);
CREATE INDEX expert_requests_expert ON expert_requests (expert_id, created_at);
CREATE INDEX expert_requests_open ON expert_requests (expert_id, id) WHERE state = 'open';
CREATE INDEX expert_requests_asker ON expert_requests (asker_id, created_at);
CREATE INDEX expert_requests_created ON expert_requests (created_at);
CREATE INDEX expert_requests_post ON expert_requests (post_id) WHERE post_id IS NOT NULL;

-- How often in a week somebody is asked, empty as the house has it and 0 never, and until when nobody asks them.
ALTER TABLE expert_choices ADD COLUMN weekly INTEGER;
ALTER TABLE expert_choices ADD COLUMN away_until ${TIME};

-- Whether people from outside may ask people of a space to answer them, and be asked there.
ALTER TABLE spaces ADD COLUMN outsiders_ask BOOLEAN NOT NULL DEFAULT FALSE;

-- Of very many who declare a skill, those are found first whom somebody vouched for last, and then those who said so last.
CREATE INDEX person_skills_latest ON person_skills (skill_id, created_at DESC, user_id);
CREATE INDEX skill_endorsements_latest ON skill_endorsements (skill_id, id DESC);
