-- +goose Up
-- What was taken out of a space, the latest first, and in the order in which it goes for good.
CREATE INDEX articles_trash ON articles (space_id, withdrawn_at DESC, id DESC) WHERE state = 'withdrawn' AND withdrawn_with = id;
CREATE INDEX articles_trash_due ON articles (withdrawn_at, id) WHERE state = 'withdrawn' AND withdrawn_with = id;
-- The drafts that were thrown away, and the texts that have become old.
CREATE INDEX article_drafts_dropped ON article_drafts (ended_at, id) WHERE state = 'dropped';
CREATE INDEX article_versions_age ON article_versions (created_at) WHERE number > 1;
CREATE INDEX article_drafts_based ON article_drafts (article_id, base_version) WHERE article_id IS NOT NULL AND state = 'open';
