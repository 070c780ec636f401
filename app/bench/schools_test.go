//go:build linux

package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/app/server/store/registry"
	"dozvon/client"
)

const (
	// schoolDays is how many different days the schools have, schoolCalls how many calls each, schoolHours how long one is.
	schoolDays, schoolCalls, schoolHours = 5, 40, 9
	// schoolSenders are the PBXs' connections.
	schoolSenders = 64
	// quiet is how long nothing must happen in a school until what it does by itself is as rare as it becomes.
	quiet = 3 * time.Minute
	// probes are how many calls are followed to a screen.
	probes = 200
)

// installed is an installation of several schools that is served, each with one operator and a PBX's account.
type installed struct {
	all   *server.Installation
	addr  string
	names []string
	end   func()
}

// schooled measures an installation of many schools, each with a file of its own: what an open one takes, and a day of
// all their calls, compressed, beside the same of one.
func schooled(t *testing.T, b *bench) {
	n := *benchSchools
	if n == 0 {
		return
	}
	manyFiles(t, uint64(20*n+1000))
	alone := install(t, b, "school", 1)
	alone.openAll(t)
	floor := alone.shown(t)
	alone.end()

	s := install(t, b, "schools", n)
	before, goroutines, handles := resident(t, os.Getpid()), runtime.NumGoroutine(), handlesOpen(t)
	opening := s.openAll(t)
	per := func(now, then int64) float64 { return float64(now-then) / float64(n) }
	runtime.GC()
	memory := per(resident(t, os.Getpid()), before) / megabyte
	what := fmt.Sprintf("%d schools open, each a file", n)
	b.add(t, row{what + ": memory a school", fmt.Sprintf("%.2f MB", memory), "—", "—", "≤ 1.5 MB", memory <= 1.5})
	b.add(t, row{
		what + ": goroutines, handles a school", fmt.Sprintf("%.1f, %.1f", per(int64(runtime.NumGoroutine()), int64(goroutines)), per(int64(handlesOpen(t)), int64(handles))),
		"—", "—", "told", true,
	})
	b.add(t, row{"a closed school's first webhook answered", opening.String(), "—", "—", "p99 ≤ 100 ms", opening.p99() <= 100*time.Millisecond})
	time.Sleep(quiet)
	used, began := processor(t), time.Now()
	time.Sleep(watched)
	rest := float64((processor(t) - used).Microseconds()) / 1000 / time.Since(began).Seconds() / float64(n)
	b.add(t, row{what + ": processor at rest, a school", fmt.Sprintf("%.3f ms/s", rest), "—", "—", "≤ 0.2 ms/s", rest <= 0.2})
	shown := s.shown(t)
	b.add(t, row{
		what + ": webhook → screen", shown.String(), "one school alone: " + floor.String(), factor(over(shown.p99(), floor.p99())), "p99 ≤ 150 ms", shown.p99() <= 150*time.Millisecond,
	})
	acks, failed, share := s.day(t)
	b.add(t, row{
		fmt.Sprintf("%d schools × %d calls of %d h, %d times as fast: webhook acknowledged", n, schoolCalls, schoolHours, *benchSchoolsSpeed),
		fmt.Sprintf("%d webhooks, %s; %s; %d not taken", len(acks), acks, percent(share), failed), "—", "—", "all taken, p99 ≤ 1 s", failed == 0 && acks.p99() <= time.Second,
	})
	size := folderSize(t, filepath.Join(b.dir, "schools")) / int64(n)
	b.add(t, row{what + ": disk a school after that day", fmt.Sprintf("%.2f MB", float64(size)/megabyte), "—", "—", "told", true})
	began = time.Now()
	s.end()
	b.add(t, row{fmt.Sprintf("%d schools closed", n), ms(time.Since(began)), "—", "—", "≤ 10 s", time.Since(began) <= 10*time.Second})
}

