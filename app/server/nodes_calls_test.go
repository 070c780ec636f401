package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pgtest"
	"dozvon/client"
)

// node opens one more server on the database of a school, with the same key.
func (s *school) another(cfg server.Config) *school {
	s.t.Helper()
	cfg.Listen, cfg.Data, cfg.Version, cfg.PingEvery = "127.0.0.1:0", s.t.TempDir(), "test", 200*time.Millisecond
	if cfg.Kinds == nil {
		cfg.Kinds = []pbx.Kind{quickKind}
	}
	copyKey(s.t, s.data, cfg.Data)
	parts, err := server.Build(s.t.Context(), cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	n := &school{t: s.t, recent: s.recent, data: cfg.Data, parts: parts, http: httptest.NewServer(parts.API.Handler()), staff: s.staff, pbx: s.pbx}
	s.t.Cleanup(func() {
		parts.API.CloseStreams()
		n.http.Close()
		parts.Close()
	})
	return n
}

func copyKey(t testing.TB, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(from, "seal.key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(to, "seal.key"), raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

var outsideNumber = regexp.MustCompile(`^79\d{9}$`)

// asCall makes of a sample flow the n-th call of its own, begun at a moment.
func asCall(t *testing.T, flow []sample, n int, at time.Time) []sample {
	t.Helper()
	numbers := map[string]string{}
	var shift int64
	var turn func(key string, v any) any
	turn = func(key string, v any) any {
		switch v := v.(type) {
		case map[string]any:
			for k := range v {
				v[k] = turn(k, v[k])
			}
		case json.Number:
			if ts, err := v.Int64(); err == nil && ts > 1_700_000_000 && ts < 1_900_000_000 {
				if shift == 0 {
					shift = at.Unix() - ts
				}
				return json.Number(fmt.Sprint(ts + shift))
			}
		case string:
			switch {
			case strings.HasSuffix(key, "_id") && v != "":
				return fmt.Sprint(v, "~", n)
			case outsideNumber.MatchString(v):
				if numbers[v] == "" {
					numbers[v] = fmt.Sprintf("79%09d", 100_000_000+n*10+len(numbers))
				}
				return numbers[v]
			}
		}
		return v
	}
	out := make([]sample, len(flow))
	for i, e := range flow {
		d := json.NewDecoder(strings.NewReader(string(e.JSON)))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(turn("", v))
		if err != nil {
			t.Fatal(err)
		}
		out[i] = sample{Path: e.Path, JSON: raw}
	}
	return out
}

// plain is a call as it is told, by names instead of ids.
func (s *school) plain(c client.Call) string {
	names := map[string]string{}
	for _, e := range s.staff {
		names[e.ID] = e.Name
	}
	person := func(p *client.Person) *client.Person {
		if p == nil {
			return nil
		}
		return &client.Person{Name: p.Name}
	}
	rang := make([]string, len(c.Rang))
	for i, id := range c.Rang {
		rang[i] = names[id]
	}
	c.ID, c.Rang, c.Employee = "", rang, person(c.Employee)
	end := func(e *client.CallEnd) *client.CallEnd {
		if e == nil {
			return nil
		}
		return &client.CallEnd{Extension: e.Extension, Employee: person(e.Employee)}
	}
	c.Caller, c.Called = end(c.Caller), end(c.Called)
	c.Path, c.Recordings = slices.Clone(c.Path), slices.Clone(c.Recordings)
	for i := range c.Path {
		c.Path[i].Employee = person(c.Path[i].Employee)
	}
	for i := range c.Recordings {
		c.Recordings[i].Employee = person(c.Recordings[i].Employee)
	}
	raw, _ := json.MarshalIndent(c, "", " ")
	return string(raw)
}

// everyCall reads all calls by the PBX's key.
func (s *school) everyCall(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	cursor := storeStart
	for {
		page, err := s.parts.Store.Calls(t.Context(), cursor, 500)
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range page {
			if _, twice := all[rec.Key]; twice {
				t.Errorf("two calls have the key %s", rec.Key)
			}
			all[rec.Key] = s.plain(rec.View)
			cursor.At, cursor.ID = rec.View.StartedAt.UnixMilli(), rec.ID
		}
		if len(page) < 500 {
			return all
		}
	}
}

// everyEntry reads the feed without ids, sorted.
func (s *school) everyEntry(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, e := range s.wholeFeed(s.api("105"), client.FeedQuery{}) {
		all = append(all, fmt.Sprint(e.Phone, " ", e.Type, " ", e.Result, " ", nameOf(e.Employee), " ", e.Settled != nil, " ", len(e.Recordings), " ", e.Why))
	}
	slices.Sort(all)
	return all
}

// everyMissed reads who waits for a call-back. Who was settled is left out: events out of order may make
// a caller a missed one for a moment.
func (s *school) everyMissed(t *testing.T) []string {
	t.Helper()
	var all []string
	cursor := ""
	for {
		page, err := s.api("105").Missed(t.Context(), cursor, client.MissedWaiting, client.MissedTaken)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Items {
			all = append(all, fmt.Sprint(m.Phone, " ", m.State, " ", m.Rings, " ", m.Line))
		}
		if cursor = page.NextCursor; cursor == "" {
			slices.Sort(all)
			return all
		}
	}
}

// cluster sends to nodes at random, one of which is a process of its own that is killed meanwhile.
type cluster struct {
	t       *testing.T
	targets [3]atomic.Pointer[string]
	refused atomic.Int64
	slowest atomic.Int64 // in nanoseconds
}

// send delivers to any node that is there; a node that is dead is no refusal, one that answers anything
// but 200 is.
func (c *cluster) send(e sample, r *rand.Rand) {
	form := mango.NewForm(key, salt, string(e.JSON)).Values().Encode()
	for c.t.Context().Err() == nil {
		i := r.IntN(len(c.targets))
		status, err := c.try(i, e.Path, form)
		if err != nil {
			continue
		}
		if status == http.StatusOK {
			return
		}
		c.refused.Add(1)
		c.t.Errorf("%s answered %d", e.Path, status)
		return
	}
}

// try sends once. The third node is the one that is stopped and killed: nobody waits for it for long.
func (c *cluster) try(i int, path, form string) (int, error) {
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	if i == 2 {
		ctx, cancel = context.WithTimeout(c.t.Context(), time.Second)
	}
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, *c.targets[i].Load()+"/mango/"+strings.Trim(path, "/"), strings.NewReader(form))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	began := time.Now()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	for took := int64(time.Since(began)); took > c.slowest.Load(); {
		c.slowest.CompareAndSwap(c.slowest.Load(), took)
	}
	return resp.StatusCode, nil
}

// frozen is for how long a node stands still: longer than PostgreSQL lets it keep the others waiting.
const frozen = 6 * time.Second

// TestNodes_everyCallIsAsOnOneNode spreads the events of each call over three nodes on one PostgreSQL, at
// random, in parallel, out of order and doubled, while one of them has a clock that is three seconds
// ahead, and another stands still, goes on, is killed and started again: every
// call, entry and missed caller is as on one node that got them in order, nothing is refused, and in
// the end nobody is on a call.
func TestNodes_everyCallIsAsOnOneNode(t *testing.T) {
	t.Parallel()
	calls := 500
	if underRace || testing.Short() {
		calls = 60
	}
	dirs, _ := filepath.Glob("../mango/testdata/samples/flows/*")
	database := pgtest.URL(t)
	one, a := openSchool(t, "", ""), openSchool(t, database, "")
	// Its clock is three seconds ahead.
	b := a.another(server.Config{Database: database, Now: func() time.Time { return time.Now().Add(3 * time.Second) }})
	data := t.TempDir()
	copyKey(t, a.data, data)
	child, addr := startChild(t, data, crashDatabase+"="+database)
	t.Cleanup(func() {
		child.Process.Kill()
		child.Wait()
	})

	c := &cluster{t: t}
	for i, url := range []string{a.http.URL, b.http.URL, "http://" + addr} {
		c.targets[i].Store(&url)
	}
	for _, n := range []*school{a, b} { // a node that gives no sign of life for a minute is taken for dead
		go n.parts.Presence.Run(t.Context())
	}
	defer a.stay("101")()
	defer b.stay("102")()

	r := rand.New(rand.NewPCG(7, 7))
	var events []sample
	began := time.Now().Add(-time.Minute)
	const window = 20 // calls whose events are mixed
	for from := 0; from < calls; from += window {
		var some []sample
		for n := from; n < min(from+window, calls); n++ {
			flow, _ := readFlow(t, dirs[n%len(dirs)])
			for _, e := range asCall(t, flow, n, began) {
				one.mustDeliver(e.Path, string(e.JSON))
				some = append(some, e, e)
			}
		}
		r.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
		events = append(events, some...)
	}
	sent := time.Now()
	var next atomic.Int64
	quarter, half := make(chan struct{}), make(chan struct{})
	var senders sync.WaitGroup
	for w := range 12 {
		senders.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 1))
			for {
				i := int(next.Add(1)) - 1
				if i == len(events)/4 {
					close(quarter)
				}
				if i == len(events)/2 {
					close(half)
				}
				if i >= len(events) {
					return
				}
				c.send(events[i], r)
			}
		})
	}
	<-quarter
	child.Process.Signal(freeze)
	time.AfterFunc(frozen, func() { child.Process.Signal(thaw) })
	<-half
	child.Process.Signal(syscall.SIGKILL)
	child.Wait()
	child, addr = startChild(t, data, crashDatabase+"="+database)
	url := "http://" + addr
	c.targets[2].Store(&url)
	senders.Wait()
	t.Logf("%d calls, %d webhooks over 3 nodes in %s, %d refused, the slowest answer took %s",
		calls, len(events), time.Since(sent).Round(time.Millisecond), c.refused.Load(), time.Duration(c.slowest.Load()).Round(time.Millisecond))

	want, got := one.everyCall(t), a.everyCall(t)
	if len(got) != len(want) {
		t.Errorf("%d calls are known, want %d", len(got), len(want))
	}
	wrong := 0
	for k, w := range want {
		if got[k] != w {
			if wrong++; wrong <= 3 {
				t.Errorf("call %s is\n%s\nwant\n%s", k, got[k], w)
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d calls are wrong", wrong, len(want))
	}
	wantSame(t, "the feed", one.everyEntry(t), a.everyEntry(t))
	wantSame(t, "the missed", one.everyMissed(t), b.everyMissed(t))
	eventually(t, "101 and 102 to be free and all others offline", func() bool {
		people, err := b.api("105").Employees(t.Context())
		return err == nil && !slices.ContainsFunc(people, func(e client.Employee) bool {
			stays := e.Extension == "101" || e.Extension == "102"
			return stays != (e.Presence == client.PresenceFree) || !stays && e.Presence != client.PresenceOffline
		})
	})
}

func wantSame(t *testing.T, what string, want, got []string) {
	t.Helper()
	if slices.Equal(want, got) {
		return
	}
	t.Errorf("%s: %d on three nodes, %d on one", what, len(got), len(want))
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			t.Errorf("%s differs first in\n%s, want\n%s", what, got[i], want[i])
			return
		}
	}
}

