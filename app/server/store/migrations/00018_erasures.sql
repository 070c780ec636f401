-- +goose Up
-- People whose data were erased for good (152-FZ, article 21). person is client:ID, contract:ID or number, print the
-- keyed fingerprint of how they were named; work, sealed, is what is still to be done, and empty once done_at is set;
-- receipt counts what was erased.
CREATE TABLE erasures (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, print TEXT NOT NULL, at BIGINT NOT NULL, done_at BIGINT NOT NULL DEFAULT 0,
    work TEXT NOT NULL, receipt TEXT NOT NULL
);
CREATE INDEX erasures_print ON erasures (print, at);

-- By what a late event, or the PBX's own list of calls, is known to be of an erased call: keyed fingerprints of the
-- PBX's keys, of our commands and of numbers. They are kept as long as a PBX's list is read back.
CREATE TABLE erased_prints (print TEXT PRIMARY KEY, at BIGINT NOT NULL);
CREATE INDEX erased_prints_at ON erased_prints (at);

-- Names of files of erased recordings, without their ends: each node deletes those that lie with it.
CREATE TABLE erased_files (name TEXT PRIMARY KEY, at BIGINT NOT NULL);
CREATE INDEX erased_files_at ON erased_files (at);

-- Where retention looks for what is old.
CREATE INDEX note_versions_at ON note_versions (at);
CREATE INDEX clients_deleted ON clients (deleted_at) WHERE deleted_at <> 0;
CREATE INDEX contracts_deleted ON contracts (deleted_at) WHERE deleted_at <> 0;
