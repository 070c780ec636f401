package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server"
	"dozvon/client"
)

// nodeSpec makes the test binary be a node instead: a whole server, with all that goes on beside the requests, as `serve`
// runs it.
const nodeSpec = "DOZVON_NODE_TEST"

// nodeConfig is what such a node is told.
type nodeConfig struct{ Listen, Data, Database string }

// runAsNode is the node's main.
func runAsNode(spec string) int {
	var told nodeConfig
	if err := json.Unmarshal([]byte(spec), &told); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	err := server.Run(ctx, server.Config{
		Listen: told.Listen, Data: told.Data, Database: told.Database, Version: "test", PasswordCost: quickPasswords, PingEvery: 200 * time.Millisecond,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// process is a server that runs by itself.
type process struct {
	t    testing.TB
	addr string
	cmd  *exec.Cmd
	said *lockedText // on its standard error
	make func() *exec.Cmd
}

// startNode starts a node with the sealing key of another one's folder.
func startNode(t testing.TB, database, keyFrom string) *process {
	t.Helper()
	told := nodeConfig{Listen: freeAddress(t), Data: t.TempDir(), Database: database}
	copyKey(t, keyFrom, told.Data)
	spec, err := json.Marshal(told)
	if err != nil {
		t.Fatal(err)
	}
	return startProcess(t, told.Listen, func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), nodeSpec+"="+string(spec))
		return cmd
	})
}

// startProcess starts a server that will listen at an address; wait for it with ready.
func startProcess(t testing.TB, addr string, command func() *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, addr: addr, said: &lockedText{}, make: command}
	p.start()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("the node at %s said:\n%s", p.addr, p.said)
		}
	})
	return p
}

func (p *process) start() {
	p.t.Helper()
	p.cmd = p.make()
	p.cmd.Stderr = p.said
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
}

// ready waits until it serves.
func (p *process) ready() {
	p.t.Helper()
	eventually(p.t, "the node at "+p.addr+" to be ready", func() bool {
		status, _ := got("http://" + p.addr + "/readyz")
		return status == http.StatusOK
	})
}

// kill ends it as a crash does.
func (p *process) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// stop ends it as an administrator does.
func (p *process) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Error(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("the node at %s ended with %v", p.addr, err)
	}
}

// sender is a PBX that sends each of its requests until that is taken.
type sender struct {
	t    testing.TB
	base string
	http *http.Client

	taken, refused atomic.Int64
	mu             sync.Mutex // guards what follows
	slowest        time.Duration
	others         map[int]int // statuses that neither took nor put it off
}

func newSender(t testing.TB, base string) *sender {
	transport := &http.Transport{MaxIdleConnsPerHost: 4}
	t.Cleanup(transport.CloseIdleConnections)
	return &sender{t: t, base: base, http: &http.Client{Transport: transport, Timeout: time.Minute}, others: map[int]int{}}
}

// send sends until it is taken, or the test is over.
func (s *sender) send(ctx context.Context, e sample) bool {
	form := mango.NewForm(key, salt, string(e.JSON)).Values().Encode()
	for pause := 20 * time.Millisecond; ctx.Err() == nil; pause = min(2*pause, time.Second) {
		if s.try(ctx, e.Path, form) {
			s.taken.Add(1)
			return true
		}
		s.refused.Add(1)
		select {
		case <-ctx.Done():
		case <-time.After(pause/2 + rand.N(pause)):
		}
	}
	return false
}

