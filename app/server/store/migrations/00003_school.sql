-- +goose Up
-- Cards: status, tags, the id in another CRM, soft deletion by merging. ord is a card's or an
-- entry's place in the full-text index: its time, so that the index itself is newest first.
ALTER TABLE clients ADD COLUMN status TEXT NOT NULL DEFAULT 'new';
ALTER TABLE clients ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE clients ADD COLUMN external_id TEXT NOT NULL DEFAULT '';
ALTER TABLE clients ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
ALTER TABLE clients ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE clients ADD COLUMN ord BIGINT NOT NULL DEFAULT 0;
CREATE INDEX clients_external ON clients (external_id) WHERE external_id <> '';
CREATE INDEX clients_ord ON clients (ord);

ALTER TABLE contracts ADD COLUMN status TEXT NOT NULL DEFAULT 'active';
ALTER TABLE contracts ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE contracts ADD COLUMN external_id TEXT NOT NULL DEFAULT '';
ALTER TABLE contracts ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
ALTER TABLE contracts ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE contracts ADD COLUMN ord BIGINT NOT NULL DEFAULT 0;
CREATE INDEX contracts_number ON contracts (number);
CREATE INDEX contracts_client ON contracts (client_id) WHERE client_id <> '';
CREATE INDEX contracts_external ON contracts (external_id) WHERE external_id <> '';
CREATE INDEX contracts_ord ON contracts (ord);

CREATE TABLE card_history (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject_id TEXT NOT NULL, at BIGINT NOT NULL,
    employee_id TEXT NOT NULL, employee_name TEXT NOT NULL, action TEXT NOT NULL, changes TEXT NOT NULL
);
CREATE INDEX card_history_subject ON card_history (kind, subject_id, at);

-- What an employee may take back; data holds what was before.
CREATE TABLE undo (
    id TEXT PRIMARY KEY, employee_id TEXT NOT NULL, at BIGINT NOT NULL, until BIGINT NOT NULL,
    words TEXT NOT NULL, words_en TEXT NOT NULL, data TEXT NOT NULL, done_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX undo_employee ON undo (employee_id, until);

-- The feed by every filter of its head. wait_seconds: until the answer, or until the caller gave
-- up; -1: not a call. Whose an entry is stands in the columns alone, so that a number's ten
-- thousand calls can be bound by one statement.
ALTER TABLE feed ADD COLUMN line TEXT NOT NULL DEFAULT '';
ALTER TABLE feed ADD COLUMN result TEXT NOT NULL DEFAULT '';
ALTER TABLE feed ADD COLUMN wait_seconds BIGINT NOT NULL DEFAULT -1;
ALTER TABLE feed ADD COLUMN talk_seconds BIGINT NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN by_hand BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE feed ADD COLUMN ord BIGINT NOT NULL DEFAULT 0;
CREATE INDEX feed_employee ON feed (employee_id, at, id);
CREATE INDEX feed_line ON feed (line, at, id);
CREATE INDEX feed_result ON feed (result, at, id);
CREATE INDEX feed_unbound ON feed (at, id) WHERE subject_id = '';
CREATE INDEX feed_ord ON feed (ord);
-- The full-text index takes their place.
ALTER TABLE feed DROP COLUMN search;
ALTER TABLE clients DROP COLUMN search;
ALTER TABLE contracts DROP COLUMN search;

-- What the full-text index has not taken in yet; a background chore empties it.
CREATE TABLE stale (kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (kind, id));
INSERT INTO stale (kind, id) SELECT 'feed', id FROM feed;
-- The new columns of old calls are filled by the same chore.
INSERT INTO stale (kind, id) SELECT 'columns', id FROM feed WHERE type IN ('call_in', 'call_missed', 'call_out');
INSERT INTO stale (kind, id) SELECT 'client', id FROM clients;
INSERT INTO stale (kind, id) SELECT 'contract', id FROM contracts;
-- Every word that stands in the index, for what is typed with a slip.
CREATE TABLE words (word TEXT PRIMARY KEY, n BIGINT NOT NULL);
-- Every number that stands in the feed, for fragments of numbers.
CREATE TABLE numbers (number TEXT PRIMARY KEY);

-- Missed calls as a queue: one row per caller. cleared_at: calls before it no longer count.
CREATE TABLE missed (
    number TEXT PRIMARY KEY, state TEXT NOT NULL, first_at BIGINT NOT NULL, last_at BIGINT NOT NULL,
    rings BIGINT NOT NULL, line TEXT NOT NULL, integration_id TEXT NOT NULL,
    taken_by TEXT NOT NULL, taken_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL, closed_by TEXT NOT NULL, closed_call TEXT NOT NULL, reason TEXT NOT NULL,
    cleared_at BIGINT NOT NULL
);
CREATE INDEX missed_state ON missed (state, last_at, number);

-- Promised call-backs: a reminder to oneself, or a call handed to a colleague.
CREATE TABLE tasks (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, phone TEXT NOT NULL,
    subject_kind TEXT NOT NULL, subject_id TEXT NOT NULL, call_id TEXT NOT NULL, note TEXT NOT NULL,
    created_by TEXT NOT NULL, assignee TEXT NOT NULL, created_at BIGINT NOT NULL, due_at BIGINT NOT NULL,
    done_at BIGINT NOT NULL, done_by TEXT NOT NULL, done_call TEXT NOT NULL
);
CREATE INDEX tasks_assignee ON tasks (assignee, state, due_at);
CREATE INDEX tasks_phone ON tasks (phone, state);

CREATE TABLE note_versions (
    entry_id TEXT NOT NULL, version BIGINT NOT NULL, at BIGINT NOT NULL,
    employee_id TEXT NOT NULL, employee_name TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (entry_id, version)
);

-- The school's own choices, one JSON value under one name.
CREATE TABLE school (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- When nobody listened to the PBX, or the PBX told nothing.
CREATE TABLE outages (
    id TEXT PRIMARY KEY, from_at BIGINT NOT NULL, to_at BIGINT NOT NULL, cause TEXT NOT NULL, restored BIGINT NOT NULL
);
CREATE INDEX outages_at ON outages (from_at);
INSERT INTO counters (name, value) VALUES ('alive', 0);

-- Whether the PBX's own statistics has told of the call.
ALTER TABLE calls ADD COLUMN confirmed BOOLEAN NOT NULL DEFAULT FALSE;
