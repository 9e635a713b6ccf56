-- +goose Up
ALTER TABLE users ADD COLUMN department TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN job_family TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN manager_id BIGINT REFERENCES users (id);
ALTER TABLE users ADD COLUMN sponsor_id BIGINT REFERENCES users (id);
ALTER TABLE users ADD COLUMN expires_at ${TIME};
CREATE INDEX users_manager ON users (manager_id) WHERE manager_id IS NOT NULL;
CREATE INDEX users_sponsor ON users (sponsor_id) WHERE sponsor_id IS NOT NULL;
CREATE INDEX users_expiry ON users (expires_at) WHERE expires_at IS NOT NULL;

-- Where and since when someone is signed in, and the provider's name for that session, by which it can end it.
ALTER TABLE sessions ADD COLUMN started_at ${TIME};
ALTER TABLE sessions ADD COLUMN seen_at ${TIME};
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN issuer TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN sid TEXT NOT NULL DEFAULT '';
CREATE INDEX sessions_provider ON sessions (issuer, subject) WHERE issuer <> '';

-- What outsiders accept before they contribute to a space; the space names the version that holds.
CREATE TABLE agreements (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	version INTEGER NOT NULL,
	body TEXT NOT NULL,
	html TEXT NOT NULL,
	author_id BIGINT NOT NULL REFERENCES users (id),
	created_at ${TIME} NOT NULL
);
CREATE UNIQUE INDEX agreements_version ON agreements (space_id, version);
CREATE INDEX agreements_author ON agreements (author_id);

CREATE TABLE acceptances (
	agreement_id BIGINT NOT NULL REFERENCES agreements (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	accepted_at ${TIME} NOT NULL,
	PRIMARY KEY (agreement_id, user_id)
);
CREATE INDEX acceptances_user ON acceptances (user_id);

ALTER TABLE spaces ADD COLUMN archived_at ${TIME};
ALTER TABLE spaces ADD COLUMN joining TEXT NOT NULL DEFAULT 'open' CHECK (joining IN ('open', 'request', 'invitation'));
ALTER TABLE spaces ADD COLUMN listed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE spaces ADD COLUMN agreement_id BIGINT REFERENCES agreements (id);
CREATE INDEX spaces_agreement ON spaces (agreement_id) WHERE agreement_id IS NOT NULL;

ALTER TABLE ideas ADD COLUMN agreement_id BIGINT REFERENCES agreements (id);
ALTER TABLE comments ADD COLUMN agreement_id BIGINT REFERENCES agreements (id);
CREATE INDEX ideas_agreement ON ideas (agreement_id) WHERE agreement_id IS NOT NULL;
CREATE INDEX comments_agreement ON comments (agreement_id) WHERE agreement_id IS NOT NULL;

-- Audiences: groups that somebody looks after, and the units of the organisation that people belong to by their department.
CREATE TABLE groups (
	id ${ID},
	kind TEXT NOT NULL CHECK (kind IN ('group', 'unit')),
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	external_ref TEXT,
	created_at ${TIME} NOT NULL
);
CREATE UNIQUE INDEX groups_name ON groups (kind, name_key);
CREATE UNIQUE INDEX groups_external ON groups (external_ref) WHERE external_ref IS NOT NULL;

CREATE TABLE group_members (
	group_id BIGINT NOT NULL REFERENCES groups (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_user ON group_members (user_id);

CREATE TABLE space_groups (
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	group_id BIGINT NOT NULL REFERENCES groups (id),
	role TEXT NOT NULL CHECK (role IN ('moderator', 'expert', 'member', 'reader')),
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (space_id, group_id)
);
CREATE INDEX space_groups_group ON space_groups (group_id);

-- Why someone is in a space: named there, or through groups and rules. memberships holds the widest role of all.
CREATE TABLE grants (
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	source TEXT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('manager', 'moderator', 'expert', 'member', 'reader')),
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (space_id, user_id, source)
);
CREATE INDEX grants_source ON grants (source, space_id, user_id);
CREATE INDEX grants_user ON grants (user_id);
INSERT INTO grants (space_id, user_id, source, role, created_at) SELECT space_id, user_id, 'named', role, created_at FROM memberships;
