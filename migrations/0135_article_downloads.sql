-- +goose Up
-- Articles are taken away as tables of ideas are: as an archive of Markdown, of the collections that it names once it is made. The tables
-- that wait take new numbers with them, and so does the work on them.
CREATE TABLE asked_downloads (
	id ${ID},
	user_id BIGINT NOT NULL REFERENCES users (id),
	key TEXT NOT NULL,
	what TEXT NOT NULL CHECK (what IN ('ideas', 'comments', 'articles')),
	format TEXT NOT NULL CHECK (format IN ('csv', 'xlsx', 'jsonl', 'zip')),
	separator TEXT NOT NULL DEFAULT ',',
	mark BOOLEAN NOT NULL DEFAULT FALSE,
	locale TEXT NOT NULL DEFAULT '',
	filter TEXT NOT NULL DEFAULT '{}',
	spaces TEXT NOT NULL DEFAULT '', -- the ids of those its rows are of, once it is made
	collections TEXT NOT NULL DEFAULT '', -- those of its articles
	row_count INTEGER NOT NULL DEFAULT 0,
	size BIGINT NOT NULL DEFAULT 0,
	created_at ${TIME} NOT NULL,
	ready_at ${TIME},
	expires_at ${TIME} NOT NULL,
	CHECK ((what = 'articles') = (format = 'zip'))
);
INSERT INTO asked_downloads (user_id, key, what, format, separator, mark, locale, filter, spaces, row_count, size, created_at, ready_at, expires_at)
	SELECT user_id, key, what, format, separator, mark, locale, filter, spaces, row_count, size, created_at, ready_at, expires_at FROM downloads ORDER BY id;
UPDATE jobs SET key = (SELECT 'asked' || CAST(a.id AS TEXT) FROM asked_downloads a JOIN downloads d ON d.key = a.key WHERE CAST(d.id AS TEXT) = jobs.key)
	WHERE kind = 'download' AND key IN (SELECT CAST(d.id AS TEXT) FROM downloads d);
UPDATE jobs SET key = substr(key, 6) WHERE kind = 'download' AND key LIKE 'asked%';
DROP TABLE downloads;
ALTER TABLE asked_downloads RENAME TO downloads;
CREATE INDEX downloads_user ON downloads (user_id, id);
CREATE INDEX downloads_expiry ON downloads (expires_at);
