-- +goose Up
-- What one file, or one go of another CRM, did to cards: for a day it may be taken back as a whole. state is
-- in, undoing (the cards are as before, their history and calls follow) or undone; settled is the row up to
-- which that has followed, claim of whoever does it, beat_at when they were heard of last.
CREATE TABLE card_runs (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL,
    employee_id TEXT NOT NULL, employee_name TEXT NOT NULL, started_at BIGINT NOT NULL, ended_at BIGINT NOT NULL,
    state TEXT NOT NULL, claim TEXT NOT NULL DEFAULT '', beat_at BIGINT NOT NULL DEFAULT 0, settled BIGINT NOT NULL DEFAULT 0,
    added BIGINT NOT NULL DEFAULT 0, changed BIGINT NOT NULL DEFAULT 0,
    removed BIGINT NOT NULL DEFAULT 0, restored BIGINT NOT NULL DEFAULT 0, kept BIGINT NOT NULL DEFAULT 0,
    undone_at BIGINT NOT NULL DEFAULT 0, undone_by TEXT NOT NULL DEFAULT '', undone_name TEXT NOT NULL DEFAULT ''
);
CREATE INDEX card_runs_ended ON card_runs (ended_at, id);
CREATE INDEX card_runs_state ON card_runs (state);

-- The cards of a run as they were before it, with the columns of both kinds; of a fresh one, which the run
-- made, only id and the like. given is the version that the run left, changes what it changed, why_kept the
-- reason for which taking back has left the card alone.
CREATE TABLE card_run_cards (
    run_id TEXT NOT NULL, seq BIGINT NOT NULL, subject_kind TEXT NOT NULL, id TEXT NOT NULL, fresh BOOLEAN NOT NULL,
    given BIGINT NOT NULL, changes TEXT NOT NULL, why_kept TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', phones TEXT NOT NULL DEFAULT '[]', tags TEXT NOT NULL DEFAULT '[]',
    status TEXT NOT NULL DEFAULT '', external_id TEXT NOT NULL DEFAULT '', responsible_id TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL DEFAULT 0, updated_at BIGINT NOT NULL DEFAULT 0, version BIGINT NOT NULL DEFAULT 0,
    kind TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '',
    number TEXT NOT NULL DEFAULT '', client_id TEXT NOT NULL DEFAULT '', category TEXT NOT NULL DEFAULT '',
    group_name TEXT NOT NULL DEFAULT '', signed_on TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, seq)
);
CREATE INDEX card_run_cards_id ON card_run_cards (subject_kind, id, run_id);

-- The numbers by which those cards are found: former ones, and those that they had when it was taken back.
CREATE TABLE card_run_phones (
    run_id TEXT NOT NULL, seq BIGINT NOT NULL, subject_kind TEXT NOT NULL, subject_id TEXT NOT NULL, number TEXT NOT NULL, former BOOLEAN NOT NULL,
    PRIMARY KEY (run_id, seq, number)
);

-- The cards that have tags, for the registers' filters. The tags themselves may be longer than PostgreSQL lets an
-- index's row be.
CREATE INDEX clients_tagged ON clients (id) WHERE deleted_at = 0 AND tags <> '[]';
CREATE INDEX contracts_tagged ON contracts (id) WHERE deleted_at = 0 AND tags <> '[]';
