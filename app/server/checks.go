package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/disk"
	"dozvon/app/server/health"
	"dozvon/app/server/store"
)

const (
	// checkLimit is how long a check may take; a database is asked for 3 s.
	checkLimit = 4 * time.Second
	// leastRoom is the free space below which the server calls itself not ready: a webhook needs some
	// kilobytes, the database's log up to 4 MB before it is folded back.
	leastRoom = 8 << 20
	// writerLimit is how long one transaction may be written: longer than all its ends by themselves, each of which
	// is a write's alone.
	writerLimit = 15 * time.Second
)

// checks are what makes the server ready.
func (p *Parts) checks(cfg Config) *health.Checks {
	return health.New(checkLimit, map[string]health.Look{
		"database":   p.checkDatabase,
		"migrations": p.checkMigrations,
		"disk":       func(context.Context) health.Finding { return checkDisk(cfg.folders()) },
		"key":        func(ctx context.Context) health.Finding { return p.checkKey(ctx, cfg.sealKey()) },
		"encryption": func(context.Context) health.Finding { return checkEncryption(cfg.exposed()) },
	})
}

// checkDatabase asks whether the database answers, takes writes and goes on with those it has taken.
func (p *Parts) checkDatabase(ctx context.Context) health.Finding {
	if going := p.Store.WritingFor(); going > writerLimit {
		return health.Fail("writer_stalled", fmt.Sprintf("a write has not ended for %s; nothing new is kept until it does", going.Round(time.Second)), nil)
	}
	err := p.Store.Ready(ctx)
	switch {
	case err == nil:
		return health.Well()
	case errors.Is(err, store.ErrFull):
		return health.Fail("disk_full", "disk_full: the database has no room; nothing new is kept until there is room", err)
	}
	return health.Fail("database_away", "the database does not answer", err)
}

// checkMigrations finds a database that was put there under the running server. One that another node's newer
// program has brought further is served on.
func (p *Parts) checkMigrations(ctx context.Context) health.Finding {
	has, wants, err := p.Store.Schema(ctx)
	switch {
	case err != nil:
		return health.Fail("database_away", "the database does not answer", err)
	case has < wants:
		return health.Fail("schema_behind", fmt.Sprintf("the database has schema %d, this program needs %d: restart the server, which brings it up to date", has, wants), nil)
	case has > wants:
		return health.Warn("schema_ahead", fmt.Sprintf("the database has schema %d of a newer program, this one knows %d: update this node soon", has, wants))
	}
	return health.Well()
}

// checkDisk looks for room where the server writes.
func checkDisk(folders []string) health.Finding {
	for _, folder := range folders {
		if free, err := disk.Free(folder); err == nil && free < leastRoom {
			return health.Fail("disk_full", "disk_full: the disk is full; nothing new is kept until there is room", nil)
		}
	}
	return health.Well()
}

// folders are where the server writes.
func (c Config) folders() []string {
	folders := []string{c.Data}
	address, err := c.DatabaseURL()
	if file, ok := strings.CutPrefix(address, "sqlite://"); ok && err == nil {
		folders = append(folders, filepath.Dir(file))
	}
	return folders
}

// checkKey compares the sealing key that the server holds with the database's, and with its file.
func (p *Parts) checkKey(ctx context.Context, path string) health.Finding {
	known, err := p.Store.SealFingerprint(ctx)
	if err != nil {
		return health.Fail("database_away", "the database does not answer", err)
	}
	if known != "" && known != p.Sealer.Fingerprint() {
		return health.Fail("key_mismatch", "the sealing key is not the one of this database: secrets that this node seals nobody else can read; put the right file there (--seal-key) and restart", nil)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return health.Warn("key_missing", "the file of the sealing key is gone: the server works until it is restarted; put it back from the backup")
	}
	file, err := access.ReadSealer(path)
	if err != nil {
		return health.Warn("key_unreadable", "the file of the sealing key cannot be read: the server works until it is restarted; put it back from the backup")
	}
	if file.Fingerprint() != p.Sealer.Fingerprint() {
		return health.Warn("key_replaced", "the file of the sealing key holds another key: the server works until it is restarted; put the right one back from the backup")
	}
	return health.Well()
}

func checkEncryption(exposed bool) health.Finding {
	if exposed {
		return health.Warn("unencrypted", "plain HTTP beyond this machine, passwords and calls go unencrypted")
	}
	return health.Well()
}
