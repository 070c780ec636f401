-- +goose Up
-- How soon the server had an event of a call: when its request came, when it was in the journal, and when it was
-- handed to the screens (0: it changed nothing that they show). event is call.Event's ID. A call that turns out to
-- be another one keeps its rows under its former id (merged_calls).
CREATE TABLE call_reactions (
    call_id TEXT NOT NULL, event TEXT NOT NULL,
    received_at BIGINT NOT NULL, stored_at BIGINT NOT NULL, shown_at BIGINT NOT NULL,
    PRIMARY KEY (call_id, event)
);
CREATE INDEX call_reactions_received ON call_reactions (received_at);
