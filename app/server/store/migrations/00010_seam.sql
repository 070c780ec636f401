-- +goose Up
-- A call may have several keys of the PBX: a consultation or a transfer that got one of its own, a row of
-- the statistics that names none. pbx_key is the one under which the call goes on; a made-up key that
-- goes on under itself is of a call that only the statistics told of. part is the leg that a row is about.
CREATE TABLE call_keys (
    integration_id TEXT NOT NULL, alias TEXT NOT NULL, pbx_key TEXT NOT NULL, part TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (integration_id, alias)
);
CREATE INDEX call_keys_key ON call_keys (integration_id, pbx_key);

-- Calls that turned out to be another one: call_id is that. Who asked for them stays known.
CREATE TABLE merged_calls (
    id TEXT PRIMARY KEY, call_id TEXT NOT NULL, integration_id TEXT NOT NULL, command TEXT,
    phone TEXT NOT NULL, asked_by TEXT NOT NULL, asked_at BIGINT NOT NULL, request TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX merged_calls_call ON merged_calls (call_id);
CREATE UNIQUE INDEX merged_calls_command ON merged_calls (integration_id, command);
CREATE INDEX merged_calls_asked ON merged_calls (asked_by, asked_at) WHERE asked_by <> '';

-- What a PBX said when it refused, where it has words instead of codes.
ALTER TABLE commands ADD COLUMN said TEXT NOT NULL DEFAULT '';

-- Talks whose recording no event announces: it is looked for at next_at.
CREATE TABLE recording_searches (
    integration_id TEXT NOT NULL, pbx_key TEXT NOT NULL, extension TEXT NOT NULL,
    ended_at BIGINT NOT NULL, tries BIGINT NOT NULL, next_at BIGINT NOT NULL,
    PRIMARY KEY (integration_id, pbx_key, extension)
);
CREATE INDEX recording_searches_next ON recording_searches (next_at);
