-- +goose Up
-- claim is of whoever an import was handed to last: each start, run and takeover makes a new one, and who
-- has a former one changes no more. report is the file of the last run's report; empty: of 0.5.0 or before.
ALTER TABLE imports ADD COLUMN claim TEXT NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN report TEXT NOT NULL DEFAULT '';

-- What runs left put aside that came to nothing, or ended right before they dropped it.
DELETE FROM import_cards WHERE import_id NOT IN (SELECT id FROM imports WHERE state IN ('running', 'binding'));
DELETE FROM import_phones WHERE import_id NOT IN (SELECT id FROM imports WHERE state IN ('running', 'binding'));
