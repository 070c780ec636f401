-- +goose Up
ALTER TABLE integrations ADD COLUMN updated_by TEXT NOT NULL DEFAULT '';
ALTER TABLE integrations ADD COLUMN hook_secret TEXT NOT NULL DEFAULT '';
ALTER TABLE integrations ADD COLUMN address_book BOOLEAN NOT NULL DEFAULT FALSE;
-- Up to which moment our calls and the PBX's own statistics agree; 0: never compared.
ALTER TABLE integrations ADD COLUMN certain_until BIGINT NOT NULL DEFAULT 0;
-- What the last comparison and the last writing to the address book came to, as JSON.
ALTER TABLE integrations ADD COLUMN reconciled TEXT NOT NULL DEFAULT '';
ALTER TABLE integrations ADD COLUMN book_state TEXT NOT NULL DEFAULT '';

-- What employees asked of a PBX, so that its results find who waits for them.
CREATE TABLE commands (
    id TEXT PRIMARY KEY, integration_id TEXT NOT NULL, kind TEXT NOT NULL,
    call_id TEXT NOT NULL, employee_id TEXT NOT NULL, entry_id TEXT NOT NULL,
    at BIGINT NOT NULL, state TEXT NOT NULL, code BIGINT NOT NULL, note TEXT NOT NULL
);
CREATE INDEX commands_kind ON commands (integration_id, kind, at);

-- Our cards in a PBX's address book; digest is of what was written last, empty: it must be written.
CREATE TABLE book (
    integration_id TEXT NOT NULL, kind TEXT NOT NULL, subject_id TEXT NOT NULL,
    contact_id TEXT NOT NULL, digest TEXT NOT NULL, waiting BOOLEAN NOT NULL,
    -- Grows with every change of the card, so that one made while the last is being written is not lost.
    version BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (integration_id, kind, subject_id)
);
CREATE INDEX book_waiting ON book (integration_id, waiting);

-- Work that only one of several nodes may do at a time.
CREATE TABLE leases (name TEXT PRIMARY KEY, until BIGINT NOT NULL);
