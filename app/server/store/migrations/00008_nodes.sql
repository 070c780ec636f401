-- +goose Up
-- Several servers on one database are nodes of one. Who does what now is told here, not in a process:
-- busy has a row for each employee whom a call that goes on rings or who talks on it; connections
-- counts the apps that are connected to a node, as long as the node lives.
CREATE TABLE busy (
    call_id TEXT NOT NULL, employee_id TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (call_id, employee_id)
);
CREATE INDEX busy_employee ON busy (employee_id);
CREATE TABLE nodes (id TEXT PRIMARY KEY, until BIGINT NOT NULL);
CREATE TABLE connections (
    node_id TEXT NOT NULL, employee_id TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (node_id, employee_id)
);
CREATE INDEX connections_employee ON connections (employee_id);

-- Whose a lease is: who comes too late must not give back what is another's by now. Empty: nobody
-- works on it, it rests.
ALTER TABLE leases ADD COLUMN owner TEXT NOT NULL DEFAULT '';
-- Small things that all nodes must agree on, as JSON: the breaker of a PBX, a connectivity test that waits.
CREATE TABLE shared (name TEXT PRIMARY KEY, value TEXT NOT NULL);
-- How much later than its own time the newest webhook came, in milliseconds.
ALTER TABLE integrations ADD COLUMN last_delay BIGINT NOT NULL DEFAULT 0;

-- What a line was called: it outlives the integration.
CREATE TABLE line_names (number TEXT PRIMARY KEY, name TEXT NOT NULL);
ALTER TABLE missed ADD COLUMN line_name TEXT NOT NULL DEFAULT '';
