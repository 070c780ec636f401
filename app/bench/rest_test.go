//go:build linux

package bench

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/demo"
	"dozvon/app/stage"
	"dozvon/client"
)

const (
	// watched is how long a program's processor time is added up: its clock ticks 100 times a second.
	watched = 15 * time.Second
	// settles is how long a program has to come to rest.
	settles = 4 * time.Second
	// frees is how long a program has to give memory back: Fyne forgets what was not drawn for a minute, and
	// the app looks every quarter of one whether it has become quiet.
	frees = 2 * time.Minute
	// windowLimit is how long a window may take to come.
	windowLimit = time.Minute
	// looksAt is how often one looks for the tray icon.
	looksAt = 5 * time.Millisecond

	restForms   = 200
	restChanges = 100
	restCalls   = 1000
	// flatWithin is by how much memory may grow and still be flat.
	flatWithin = 1.05
	megabyte   = 1 << 20
	// restRoom is what the program may need beside the bare window.
	restRoom = 60 << 20
)

// atRest measures what the program costs while nobody touches it, beside a Fyne window with one line of
// text on the same desktop: the real program after a sign-in by script, by the figures of /proc.
func atRest(t *testing.T, b *bench) {
	d := openStage(t)
	floor := d.bareFyne(t, b)
	began := time.Now()
	icon := make(chan time.Duration, 1)
	go func() { icon <- d.untilTray(began) }()
	if err := d.StartAppAs(t.Context(), demo.Login); err != nil {
		t.Fatal(err)
	}
	tray := <-icon
	b.add(t, row{
		"start → tray icon", ms(tray), "a bare Fyne window seen: " + ms(floor.seen), factor(over(tray, floor.seen)),
		"≤ 1.5 s", tray > 0 && tray <= 1500*time.Millisecond,
	})
	app := d.AppPID()
	d.act(t, "show")
	shown, minimised, hidden := d.processor(t, app, "Dozvon", func() { d.act(t, "hide") })
	rest := d.memory(t, app)
	b.add(t, row{
		"processor, shown and untouched", percent(shown), "a bare Fyne window: " + percent(floor.shown), factor(shown / floor.shown),
		"≤ 1.5× the bare window", shown <= 1.5*floor.shown,
	})
	b.add(t, row{
		"processor, put away", fmt.Sprintf("hidden %s, minimised %s", percent(hidden), percent(minimised)),
		fmt.Sprintf("a bare Fyne window: hidden %s, minimised %s", percent(floor.hidden), percent(floor.minimised)),
		factor(max(hidden, minimised) / max(floor.hidden, floor.minimised)), "≤ 0.5 % of a core", max(hidden, minimised) <= 0.005,
	})
	b.add(t, row{
		"memory at rest, signed in", megabytes(rest), "a bare Fyne window: " + megabytes(floor.memory),
		factor(float64(rest) / float64(floor.memory)), "≤ the bare window + 60 MB", rest <= floor.memory+restRoom,
	})
	d.act(t, "show")
	d.use(t)
	used := d.memory(t, app)
	d.use(t)
	again := d.memory(t, app)
	b.add(t, row{
		fmt.Sprintf("memory after %d forms, %d changes of theme and language, %d calls, and the same again", restForms, restChanges, restCalls),
		megabytes(again), fmt.Sprintf("after the first of both: %s; before any: %s", megabytes(used), megabytes(rest)),
		factor(float64(again) / float64(used)), "± 5 %", float64(again) <= flatWithin*float64(used),
	})
}

// use is more than a day of a person: what is kept for good is kept of it twice as well as once. What was drawn in the
// last minute is Fyne's for that long, in maps that never become smaller than they were: so a hundred changes in half
// a minute leave more behind than a day of calls, and a second hundred leaves no more.
func (d *desk) use(t *testing.T) {
	t.Helper()
	d.openForms(t, restForms)
	d.change(t, restChanges)
	d.callOften(t, restCalls)
}

func percent(share float64) string { return fmt.Sprintf("%.2f %% of a core", 100*share) }

// floorOfRest is what a bare Fyne window costs.
type floorOfRest struct {
	seen                     time.Duration // from its start
	shown, minimised, hidden float64       // of a core
	memory                   int64
}

func (d *desk) bareFyne(t *testing.T, b *bench) floorOfRest {
	t.Helper()
	program := filepath.Join(b.dir, "bare")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "migrated_fynedo", "-ldflags", "-s -w", "-o", program, "./testdata/bare")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the bare window: %v: %s", err, out)
	}
	in, orders := io.Pipe()
	cmd := exec.Command(program)
	cmd.Stdin = in
	began := time.Now()
	p, err := d.Start("bare", cmd)
	if err != nil {
		t.Fatal(err)
	}
	d.window(t, "bare")
	f := floorOfRest{seen: time.Since(began)}
	f.shown, f.minimised, f.hidden = d.processor(t, p.PID(), "bare", func() { fmt.Fprintln(orders, "hide") })
	f.memory = resident(t, p.PID())
	orders.Close()
	p.Stop()
	return f
}

