-- +goose Up
-- Nobody walks into a restricted space by themselves.
UPDATE spaces SET joining = 'invitation' WHERE visibility = 'restricted';

-- Since when a space has had nobody to run it, and that this has been told.
ALTER TABLE spaces ADD COLUMN unmanaged_at ${TIME};
CREATE INDEX spaces_unmanaged ON spaces (unmanaged_at) WHERE unmanaged_at IS NOT NULL;
CREATE INDEX spaces_listed ON spaces (title, id) WHERE listed;

CREATE TABLE entry_requests (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	user_id BIGINT NOT NULL REFERENCES users (id),
	message TEXT NOT NULL DEFAULT '',
	state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'declined', 'withdrawn')),
	answer TEXT NOT NULL DEFAULT '',
	decided_by BIGINT REFERENCES users (id),
	created_at ${TIME} NOT NULL,
	decided_at ${TIME}
);
CREATE UNIQUE INDEX entry_requests_one ON entry_requests (user_id, space_id) WHERE state = 'open';
CREATE INDEX entry_requests_open ON entry_requests (space_id, id) WHERE state = 'open';
CREATE INDEX entry_requests_user ON entry_requests (user_id, space_id, id);
CREATE INDEX entry_requests_space ON entry_requests (space_id);
CREATE INDEX entry_requests_decided ON entry_requests (decided_by) WHERE decided_by IS NOT NULL;

-- What people are told about spaces; notices are about ideas. An actor of NULL is the house itself.
CREATE TABLE space_notices (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	kind TEXT NOT NULL CHECK (kind IN ('asked', 'approved', 'declined', 'unmanaged', 'named', 'taken')),
	actor_id BIGINT REFERENCES users (id),
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	request_id BIGINT, -- what is said of a request may outlive it
	created_at ${TIME} NOT NULL,
	read_at ${TIME}
);
CREATE INDEX space_notices_user ON space_notices (user_id, id DESC);
CREATE INDEX space_notices_unread ON space_notices (user_id, space_id) WHERE read_at IS NULL;
CREATE INDEX space_notices_actor ON space_notices (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX space_notices_space ON space_notices (space_id);
CREATE INDEX space_notices_request ON space_notices (request_id) WHERE request_id IS NOT NULL;
