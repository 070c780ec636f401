-- +goose Up
-- A facet is what the feed can be filtered by, all of it together: one row for each combination
-- that ever occurred, of which a school has some thousands. The entries of one facet lie side by
-- side in the order of time, so that several filters at once cost what one does. Whether an entry
-- is bound is kept apart, for a statement binds ten thousand of them: an entry stands in one of
-- the two indices.
ALTER TABLE feed ADD COLUMN facet BIGINT NOT NULL DEFAULT 0;
CREATE TABLE facets (id BIGINT PRIMARY KEY, type TEXT NOT NULL, employee_id TEXT NOT NULL, line TEXT NOT NULL, result TEXT NOT NULL);
CREATE UNIQUE INDEX facets_of ON facets (type, employee_id, line, result);
INSERT INTO facets (id, type, employee_id, line, result)
SELECT ROW_NUMBER() OVER (ORDER BY type, employee_id, line, result), type, employee_id, line, result
FROM   (SELECT DISTINCT type, employee_id, line, result FROM feed) AS every;

-- Whether a call came from the PBX's statistics: reports count those of a period.
ALTER TABLE feed ADD COLUMN restored BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE feed SET
  facet = (SELECT a.id FROM facets a WHERE a.type = feed.type AND a.employee_id = feed.employee_id AND a.line = feed.line AND a.result = feed.result),
  restored = (type IN ('call_in', 'call_missed', 'call_out') AND view LIKE '%"restored":true%');

CREATE INDEX feed_facet_bound ON feed (facet, at, id) WHERE subject_id <> '';
CREATE INDEX feed_facet_unbound ON feed (facet, at, id) WHERE subject_id = '';
DROP INDEX feed_subject;
CREATE INDEX feed_subject ON feed (subject_kind, subject_id, at, id, facet);
DROP INDEX feed_phone;
CREATE INDEX feed_phone ON feed (phone, at, id, facet);
CREATE INDEX feed_restored ON feed (at) WHERE restored = TRUE;

-- The full-text index takes everything in again: entries with the filters, so that a search can be
-- narrowed by them, and all with the groups of three digits of their numbers.
-- Words tell in what they stand (bits, see vocabulary.go), so they are learnt anew.
DELETE FROM words;
ALTER TABLE words ADD COLUMN kinds BIGINT NOT NULL DEFAULT 0;
INSERT INTO stale (kind, id) SELECT 'feed', id FROM feed WHERE TRUE ON CONFLICT DO NOTHING;
INSERT INTO stale (kind, id) SELECT 'client', id FROM clients WHERE TRUE ON CONFLICT DO NOTHING;
INSERT INTO stale (kind, id) SELECT 'contract', id FROM contracts WHERE TRUE ON CONFLICT DO NOTHING;
