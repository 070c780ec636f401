-- +goose Up
CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO counters (name, value) VALUES ('journal', 0);

CREATE TABLE employees (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL,
    login TEXT UNIQUE, password_hash TEXT,
    extension TEXT NOT NULL DEFAULT '',
    presence TEXT NOT NULL DEFAULT 'offline',
    created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY, employee_id TEXT NOT NULL REFERENCES employees (id) ON DELETE CASCADE,
    device TEXT NOT NULL, created_at BIGINT NOT NULL
);

CREATE TABLE audit (
    id TEXT PRIMARY KEY, at BIGINT NOT NULL, employee_id TEXT NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL
);

CREATE TABLE integrations (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, active BOOLEAN NOT NULL,
    api_key TEXT NOT NULL, salt_sealed TEXT NOT NULL, api_url TEXT NOT NULL,
    forwarding BOOLEAN NOT NULL, lines TEXT NOT NULL,
    last_event_at BIGINT NOT NULL DEFAULT 0, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX integrations_key ON integrations (kind, api_key);

CREATE TABLE extensions (
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    extension TEXT NOT NULL, employee_id TEXT NOT NULL REFERENCES employees (id) ON DELETE CASCADE,
    PRIMARY KEY (integration_id, extension)
);

CREATE TABLE clients (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, note TEXT NOT NULL,
    phones TEXT NOT NULL, responsible_id TEXT NOT NULL, search TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, deleted_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX clients_page ON clients (created_at, id);

CREATE TABLE contracts (
    id TEXT PRIMARY KEY, number TEXT NOT NULL, name TEXT NOT NULL, client_id TEXT NOT NULL,
    category TEXT NOT NULL, group_name TEXT NOT NULL, signed_on TEXT NOT NULL, note TEXT NOT NULL,
    phones TEXT NOT NULL, responsible_id TEXT NOT NULL, search TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, deleted_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX contracts_page ON contracts (created_at, id);

-- One row per number of a card that is not deleted; the lookup reads nothing else to find owners.
CREATE TABLE phones (
    number TEXT NOT NULL, kind TEXT NOT NULL, subject_id TEXT NOT NULL,
    PRIMARY KEY (number, kind, subject_id)
);
CREATE INDEX phones_subject ON phones (kind, subject_id);

CREATE TABLE calls (
    id TEXT PRIMARY KEY, integration_id TEXT NOT NULL,
    pbx_key TEXT, command TEXT,
    phone TEXT NOT NULL, state TEXT NOT NULL, started_at BIGINT NOT NULL,
    subject_kind TEXT NOT NULL, subject_id TEXT NOT NULL, by_hand BOOLEAN NOT NULL,
    employees TEXT NOT NULL, idle_since BIGINT NOT NULL,
    facts TEXT NOT NULL, note TEXT NOT NULL, view TEXT NOT NULL
);
CREATE UNIQUE INDEX calls_key ON calls (integration_id, pbx_key);
CREATE UNIQUE INDEX calls_command ON calls (integration_id, command);
CREATE INDEX calls_phone ON calls (phone, started_at);
CREATE INDEX calls_state ON calls (state, started_at);
CREATE INDEX calls_page ON calls (started_at, id);

CREATE TABLE raw_events (
    id TEXT PRIMARY KEY, integration_id TEXT NOT NULL, received_at BIGINT NOT NULL,
    path TEXT NOT NULL, payload TEXT NOT NULL
);
CREATE INDEX raw_events_at ON raw_events (received_at);

CREATE TABLE feed (
    id TEXT PRIMARY KEY, type TEXT NOT NULL, at BIGINT NOT NULL, phone TEXT NOT NULL,
    subject_kind TEXT NOT NULL, subject_id TEXT NOT NULL, employee_id TEXT NOT NULL,
    call_id TEXT, search TEXT NOT NULL, view TEXT NOT NULL
);
CREATE INDEX feed_call ON feed (call_id);
CREATE INDEX feed_page ON feed (at, id);
CREATE INDEX feed_subject ON feed (subject_kind, subject_id, at, id);
CREATE INDEX feed_type ON feed (type, at, id);
CREATE INDEX feed_phone ON feed (phone, at, id);

-- The truth that screens follow: one row per change, in the order of commits.
CREATE TABLE journal (
    sequence BIGINT PRIMARY KEY, at BIGINT NOT NULL, type TEXT NOT NULL, audience TEXT NOT NULL, data TEXT NOT NULL
);
