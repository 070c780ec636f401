-- +goose Up
-- Who was switched off stays in the table, so that old calls and notes keep their name.
ALTER TABLE employees ADD COLUMN active BOOLEAN NOT NULL DEFAULT TRUE;

-- A session can be listed and ended by an id that is not its token. That of an older session is a
-- part of the token's hash, from which no token can be made. Their last use is not known (0), so that
-- nobody is signed out by the update itself.
ALTER TABLE sessions ADD COLUMN id TEXT NOT NULL DEFAULT '';
UPDATE sessions SET id = substr(token_hash, 1, 32);
CREATE UNIQUE INDEX sessions_id ON sessions (id);
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN last_used_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sessions_employee ON sessions (employee_id);

-- Tries to sign in, as token buckets: full_at is when a bucket is full again, in milliseconds, after
-- which its row means nothing and goes. The key is made of a hash of the login, and the address.
CREATE TABLE signin_tries (bucket TEXT PRIMARY KEY, full_at BIGINT NOT NULL);
CREATE INDEX signin_tries_full ON signin_tries (full_at);