func (s *sender) try(ctx context.Context, path, form string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/mango/"+strings.Trim(path, "/"), strings.NewReader(form))
	if err != nil {
		s.t.Error(err)
		return false
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	began := time.Now()
	resp, err := s.http.Do(req)
	status := 0 // its node died, which the PBX sees as a broken connection
	if err == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		status = resp.StatusCode
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() == nil {
		s.slowest = max(s.slowest, time.Since(began))
	}
	if status != 0 && status != http.StatusOK && status != http.StatusServiceUnavailable {
		s.others[status]++
	}
	return err == nil && status == http.StatusOK
}

// check tells what no PBX may be answered, and how long the longest answer took.
func (s *sender) check() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.t.Logf("%d webhooks taken, %d times put off, the slowest answer took %s", s.taken.Load(), s.refused.Load(), s.slowest.Round(time.Millisecond))
	if len(s.others) > 0 {
		s.t.Errorf("webhooks were answered %v, not only 200 and 503", s.others)
	}
	// The server's own end is 10 s; the rest is for a machine that is busy.
	if s.slowest > 40*time.Second {
		s.t.Errorf("a webhook was answered after %s", s.slowest)
	}
}

// screen is an app's stream that is followed for as long as the test lasts.
type screen struct {
	mu     sync.Mutex // guards what follows
	first  int64      // the sequence that it was greeted with
	order  []int64
	feed   map[int64]string // sequence → id of entries
	resets int
	lives  int // how often it became live
	live   bool
}

func watch(t testing.TB, base, token string) *screen {
	t.Helper()
	s := &screen{feed: map[int64]string{}}
	go client.New(base, token).Stream(t.Context(), client.StreamConfig{State: s.state, Handle: s.handle, Silence: 5 * time.Second})
	eventually(t, "a stream to be live", s.isLive)
	return s
}

func (s *screen) state(st client.StreamState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = st.Live
	if st.Live {
		s.lives++
	}
}

func (s *screen) handle(e client.StreamEvent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch entry := e.Data.(type) {
	case *client.Hello:
		if !e.Resumed {
			s.first = e.Sequence
		}
		return
	case *client.FeedEntry:
		s.feed[e.Sequence] = entry.ID
	}
	if e.Type == "reset" {
		s.resets++
	}
	s.order = append(s.order, e.Sequence)
}

func (s *screen) isLive() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live
}

// at is the newest sequence that it was told.
func (s *screen) at() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.order) == 0 {
		return s.first
	}
	return s.order[len(s.order)-1]
}

// wantWhole compares all that a screen was told with the journal itself: nothing lost, repeated or reordered, and
// nobody sent to reload.
func (s *screen) wantWhole(t testing.TB, name string, journal map[int64]string) {
	t.Helper()
	last := int64(0)
	for n := range journal {
		last = max(last, n)
	}
	eventually(t, name+" to be told all", func() bool { return s.at() >= last })
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.resets > 0 {
		t.Errorf("%s was sent to reload %d times", name, s.resets)
	}
	for i := 1; i < len(s.order); i++ {
		if s.order[i] <= s.order[i-1] {
			t.Errorf("%s was told %d after %d", name, s.order[i], s.order[i-1])
		}
	}
	want := maps.Clone(journal)
	maps.DeleteFunc(want, func(n int64, _ string) bool { return n <= s.first })
	for n, id := range want {
		if s.feed[n] != id {
			t.Errorf("%s was told %q as %d, want %q", name, s.feed[n], n, id)
		}
	}
	if len(s.feed) != len(want) {
		t.Errorf("%s was told %d entries, the journal has %d", name, len(s.feed), len(want))
	}
	t.Logf("%s: %d events, %d entries, live %d times", name, len(s.order), len(s.feed), s.lives)
}

