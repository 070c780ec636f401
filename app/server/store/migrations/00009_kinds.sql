-- +goose Up
-- An account has the fields that its kind of PBX asks for, as JSON by name: those that are no secret
-- as they are, the others sealed. api_key tells accounts of a kind apart; where it is a secret,
-- key_print is its keyed fingerprint and api_key is empty.
ALTER TABLE integrations ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
ALTER TABLE integrations ADD COLUMN sealed TEXT NOT NULL DEFAULT '{}';
ALTER TABLE integrations ADD COLUMN key_print TEXT NOT NULL DEFAULT '';
UPDATE integrations SET sealed = '{"api_salt":"' || salt_sealed || '"}' WHERE salt_sealed <> '';
ALTER TABLE integrations DROP COLUMN salt_sealed;
DROP INDEX integrations_key;
CREATE UNIQUE INDEX integrations_key ON integrations (kind, api_key, key_print);

-- Subscriptions to the events of a PBX. account is the keyed fingerprint of the account that made one
-- and of the word in its address, access that account sealed: one that is to end is ended with it also
-- when the integration has another account by now, or is gone.
CREATE TABLE subscriptions (
    integration_id TEXT NOT NULL, id TEXT NOT NULL,
    began BIGINT NOT NULL, until BIGINT NOT NULL, level TEXT NOT NULL,
    state TEXT NOT NULL, changed_at BIGINT NOT NULL,
    account TEXT NOT NULL, hook_url TEXT NOT NULL, access TEXT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0, retry_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (integration_id, id)
);
-- How the subscription of an integration stands. wanted_at: a new one was asked for then; pending_until:
-- one is being made, its id is not known yet.
CREATE TABLE subscription_states (
    integration_id TEXT PRIMARY KEY,
    wanted_at BIGINT NOT NULL DEFAULT 0, pending_until BIGINT NOT NULL DEFAULT 0,
    lost_at BIGINT NOT NULL DEFAULT 0, restored_at BIGINT NOT NULL DEFAULT 0, checked_at BIGINT NOT NULL DEFAULT 0,
    failures BIGINT NOT NULL DEFAULT 0, retry_at BIGINT NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '', error_en TEXT NOT NULL DEFAULT ''
);
-- Requests that came by a subscription whose id was not known yet, sealed, as they came.
CREATE TABLE parked_requests (
    id TEXT PRIMARY KEY, integration_id TEXT NOT NULL, subscription_id TEXT NOT NULL,
    at BIGINT NOT NULL, request TEXT NOT NULL
);
CREATE INDEX parked_requests_of ON parked_requests (integration_id, at);
