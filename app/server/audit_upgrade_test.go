package server_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"dozvon/app/server/pgtest"
	"dozvon/client"
)

// TestUpgrade_formerAuditRowsAreReadAsTheNewOnes: 0.4.0 wrote an action and its object into two
// words each; nobody who looks for what was exported last year need know that.
func TestUpgrade_formerAuditRowsAreReadAsTheNewOnes(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "old.db")
		upgradedAudit(t, goose.DialectSQLite3, "sqlite", "file:"+file, "sqlite://"+file)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := pgtest.URL(t)
		upgradedAudit(t, goose.DialectPostgres, "pgx", url, url)
	})
}

func upgradedAudit(t *testing.T, dialect goose.Dialect, driver, place, url string) {
	const a, b = "01920000-0000-7000-8000-00000000000a", "01920000-0000-7000-8000-00000000000b"
	rows := []struct{ by, action, object, want string }{
		{"e1", "export-feed", "xlsx", "e1/old export feed map[format:xlsx]"},
		{"e1", "listen", a, "e1/old listen call:" + a + " map[]"},
		{"e1", "download", a, "e1/old download call:" + a + " map[]"},
		{"e1", "bind-call", a, "e1/old call_bind call:" + a + " map[]"},
		{"e1", "upload-clients", a, "e1/old import_upload import:" + a + " map[kind:clients]"},
		{"", "try-import-contracts", a, "/console import_try import:" + a + " map[kind:contracts]"},
		{"", "import-contracts", a, "/console import_run import:" + a + " map[kind:contracts]"},
		{"e1", "save-integration", a, "e1/old integration_change integration:" + a + " map[]"},
		{"e1", "delete-integration", a, "e1/old integration_delete integration:" + a + " map[]"},
		{"e1", "delete-contract", a, "e1/old card_delete contract:" + a + " map[]"},
		{"e1", "merge-client", a + " into " + b, "e1/old card_merge client:" + b + " map[from:" + a + "]"},
		{"e1", "settings", "school", "e1/old settings settings map[]"},
		{"e1", "undo", a, "e1/old undo undo:" + a + " map[]"},
	}
	db := schemaOf(t, dialect, driver, place, 5)
	script := "INSERT INTO employees (id, name, role, login, created_at) VALUES ('e1', 'Прежний', 'operator', 'old', 1);\n"
	for i, r := range rows {
		script += fmt.Sprintf("INSERT INTO audit (id, at, employee_id, action, object) VALUES ('r%02d', %d, '%s', '%s', '%s');\n", i, 1000-i, r.by, r.action, r.object)
	}
	if _, err := db.Exec(script); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	s := openSchool(t, url, "")
	page, err := s.api("105").Audit(t.Context(), client.AuditQuery{Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range page.Items {
		who := ""
		if e.Employee != nil {
			who = e.Employee.ID
		}
		got[e.ID] = fmt.Sprintf("%s/%s %s %s %v", who, e.Login, e.Action, e.Target, e.Detail)
	}
	for i, r := range rows {
		if id := fmt.Sprintf("r%02d", i); got[id] != r.want {
			t.Errorf("%s of %s is told as %q, want %q", r.action, r.object, got[id], r.want)
		}
	}
}
