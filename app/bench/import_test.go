//go:build linux

package bench

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dozvon/client"
)

const (
	importRows = 100_000
	// importLimit and waitLimit are the targets: for all of the rows, and for a webhook that comes
	// while they are made visible.
	importLimit = 60 * time.Second
	waitLimit   = 3 * time.Second
)

// imported brings a file of contracts in while webhooks keep coming.
func imported(t *testing.T, b *bench) {
	s := openSchool(t, b, "import")
	var file strings.Builder
	file.WriteString("№ договора;ФИО;Телефон;Категория;Группа;Дата договора;Метки;Примечание\n")
	for i := range importRows {
		fmt.Fprintf(&file, "Д-%d;Иванов Иван %d;%s;B;%d;24.11.2026;дневная;звонить вечером\n", i, i, cardPhone(i), i%40)
	}
	floor := bareInserts(t, b)

	ctx, stop := context.WithCancel(t.Context())
	waits := make(chan times)
	pbx := dial(t, s.addr)
	go func() { waits <- knocking(ctx, t, pbx) }()
	runner := s.parts.Imports
	began := time.Now()
	im, err := runner.Add(t.Context(), client.Employee{}, "contracts", "x.csv", strings.NewReader(file.String()))
	if err == nil {
		_, err = runner.Start(t.Context(), client.Employee{}, im.ID, "ru", client.ImportRun{Mapping: im.Mapping, Rule: "skip"})
	}
	if err == nil {
		im, err = runner.RunOne(t.Context(), im.ID)
	}
	took := time.Since(began)
	stop()
	waited := <-waits
	if err != nil || im.State != client.ImportDone || im.Counts.Added != importRows {
		t.Fatalf("%+v, %v", im, err)
	}
	b.add(t, row{
		fmt.Sprintf("%d contracts imported from CSV, webhooks coming meanwhile, SQLite", importRows), ms(took),
		"the same rows by a prepared INSERT in one transaction: " + ms(floor), factor(over(took, floor)), "≤ 60 s", took <= importLimit,
	})
	b.add(t, row{
		"a webhook acknowledged during that import", waited.String() + ", longest " + ms(waited.at(1)),
		"the same INSERTs, which let nobody through: " + ms(floor), factor(over(waited.at(1), floor)), "longest ≤ 3 s", waited.at(1) <= waitLimit,
	})
}

// knocking posts an event every now and then and tells how long each answer took.
func knocking(ctx context.Context, t *testing.T, pbx *sender) times {
	var all times
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return all
		case <-every.C:
		}
		began := time.Now()
		if err := pbx.send(answered(n, strings.TrimPrefix(cardPhone(n), "+"))[0].request()); err != nil {
			t.Errorf("webhook %d: %v", n, err)
		}
		all = append(all, time.Since(began))
	}
}

// bareInserts is what the disk and SQLite take for the same rows, without anybody else served.
func bareInserts(t *testing.T, b *bench) time.Duration {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.dir, "bare-import.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		t.Fatal(err)
	}
	closing(t, db)
	_, err = db.Exec(`CREATE TABLE contracts (id TEXT PRIMARY KEY, number TEXT, name TEXT, category TEXT, group_name TEXT, signed_on TEXT, tags TEXT, note TEXT, created_at BIGINT);
CREATE INDEX a ON contracts (created_at, id); CREATE INDEX b ON contracts (number);
CREATE TABLE phones (number TEXT, kind TEXT, subject_id TEXT, PRIMARY KEY (number, kind, subject_id)); CREATE INDEX c ON phones (kind, subject_id);`)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	card, err := tx.Prepare("INSERT INTO contracts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
	if err != nil {
		t.Fatal(err)
	}
	number, err := tx.Prepare("INSERT INTO phones VALUES (?, 'contract', ?)")
	if err != nil {
		t.Fatal(err)
	}
	for i := range importRows {
		id := fmt.Sprintf("%032d", i)
		_, err := card.Exec(id, fmt.Sprint("Д-", i), fmt.Sprint("Иванов Иван ", i), "B", fmt.Sprint(i%40), "2026-11-24", `["дневная"]`, "звонить вечером", i)
		if err == nil {
			_, err = number.Exec(cardPhone(i), id)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}
