package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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

// Sealed lists every sealed secret.
func (s *Store) Sealed(ctx context.Context) ([]string, error) {
	rows, err := s.reads(ctx).query("SELECT salt_sealed FROM integrations WHERE salt_sealed <> '' UNION ALL SELECT hook_secret FROM integrations WHERE hook_secret <> ''")
	if err != nil {
		return nil, fmt.Errorf("reading the sealed secrets: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (secret string, err error) { return secret, rows.Scan(&secret) })
}

// ForgetSecrets takes every sealed secret and the key's fingerprint out, and switches the
// integrations off that had one: without its secret a PBX cannot be told from a stranger.
func (s *Store) ForgetSecrets(ctx context.Context) (integrations int64, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		res, err := tx.exec("UPDATE integrations SET active = FALSE, salt_sealed = '', hook_secret = '' WHERE salt_sealed <> '' OR hook_secret <> ''")
		if err != nil {
			return fmt.Errorf("forgetting the sealed secrets: %w", err)
		}
		if integrations, err = res.RowsAffected(); err != nil {
			return err
		}
		if _, err = tx.exec("DELETE FROM school WHERE name = ?", sealName); err != nil {
			return err
		}
		return tx.AddAudit(AuditRow{
			Login: access.Console, Action: access.ActionIntegrationChange, Target: "integrations", Detail: map[string]string{"fields": "api_salt, hook_secret"},
		})
	})
	return integrations, err
}
