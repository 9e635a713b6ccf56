-- +goose Up
-- That a thread was begun is news of its space.
DROP INDEX events_news;
CREATE INDEX events_news ON events (space_id, id DESC) WHERE verb IN ('idea.posted', 'idea.staged', 'post.posted', 'thread.begun');
