package day_test

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/day"
	"dozvon/app/practice/sim"
	"dozvon/app/practice/staff"
)

// played is a PBX that only notes what it shall play.
type played struct {
	life  *practice.Life
	mu    sync.Mutex // guards calls
	calls []string
}

func (p *played) pbx() day.PBX {
	return day.PBX{
		Kind: day.Kind{
			Mix:  []day.Share{{Scenario: "answered", Share: 600}, {Scenario: "missed", Share: 300}, {Scenario: "internal", Share: 100}},
			Lost: []string{"missed"}, Lines: []string{"74950000001"},
			Traits: func(scenario string) day.Traits {
				direction := map[string]int{"internal": practice.Internal, "outbound": practice.Outbound, "outbound-missed": practice.Outbound}
				if d, ok := direction[scenario]; ok {
					return day.Traits{Direction: d}
				}
				return day.Traits{Direction: practice.Inbound}
			},
		},
		Staff: staff.New(staff.Config{Make: func(extension string) staff.Employee { return staff.Employee{Extension: extension} }}),
		Now:   time.Now, Background: p.life.Background, Log: slog.New(slog.DiscardHandler),
		Begin: func(c day.Call, clock func() sim.Clock, done func()) (string, error) {
			if c.Request.Scenario == "internal" {
				return "", practice.ErrNumber // what cannot be played is left out
			}
			own := clock()
			p.life.Background(func() {
				defer done()
				defer own.Done()
				own.Begin(p.life.Closed())
				p.mu.Lock()
				p.calls = append(p.calls, fmt.Sprint(own.Now().Unix(), c.Request))
				p.mu.Unlock()
				sim.Sleep(p.life.Context(), own, c.Timing.Talk)
			})
			return c.Request.From, nil
		},
	}
}

func play(t *testing.T, r day.Request) ([]string, *day.Day) {
	t.Helper()
	p := &played{life: practice.NewLife()}
	t.Cleanup(p.life.Close)
	d, err := day.Play(p.life.Context(), p.pbx(), r)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p.calls, d
}

func TestPlay_isItsSeed(t *testing.T) {
	t.Parallel()
	request := day.Request{Operators: 4, Calls: 150, Seed: 5, Start: 1760000000}
	first, d := play(t, request)
	second, _ := play(t, request)
	if !slices.Equal(first, second) {
		t.Error("the same seed played two days")
	}
	request.Seed = 6
	if other, _ := play(t, request); slices.Equal(first, other) {
		t.Error("another seed played the same day")
	}
	if d.Planned() != 150 || len(d.Entries()) != len(first) || len(first) >= 150 || len(first) < 120 {
		t.Errorf("planned %d, began %d, played %d", d.Planned(), len(d.Entries()), len(first))
	}
	outbound := 0
	for _, call := range first {
		if strings.Contains(call, "outbound") {
			outbound++
		}
	}
	if outbound == 0 {
		t.Error("nobody who was lost was called back")
	}
}

func TestPlay_aSpeedPassesInRealTime(t *testing.T) {
	t.Parallel()
	calls, _ := play(t, day.Request{Operators: 2, Calls: 5, Seed: 1, Speed: 1e6, Hours: 1})
	// Calls of one second, as a coarse clock has many, come in any order.
	seconds := func(a, b string) int { return strings.Compare(a[:strings.Index(a, "{")], b[:strings.Index(b, "{")]) }
	if len(calls) == 0 || !slices.IsSortedFunc(calls, seconds) {
		t.Errorf("played %v", calls)
	}
}

func TestPlay_endsWithThePBX(t *testing.T) {
	t.Parallel()
	p := &played{life: practice.NewLife()}
	if _, err := day.Play(p.life.Context(), p.pbx(), day.Request{Operators: 2, Calls: 5, Speed: 1}); err != nil {
		t.Fatal(err)
	}
	p.life.Close()
	if _, err := day.Play(p.life.Context(), p.pbx(), day.Request{Operators: 2, Calls: 5}); err == nil {
		t.Error("a closed PBX plays a day")
	}
}

func TestRequest_namesEveryWrongField(t *testing.T) {
	t.Parallel()
	err := day.Request{Operators: 0, Calls: 1e6, Hours: 30, Speed: -1, Start: -5}.Validate()
	for _, want := range []string{"operators is 0", "calls is 1000000", "hours is 30", "speed is -1", "start is -5"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
}
