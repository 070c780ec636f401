-- +goose Up
-- The schools of an installation. name is a label of a host's name and never changes; server is the word by which the
-- settings know a PostgreSQL server, empty for a school whose database is a file in its folder. schema_version and error
-- are how its last opening ended: which version of the schema it had then, and why it could not be opened.
CREATE TABLE schools (
    name TEXT PRIMARY KEY, title TEXT NOT NULL, state TEXT NOT NULL, server TEXT NOT NULL, created_at BIGINT NOT NULL, changed_at BIGINT NOT NULL,
    schema_version BIGINT NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT ''
);

-- By which a request tells whose it is: a host's name; or the print of the word in the address of a PBX's requests
-- (kind is empty), or of an account's key, by its kind. What a school's PBXs are is the school's own affair: these are
-- a copy, made by the school whenever they change.
CREATE TABLE school_hosts (host TEXT PRIMARY KEY, school TEXT NOT NULL);
CREATE TABLE school_addresses (kind TEXT NOT NULL, print TEXT NOT NULL, school TEXT NOT NULL, PRIMARY KEY (kind, print, school));
CREATE INDEX school_addresses_school ON school_addresses (school);

-- How often the registry was changed: whoever keeps a copy looks whether it is the newest.
CREATE TABLE registry_revision (n BIGINT NOT NULL);
INSERT INTO registry_revision (n) VALUES (0);

-- When schools were not served: one of them, being suspended; or (school is empty) all, no server being there. ended is 0
-- while it goes on. A school that is closed because nobody uses it is served: it is opened when it is asked.
CREATE TABLE school_outages (school TEXT NOT NULL, began BIGINT NOT NULL, ended BIGINT NOT NULL);
CREATE INDEX school_outages_school ON school_outages (school, began);
CREATE TABLE installation_alive (alive_at BIGINT NOT NULL);
INSERT INTO installation_alive (alive_at) VALUES (0);
