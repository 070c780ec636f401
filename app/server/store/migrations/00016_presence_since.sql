-- +goose Up
-- Since when somebody does what they do now: colleagues see for how long a talk lasts. 0: not known yet.
ALTER TABLE employees ADD COLUMN presence_since BIGINT NOT NULL DEFAULT 0;
