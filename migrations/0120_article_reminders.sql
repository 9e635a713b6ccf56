-- +goose Up
-- Of what whoever answers for an article was reminded since it was last verified: 1 that the verification ends soon, 2 that it has ended.
ALTER TABLE articles ADD COLUMN trust_reminded INTEGER NOT NULL DEFAULT 0;
CREATE INDEX articles_to_remind ON articles (verified_until, id) WHERE verified_until IS NOT NULL AND state = 'published' AND trust_reminded < 2;
