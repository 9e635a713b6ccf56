-- +goose Up
-- What the provider last said of a person: what the rules below go by.
ALTER TABLE identities ADD COLUMN claims TEXT NOT NULL DEFAULT '';
ALTER TABLE identities ADD COLUMN seen_at ${TIME};

-- What signing out at the provider wants to see.
ALTER TABLE sessions ADD COLUMN id_token TEXT NOT NULL DEFAULT '';

-- The role in the house that a rule gave, by which it may take it back; empty if the person has theirs by hand.
ALTER TABLE users ADD COLUMN rule_role TEXT NOT NULL DEFAULT '';

-- Who is given what when they sign in, in this order.
CREATE TABLE sign_in_rules (
	id ${ID},
	position BIGINT NOT NULL,
	issuer TEXT NOT NULL,
	claim TEXT NOT NULL,
	value TEXT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('', 'manager', 'moderator', 'hr', 'auditor', 'employee')),
	group_id BIGINT REFERENCES groups (id) ON DELETE SET NULL,
	space_id BIGINT REFERENCES spaces (id),
	space_role TEXT NOT NULL CHECK (space_role IN ('', 'moderator', 'expert', 'member', 'reader')),
	created_at ${TIME} NOT NULL,
	deleted_at ${TIME}
);
CREATE INDEX sign_in_rules_order ON sign_in_rules (position) WHERE deleted_at IS NULL;
CREATE INDEX sign_in_rules_group ON sign_in_rules (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX sign_in_rules_space ON sign_in_rules (space_id) WHERE space_id IS NOT NULL;

-- Who is in a group because of a rule, and not because somebody put them there.
CREATE TABLE rule_members (
	user_id BIGINT NOT NULL REFERENCES users (id),
	group_id BIGINT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
	PRIMARY KEY (user_id, group_id)
);
CREATE INDEX rule_members_group ON rule_members (group_id);

-- What providers have told of those who signed out there, so that nothing serves twice.
CREATE TABLE logout_tokens (
	issuer TEXT NOT NULL,
	token TEXT NOT NULL,
	expires_at ${TIME} NOT NULL,
	PRIMARY KEY (issuer, token)
);
CREATE INDEX logout_tokens_expiry ON logout_tokens (expires_at);