// TestNodes_startTogetherOnAnEmptyDatabase: each brings the schema up to date, and none stumbles over another.
func TestNodes_startTogetherOnAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	url, sealKey := pgtest.URL(t), filepath.Join(t.TempDir(), "seal.key")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			p, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), Database: url, SealKey: sealKey, Version: "test"})
			if err != nil {
				t.Error(err)
				return
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestNodes_presenceFollowsTheStreamsOfAll: a node that starts marks nobody offline, one that is heard of
// no more takes its people with it, and gives them back when it goes on.
func TestNodes_presenceFollowsTheStreamsOfAll(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	var ahead atomic.Int64
	cfg := server.Config{Database: url, Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }}
	a := openSchoolWith(t, cfg, "")
	b := a.another(cfg)
	defer a.stay("101")()
	defer b.stay("102")()
	state := func(ext string) client.PresenceState {
		p, err := a.parts.Store.Presence(t.Context(), a.staff[ext].ID)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	eventually(t, "both to be there", func() bool { return state("101") == client.PresenceFree && state("102") == client.PresenceFree })
	c := a.another(cfg)
	if state("101") != client.PresenceFree || state("102") != client.PresenceFree {
		t.Errorf("a third node makes them %s and %s", state("101"), state("102"))
	}
	c.stay("101")()
	c.stay("103")()
	eventually(t, "103 to be gone with the stream", func() bool { return state("103") == client.PresenceOffline })
	if state("101") != client.PresenceFree {
		t.Errorf("101 is %s, the stream on the first node is still open", state("101"))
	}
	ahead.Store(int64(2 * time.Minute))
	a.chores()
	eventually(t, "102 to be gone with its silent node", func() bool { return state("102") == client.PresenceOffline })
	if state("101") != client.PresenceFree {
		t.Errorf("101 is %s on a node that lives", state("101"))
	}
	b.chores()
	eventually(t, "102 to be back once its node goes on", func() bool { return state("102") == client.PresenceFree })
}

// stay keeps a stream open until it is left.
func (s *school) stay(ext string) (leave func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	s.t.Cleanup(cancel)
	live, done := make(chan struct{}), make(chan struct{})
	var once sync.Once
	api := s.api(ext)
	go func() {
		defer close(done)
		api.Stream(ctx, client.StreamConfig{Handle: func(client.StreamEvent) {}, State: func(st client.StreamState) {
			if st.Live {
				once.Do(func() { close(live) })
			}
		}})
	}()
	<-live
	return func() {
		cancel()
		<-done
	}
}

// TestNodes_aCallerGivenToAColleagueIsOnNobodyElsesList: the stream of every node says so, and taking at the same
// moment leaves one owner.
func TestNodes_aCallerGivenToAColleagueIsOnNobodyElsesList(t *testing.T) {
	t.Parallel()
	cfg := server.Config{Database: pgtest.URL(t)}
	a := openSchoolWith(t, cfg, "")
	b := a.another(cfg)
	for i := range 5 {
		number := fmt.Sprintf("7914555020%d", i)
		a.ring(i+1, number, "101", false)
		given, taken := make(chan error, 1), make(chan error, 1)
		go func() {
			_, err := a.api("101").AddTask(t.Context(), client.NewTask{Phone: number, AssigneeID: a.staff["103"].ID})
			given <- err
		}()
		go func() { _, err := b.api("102").TakeMissed(t.Context(), number); taken <- err }()
		if err := <-given; err != nil {
			t.Fatal(err)
		}
		owner := "103"
		var p *client.Problem
		if err := <-taken; err == nil {
			owner = "102"
		} else if !asProblem(err, &p) || p.Code != "missed_taken" {
			t.Fatal(err)
		}
		for name, n := range map[string]*school{"a": a, "b": b} {
			if got := n.queue(); !strings.Contains(got, fmt.Sprintf("0%d taken 1 by %s", i, owner)) {
				t.Errorf("node %s: the queue is %q, want %s with %s", name, got, number, owner)
			}
		}
	}
}
