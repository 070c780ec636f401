-- +goose Up
-- Who did what, to what, from where. target is kind:id, or a name where there is but one; detail is
-- a small JSON object without secrets; login is kept as it was then, "console" for commands. A million
-- rows take some 8 s on SQLite.
ALTER TABLE audit RENAME COLUMN object TO target;
ALTER TABLE audit ADD COLUMN login TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN detail TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN session_id TEXT NOT NULL DEFAULT '';
UPDATE audit SET login = CASE employee_id WHEN '' THEN 'console'
  ELSE COALESCE((SELECT e.login FROM employees e WHERE e.id = audit.employee_id), '') END;

-- What former versions wrote: one word an action now, its object in target or detail.
UPDATE audit SET detail = '{"format":"' || target || '"}', target = SUBSTR(action, 8), action = 'export' WHERE action LIKE 'export-%';
UPDATE audit SET target = 'call:' || target WHERE action IN ('listen', 'download', 'bind-call');
UPDATE audit SET action = 'call_bind' WHERE action = 'bind-call';
UPDATE audit SET detail = '{"kind":"' || SUBSTR(action, 8) || '"}', target = 'import:' || target, action = 'import_upload' WHERE action LIKE 'upload-%';
UPDATE audit SET detail = '{"kind":"' || SUBSTR(action, 12) || '"}', target = 'import:' || target, action = 'import_try' WHERE action LIKE 'try-import-%';
UPDATE audit SET detail = '{"kind":"' || SUBSTR(action, 8) || '"}', target = 'import:' || target, action = 'import_run' WHERE action LIKE 'import-%';
UPDATE audit SET target = 'integration:' || target, action = 'integration_delete' WHERE action = 'delete-integration';
UPDATE audit SET target = 'integration:' || target, action = 'integration_change' WHERE action = 'save-integration';
UPDATE audit SET target = SUBSTR(action, 8) || ':' || target, action = 'card_delete' WHERE action LIKE 'delete-%';
-- The object was "ID into ID"; an id has 36 characters.
UPDATE audit SET detail = '{"from":"' || SUBSTR(target, 1, 36) || '"}', target = SUBSTR(action, 7) || ':' || SUBSTR(target, 43), action = 'card_merge' WHERE action LIKE 'merge-%';
UPDATE audit SET target = 'undo:' || target WHERE action = 'undo';
UPDATE audit SET target = 'settings' WHERE action = 'settings';

CREATE INDEX audit_page ON audit (at, id);
CREATE INDEX audit_employee ON audit (employee_id, at, id);
CREATE INDEX audit_action ON audit (action, at, id);
CREATE INDEX audit_target ON audit (target, at);

-- Who changed a record last that keeps no history of its own: employee:ID, settings and the like.
CREATE TABLE record_changes (record TEXT PRIMARY KEY, at BIGINT NOT NULL, employee_id TEXT NOT NULL, employee_name TEXT NOT NULL);

-- Who asked for a call by click-to-call, when, and by which id of their program; the id is known to
-- them alone. What the PBX is told is command, which is ours.
ALTER TABLE calls ADD COLUMN asked_by TEXT NOT NULL DEFAULT '';
ALTER TABLE calls ADD COLUMN asked_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN request TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX calls_request ON calls (asked_by, request) WHERE request <> '';
CREATE INDEX calls_asked ON calls (asked_by, asked_at) WHERE asked_by <> '';
CREATE INDEX commands_employee ON commands (employee_id, kind, at);
