-- +goose Up
-- What a campaign asks beside title and body. A field is never deleted, but retired; its words are versions, so that an answer
-- keeps the question that it answered. Who sees the answers is said by the field alone, and can only become fewer.
CREATE TABLE form_fields (
	id ${ID},
	campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
	position INTEGER NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('short', 'long', 'number', 'amount', 'date', 'choice', 'choices', 'scale', 'link', 'file', 'person')),
	visibility TEXT NOT NULL CHECK (visibility IN ('everyone', 'team', 'evaluators', 'private')),
	version INTEGER NOT NULL,
	retired_at ${TIME},
	created_at ${TIME} NOT NULL
);
CREATE INDEX form_fields_campaign ON form_fields (campaign_id, position, id);

CREATE TABLE form_field_versions (
	field_id BIGINT NOT NULL REFERENCES form_fields (id),
	number INTEGER NOT NULL,
	label_fr TEXT NOT NULL,
	label_en TEXT NOT NULL,
	help_fr TEXT NOT NULL,
	help_en TEXT NOT NULL,
	required BOOLEAN NOT NULL,
	choices TEXT NOT NULL, -- a list in JSON: what can be chosen, or the words for the ends of a scale
	low INTEGER NOT NULL,
	high INTEGER NOT NULL,
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (field_id, number)
);

-- An answer holds for the versions of its idea from one on, and up to another that is no longer its; without one it holds now.
CREATE TABLE idea_answers (
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	field_id BIGINT NOT NULL REFERENCES form_fields (id),
	from_version INTEGER NOT NULL,
	to_version INTEGER,
	field_version INTEGER NOT NULL,
	value TEXT NOT NULL,
	person_id BIGINT REFERENCES users (id),
	PRIMARY KEY (idea_id, field_id, from_version)
);
CREATE INDEX idea_answers_field ON idea_answers (field_id, idea_id) WHERE to_version IS NULL;
CREATE INDEX idea_answers_person ON idea_answers (person_id) WHERE person_id IS NOT NULL;

ALTER TABLE campaigns ADD COLUMN form_version INTEGER NOT NULL DEFAULT 0;
