-- +goose Up
-- A link without a secret: whoever proves an address of its domains comes in by it. With no places as many come as prove one.
ALTER TABLE invitation_links ADD COLUMN by_domain BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE invitation_links ADD COLUMN sponsor_id BIGINT REFERENCES users (id);
CREATE INDEX invitation_links_by_domain ON invitation_links (id) WHERE by_domain AND revoked_at IS NULL;
CREATE INDEX invitation_links_sponsor ON invitation_links (sponsor_id) WHERE sponsor_id IS NOT NULL;
-- How many letters went to an address lately, and by which link.
CREATE INDEX invitations_sent ON invitations (email, sent_at);
CREATE INDEX invitations_link_sent ON invitations (link_id, sent_at) WHERE link_id IS NOT NULL;

-- Since when strangers may ask to be let into a space.
ALTER TABLE spaces ADD COLUMN registration_at ${TIME};

-- A stranger's wish to be let in: a letter proves their address, then those who run the space decide. Of the link in the
-- letter a hash is stored.
CREATE TABLE registrations (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	email TEXT NOT NULL,
	token TEXT NOT NULL,
	name TEXT NOT NULL,
	organisation TEXT NOT NULL,
	message TEXT NOT NULL,
	locale TEXT NOT NULL,
	user_id BIGINT REFERENCES users (id),
	state TEXT NOT NULL CHECK (state IN ('unproven', 'waiting', 'accepted', 'refused')),
	answer TEXT NOT NULL DEFAULT '',
	decided_by BIGINT REFERENCES users (id),
	created_at ${TIME} NOT NULL,
	expires_at ${TIME} NOT NULL,
	proven_at ${TIME},
	decided_at ${TIME}
);
CREATE UNIQUE INDEX registrations_token ON registrations (token);
CREATE UNIQUE INDEX registrations_one ON registrations (space_id, email) WHERE state = 'waiting' AND email <> '';
CREATE INDEX registrations_waiting ON registrations (space_id, id) WHERE state = 'waiting';
CREATE INDEX registrations_unproven ON registrations (expires_at) WHERE state = 'unproven';
CREATE INDEX registrations_space ON registrations (space_id, created_at);
CREATE INDEX registrations_email ON registrations (email, created_at);
CREATE INDEX registrations_user ON registrations (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX registrations_decided ON registrations (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX registrations_age ON registrations (created_at);