// install makes and serves schools.
func install(t *testing.T, b *bench, name string, n int) *installed {
	t.Helper()
	cfg := server.Several{
		Config: server.Config{
			Listen: "127.0.0.1:0", Data: filepath.Join(b.dir, name), Version: "bench", PingEvery: time.Hour,
			PasswordCost: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		},
		Most: n + 1, Idle: 24 * time.Hour, Wake: 24 * time.Hour,
	}
	s := &installed{}
	for i := range n {
		s.names = append(s.names, fmt.Sprintf("school%d", i))
		furnish(t, cfg, s.names[i])
	}
	var err error
	if s.all, err = server.NewInstallation(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	l := listen(t)
	s.addr = l.Addr().String()
	srv := &http.Server{Handler: s.all, ReadHeaderTimeout: 10 * time.Second}
	go srv.Serve(l)
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.all.Run(ctx) })
	s.end = sync.OnceFunc(func() {
		stop()
		running.Wait()
		if err := errors.Join(s.all.Close(), srv.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(s.end)
	return s
}

// furnish makes one school.
func furnish(t *testing.T, cfg server.Several, name string) {
	t.Helper()
	if _, err := server.CreateSchool(t.Context(), cfg, registry.School{Name: name}); err != nil {
		t.Fatal(err)
	}
	p, err := server.Build(t.Context(), cfg.Of(name))
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Directory.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{
		Active: new(true), APIKey: new(name), APISalt: new(salt), APIURL: new("http://127.0.0.1:1/vpbx/"),
	})
	if err == nil {
		_, err = p.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{
			Name: new("Киреева Анна Сергеевна"), Login: new(login), Password: new(password), Role: new(client.RoleOperator), Extension: new("101"),
		})
	}
	if err := errors.Join(err, p.Close()); err != nil {
		t.Fatal(err)
	}
}

// requestOf is a webhook of a school's account.
func (w webhook) requestOf(school string) []byte {
	body := mango.NewForm(school, salt, w.payload).Values().Encode()
	return fmt.Appendf(nil, "POST /mango/%s HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		w.path, len(body), body)
}

// openAll lets each school be opened by its PBX.
func (s *installed) openAll(t *testing.T) (taken times) {
	t.Helper()
	pbx := dial(t, s.addr)
	for n, name := range s.names {
		request := summary(n, "101", caller(n), time.Now().Unix()-60).requestOf(name)
		began := time.Now()
		if err := pbx.send(request); err != nil {
			t.Fatal(err)
		}
		taken = append(taken, time.Since(began))
	}
	return taken
}

// shown follows calls from their webhook to a screen of their school.
func (s *installed) shown(t *testing.T) (taken times) {
	t.Helper()
	pbx := dial(t, s.addr)
	watchers := map[string]chan time.Time{}
	for _, name := range s.names[:min(len(s.names), 20)] {
		watchers[name] = s.watch(t, name)
	}
	for i := range probes {
		name := s.names[i%len(watchers)]
		n := 100_000_000 + i
		request := callEvent(n, 1, "101", caller(n), 1, mango.StateAppeared, time.Now().Unix(), 0).requestOf(name)
		began := time.Now()
		if err := pbx.send(request); err != nil {
			t.Fatal(err)
		}
		select {
		case at := <-watchers[name]:
			taken = append(taken, at.Sub(began))
		case <-time.After(time.Minute):
			t.Fatalf("%s shows no call", name)
		}
		if err := pbx.send(callEvent(n, 1, "101", caller(n), 2, mango.StateDisconnected, time.Now().Unix(), 1110).requestOf(name)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(restBetween)
		for len(watchers[name]) > 0 {
			<-watchers[name]
		}
	}
	return taken
}

// watch tells when a school's stream shows a call.
func (s *installed) watch(t *testing.T, name string) chan time.Time {
	t.Helper()
	in, err := client.New("http://"+s.addr, "").SignIn(t.Context(), client.SignIn{Login: login, Password: password, School: name})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.addr+"/api/v1/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+in.Token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	closing(t, resp.Body)
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, megabyte)
	if !lines.Scan() {
		t.Fatal("the stream does not begin")
	}
	seen := make(chan time.Time, 1000)
	go func() {
		for lines.Scan() {
			if lines.Text() == "event: call" {
				seen <- time.Now()
			}
		}
	}()
	return seen
}

// told is a webhook of a day, and how long after the day's beginning it comes.
type told struct {
	webhook
	after time.Duration
}

// playedDay is a day of a school by the practice PBX's generator.
func playedDay(t *testing.T, seed uint64) []told {
	t.Helper()
	start := time.Now().Add(-schoolHours * time.Hour).Unix()
	var mu sync.Mutex
	var all []told
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		w := webhook{strings.TrimPrefix(r.URL.Path, "/mango/"), r.PostFormValue("json")}
		var at struct {
			Timestamp int64 `json:"timestamp"`
			End       int64 `json:"end_time"`
		}
		if json.Unmarshal([]byte(w.payload), &at) != nil || max(at.Timestamp, at.End) == 0 {
			at.Timestamp = start // what has no time of its own comes with what came before
			if len(all) > 0 {
				at.Timestamp += int64(all[len(all)-1].after / time.Second)
			}
		}
		all = append(all, told{w, time.Duration(max(at.Timestamp, at.End)-start) * time.Second})
	}))
	defer target.Close()
	pbx := practice.New(practice.Config{Key: key, Salt: salt, Target: target.URL + "/mango", NoLimits: true})
	defer pbx.Close()
	day, err := pbx.Day(practice.DayRequest{Operators: 3, Calls: schoolCalls, Seed: seed, Start: start, Hours: schoolHours})
	if err == nil {
		err = errors.Join(day.Wait(t.Context()), pbx.Drain(t.Context()))
	}
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(all, func(a, b told) int { return int(a.after - b.after) })
	return all
}

