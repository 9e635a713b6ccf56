-- +goose Up
-- In which form a folder of articles is read, as its sender says; empty for that which it looks like.
ALTER TABLE article_imports ADD COLUMN format TEXT NOT NULL DEFAULT '';
