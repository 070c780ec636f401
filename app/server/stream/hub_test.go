package stream_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

var (
	operator = client.Employee{ID: "anna", Role: client.RoleOperator}
	manager  = client.Employee{ID: "boss", Role: client.RoleManager}
)

func openStore(t *testing.T) *store.Store {
	t.Helper()
	return openStoreAt(t, filepath.Join(t.TempDir(), "stream.db"))
}

func openStoreAt(t *testing.T, file string) *store.Store {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC) }
	st, err := store.Open(t.Context(), "sqlite://"+file, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func newHub(t *testing.T, j stream.Journal) *stream.Hub {
	t.Helper()
	hub, err := stream.NewHub(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	return hub
}

// tell writes n rows for an audience in one transaction.
func tell(ctx context.Context, st *store.Store, n int, audience string) error {
	return st.Write(ctx, func(tx *store.Tx) error {
		for range n {
			if err := tx.Journal("note", audience, struct{}{}); err != nil {
				return err
			}
		}
		return nil
	})
}

func mustTell(t *testing.T, st *store.Store, n int, audience string) {
	t.Helper()
	if err := tell(t.Context(), st, n, audience); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, hub *stream.Hub, e client.Employee, after int64) *stream.Reader {
	t.Helper()
	r, ok, err := hub.Open(t.Context(), e, after, true)
	if err != nil || !ok {
		t.Fatalf("opening after %d: %v, %v", after, ok, err)
	}
	return r
}

// expectRows reads until the row last came, and wants each from first on once and in order.
func expectRows(t *testing.T, r *stream.Reader, first, last int) {
	t.Helper()
	next := first
	for next <= last {
		raw, err := r.Next(t.Context(), time.Minute)
		if err != nil || len(raw) == 0 {
			t.Fatalf("waiting for %d: %q, %v", next, raw, err)
		}
		for frame := range strings.SplitSeq(strings.TrimSuffix(string(raw), "\n\n"), "\n\n") {
			if want := fmt.Sprintf("id: %d\nevent: note\ndata: {}", next); frame != want {
				t.Fatalf("got %q, want %q", frame, want)
			}
			next++
		}
	}
	if r.At() != int64(last) {
		t.Errorf("stands at %d, want %d", r.At(), last)
	}
}

// What was told before the hub began lies in the journal alone, the rest also in memory.
func TestReader_goesOnFromItsSequence(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	mustTell(t, st, 700, stream.All)
	hub := newHub(t, st)
	st.OnCommit(hub.Publish)
	mustTell(t, st, 30, stream.All)
	for _, after := range []int64{0, 3, 699, 700, 715} {
		expectRows(t, open(t, hub, operator, after), int(after)+1, 730)
	}
	fresh, ok, err := hub.Open(t.Context(), operator, 0, false)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	mustTell(t, st, 1, stream.All)
	expectRows(t, fresh, 731, 731)
}

// Memory holds some thousands of rows; who is slower than that loses none.
func TestReader_fallenBehindMemoryLosesNothing(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	hub := newHub(t, st)
	st.OnCommit(hub.Publish)
	mustTell(t, st, 10, stream.All)
	slow := open(t, hub, operator, 0)
	expectRows(t, slow, 1, 10)
	for range 3 {
		mustTell(t, st, 3000, stream.All)
	}
	expectRows(t, slow, 11, 9010)
}

// trimmed is a journal whose oldest rows are gone.
type trimmed struct {
	*store.Store
	first int64
}

func (j trimmed) FirstSequence(context.Context) (int64, error) { return j.first, nil }

func TestOpen_sendsWhoMissedTooMuchToReload(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	mustTell(t, st, 20, stream.All)
	for _, test := range []struct {
		what  string
		first int64
		after int64
		ok    bool
	}{
		{"all is kept", 1, 0, true},
		{"at the end", 1, 20, true},
		{"the next row is the oldest kept", 11, 10, true},
		{"the next row is gone", 11, 9, false},
		{"of another journal", 1, 21, false},
		{"nothing is kept", 0, 19, false},
		{"nothing is kept, and nothing missed", 0, 20, true},
	} {
		r, ok, err := newHub(t, trimmed{st, test.first}).Open(t.Context(), operator, test.after, true)
		if err != nil || ok != test.ok {
			t.Errorf("%s: %v, %v", test.what, ok, err)
			continue
		}
		if want := map[bool]int64{true: test.after, false: 20}[ok]; r.At() != want {
			t.Errorf("%s: stands at %d, want %d", test.what, r.At(), want)
		}
	}
}

// A screen whose node died comes to one that has not read yet what the dead one told: it goes on where it was.
func TestOpen_onANodeThatIsBehindGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	mustTell(t, st, 3, stream.All)
	behind := newHub(t, st)
	mustTell(t, st, 4, stream.All) // which the other node told its screens
	for _, after := range []int64{5, 7} {
		r, ok, err := behind.Open(t.Context(), operator, after, true)
		if err != nil || !ok || r.At() != after {
			t.Fatalf("after %d: %v, %v, stands at %d", after, ok, err, r.At())
		}
		mustTell(t, st, 1, stream.All)
		if err := behind.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		expectRows(t, r, int(after)+1, int(behind.Last()))
	}
}

// A database that lost what screens were told, whatever was written in its place since, sends every screen on every
// node to read everything anew, and then goes on.
func TestHub_aDatabaseThatLostWhatWasToldSendsAllToReload(t *testing.T) {
	t.Parallel()
	for i, anew := range []int{0, 0, 1, 4, 9} {
		backwards := i%2 == 1
		t.Run(fmt.Sprint(anew, " written since, backwards ", backwards), func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "stream.db")
			st := openStoreAt(t, file)
			mustTell(t, st, 6, stream.All)
			ahead, behind, fresh := newHub(t, st), newHub(t, st), newHub(t, st)
			mustTell(t, st, 2, stream.All)
			catchUp(t, behind)
			mustTell(t, st, 2, stream.All)
			catchUp(t, ahead)
			hubs := []*stream.Hub{ahead, behind, fresh}
			if backwards {
				slices.Reverse(hubs)
			}
			readers := []*stream.Reader{open(t, ahead, operator, 10), open(t, ahead, operator, 8), open(t, behind, operator, 8)}

			loseAfter(t, file, 6)
			for i := range anew {
				mustTell(t, st, 1, stream.Employee(fmt.Sprint("new", i)))
			}
			for range 2 {
				catchUp(t, hubs...)
			}
			for i, r := range readers {
				if resets := countResets(t, r); resets < 1 {
					t.Errorf("screen %d was not sent to reload", i)
				}
			}
			for _, after := range []int64{3, 6, 8, 10} {
				for _, hub := range hubs {
					r, ok, err := hub.Open(t.Context(), operator, after, true)
					if err != nil || ok && countResets(t, r) == 0 {
						t.Errorf("who comes back after %d goes on as if nothing had happened: %v", after, err)
					}
				}
			}
			end := ahead.Last()
			for range 3 {
				catchUp(t, hubs...)
			}
			if ahead.Last() != end || behind.Last() != end || fresh.Last() != end {
				t.Errorf("the nodes do not come to rest: at %d, %d and %d, were at %d", ahead.Last(), behind.Last(), fresh.Last(), end)
			}
			mustTell(t, st, 2, stream.All)
			catchUp(t, hubs...)
			for _, hub := range hubs {
				expectRows(t, open(t, hub, operator, end), int(end)+1, int(end)+2)
			}
		})
	}
}

