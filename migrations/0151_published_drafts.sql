-- +goose Up
-- What reviewers said of the passages of a draft goes with its text once the draft is published: no page shows it any more.
DELETE FROM passage_words WHERE passage_id IN (SELECT p.id FROM passages p JOIN article_drafts d ON d.id = p.draft_id WHERE d.state = 'published');
DELETE FROM passages WHERE draft_id IN (SELECT d.id FROM article_drafts d WHERE d.state = 'published');