// processor is what a program with one window takes of a core while that is shown, minimised and
// hidden.
func (d *desk) processor(t *testing.T, pid int, name string, hide func()) (shown, minimised, hidden float64) {
	t.Helper()
	id := d.window(t, name)
	d.sit(t, settles)
	shown = d.ticked(t, pid)
	d.press(t, "windowminimize", id)
	d.sit(t, settles)
	minimised = d.ticked(t, pid)
	d.press(t, "windowactivate", "--sync", id)
	hide()
	d.sit(t, settles)
	return shown, minimised, d.ticked(t, pid)
}

// window waits for a window that is seen, and tells its X id.
func (d *desk) window(t *testing.T, name string) (id string) {
	t.Helper()
	limited, cancel := context.WithTimeout(t.Context(), windowLimit)
	defer cancel()
	err := stage.Until(limited, "the window of "+name, func() bool {
		out, err := d.Output(limited, "xdotool", "search", "--onlyvisible", "--name", "^"+name+"$")
		id = strings.TrimSpace(strings.Split(out, "\n")[0])
		return err == nil && id != ""
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (d *desk) press(t *testing.T, args ...string) {
	t.Helper()
	if _, err := d.Output(t.Context(), "xdotool", args...); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) act(t *testing.T, action ...string) {
	t.Helper()
	if err := d.Do(t.Context(), action...); err != nil {
		t.Fatal(err)
	}
}

// sit lets time pass: what is measured is what a program does while nothing happens.
func (d *desk) sit(t *testing.T, during time.Duration) {
	t.Helper()
	select {
	case <-time.After(during):
	case <-t.Context().Done():
		t.Fatal(t.Context().Err())
	}
}

func (d *desk) ticked(t *testing.T, pid int) float64 {
	t.Helper()
	before, began := d.ticks(t, pid), time.Now()
	d.sit(t, watched)
	const ticksASecond = 100 // USER_HZ of every Linux that Go runs on
	return float64(d.ticks(t, pid)-before) / ticksASecond / time.Since(began).Seconds()
}

// ticks are the processor's, in user and system mode: fields 14 and 15 of proc(5)'s stat.
func (d *desk) ticks(t *testing.T, pid int) int64 {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:])) // the name may hold blanks
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	if err := cmp.Or(err1, err2); err != nil {
		t.Fatal(err)
	}
	return user + system
}

// memory is what lies in the machine's memory of the app, once it has given back what it will.
func (d *desk) memory(t *testing.T, pid int) int64 {
	t.Helper()
	d.sit(t, frees)
	d.redial(t) // nothing was said for so long
	return resident(t, pid)
}

func resident(t *testing.T, pid int) int64 {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		var kilobytes int64
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes); n == 1 {
			return kilobytes << 10
		}
	}
	t.Fatalf("no VmRSS of process %d", pid)
	return 0
}

// untilTray waits for the program's icon in the tray; 0 means that none came.
func (d *desk) untilTray(began time.Time) time.Duration {
	for time.Since(began) < windowLimit {
		if _, _, ok := d.Tray.Icon(); ok {
			return time.Since(began)
		}
		time.Sleep(looksAt)
	}
	return 0
}

// openForms opens the dialler by its key, types into it and closes it by Escape, and opens the card of
// another client, each half of the times.
func (d *desk) openForms(t *testing.T, times int) {
	t.Helper()
	api, err := d.API(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	page, err := api.FindClients(t.Context(), client.CardQuery{})
	if err != nil || len(page.Items) == 0 {
		t.Fatalf("no clients: %v", err)
	}
	window := d.window(t, "Dozvon")
	for n := range times / 2 {
		d.act(t, "open", "client", page.Items[n%len(page.Items)].ID)
		d.press(t, "windowfocus", "--sync", window, "key", "ctrl+k", "type", "914555")
		d.press(t, "key", "Escape")
	}
}

// change goes through both themes and languages.
func (d *desk) change(t *testing.T, times int) {
	t.Helper()
	for range times / 4 {
		for _, to := range [][]string{{"theme", "dark"}, {"language", "en"}, {"theme", "light"}, {"language", "ru"}} {
			d.act(t, to...)
		}
	}
}

// callOften lets calls ring and go on to a colleague, who ends each before the next one comes.
func (d *desk) callOften(t *testing.T, times int) {
	t.Helper()
	d.redial(t) // nobody called while the app did other things
	numbers := []string{strings.TrimPrefix(demo.KnownNumber, "+"), strings.TrimPrefix(demo.UnknownNumber, "+")}
	for n := range times {
		c := d.ring(t, numbers[n%2])
		if n%50 == 0 {
			d.place(t, "ringing")
		}
		d.takeAway(t, c)
		d.hangUp(t, c)
	}
	limited, cancel := context.WithTimeout(t.Context(), windowLimit)
	defer cancel()
	err := d.UntilStatus(limited, "no card any more", func(s stage.Status) bool { return len(s.Cards) == 0 })
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}