// toldEntries are the feed's entries in the journal, read past the server.
func (s *school) toldEntries() map[int64]string {
	s.t.Helper()
	rows, err := s.rawDatabase().QueryContext(s.t.Context(), "SELECT sequence, data FROM journal WHERE type = 'feed'")
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	all := map[int64]string{}
	for rows.Next() {
		var n int64
		var data []byte
		var entry client.FeedEntry
		if err := rows.Scan(&n, &data); err != nil {
			s.t.Fatal(err)
		}
		if err := json.Unmarshal(data, &entry); err != nil {
			s.t.Fatal(err)
		}
		all[n] = entry.ID
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
	return all
}

// wholeCall is a call from its ringing to its end, as the PBX tells it.
func wholeCall(n int, at time.Time) []sample {
	leg := func(seq int, state string, more string) sample {
		return sample{Path: mango.PathCall, JSON: fmt.Appendf(nil,
			`{"entry_id":"whole-%d","call_id":"leg-%d","timestamp":%d,"seq":%d,"call_state":%q,"location":"abonent","from":{"number":"7900%07d"},"to":{"extension":"%d"}%s}`,
			n, n, at.Unix()+int64(seq), seq, state, n, 101+n%4, more)}
	}
	return []sample{
		leg(1, "Appeared", ""), leg(2, "Connected", ""), leg(3, "Disconnected", `,"disconnect_reason":1120`),
		{Path: mango.PathSummary, JSON: fmt.Appendf(nil,
			`{"entry_id":"whole-%d","call_direction":1,"from":{"number":"7900%07d"},"to":{"extension":"%d"},"line_number":"74950000010","create_time":%d,"forward_time":%d,"talk_time":%d,"end_time":%d,"entry_result":1,"disconnect_reason":1120}`,
			n, n, 101+n%4, at.Unix(), at.Unix(), at.Unix()+2, at.Unix()+3)},
	}
}

// load sends whole calls, many at once, until stop; each call's events go one after another, as a PBX sends them.
type load struct {
	*sender
	next    atomic.Int64
	running sync.WaitGroup
	cancel  context.CancelFunc
}

func (s *sender) load(t testing.TB, many int) *load {
	ctx, cancel := context.WithCancel(t.Context())
	l := &load{sender: s, cancel: cancel}
	for range many {
		l.running.Go(func() {
			for ctx.Err() == nil {
				for _, e := range wholeCall(int(l.next.Add(1)), time.Now().Add(-10*time.Second)) {
					if !s.send(t.Context(), e) { // a call that was begun is told to its end
						return
					}
				}
			}
		})
	}
	return l
}

// more waits until so many more webhooks were taken.
func (l *load) more(t testing.TB, n int64) {
	t.Helper()
	want := l.taken.Load() + n
	eventually(t, fmt.Sprint(n, " more webhooks to be taken"), func() bool { return l.taken.Load() >= want })
}

// stop ends it and returns how many calls there were.
func (l *load) stop() int {
	l.cancel()
	l.running.Wait()
	return int(l.next.Load())
}

// wantCalls looks past the server whether every call that was told stands there once, ended, with one entry.
func (s *school) wantCalls(t testing.TB, calls int) {
	t.Helper()
	page, cursor, keys := 0, storeStart, map[string]int{}
	for {
		some, err := s.parts.Store.Calls(t.Context(), cursor, 500)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range some {
			keys[c.Key]++
			if c.View.State != client.StateEnded || c.View.Result != client.Answered {
				t.Errorf("call %s is %s, %s", c.Key, c.View.State, c.View.Result)
			}
			cursor.At, cursor.ID = c.View.StartedAt.UnixMilli(), c.ID
		}
		if page++; len(some) < 500 {
			break
		}
	}
	for n := 1; n <= calls; n++ {
		if key := fmt.Sprint("whole-", n); keys[key] != 1 {
			t.Errorf("call %s is there %d times", key, keys[key])
		}
	}
	if len(keys) != calls {
		t.Errorf("%d calls are known, want %d", len(keys), calls)
	}
	entries := map[string]int{}
	rows, err := s.rawDatabase().QueryContext(t.Context(), "SELECT phone, COUNT(*) FROM feed WHERE type LIKE 'call_%' GROUP BY phone")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var phone string
		var n int
		if err := rows.Scan(&phone, &n); err != nil {
			t.Fatal(err)
		}
		entries[phone] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for phone, n := range entries {
		if n != 1 {
			t.Errorf("%s has %d entries", phone, n)
		}
	}
	if len(entries) != calls {
		t.Errorf("%d entries, want %d", len(entries), calls)
	}
}
