package store

import (
	"testing"
	"time"
)

// What is written once stays when a row is changed; all else is what it was last.
func TestPut_changesAllButWhatIsWrittenOnce(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), "sqlite://"+t.TempDir()+"/c.db", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	put := func(row columns) {
		t.Helper()
		if err := s.Write(t.Context(), func(tx *Tx) error { return tx.put("record_changes", "record", row) }); err != nil {
			t.Fatal(err)
		}
	}
	put(columns{{"record", "r1"}, {"at", once{1}}, {"employee_id", "e1"}, {"employee_name", "Анна"}})
	put(columns{{"record", "r1"}, {"at", once{2}}, {"employee_id", "e2"}, {"employee_name", once{"Борис"}}})
	var at int
	var id, name string
	if err := s.reads(t.Context()).row("SELECT at, employee_id, employee_name FROM record_changes WHERE record = 'r1'").Scan(&at, &id, &name); err != nil {
		t.Fatal(err)
	}
	if at != 1 || id != "e2" || name != "Анна" {
		t.Errorf("the row is %d %s %s, want 1 e2 Анна", at, id, name)
	}
}
