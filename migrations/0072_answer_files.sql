-- +goose Up
-- Who sees an answer is kept with it: it is for those whom its author was told, whatever its field comes to say. What was given for
-- "evaluators" until now was promised to the experts of the space, and stays for them alone.
ALTER TABLE idea_answers ADD COLUMN visibility TEXT NOT NULL DEFAULT 'private' CHECK (visibility IN ('everyone', 'experts', 'evaluators', 'team', 'private'));
UPDATE idea_answers SET visibility = (SELECT CASE f.visibility WHEN 'evaluators' THEN 'experts' ELSE f.visibility END FROM form_fields f WHERE f.id = idea_answers.field_id);

-- The kinds of files that a field takes, apart by spaces. A file that is given to a field is seen as the answer is that names it.
ALTER TABLE form_field_versions ADD COLUMN accepts TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN field_id BIGINT REFERENCES form_fields (id);
CREATE INDEX files_waiting ON files (user_id) WHERE idea_id IS NULL;
