//go:build linux

package bench

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"dozvon/app/server/pgtest"
	"dozvon/app/server/store"
)

// scalePostgres builds the data in a PostgreSQL of its own, or finds them built, and returns its
// address.
func scalePostgres(t *testing.T, s scale) string {
	t.Helper()
	dir, built, done := scaleDir(t, "postgres", s.stamp(t))
	url := pgtest.Kept(t, dir)
	if built {
		return url
	}
	st, err := store.Open(t.Context(), url, time.Now) // for its tables
	if err == nil {
		err = st.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := s.pour(t, &postgresSink{ctx: t.Context(), conn: conn}); err != nil {
		t.Fatal(err)
	}
	done()
	return url
}

type postgresSink struct {
	ctx     context.Context
	conn    *pgx.Conn
	indices []string // that finish makes again
}

func (s *postgresSink) rows(table string, columns []string, next func() ([]any, bool)) error {
	if err := s.dropIndices(table); err != nil {
		return err
	}
	return s.copy(table+" ("+strings.Join(columns, ", ")+")", next)
}

func (s *postgresSink) dropIndices(table string) error {
	rows, err := s.conn.Query(s.ctx, `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = $1
AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)`, table)
	if err != nil {
		return err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Name, Def string }])
	if err != nil {
		return err
	}
	for _, index := range found {
		s.indices = append(s.indices, index.Def)
		if _, err := s.conn.Exec(s.ctx, "DROP INDEX "+index.Name); err != nil {
			return err
		}
	}
	return nil
}

// copy streams rows in COPY's text form.
func (s *postgresSink) copy(into string, next func() ([]any, bool)) error {
	out, in := io.Pipe()
	go func() {
		var b strings.Builder
		for row, ok := next(); ok; row, ok = next() {
			for i, v := range row {
				if i > 0 {
					b.WriteByte('\t')
				}
				b.WriteString(copied(v))
			}
			b.WriteByte('\n')
			if b.Len() > 1<<20 {
				if _, err := io.WriteString(in, b.String()); err != nil {
					return
				}
				b.Reset()
			}
		}
		io.WriteString(in, b.String())
		in.Close()
	}()
	defer out.Close()
	_, err := s.conn.PgConn().CopyFrom(s.ctx, out, "COPY "+into+" FROM STDIN")
	return err
}

var copyEscapes = strings.NewReplacer("\\", "\\\\", "\t", "\\t", "\n", "\\n", "\r", "\\r")

func copied(v any) string {
	if v == nil {
		return "\\N"
	}
	return copyEscapes.Replace(fmt.Sprint(v))
}

func (s *postgresSink) texts(kind string, next func() (document, bool)) error {
	table := map[string]string{"feed": "feed", "client": "clients", "contract": "contracts"}[kind]
	if _, err := s.conn.Exec(s.ctx, "CREATE TEMP TABLE texts (id TEXT, words tsvector)"); err != nil {
		return err
	}
	err := s.copy("texts", func() ([]any, bool) {
		d, ok := next()
		return []any{d.id, strings.Join(d.terms, " ")}, ok
	})
	if err != nil {
		return err
	}
	_, err = s.conn.Exec(s.ctx, "UPDATE "+table+" SET words_index = t.words FROM texts t WHERE t.id = "+table+".id; DROP TABLE texts")
	return err
}

func (s *postgresSink) numbers(next func() (string, bool)) error {
	return s.rows("numbers", []string{"number"}, func() ([]any, bool) {
		n, ok := next()
		return []any{n}, ok
	})
}

// finish packs what the texts have doubled and makes the indices.
func (s *postgresSink) finish() error {
	all := append([]string{"VACUUM FULL feed", "VACUUM FULL clients", "VACUUM FULL contracts"}, s.indices...)
	for _, q := range append(all, "DELETE FROM stale", "VACUUM ANALYZE") {
		if _, err := s.conn.Exec(s.ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}