// day plays a day in all schools, compressed. share is what that took of the processor.
func (s *installed) day(t *testing.T) (acks times, failed int64, share float64) {
	t.Helper()
	type job struct {
		due     time.Duration
		school  int
		webhook webhook
	}
	random := rand.New(rand.NewPCG(1, 2))
	var jobs []job
	for d := range schoolDays {
		one := playedDay(t, uint64(d+1))
		for i := d; i < len(s.names); i += schoolDays {
			late := time.Duration(random.Int64N(int64(10 * time.Minute)))
			for _, w := range one {
				jobs = append(jobs, job{(w.after + late) / time.Duration(*benchSchoolsSpeed), i, w.webhook})
			}
		}
	}
	slices.SortStableFunc(jobs, func(a, b job) int { return int(a.due - b.due) })
	acks = make(times, len(jobs))
	// A school's webhooks keep their order: each has one of the connections.
	queues := make([]chan int, schoolSenders)
	var group sync.WaitGroup
	var wrong atomic.Int64
	began := time.Now()
	for q := range queues {
		queues[q] = make(chan int, len(jobs))
		pbx := dial(t, s.addr)
		group.Go(func() {
			for n := range queues[q] {
				if err := pbx.send(jobs[n].webhook.requestOf(s.names[jobs[n].school])); err != nil {
					wrong.Add(1)
				}
				acks[n] = time.Since(began.Add(jobs[n].due))
			}
		})
	}
	used := processor(t)
	for n, j := range jobs {
		time.Sleep(time.Until(began.Add(j.due)))
		queues[j.school%schoolSenders] <- n
	}
	for _, q := range queues {
		close(q)
	}
	group.Wait()
	return acks, wrong.Load(), (processor(t) - used).Seconds() / time.Since(began).Seconds()
}

// processor is what this process has used of the processor.
func processor(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// handlesOpen is how many files and sockets this process has open.
func handlesOpen(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/" + strconv.Itoa(os.Getpid()) + "/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// folderSize is the size of all files below a folder.
func folderSize(t *testing.T, folder string) (size int64) {
	t.Helper()
	err := filepath.WalkDir(folder, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return size
}
