-- +goose Up
-- What the retention periods look for: old events about accounts, and requests to join that were answered long ago.
CREATE INDEX events_accounts_at ON events (at) WHERE security AND subject IN ('user', 'token', 'passkey', 'system');
CREATE INDEX entry_requests_age ON entry_requests (decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX space_notices_age ON space_notices (created_at);

-- Who runs a space is asked at every change of its members.
CREATE INDEX memberships_managers ON memberships (space_id, user_id) WHERE role = 'manager';
