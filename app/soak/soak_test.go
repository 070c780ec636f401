//go:build linux

package soak

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/client"
)

var (
	soakLasts  = flag.Duration("soak", 0, "play for so long")
	soakOut    = flag.String("soak-out", "", "write what was seen to this file")
	soakServer = flag.String("soak-server", "", "the server program; built anew unless told")
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	if spec := os.Getenv(clockServer); spec != "" {
		os.Exit(runWithClock(spec))
	}
	flag.Parse()
	code := m.Run()
	if builtIn != "" {
		os.RemoveAll(builtIn)
	}
	os.Exit(code)
}

// TestSoak is make soak.
func TestSoak(t *testing.T) {
	if *soakLasts == 0 {
		t.Log("nothing played: run make soak, or give -args -soak 60m -soak-out FILE")
		return
	}
	if *soakLasts < 2*time.Minute {
		t.Fatalf("-soak %s is too short to see anything grow: 2m at least", *soakLasts)
	}
	soak := newSoak(t, pace{
		lasts: *soakLasts, day: 2 * time.Minute, callsAMinute: 100, kills: 12 * time.Second, cuts: 2 * time.Second, full: 8 * time.Second, jump: 4 * time.Second,
		megabytes: 256 + 24*int(soakLasts.Minutes()),
	})
	soak.run()
	if soak.found != nil && soak.found.calls < 100 {
		t.Errorf("only %d calls: nothing is shown", soak.found.calls)
	}
	report := soak.report()
	t.Logf("\n%s", report)
	if *soakOut != "" {
		if err := os.WriteFile(*soakOut, []byte(report), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestServer_daysUnderFaultsAreAsThePBXsKnowThem is the short form of make soak.
func TestServer_daysUnderFaultsAreAsThePBXsKnowThem(t *testing.T) {
	t.Parallel()
	soak := newSoak(t, pace{
		lasts: 16 * time.Second, day: 4 * time.Second, callsAMinute: 300, kills: 2 * time.Second, cuts: 500 * time.Millisecond, full: time.Second, jump: 500 * time.Millisecond,
		megabytes: 128,
	})
	soak.run()
	if soak.found != nil && soak.found.calls < 50 {
		t.Errorf("only %d calls: nothing is shown", soak.found.calls)
	}
}

// pace is how a soak is played.
type pace struct {
	lasts        time.Duration
	day          time.Duration // of a school's day, compressed
	callsAMinute int           // through each PBX
	kills, cuts  time.Duration // about how far apart they are
	full, jump   time.Duration // how long the disk is full, and how long a wrong clock stays
	megabytes    int           // of the disk
}

// soak is one that is played.
type soak struct {
	pace
	t       *testing.T
	school  *school
	began   time.Time
	figures figures

	days, killed, jumps, fulls, visits atomic.Int64
	longLife                           int
	found                              *result
	heard                              int
	rows                               []string // of growth
}

func newSoak(t *testing.T, p pace) *soak {
	return &soak{pace: p, t: t, school: openSchool(t, p.megabytes), began: time.Now()}
}

// run plays it, lets all settle, and compares.
func (k *soak) run() {
	k.t.Helper()
	ctx := k.t.Context()
	reading, endReading := context.WithCancel(ctx)
	var readers sync.WaitGroup
	readers.Go(func() { k.school.screens.Stream(reading, client.StreamConfig{Handle: k.school.reader.handle}) })
	defer readers.Wait()
	defer endReading()
	if err := errors.Join(k.school.addCards(ctx, 0), k.school.misbehave(true)); err != nil {
		k.t.Fatal(err)
	}
	k.play(ctx)
	rows, grown := k.figures.growth(k.longLife)
	k.rows = rows
	for _, g := range grown {
		k.t.Error(g)
	}
	if err := k.school.misbehave(false); err != nil {
		k.t.Fatal(err)
	}
	k.compare(ctx)
	k.listen(ctx)
	k.examine(ctx)
}

// play lets days pass on all PBXs while the server suffers: at first it is killed over and over, then it lives on.
func (k *soak) play(ctx context.Context) {
	k.t.Helper()
	playing, end := context.WithCancel(ctx)
	defer end()
	var beside sync.WaitGroup
	beside.Go(func() { k.figures.follow(playing, k.school.program, k.began, max(100*time.Millisecond, k.lasts/1000)) })
	beside.Go(func() { k.visits.Store(int64(visitors(playing, k.school.screens, 4, k.school.reader))) })
	beside.Go(func() { k.cut(playing) })
	var days sync.WaitGroup
	for _, p := range k.school.pbxs {
		days.Go(func() { k.playDays(ctx, p) })
	}
	k.storm(ctx)
	if err := k.untilCards(ctx); err != nil {
		k.t.Error(err)
	}
	k.liveLong(ctx)
	days.Wait()
	end()
	beside.Wait()
}

// playDays plays one day after another, the last one as long as there is time.
func (k *soak) playDays(ctx context.Context, p *pbx) {
	for n := uint64(1); ; n++ {
		lasts := min(k.day, k.lasts-time.Since(k.began))
		if lasts < k.day/4 {
			return
		}
		if err := p.play(ctx, max(1, int(float64(k.callsAMinute)*lasts.Minutes())), lasts, n); err != nil {
			k.t.Errorf("playing day %d of %s: %v", n, p.Kind(), err)
			return
		}
		k.days.Add(1)
	}
}

// untilCards makes more clients, whose numbers have called before.
func (k *soak) untilCards(ctx context.Context) error {
	if err := k.school.addCards(ctx, 3); err != nil {
		return fmt.Errorf("after the kills: %w", err)
	}
	return nil
}

// cut breaks connections off, again and again.
func (k *soak) cut(ctx context.Context) {
	for pause(ctx, k.around(k.cuts)) {
		k.school.front.cut(0.2)
	}
}

// storm kills the server again and again, for half of the time. Each third life is one with a clock that jumps.
func (k *soak) storm(ctx context.Context) {
	k.t.Helper()
	p := k.school.program
	for n := 1; time.Since(k.began) < k.lasts/2 && pause(ctx, k.around(k.kills)); n++ {
		p.kill()
		k.killed.Add(1)
		pause(ctx, rand.N(k.kills/4)) // a crash is not noticed at once
		var err error
		if n%3 == 0 {
			if err = p.startWithClock(ctx); err == nil {
				k.jump(ctx)
				p.kill()
				k.killed.Add(1)
				err = p.start(ctx)
			}
		} else {
			err = p.start(ctx)
		}
		if err != nil {
			k.t.Fatal(err)
		}
	}
}

// jump lets the server's clock be wrong, ahead and behind.
func (k *soak) jump(ctx context.Context) {
	for _, off := range []time.Duration{2 * time.Hour, -2 * time.Hour, 10 * time.Minute, 0} {
		k.school.program.setClock(off)
		k.jumps.Add(1)
		pause(ctx, k.pace.jump)
	}
}

// liveLong lets the server live for the other half, in which the disk is full now and then.
func (k *soak) liveLong(ctx context.Context) {
	k.t.Helper()
	p := k.school.program
	p.mu.Lock()
	k.longLife = p.lives
	p.mu.Unlock()
	for _, share := range []float64{0.6, 0.75} {
		pause(ctx, time.Duration(share*float64(k.lasts))-time.Since(k.began))
		if k.school.disk == "" {
			continue
		}
		if err := k.fullDisk(ctx); err != nil {
			k.t.Errorf("a full disk: %v", err)
		}
	}
	pause(ctx, k.lasts-time.Since(k.began))
}

// fullDisk takes all room away for a while; the server must say so, and be ready again afterwards.
func (k *soak) fullDisk(ctx context.Context) error {
	giveBack, err := k.school.fillDisk()
	if err != nil {
		return err
	}
	pause(ctx, k.full)
	status, told := k.school.program.readiness(ctx)
	giveBack()
	k.fulls.Add(1)
	if status != http.StatusServiceUnavailable || !strings.Contains(told, "disk_full") {
		return fmt.Errorf("/readyz answers %d, %s", status, told)
	}
	return k.school.program.untilReady(ctx, nil)
}

// compareLimit is for how long what is told may still change: a call of a PBX that tells no last word ends when nothing
// was heard of it for a minute.
const compareLimit = 5 * time.Minute

func (k *soak) compare(ctx context.Context) {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, compareLimit)
	defer cancel()
	if err := k.school.settle(ctx); err != nil {
		k.t.Fatal(err)
	}
	for {
		found, err := k.school.compare(ctx)
		if err == nil {
			k.found = found
		}
		if err == nil && len(found.differences) == 0 {
			return
		}
		if !pause(ctx, time.Second) {
			k.t.Errorf("reading what the server keeps: %v", err)
			break
		}
	}
	if k.found == nil {
		return
	}
	for n, d := range k.found.differences {
		if n == 20 {
			k.t.Errorf("and %d more", len(k.found.differences)-n)
			break
		}
		k.t.Error(d)
	}
}

// listen asks for some recordings, as people do.
func (k *soak) listen(ctx context.Context) {
	k.t.Helper()
	page, err := k.school.api.Feed(ctx, client.FeedQuery{Limit: 200})
	if err != nil {
		k.t.Errorf("reading the feed: %v", err)
		return
	}
	for _, e := range page.Items {
		if k.heard == 20 || e.Recording == nil || !e.Recording.Ready {
			continue
		}
		resp, err := k.school.api.Recording(ctx, e.CallID, 0)
		if err != nil {
			k.t.Errorf("the recording of %s: %v", e.CallID, err)
			continue
		}
		n, err := io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if err != nil || n < 1000 {
			k.t.Errorf("the recording of %s: %d bytes, %v", e.CallID, n, err)
		}
		k.heard++
	}
	if k.heard == 0 {
		k.t.Error("there is no recording to hear")
	}
}

// examine asks the program's own doctor.
func (k *soak) examine(ctx context.Context) {
	k.t.Helper()
	p := k.school.program
	out, err := p.run(ctx, "", "doctor", "--listen", p.listen, "--public-url", p.publicURL, "--allow-local-pbx", "--recordings", "archive")
	if err != nil || strings.Contains(out, "FAIL") {
		k.t.Errorf("the doctor: %v\n%s", err, out)
	}
}

// around is a random time about as long as d.
func (k *soak) around(d time.Duration) time.Duration { return d/2 + rand.N(d) }

// pause lets d pass; false: ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(max(d, 0))
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// report is what make soak writes.
func (k *soak) report() string {
	var b strings.Builder
	verdict := "nothing differs, nothing grows"
	if k.t.Failed() {
		verdict = "FAILED, see the test's output"
	}
	fmt.Fprintf(&b, "# Soak of %s: %s\n\n", k.lasts, verdict)
	fmt.Fprintf(&b, "%d days of three PBXs; the server was killed %d times, %d connections were cut, its clock jumped %d times, the disk was full %d times, %d readers came and went, one stayed.\n",
		k.days.Load(), k.killed.Load(), k.school.front.cuts(), k.jumps.Load(), k.fulls.Load(), k.visits.Load())
	if k.school.noDisk != "" {
		fmt.Fprintf(&b, "Without full disks: %s.\n", k.school.noDisk)
	}
	if f := k.found; f != nil {
		fmt.Fprintf(&b, "\n%d calls compared with their PBXs (%d of them had to be restored from lists, %d bound to cards), %d entries of the feed, %d recordings, %d of them heard; %d differences. The reader that stayed was told of %d events.\n",
			f.calls, f.restored, f.bound, f.entries, f.recordings, k.heard, len(f.differences), k.school.reader.events)
	}
	b.WriteString("\n## From the middle to the end of the longest life\n\n| what | middle third | last third | |\n|---|---|---|---|\n")
	b.WriteString(strings.Join(k.rows, "\n"))
	b.WriteString("\n\n## Over time\n\n" + k.figures.table())
	return b.String()
}
