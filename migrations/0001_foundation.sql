-- +goose Up
CREATE TABLE users (
	id ${ID},
	email TEXT NOT NULL DEFAULT '',
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'moderator', 'hr', 'auditor', 'employee', 'external')),
	job TEXT NOT NULL DEFAULT '',
	site TEXT NOT NULL DEFAULT '',
	organisation TEXT NOT NULL DEFAULT '',
	locale TEXT NOT NULL DEFAULT '',
	theme TEXT NOT NULL DEFAULT '',
	import_ref TEXT,
	seen_at ${TIME},
	disabled_at ${TIME},
	created_at ${TIME} NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (email) WHERE email <> '';
CREATE UNIQUE INDEX users_import ON users (import_ref) WHERE import_ref IS NOT NULL;
CREATE INDEX users_name ON users (name, id);

CREATE TABLE identities (
	issuer TEXT NOT NULL,
	subject TEXT NOT NULL,
	user_id BIGINT NOT NULL REFERENCES users (id),
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_user ON identities (user_id);

CREATE TABLE sessions (
	token TEXT PRIMARY KEY,
	user_id BIGINT REFERENCES users (id),
	data ${BYTES} NOT NULL,
	expires_at ${TIME} NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE login_links (
	token TEXT PRIMARY KEY,
	user_id BIGINT NOT NULL REFERENCES users (id),
	expires_at ${TIME} NOT NULL,
	used_at ${TIME}
);
CREATE INDEX login_links_user ON login_links (user_id);

CREATE TABLE tokens (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	name TEXT NOT NULL,
	hash TEXT NOT NULL UNIQUE,
	created_at ${TIME} NOT NULL,
	used_at ${TIME}
);
CREATE INDEX tokens_user ON tokens (user_id);

CREATE TABLE spaces (
	id ${ID},
	slug TEXT NOT NULL UNIQUE,
	title TEXT NOT NULL,
	description TEXT NOT NULL DEFAULT '',
	visibility TEXT NOT NULL CHECK (visibility IN ('public', 'external', 'company', 'restricted')),
	import_ref TEXT,
	created_at ${TIME} NOT NULL
);
CREATE UNIQUE INDEX spaces_import ON spaces (import_ref) WHERE import_ref IS NOT NULL;

CREATE TABLE memberships (
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	role TEXT NOT NULL CHECK (role IN ('manager', 'moderator', 'expert', 'member', 'reader')),
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (space_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);

-- support_count, comment_count, hot and active_at are kept in the transaction that changes them; "ruche recount" makes them again.
CREATE TABLE ideas (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	author_id BIGINT NOT NULL REFERENCES users (id),
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	html TEXT NOT NULL,
	summary TEXT NOT NULL DEFAULT '',
	lang TEXT NOT NULL DEFAULT '',
	tags TEXT NOT NULL DEFAULT '',
	campaign TEXT NOT NULL DEFAULT '',
	stage TEXT NOT NULL DEFAULT 'proposed',
	state TEXT NOT NULL DEFAULT 'published' CHECK (state IN ('published', 'withdrawn')),
	version INTEGER NOT NULL DEFAULT 1,
	support_count INTEGER NOT NULL DEFAULT 0,
	comment_count INTEGER NOT NULL DEFAULT 0,
	hot DOUBLE PRECISION NOT NULL DEFAULT 0,
	imported_supports INTEGER NOT NULL DEFAULT 0,
	import_ref TEXT,
	published_at ${TIME} NOT NULL,
	edited_at ${TIME},
	staged_at ${TIME},
	active_at ${TIME} NOT NULL
);
CREATE UNIQUE INDEX ideas_import ON ideas (import_ref) WHERE import_ref IS NOT NULL;
CREATE INDEX ideas_author ON ideas (author_id, published_at DESC, id DESC);
CREATE INDEX ideas_hot ON ideas (space_id, hot DESC, id DESC) WHERE state = 'published';
CREATE INDEX ideas_newest ON ideas (space_id, published_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX ideas_supported ON ideas (space_id, support_count DESC, id DESC) WHERE state = 'published';
CREATE INDEX ideas_active ON ideas (space_id, active_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX ideas_unanswered ON ideas (space_id, published_at DESC, id DESC) WHERE state = 'published' AND comment_count = 0;
CREATE INDEX ideas_stage_hot ON ideas (space_id, stage, hot DESC, id DESC) WHERE state = 'published';
CREATE INDEX ideas_stage_newest ON ideas (space_id, stage, published_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX ideas_stage_supported ON ideas (space_id, stage, support_count DESC, id DESC) WHERE state = 'published';
CREATE INDEX ideas_stage_active ON ideas (space_id, stage, active_at DESC, id DESC) WHERE state = 'published';

CREATE TABLE idea_tags (
	tag TEXT NOT NULL,
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	PRIMARY KEY (tag, idea_id)
);
CREATE INDEX idea_tags_idea ON idea_tags (idea_id);

CREATE TABLE idea_versions (
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	number INTEGER NOT NULL,
	editor_id BIGINT NOT NULL REFERENCES users (id),
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	tags TEXT NOT NULL DEFAULT '',
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (idea_id, number)
);
CREATE INDEX idea_versions_editor ON idea_versions (editor_id);

CREATE TABLE supports (
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (idea_id, user_id)
);
CREATE INDEX supports_user ON supports (user_id, idea_id);

CREATE TABLE comments (
	id ${ID},
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	parent_id BIGINT REFERENCES comments (id),
	author_id BIGINT NOT NULL REFERENCES users (id),
	body TEXT NOT NULL,
	html TEXT NOT NULL,
	lang TEXT NOT NULL DEFAULT '',
	import_ref TEXT,
	created_at ${TIME} NOT NULL,
	edited_at ${TIME},
	removed_at ${TIME},
	removed_by BIGINT REFERENCES users (id)
);
CREATE UNIQUE INDEX comments_import ON comments (import_ref) WHERE import_ref IS NOT NULL;
CREATE INDEX comments_idea ON comments (idea_id, created_at, id);
CREATE INDEX comments_parent ON comments (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX comments_author ON comments (author_id, id);
CREATE INDEX comments_removed_by ON comments (removed_by) WHERE removed_by IS NOT NULL;

CREATE TABLE follows (
	user_id BIGINT NOT NULL REFERENCES users (id),
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (user_id, idea_id)
);
CREATE INDEX follows_idea ON follows (idea_id, user_id);

CREATE TABLE drafts (
	user_id BIGINT NOT NULL REFERENCES users (id),
	form TEXT NOT NULL,
	fields TEXT NOT NULL,
	saved_at ${TIME} NOT NULL,
	PRIMARY KEY (user_id, form)
);

CREATE TABLE files (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	idea_id BIGINT REFERENCES ideas (id),
	key TEXT NOT NULL,
	name TEXT NOT NULL,
	content_type TEXT NOT NULL,
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	size BIGINT NOT NULL,
	created_at ${TIME} NOT NULL
);
CREATE INDEX files_user ON files (user_id);
CREATE INDEX files_idea ON files (idea_id) WHERE idea_id IS NOT NULL;
CREATE INDEX files_orphan ON files (created_at) WHERE idea_id IS NULL;
CREATE INDEX files_key ON files (key);

-- What happened, in one order for every reader. actor_id 0 is the system.
CREATE TABLE events (
	id ${ID},
	at ${TIME} NOT NULL,
	verb TEXT NOT NULL,
	actor_id BIGINT NOT NULL,
	space_id BIGINT NOT NULL,
	subject TEXT NOT NULL,
	subject_id BIGINT NOT NULL,
	data TEXT NOT NULL DEFAULT ''
);
CREATE INDEX events_subject ON events (subject, subject_id, id);
CREATE INDEX events_space ON events (space_id, id DESC);
CREATE INDEX events_actor ON events (actor_id, id DESC);

CREATE TABLE cursors (
	reader TEXT PRIMARY KEY,
	position BIGINT NOT NULL
);

CREATE TABLE notices (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	kind TEXT NOT NULL,
	actor_id BIGINT NOT NULL REFERENCES users (id),
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	comment_id BIGINT REFERENCES comments (id),
	count INTEGER NOT NULL DEFAULT 1,
	created_at ${TIME} NOT NULL,
	read_at ${TIME}
);
CREATE INDEX notices_user ON notices (user_id, id DESC);
CREATE INDEX notices_unread ON notices (user_id, idea_id, kind) WHERE read_at IS NULL;
CREATE INDEX notices_actor ON notices (actor_id);
CREATE INDEX notices_idea ON notices (idea_id);
CREATE INDEX notices_comment ON notices (comment_id) WHERE comment_id IS NOT NULL;

-- What came of a request with a key of its own, so that sent twice it does its work once.
CREATE TABLE idempotency_keys (
	user_id BIGINT NOT NULL REFERENCES users (id),
	key TEXT NOT NULL,
	request_hash TEXT NOT NULL,
	result TEXT NOT NULL,
	created_at ${TIME} NOT NULL,
	PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
