package store_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"dozvon/app/server/pgtest"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Imports of a version without claims: what goes on keeps what is put aside and its report, what an import
// that came to nothing has left behind is dropped.
func TestImports_ofAVersionWithoutClaimsGoOn(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "old.db")
	postgres := pgtest.URL(t)
	for _, on := range []struct {
		name               string
		dialect            goose.Dialect
		driver, place, url string
	}{
		{"sqlite", goose.DialectSQLite3, "sqlite", "file:" + file, "sqlite://" + file},
		{"postgres", goose.DialectPostgres, "pgx", postgres, postgres},
	} {
		t.Run(on.name, func(t *testing.T) {
			t.Parallel()
			db, err := sql.Open(on.driver, on.place)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			provider, err := goose.NewProvider(on.dialect, db, os.DirFS("migrations"))
			if err == nil {
				_, err = provider.UpTo(t.Context(), 10)
			}
			if err != nil {
				t.Fatal(err)
			}
			states := map[string]string{"queued": client.ImportQueued, "runs": client.ImportRunning, "follows": client.ImportBinding, "failed": client.ImportFailed, "done": client.ImportDone}
			for id, state := range states {
				_, err := db.Exec(`
INSERT INTO imports (id, kind, employee_id, language, created_at, state, beat_at, settled, view) VALUES ('` + id + `', 'clients', '', 'ru', 1, '` + state + `', 1, 0, '{"v":1,"id":"` + id + `","kind":"clients"}');
INSERT INTO import_cards (import_id, line, fresh, changes, id, name, note, phones, tags, status, external_id, responsible_id, created_at, updated_at, version, kind, email, number, client_id, category, group_name, signed_on)
  VALUES ('` + id + `', 2, TRUE, '[]', 'c', 'Анна', '', '[]', '[]', '', '', '', 1, 1, 1, 'client', '', '', '', '', '', '');
INSERT INTO import_phones (import_id, line, subject_id, number) VALUES ('` + id + `', 2, 'c', '+79145550101');`)
				if err != nil {
					t.Fatal(err)
				}
			}
			st, err := store.Open(t.Context(), on.url, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
			for id, state := range states {
				row, err := st.Import(t.Context(), id)
				if err != nil || row.Claim != "" || row.ReportFile != "" {
					t.Fatalf("%s: %+v, %v", id, row, err)
				}
				line, err := st.NextStaged(t.Context(), id, 0, 1)
				if kept := state == client.ImportRunning || state == client.ImportBinding; err != nil || (line != 0) != kept {
					t.Errorf("%s: line %d is put aside, %v", id, line, err)
				}
				if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.SeizeImport(row, "ours", time.Now()) }); err != nil {
					t.Errorf("%s: taken over: %v", id, err)
				}
			}
		})
	}
}
