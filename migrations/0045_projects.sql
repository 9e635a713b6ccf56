-- +goose Up
-- A project carries one idea out. What it consists of are its steps: milestones, and tasks that may belong to one.
CREATE TABLE projects (
	id ${ID},
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	title TEXT NOT NULL,
	goal TEXT NOT NULL DEFAULT '',
	html TEXT NOT NULL DEFAULT '',
	lang TEXT NOT NULL DEFAULT '',
	owner_id BIGINT REFERENCES users (id),
	controller_id BIGINT REFERENCES users (id),
	state TEXT NOT NULL CHECK (state IN ('planned', 'running', 'done', 'stopped')),
	reason TEXT NOT NULL DEFAULT '', -- why it was stopped
	stage_before TEXT NOT NULL DEFAULT '', -- of the idea, when the project was finished
	starts_on ${TIME},
	due_on ${TIME},
	ended_at ${TIME},
	version INTEGER NOT NULL DEFAULT 1,
	created_at ${TIME} NOT NULL
);
CREATE UNIQUE INDEX projects_idea ON projects (idea_id);
CREATE INDEX projects_state ON projects (state, id DESC);
CREATE INDEX projects_owner ON projects (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX projects_controller ON projects (controller_id) WHERE controller_id IS NOT NULL;

CREATE TABLE project_steps (
	id ${ID},
	project_id BIGINT NOT NULL REFERENCES projects (id),
	kind TEXT NOT NULL CHECK (kind IN ('milestone', 'task')),
	milestone_id BIGINT REFERENCES project_steps (id),
	title TEXT NOT NULL,
	assignee_id BIGINT REFERENCES users (id),
	due_on ${TIME},
	done_at ${TIME},
	removed_at ${TIME},
	created_at ${TIME} NOT NULL
);
CREATE INDEX project_steps_project ON project_steps (project_id, id);
CREATE INDEX project_steps_milestone ON project_steps (milestone_id) WHERE milestone_id IS NOT NULL;
CREATE INDEX project_steps_assignee ON project_steps (assignee_id, id DESC) WHERE assignee_id IS NOT NULL;

CREATE TABLE project_updates (
	id ${ID},
	project_id BIGINT NOT NULL REFERENCES projects (id),
	author_id BIGINT NOT NULL REFERENCES users (id),
	body TEXT NOT NULL,
	html TEXT NOT NULL,
	lang TEXT NOT NULL DEFAULT '',
	created_at ${TIME} NOT NULL,
	removed_at ${TIME}
);
CREATE INDEX project_updates_project ON project_updates (project_id, id DESC);
CREATE INDEX project_updates_author ON project_updates (author_id);
