-- +goose Up
-- Files of cards on their way in. view is the whole as it travels; beat_at is when whoever works
-- on it was heard of last, so that what a crash left behind is told from what goes on. settled is
-- the line up to which history, index and binding have followed after the publishing.
CREATE TABLE imports (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, employee_id TEXT NOT NULL, language TEXT NOT NULL,
    created_at BIGINT NOT NULL, state TEXT NOT NULL, beat_at BIGINT NOT NULL, settled BIGINT NOT NULL, view TEXT NOT NULL
);
CREATE INDEX imports_state ON imports (state, created_at);

-- Cards that nobody sees yet, with the columns of both kinds. fresh: not a changed one.
CREATE TABLE import_cards (
    import_id TEXT NOT NULL, line BIGINT NOT NULL, fresh BOOLEAN NOT NULL, changes TEXT NOT NULL,
    id TEXT NOT NULL, name TEXT NOT NULL, note TEXT NOT NULL, phones TEXT NOT NULL, tags TEXT NOT NULL,
    status TEXT NOT NULL, external_id TEXT NOT NULL, responsible_id TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, deleted_at BIGINT NOT NULL DEFAULT 0,
    merged_into TEXT NOT NULL DEFAULT '', version BIGINT NOT NULL,
    kind TEXT NOT NULL, email TEXT NOT NULL,
    number TEXT NOT NULL, client_id TEXT NOT NULL, category TEXT NOT NULL, group_name TEXT NOT NULL, signed_on TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
);
CREATE INDEX import_cards_id ON import_cards (import_id, id);
CREATE TABLE import_phones (
    import_id TEXT NOT NULL, line BIGINT NOT NULL, subject_id TEXT NOT NULL, number TEXT NOT NULL,
    PRIMARY KEY (import_id, line, number)
);