func catchUp(t *testing.T, hubs ...*stream.Hub) {
	t.Helper()
	for _, hub := range hubs {
		if err := hub.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// loseAfter makes the database one that never had the rows after a sequence, as a standby that was promoted too early.
func loseAfter(t *testing.T, file string, sequence int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.ExecContext(t.Context(), fmt.Sprintf("DELETE FROM journal WHERE sequence > %d; UPDATE counters SET value = %[1]d WHERE name = 'journal'", sequence))
	if err != nil {
		t.Fatal(err)
	}
}

// countResets reads what a screen is told and counts how often it is sent to reload.
func countResets(t *testing.T, r *stream.Reader) int {
	t.Helper()
	n := 0
	for {
		raw, err := r.Next(t.Context(), time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		if len(raw) == 0 {
			return n
		}
		n += strings.Count(string(raw), "\nevent: reset\n")
	}
}

// A journal whose rows went with their time, to the last, is none that lost something.
func TestHub_aTrimmedJournalIsNoLostOne(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "stream.db")
	st := openStoreAt(t, file)
	hub := newHub(t, st)
	mustTell(t, st, 5, stream.All)
	catchUp(t, hub)
	r := open(t, hub, operator, 5)
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "DELETE FROM journal"); err != nil {
		t.Fatal(err)
	}
	catchUp(t, hub)
	mustTell(t, st, 2, stream.All)
	catchUp(t, hub)
	expectRows(t, r, 6, 7)
}

// Rows of another node lie between our own: they come by CatchUp, in order, also when both at once bring them.
func TestHub_keepsTheOrderOfManyPublishers(t *testing.T) {
	t.Parallel()
	const publishers, each = 4, 25
	st := openStore(t)
	hub := newHub(t, st)
	var followed []int64 // under the hub's own lock, as all followers
	hub.Follow(func(rows []store.Row) {
		for _, r := range rows {
			followed = append(followed, r.Sequence)
		}
	})
	commits := 0 // the store tells one at a time
	st.OnCommit(func(rows []store.Row) {
		if commits++; commits%3 != 0 { // every third is another node's
			hub.Publish(rows)
		}
	})
	readers := []*stream.Reader{open(t, hub, operator, 0), open(t, hub, manager, 0)}
	var work sync.WaitGroup
	for range publishers {
		work.Go(func() {
			for range each {
				if err := errors.Join(tell(t.Context(), st, 2, stream.All), hub.CatchUp(t.Context())); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for _, r := range readers {
		expectRows(t, r, 1, publishers*each*2)
	}
	work.Wait()
	for i, at := range followed {
		if at != int64(i+1) {
			t.Fatalf("the follower got row %d in place %d", at, i+1)
		}
	}
	if len(followed) != publishers*each*2 {
		t.Errorf("the follower got %d rows", len(followed))
	}
}

func TestReader_waitsNoLongerThanItShould(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	hub := newHub(t, st)
	st.OnCommit(hub.Publish)
	r := open(t, hub, operator, 0)
	mustTell(t, st, 2, stream.Employee("somebody else"))
	if raw, err := r.Next(t.Context(), time.Millisecond); err != nil || raw != nil || r.At() != 2 {
		t.Errorf("rows of others: %q, %v, at %d", raw, err, r.At())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Next(ctx, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("a reader that is gone: %v", err)
	}
}

func TestMaySee_isByAudience(t *testing.T) {
	t.Parallel()
	accountant := client.Employee{ID: "olga", Role: client.RoleAccountant}
	for _, test := range []struct {
		audience                      string
		operator, accountant, manager bool
	}{
		{stream.All, true, true, true},
		{stream.Accountants, false, true, false},
		{stream.Employee("anna"), true, false, false},
		{stream.Employee("ann"), false, false, false},
		{stream.Callers([]string{"ivan", "anna"}), true, true, true},
		{stream.Callers([]string{"ivan", "annabel"}), false, true, true},
		{stream.Callers(nil), false, true, true},
		{"of a later version", false, false, false},
	} {
		for e, want := range map[*client.Employee]bool{&operator: test.operator, &accountant: test.accountant, &manager: test.manager} {
			if got := stream.MaySee(*e, test.audience); got != want {
				t.Errorf("%s sees %q: %v", e.ID, test.audience, got)
			}
		}
	}
}

// Where recordings are kept to those who took part, all others get the row, and not what it tells of the recording.
func TestReader_hearsRecordingsItMayHear(t *testing.T) {
	t.Parallel()
	const whole, silent = `{"id":"e","recording":{"seconds":5},"recordings":["a"],"flags":["b"]}`, `{"id":"e"}`
	other := client.Employee{ID: "ivan", Role: client.RoleOperator}
	ofAnna := stream.Heard(stream.All, []string{"masha", "anna"})
	for _, test := range []struct {
		what           string
		kind, audience string
		data           string
		narrowed       bool
		reader         client.Employee
		want           string
	}{
		{"open to all", "feed", ofAnna, whole, false, other, whole},
		{"who took part", "feed", ofAnna, whole, true, operator, whole},
		{"a manager", "feed", ofAnna, whole, true, manager, whole},
		{"who did not", "feed", ofAnna, whole, true, other, silent},
		{"who did not, of a task", "task", ofAnna, whole, true, other, silent},
		{"a row that names nobody", "feed", stream.All, whole, true, other, silent},
		{"nothing to hear", "feed", ofAnna, silent, true, other, silent},
		{"it cannot be read", "feed", ofAnna, `{"recording"`, true, other, "{}"},
		{"not for this reader at all", "feed", stream.Heard(stream.Callers([]string{"anna"}), []string{"ivan"}), whole, true, other, ""},
	} {
		hub := newHub(t, empty{})
		hub.NarrowRecordings(func() bool { return test.narrowed })
		r, _, err := hub.Open(t.Context(), test.reader, 0, false)
		if err != nil {
			t.Fatal(err)
		}
		hub.Publish([]store.Row{{Sequence: 1, Type: test.kind, Audience: test.audience, Data: []byte(test.data)}})
		want := ""
		if test.want != "" {
			want = fmt.Sprintf("id: 1\nevent: %s\ndata: %s\n\n", test.kind, test.want)
		}
		raw, err := r.Next(t.Context(), time.Millisecond)
		if err != nil || string(raw) != want {
			t.Errorf("%s: %q, %v, want %q", test.what, raw, err, want)
		}
	}
}

// empty is a journal in which nothing was told.
type empty struct{}

func (empty) LastSequence(context.Context) (int64, error)                   { return 0, nil }
func (empty) FirstSequence(context.Context) (int64, error)                  { return 0, nil }
func (empty) JournalAfter(context.Context, int64, int) ([]store.Row, error) { return nil, nil }
func (empty) BreakJournal(context.Context, int64) error                     { return nil }

// What was committed while a reader was open is measured, what it missed before is not.
func TestReader_tellsWhatItHandedOver(t *testing.T) {
	t.Parallel()
	st := openStore(t)
	hub := newHub(t, st)
	st.OnCommit(hub.Publish)
	call := func() {
		err := st.Write(t.Context(), func(tx *store.Tx) error {
			if err := tx.Journal("call", stream.Callers([]string{"anna"}), struct{}{}); err != nil {
				return err
			}
			return tx.Journal("note", stream.Employee("boss"), struct{}{})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	call()
	late := open(t, hub, operator, 0) // resumes before it
	if _, err := late.Next(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	if h := late.Handed(); h.Events != 1 || !h.Call.IsZero() {
		t.Errorf("of what it had missed: %+v", h)
	}
	began := time.Now()
	call()
	if _, err := late.Next(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	if h := late.Handed(); h.Events != 1 || h.Call.Before(began) || h.Call.After(time.Now()) {
		t.Errorf("of what came: %+v", h)
	}
	if behind := hub.Last() - late.At(); behind != 0 {
		t.Errorf("it is %d rows behind", behind)
	}
	mustTell(t, st, 3, stream.All)
	if behind := hub.Last() - late.At(); behind != 3 {
		t.Errorf("it is %d rows behind, want 3", behind)
	}
}
