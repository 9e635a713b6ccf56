-- +goose Up
-- The course of every idea: each time it came to a stage, from where, by whom and why. All figures of funnels come from here.
-- The first one of an idea comes from nowhere: it was proposed.
CREATE TABLE stage_transitions (
	id ${ID},
	idea_id BIGINT NOT NULL REFERENCES ideas (id),
	from_stage TEXT NOT NULL DEFAULT '',
	to_stage TEXT NOT NULL,
	by_id BIGINT REFERENCES users (id), -- NULL: the house itself, or nobody knows any more
	reason_code TEXT NOT NULL DEFAULT '',
	reason TEXT NOT NULL DEFAULT '',
	at ${TIME} NOT NULL
);
CREATE INDEX stage_transitions_idea ON stage_transitions (idea_id, id);
CREATE INDEX stage_transitions_by ON stage_transitions (by_id) WHERE by_id IS NOT NULL;

-- How many published ideas of a campaign have come how far. A declined one counts where it had come before, and once more
-- as declined. Made of stage_transitions, and can be made of them anew.
CREATE TABLE campaign_funnels (
	campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
	stage TEXT NOT NULL,
	ideas INTEGER NOT NULL,
	PRIMARY KEY (campaign_id, stage)
);

-- What the log and the imports know of the ideas that are there.
INSERT INTO stage_transitions (idea_id, from_stage, to_stage, by_id, at)
	SELECT id, '', 'proposed', author_id, published_at FROM ideas ORDER BY id;
WITH stages AS (SELECT 'proposed' AS name UNION ALL SELECT 'discussed' UNION ALL SELECT 'refined' UNION ALL SELECT 'evaluated' UNION ALL SELECT 'decided' UNION ALL SELECT 'implemented' UNION ALL SELECT 'declined')
INSERT INTO stage_transitions (idea_id, from_stage, to_stage, by_id, at)
	SELECT i.id, coalesce(f.name, ''), t.name, u.id, e.at
	FROM events e JOIN ideas i ON i.id = e.subject_id
	JOIN stages t ON e.data LIKE '%"stage":"' || t.name || '"%'
	LEFT JOIN stages f ON e.data LIKE '%"from":"' || f.name || '"%'
	LEFT JOIN users u ON u.id = e.actor_id
	WHERE e.subject = 'idea' AND e.verb = 'idea.staged' ORDER BY e.id;
INSERT INTO stage_transitions (idea_id, from_stage, to_stage, at)
	SELECT i.id, coalesce((SELECT l.to_stage FROM stage_transitions l WHERE l.idea_id = i.id ORDER BY l.id DESC LIMIT 1), ''), i.stage, coalesce(i.staged_at, i.published_at) FROM ideas i
	WHERE i.stage <> (SELECT l.to_stage FROM stage_transitions l WHERE l.idea_id = i.id ORDER BY l.id DESC LIMIT 1) ORDER BY i.id;

INSERT INTO campaign_funnels (campaign_id, stage, ideas)
	SELECT i.campaign_id, t.to_stage, count(*) FROM ideas i JOIN stage_transitions t ON t.idea_id = i.id
		AND t.id = (SELECT max(l.id) FROM stage_transitions l WHERE l.idea_id = i.id AND l.to_stage <> 'declined')
	WHERE i.campaign_id IS NOT NULL AND i.state = 'published' GROUP BY i.campaign_id, t.to_stage;
INSERT INTO campaign_funnels (campaign_id, stage, ideas)
	SELECT campaign_id, stage, count(*) FROM ideas WHERE campaign_id IS NOT NULL AND state = 'published' AND stage = 'declined' GROUP BY campaign_id, stage;
