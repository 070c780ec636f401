-- +goose Up
-- Flags that people set in recordings: a word at a moment, or over a part. recording_id is the PBX's name of the
-- recording; part is its place among the call's recordings, which changes when another one turns up.
CREATE TABLE recording_flags (
    id TEXT PRIMARY KEY, call_id TEXT NOT NULL, recording_id TEXT NOT NULL, part BIGINT NOT NULL,
    from_ms BIGINT NOT NULL, to_ms BIGINT NOT NULL, word TEXT NOT NULL,
    employee_id TEXT NOT NULL, employee_name TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX recording_flags_call ON recording_flags (call_id, part, from_ms, id);
