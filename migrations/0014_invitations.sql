-- +goose Up
-- Who is asked in from outside, by a letter to their address. What is stored of its link is a hash.
CREATE TABLE invitations (
	id ${ID},
	email TEXT NOT NULL,
	token TEXT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('expert', 'member', 'reader')),
	message TEXT NOT NULL,
	locale TEXT NOT NULL,
	inviter_id BIGINT NOT NULL REFERENCES users (id),
	sponsor_id BIGINT NOT NULL REFERENCES users (id),
	user_id BIGINT REFERENCES users (id),
	access_until ${TIME} NOT NULL,
	created_at ${TIME} NOT NULL,
	sent_at ${TIME} NOT NULL,
	expires_at ${TIME} NOT NULL,
	accepted_at ${TIME},
	revoked_at ${TIME}
);
CREATE UNIQUE INDEX invitations_token ON invitations (token);
CREATE INDEX invitations_email ON invitations (email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_inviter ON invitations (inviter_id, created_at);
CREATE INDEX invitations_sponsor ON invitations (sponsor_id);
CREATE INDEX invitations_user ON invitations (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX invitations_created ON invitations (created_at);

CREATE TABLE invitation_spaces (
	invitation_id BIGINT NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	PRIMARY KEY (invitation_id, space_id)
);
CREATE INDEX invitation_spaces_space ON invitation_spaces (space_id, invitation_id);

-- Which ends of access have been announced, and since when nobody answers for someone from outside.
CREATE TABLE access_reminders (
	user_id BIGINT NOT NULL REFERENCES users (id),
	expires_at ${TIME} NOT NULL,
	days INTEGER NOT NULL,
	PRIMARY KEY (user_id, expires_at, days)
);
ALTER TABLE users ADD COLUMN unanswered_at ${TIME};
CREATE INDEX users_unanswered ON users (id) WHERE unanswered_at IS NOT NULL;

-- A link by which several people come into a space, until its end or its last place. Each proves their address first, by an
-- invitation of their own.
CREATE TABLE invitation_links (
	id ${ID},
	space_id BIGINT NOT NULL REFERENCES spaces (id),
	token TEXT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('expert', 'member', 'reader')),
	domains TEXT NOT NULL,
	places INTEGER NOT NULL,
	used INTEGER NOT NULL DEFAULT 0,
	inviter_id BIGINT NOT NULL REFERENCES users (id),
	access_until ${TIME} NOT NULL,
	created_at ${TIME} NOT NULL,
	expires_at ${TIME} NOT NULL,
	revoked_at ${TIME}
);
CREATE UNIQUE INDEX invitation_links_token ON invitation_links (token);
CREATE INDEX invitation_links_space ON invitation_links (space_id, id);
CREATE INDEX invitation_links_inviter ON invitation_links (inviter_id);
ALTER TABLE invitations ADD COLUMN link_id BIGINT REFERENCES invitation_links (id);
CREATE INDEX invitations_link ON invitations (link_id, email) WHERE link_id IS NOT NULL;
