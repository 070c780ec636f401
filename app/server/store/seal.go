package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dozvon/app/server/access"
)

// sealName is under which the table school keeps the fingerprint of the key that seals.
const sealName = "seal_fingerprint"

// SealFingerprint tells the fingerprint of the key that seals this database's secrets; empty when
// none was noted, as before version 0.5.
func (s *Store) SealFingerprint(ctx context.Context) (string, error) {
	return fingerprint(s.reads(ctx))
}

func fingerprint(r reader) (string, error) {
	var known string
	err := r.row("SELECT value FROM school WHERE name = ?", sealName).Scan(&known)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("reading the sealing key's fingerprint: %w", err)
	}
	return known, nil
}

// KeepSealFingerprint notes a fingerprint unless one stands there, and returns what stands: of two
// nodes that begin at once with different keys one wins.
func (s *Store) KeepSealFingerprint(ctx context.Context, own string) (stands string, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		if _, err := tx.exec("INSERT INTO school (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", sealName, own); err != nil {
			return fmt.Errorf("noting the sealing key's fingerprint: %w", err)
		}
		stands, err = fingerprint(tx)
		return err
	})
	return stands, err
}

// ReplaceSealFingerprint notes another key's fingerprint in the place of a former's that has sealed nothing.
func (s *Store) ReplaceSealFingerprint(ctx context.Context, former, own string) error {
	return s.Write(ctx, func(tx *Tx) error {
		secrets, err := sealed(tx)
		if err != nil {
			return err
		}
		if len(secrets) > 0 {
			return errSealed
		}
		if _, err := tx.exec("UPDATE school SET value = ? WHERE name = ? AND value = ?", own, sealName, former); err != nil {
			return fmt.Errorf("noting the sealing key's fingerprint: %w", err)
		}
		return nil
	})
}

// errSealed says that a key is needed: something was sealed with it.
var errSealed = errors.New("something was sealed with the sealing key meanwhile: start again")

// Sealed lists every sealed secret.
func (s *Store) Sealed(ctx context.Context) ([]string, error) {
	return sealed(s.reads(ctx))
}

func sealed(r reader) ([]string, error) {
	rows, err := r.query(`
SELECT sealed, hook_secret FROM integrations
UNION ALL SELECT '{}', access FROM subscriptions
UNION ALL SELECT '{}', request FROM parked_requests`)
	if err != nil {
		return nil, fmt.Errorf("reading the sealed secrets: %w", err)
	}
	each, err := collect(rows, func(rows *sql.Rows) (all []string, err error) {
		var fields, single string
		if err := rows.Scan(&fields, &single); err != nil {
			return nil, err
		}
		named := map[string]string{}
		if err := json.Unmarshal([]byte(fields), &named); err != nil {
			return nil, fmt.Errorf("reading the sealed fields of an account: %w", err)
		}
		for _, name := range slices.Sorted(maps.Keys(named)) {
			all = append(all, named[name])
		}
		if single != "" {
			all = append(all, single)
		}
		return all, nil
	})
	return slices.Concat(each...), err
}

// ForgetSecrets takes every sealed secret and the key's fingerprint out, and switches the
// integrations off that had one: without its secret a PBX cannot be told from a stranger. What needs
// a secret to be ended or read is forgotten with it.
func (s *Store) ForgetSecrets(ctx context.Context) (integrations int64, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		names, err := sealedNames(tx)
		if err != nil {
			return err
		}
		res, err := tx.exec("UPDATE integrations SET active = FALSE, sealed = '{}', hook_secret = '' WHERE sealed <> '{}' OR hook_secret <> ''")
		if err != nil {
			return fmt.Errorf("forgetting the sealed secrets: %w", err)
		}
		if integrations, err = res.RowsAffected(); err != nil {
			return err
		}
		for _, table := range []string{"subscriptions", "subscription_states", "parked_requests"} {
			if _, err := tx.exec("DELETE FROM " + table); err != nil {
				return fmt.Errorf("forgetting %s: %w", table, err)
			}
		}
		if _, err = tx.exec("DELETE FROM school WHERE name = ?", sealName); err != nil {
			return err
		}
		return tx.AddAudit(AuditRow{
			Login: access.Console, Action: access.ActionIntegrationChange, Target: "integrations", Detail: map[string]string{"fields": strings.Join(append(names, "hook_secret"), ", ")},
		})
	})
	return integrations, err
}

// sealedNames are the names of all sealed fields.
func sealedNames(tx *Tx) ([]string, error) {
	all, err := tx.Integrations()
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, i := range all {
		for name := range i.Sealed {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
}
