-- +goose Up
-- What people of the house say they know, in one vocabulary. key is the name without case and accents; a term that went into another keeps its
-- key, so that whoever writes it means the other.
CREATE TABLE skills (
	id ${ID},
	name TEXT NOT NULL,
	key ${WORD} NOT NULL UNIQUE,
	people INTEGER NOT NULL DEFAULT 0,
	merged_into BIGINT REFERENCES skills (id),
	created_at ${TIME} NOT NULL
);
CREATE INDEX skills_merged ON skills (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX skills_commonest ON skills (people DESC, id DESC) WHERE merged_into IS NULL AND people > 0;

CREATE TABLE person_skills (
	user_id BIGINT NOT NULL REFERENCES users (id),
	skill_id BIGINT NOT NULL REFERENCES skills (id),
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (user_id, skill_id)
);
CREATE INDEX person_skills_skill ON person_skills (skill_id, user_id);

-- Who vouches for it.
CREATE TABLE skill_endorsements (
	id ${ID},
	skill_id BIGINT NOT NULL REFERENCES skills (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	endorser_id BIGINT NOT NULL REFERENCES users (id),
	created_at ${TIME} NOT NULL,
	UNIQUE (user_id, skill_id, endorser_id)
);
CREATE INDEX skill_endorsements_endorser ON skill_endorsements (endorser_id, created_at);
CREATE INDEX skill_endorsements_skill ON skill_endorsements (skill_id);
