// Package doctor examines what a server stands on: its disk, clock, certificate, database, key, and the address
// under which others reach it. Each examination is a line: how it stands, what was found, what to do. It changes
// nothing, and tells no secrets.
package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/store"
)

// State is how something stands.
type State string

// The states: FAIL is what keeps the server from doing its work, WARN what soon may, or could not be told.
const (
	OK   State = "ok"
	Warn State = "warn"
	Fail State = "fail"
)

// Line is the outcome of one examination.
type Line struct {
	Check string `json:"check"`
	State State  `json:"state"`
	Text  string `json:"text"`
	// Advice is what to do; empty: nothing.
	Advice string `json:"advice,omitempty"`
}

// Report is what was found.
type Report struct {
	Lines []Line `json:"lines"`
}

// Add puts lines at the end.
func (r *Report) Add(lines ...Line) { r.Lines = append(r.Lines, lines...) }

// Failed are the names of what failed.
func (r *Report) Failed() []string {
	var all []string
	for _, l := range r.Lines {
		if l.State == Fail {
			all = append(all, l.Check)
		}
	}
	return all
}

// Print writes a line for each, and what to do below it.
func (r *Report) Print(to io.Writer) {
	for _, l := range r.Lines {
		fmt.Fprintf(to, "%-4s  %s: %s\n", strings.ToUpper(string(l.State)), l.Check, oneLine(l.Text))
		if l.Advice != "" {
			fmt.Fprintf(to, "      → %s\n", oneLine(l.Advice))
		}
	}
}

// PrintJSON writes the same for programs.
func (r *Report) PrintJSON(to io.Writer) error {
	e := json.NewEncoder(to)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		Report
		Failed bool `json:"failed"`
	}{*r, len(r.Failed()) > 0})
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func ok(check, format string, args ...any) Line {
	return Line{Check: check, State: OK, Text: fmt.Sprintf(format, args...)}
}

func warn(check, advice, format string, args ...any) Line {
	return Line{Check: check, State: Warn, Text: fmt.Sprintf(format, args...), Advice: advice}
}

func fail(check, advice, format string, args ...any) Line {
	return Line{Check: check, State: Fail, Text: fmt.Sprintf(format, args...), Advice: advice}
}

// Database is what was found of a database.
type Database struct {
	Lines []Line
	// UpToDate says that the schema is this program's: all of the store can be used.
	UpToDate bool
}

// ExamineDatabase looks at the version and the wholeness of a database, at its clock, and whether the key opens what
// is sealed in it. key is the key's file.
func ExamineDatabase(ctx context.Context, address, key string, now func() time.Time) Database {
	const restore = "restore the newest backup: dozvon-server restore FILE"
	db, err := store.OpenAsIs(address)
	if errors.Is(err, store.ErrNone) {
		return Database{Lines: []Line{warn("database", "dozvon-server serve makes it; or give --data or --database of the server", "%v", err)}}
	}
	if err != nil {
		return Database{Lines: []Line{fail("database", restore, "%v", err)}}
	}
	defer db.Close()
	schema, err := db.Schema(ctx)
	if err != nil {
		return Database{Lines: []Line{fail("database", "", "%v", err)}}
	}
	newest, err := store.NewestSchema()
	if err != nil {
		return Database{Lines: []Line{fail("database", "", "%v", err)}}
	}
	var d Database
	switch damage, err := db.Damage(ctx, false); {
	case err != nil:
		d.Lines = append(d.Lines, fail("database", "", "%v", err))
	case len(damage) > 0:
		d.Lines = append(d.Lines, fail("database", restore, "it is damaged: %s", strings.Join(damage, "; ")))
	case schema < newest:
		d.Lines = append(d.Lines, warn("database", "back up, then start the server: it brings the database up to date", "it is whole, of schema %d; this program's is %d", schema, newest))
	default:
		d.UpToDate = true
		d.Lines = append(d.Lines, ok("database", "it is whole, schema %d", schema))
	}
	at := now()
	told, err := db.Clock(ctx)
	d.Lines = append(d.Lines, clockOf("clock", "the database's", told.Sub(at), err))
	d.Lines = append(d.Lines, examineKey(ctx, db, key, d.UpToDate))
	return d
}

const (
	// clockWarn and clockFail are how far clocks may differ.
	clockWarn = 5 * time.Second
	clockFail = time.Minute
)

// ClockOf compares a clock with ours; ahead is how far it goes before it.
func ClockOf(whose string, ahead time.Duration) Line { return clockOf("clock", whose, ahead, nil) }

func clockOf(check, whose string, ahead time.Duration, err error) Line {
	const set = "let both machines keep their time by NTP (timedatectl set-ntp true)"
	diff := ahead.Abs().Round(time.Second)
	switch {
	case err != nil:
		return warn(check, "", "%s could not be asked: %v", whose, err)
	case diff >= clockFail:
		return fail(check, set, "it differs from %s by %s: calls stand in the wrong minute, and signatures are refused", whose, diff)
	case diff >= clockWarn:
		return warn(check, set, "it differs from %s by %s", whose, diff)
	}
	return ok(check, "it agrees with %s", whose)
}

// examineKey tries the key on everything that it sealed.
func examineKey(ctx context.Context, db *store.AsIs, path string, upToDate bool) Line {
	const advice = "put seal.key back from the backup, or name its place by --seal-key; if it is lost for good: dozvon-server forget-secrets"
	known, err := db.SealFingerprint(ctx)
	if err != nil {
		return warn("sealing key", "", "%v", err)
	}
	sealer, err := access.ReadSealer(path)
	switch {
	case err != nil && known == "":
		return ok("sealing key", "there is none, and nothing is sealed yet")
	case err != nil:
		return fail("sealing key", advice, "%v", err)
	case known != "" && known != sealer.Fingerprint():
		return fail("sealing key", advice, "%s is not the one of this database", path)
	case !upToDate:
		return warn("sealing key", "run doctor again when the server has brought the database up to date", "what it sealed was not tried: the database is not up to date")
	}
	secrets, err := db.Sealed(ctx)
	if err != nil {
		return warn("sealing key", "", "%v", err)
	}
	for _, secret := range secrets {
		if _, err := sealer.Unseal(secret); err != nil {
			return fail("sealing key", advice, "it does not open every secret of the database")
		}
	}
	return ok("sealing key", "it opens what it sealed (%d secrets)", len(secrets))
}
