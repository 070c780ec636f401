package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/store"
)

const (
	lostKey   = "the sealing key %s is not there, but the database has secrets that it sealed: put the key back from the backup, or name its place by --seal-key; if it is lost for good, run «dozvon-server forget-secrets» and enter each PBX's secrets again"
	unusedKey = "the sealing key %s is not there; nothing is sealed with it yet, but every node of a database needs the same file: copy it from another node or the backup, or name its place by --seal-key; if it is lost for good, run «dozvon-server forget-secrets»"
	wrongKey  = "the sealing key %s is not the one of this database: every node of a database needs the same file (--seal-key); put the right one there from the backup or another node; if it is lost for good, run «dozvon-server forget-secrets»"
)

// openSealer reads the key of the database's secrets. A new one is made only for a database that
// has none: in silence it would switch every PBX off.
func openSealer(ctx context.Context, st *store.Store, cfg Config) (*access.Sealer, error) {
	path := cfg.sealKey()
	known, err := st.SealFingerprint(ctx)
	if err != nil {
		return nil, err
	}
	secrets, err := st.Sealed(ctx)
	if err != nil {
		return nil, err
	}
	sealer, err := access.ReadSealer(path)
	switch {
	case !errors.Is(err, fs.ErrNotExist):
	case len(secrets) > 0:
		return nil, fmt.Errorf(lostKey, path)
	case known != "" && !cfg.ownsKey():
		return nil, fmt.Errorf(unusedKey, path)
	case known != "":
		return newKey(ctx, st, known, path)
	default:
		sealer, err = access.NewSealer(path)
	}
	if err != nil {
		return nil, err
	}
	if known == "" && len(secrets) > 0 && !opensAny(sealer, secrets) {
		return nil, fmt.Errorf(wrongKey, path)
	}
	if known == "" {
		if known, err = st.KeepSealFingerprint(ctx, sealer.Fingerprint()); err != nil {
			return nil, err
		}
	}
	if known == sealer.Fingerprint() {
		return sealer, nil
	}
	if len(secrets) > 0 || !cfg.ownsKey() {
		return nil, fmt.Errorf(wrongKey, path)
	}
	// newKey has been stopped half-way, or somebody has put another key there: nothing needs the former one.
	return sealer, takeKey(ctx, st, known, sealer, path)
}

// ownsKey tells whether nobody else can have the key: this process holds the data folder, the key's place is there,
// and the database is a file, which has no other node.
func (c Config) ownsKey() bool {
	address, err := c.DatabaseURL()
	return err == nil && c.holds && c.SealKey == "" && strings.HasPrefix(address, "sqlite://")
}

// newKey takes the place of one that was lost before it had sealed anything.
func newKey(ctx context.Context, st *store.Store, known, path string) (*access.Sealer, error) {
	sealer, err := access.NewSealer(path)
	if err != nil {
		return nil, err
	}
	return sealer, takeKey(ctx, st, known, sealer, path)
}

// takeKey lets a key take the place of a former one that has sealed nothing.
func takeKey(ctx context.Context, st *store.Store, known string, sealer *access.Sealer, path string) error {
	if err := st.ReplaceSealFingerprint(ctx, known, sealer.Fingerprint()); err != nil {
		return err
	}
	slog.WarnContext(ctx, "the sealing key is another one than before; nothing was sealed with the former, so it is taken", "file", path)
	return nil
}

// opensAny is how a database of version 0.4, which has no fingerprint, tells its key. One secret
// is enough: the check of an integration tells of others.
func opensAny(s *access.Sealer, secrets []string) bool {
	for _, secret := range secrets {
		if _, err := s.Unseal(secret); err == nil {
			return true
		}
	}
	return false
}

// ForgetSecrets is for a key that is lost for good: it takes the sealed secrets out of the
// database, so that the server starts again with a new key. It returns how many integrations wait
// for their secrets now.
func ForgetSecrets(ctx context.Context, cfg Config) (int64, error) {
	if err := cfg.Validate(); err != nil {
		return 0, err
	}
	release, err := holdFolder(cfg.Data)
	if err != nil {
		return 0, err
	}
	defer release()
	if err := finishRestore(cfg.Data); err != nil {
		return 0, err
	}
	cfg.Now = time.Now
	st, err := openStore(ctx, cfg)
	if err != nil {
		return 0, err
	}
	n, err := st.ForgetSecrets(ctx)
	return n, errors.Join(err, st.Close())
}
