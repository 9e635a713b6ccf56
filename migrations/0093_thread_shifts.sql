-- +goose Up
-- Posts move from one thread to another: some of them when a thread is split, all of them when it goes on in another one, which its
-- address leads to from then on. What moved, and under which number each post stood, is kept, so that a shift can be taken back. The
-- numbers of a thread are never given twice: what is gone leaves a gap.
ALTER TABLE threads ADD COLUMN merged_into_id BIGINT REFERENCES threads (id);
CREATE INDEX threads_merged_into ON threads (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- opened: the thread into which the posts went was made for them. place is the number after which the posts are missing, and
-- into_place the number that the first of them has now.
CREATE TABLE thread_shifts (
	id ${ID},
	kind TEXT NOT NULL CHECK (kind IN ('split', 'merge')),
	from_id BIGINT NOT NULL REFERENCES threads (id),
	into_id BIGINT NOT NULL REFERENCES threads (id),
	actor_id BIGINT NOT NULL REFERENCES users (id),
	opened BOOLEAN NOT NULL DEFAULT FALSE,
	posts INTEGER NOT NULL DEFAULT 0,
	place INTEGER NOT NULL DEFAULT 0,
	into_place INTEGER NOT NULL DEFAULT 0,
	accepted_id BIGINT REFERENCES posts (id),
	accepted_by BIGINT REFERENCES users (id),
	accepted_at ${TIME},
	created_at ${TIME} NOT NULL,
	ended_by BIGINT REFERENCES users (id),
	ended_at ${TIME}
);
CREATE INDEX thread_shifts_from ON thread_shifts (from_id, id);
CREATE INDEX thread_shifts_into ON thread_shifts (into_id, id);
CREATE INDEX thread_shifts_actor ON thread_shifts (actor_id);
CREATE INDEX thread_shifts_ended_by ON thread_shifts (ended_by) WHERE ended_by IS NOT NULL;
CREATE INDEX thread_shifts_accepted ON thread_shifts (accepted_id) WHERE accepted_id IS NOT NULL;
CREATE INDEX thread_shifts_accepted_by ON thread_shifts (accepted_by) WHERE accepted_by IS NOT NULL;

CREATE TABLE thread_shift_posts (
	shift_id BIGINT NOT NULL REFERENCES thread_shifts (id),
	post_id BIGINT NOT NULL REFERENCES posts (id),
	was_number INTEGER NOT NULL,
	number INTEGER NOT NULL,
	PRIMARY KEY (shift_id, post_id)
);
CREATE INDEX thread_shift_posts_post ON thread_shift_posts (post_id);
CREATE INDEX thread_shift_posts_was ON thread_shift_posts (shift_id, was_number);

CREATE TABLE thread_shift_files (
	shift_id BIGINT NOT NULL REFERENCES thread_shifts (id),
	file_id BIGINT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
	PRIMARY KEY (shift_id, file_id)
);
CREATE INDEX thread_shift_files_file ON thread_shift_files (file_id);

-- The shift by which somebody came to be one of a thread's people, until they say themselves how closely they follow it.
ALTER TABLE thread_people ADD COLUMN shift_id BIGINT REFERENCES thread_shifts (id);
CREATE INDEX thread_people_shift ON thread_people (shift_id) WHERE shift_id IS NOT NULL;
