package server_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"dozvon/app/server"
	"dozvon/app/server/access"
	"dozvon/app/server/backup"
	"dozvon/app/server/store"
	"dozvon/client"
)

// TestRestore_ofAFormerVersionIsMigratedAtTheStart: a backup holds the schema that it found, and is brought up to date
// by the start after the restore.
func TestRestore_ofAFormerVersionIsMigratedAtTheStart(t *testing.T) {
	t.Parallel()
	from := server.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), Version: "0.4"}
	file := filepath.Join(from.Data, "dozvon.db")
	calls, loose := fillOld(t, goose.DialectSQLite3, "sqlite", "file:"+file, 5)
	if _, err := access.NewSealer(filepath.Join(from.Data, "seal.key")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "school.tar.gz")
	report, err := server.Backup(t.Context(), from, path, backup.Options{})
	if err != nil || report.Manifest.Schema != 5 {
		t.Fatalf("%+v, %v", report.Manifest, err)
	}
	packed, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	to := server.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), Version: "test", Now: func() time.Time { return filledAt }}
	if _, err := server.Restore(t.Context(), to, backup.Source{Name: path, From: packed}); err != nil {
		t.Fatal(err)
	}
	p, err := server.Build(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	page, _, err := p.Feed.Page(t.Context(), client.Employee{Role: client.RoleAdmin}, store.FeedFilter{}, store.Start, 1000)
	if err != nil || len(page) != len(calls)+loose {
		t.Errorf("%d entries of %d, %v", len(page), len(calls)+loose, err)
	}
}
