-- +goose Up
-- The address that a PBX sends its events to holds a secret word, which does not stand in clear any more:
-- of a subscription's address there is a keyed fingerprint. One without it is renewed at the next start.
ALTER TABLE subscriptions ADD COLUMN hook_print TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions DROP COLUMN hook_url;

-- The journal told the address to screens. Who was away reads the integrations anew when the settings are opened.
DELETE FROM journal WHERE type = 'integration' AND data LIKE '%"hook_url":%';

-- A PBX may have repeated the address in its refusal.
UPDATE subscription_states SET error = '', error_en = '' WHERE error LIKE '%/hook/%' OR error_en LIKE '%/hook/%';
