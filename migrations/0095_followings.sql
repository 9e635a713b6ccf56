-- +goose Up
-- How closely a person follows a space, a topic, a tag or another person; a row is about one of them,
-- which target says too, as space:12 or tag:water. What they said of one thread stands in thread_people, where chosen_at tells it from what came of writing there.
CREATE TABLE followings (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	target TEXT NOT NULL,
	space_id BIGINT REFERENCES spaces (id),
	topic_id BIGINT REFERENCES topics (id),
	tag TEXT,
	person_id BIGINT REFERENCES users (id),
	level TEXT NOT NULL CHECK (level IN ('watch', 'follow', 'normal', 'mute')),
	changed_at ${TIME} NOT NULL,
	UNIQUE (user_id, target),
	CHECK ((CASE WHEN space_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN topic_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN tag IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) = 1)
);
CREATE INDEX followings_space ON followings (space_id, user_id) WHERE space_id IS NOT NULL;
CREATE INDEX followings_topic ON followings (topic_id, user_id) WHERE topic_id IS NOT NULL;
CREATE INDEX followings_tag ON followings (tag, user_id) WHERE tag IS NOT NULL;
CREATE INDEX followings_person ON followings (person_id, user_id) WHERE person_id IS NOT NULL;
CREATE INDEX followings_user ON followings (user_id, level, id);

ALTER TABLE thread_people ADD COLUMN chosen_at ${TIME};

-- Through what a notice came that somebody got for following: a space, topic, tag, person or thread, and how closely.
ALTER TABLE notices ADD COLUMN via TEXT NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN via_level TEXT NOT NULL DEFAULT '';
ALTER TABLE notices ADD COLUMN via_tag TEXT NOT NULL DEFAULT '';
