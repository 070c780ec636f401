package mango_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
)

const dayStart = 1760000000 // 2025-10-09 11:53:20 in Moscow

// playDay plays a day at once and waits until everything has been delivered.
func playDay(t *testing.T, s *server, r practice.DayRequest) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	day, err := s.pbx.Day(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := day.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.pbx.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	if got := len(day.Entries()); got != r.Calls || day.Planned() != r.Calls {
		t.Fatalf("%d calls of %d planned, want %d", got, day.Planned(), r.Calls)
	}
}

func TestDay_summariesAreThePBXsOwnList(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{FirstID: 1000})
	playDay(t, s, practice.DayRequest{Operators: 8, Calls: 300, Seed: 7, Start: dayStart})
	summaries := map[string]mango.Summary{}
	added := map[string]int{}
	for _, w := range s.received() {
		switch e := w.event.(type) {
		case mango.Summary:
			summaries[string(e.EntryID)] = e
		case mango.RecordAdded:
			added[string(e.EntryID)]++
		}
	}
	list := s.pbx.List()
	if len(list) != 300 || len(summaries) != 300 {
		t.Fatalf("%d in the list, %d summaries, want 300 of each", len(list), len(summaries))
	}
	for _, c := range list {
		e := summaries[c.EntryID]
		talk := int64(0)
		if e.TalkTime > 0 {
			talk = int64(e.EndTime - e.TalkTime)
		}
		if int(e.Direction) != c.Direction || e.Answered() != c.Answered || talk != c.TalkSeconds ||
			int(e.DisconnectReason) != c.Reason || int64(e.CreateTime) != c.Start || int64(e.EndTime) != c.End ||
			added[c.EntryID] != len(c.Recordings) {
			t.Errorf("list %+v\nsummary %+v with %d recordings", c, e, added[c.EntryID])
		}
		if c.Answered && (c.TalkSeconds < 10 || len(c.Talked) == 0) {
			t.Errorf("an answered call without a plausible talk: %+v", c)
		}
		if c.Start < dayStart || c.End > dayStart+12*60*60+60*60 {
			t.Errorf("outside its day: %+v", c)
		}
	}
}

func TestDay_isItsSeeds(t *testing.T) {
	t.Parallel()
	play := func(seed uint64) []byte {
		s := start(t, practice.Config{FirstID: 1000})
		playDay(t, s, practice.DayRequest{Operators: 6, Calls: 60, Seed: seed, Start: dayStart})
		var all []json.RawMessage
		for _, w := range s.received() {
			all = append(all, w.raw)
		}
		raw, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	first := play(1)
	if !slices.Equal(first, play(1)) {
		t.Error("one seed gave two days")
	}
	if slices.Equal(first, play(2)) {
		t.Error("two seeds gave one day")
	}
}

func TestDay_isLikeASchools(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{})
	playDay(t, s, practice.DayRequest{Operators: 12, Calls: 300, Seed: 3, Start: dayStart})
	if got := len(s.pbx.Employees()); got != 12 {
		t.Errorf("%d employees, want 12", got)
	}
	var answered, calledBack int
	directions, missed := map[int]int{}, map[string]bool{}
	for _, c := range s.pbx.List() {
		directions[c.Direction]++
		switch {
		case c.Answered:
			answered++
		case c.Direction == int(mango.DirectionInbound):
			missed[c.Client] = true
		}
		if c.Direction == int(mango.DirectionOutbound) && missed[c.Client] {
			calledBack++
		}
	}
	if answered < 180 || answered > 270 {
		t.Errorf("%d of 300 answered, want most of them", answered)
	}
	if directions[0] == 0 || directions[2] < 20 || directions[1] < 180 {
		t.Errorf("directions %v, want all three, most of them inbound", directions)
	}
	if calledBack < 10 {
		t.Errorf("%d missed clients called back, want some", calledBack)
	}
}

func TestDay_atASpeedPassesInItsOwnTime(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{})
	playDay(t, s, practice.DayRequest{Operators: 3, Calls: 5, Seed: 1, Start: dayStart, Hours: 1, Speed: 20_000})
	for _, c := range s.pbx.List() {
		if c.Start < dayStart || c.Start > dayStart+60*60+60 {
			t.Errorf("outside its day: %+v", c)
		}
	}
}

func TestDay_refusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{})
	_, err := s.pbx.Day(practice.DayRequest{Operators: 0, Calls: -1, Speed: -1, Hours: 25, Start: -1})
	if !errors.Is(err, practice.ErrConfig) {
		t.Fatalf("got %v", err)
	}
	for _, field := range []string{"operators", "calls", "speed", "hours", "start"} {
		if !strings.Contains(err.Error(), field) {
			t.Errorf("%v does not name %s", err, field)
		}
	}
}

func TestClose_endsADay(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{})
	for _, speed := range []float64{0, 1} {
		if _, err := s.pbx.Day(practice.DayRequest{Operators: 3, Calls: 2000, Speed: speed}); err != nil {
			t.Fatal(err)
		}
	}
	closed := make(chan struct{})
	go func() {
		s.pbx.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(patience):
		t.Error("Close waits for the whole day")
	}
}

// A command wakes a call while the simulation jumps on: whoever wins, the day must come to its end.
func TestDay_survivesCommandsInBetween(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{NoLimits: true})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	day, err := s.pbx.Day(practice.DayRequest{Operators: 5, Calls: 150, Seed: 11, Start: dayStart})
	if err != nil {
		t.Fatal(err)
	}
	// Not for ever: each reroute makes its call longer, and where webhooks are slow, nobody would get to the end.
	for left, over := 400, false; left > 0 && !over; {
		select {
		case <-day.Done():
			over = true
		case <-ctx.Done():
			t.Fatal("the day does not end")
		default:
		}
		calls := s.pbx.Calls()
		for _, c := range calls[max(0, len(calls)-3):] {
			if len(c.Legs) == 0 || c.Ended {
				continue
			}
			id := mango.Text(c.Legs[len(c.Legs)-1].CallID)
			s.command(mango.PathRoute, mango.RouteRequest{CommandID: "r", CallID: id, ToNumber: "102"})
			s.command(mango.PathHold, hold("h", id, "101"))
			s.command(mango.PathTransfer, consult("t", id, "103"))
			s.command(mango.PathHangup, mango.HangupRequest{CommandID: "x", CallID: id})
			left -= 4
		}
	}
	if err := day.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.pbx.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	if got := summaries(s.received()); got != 150 {
		t.Errorf("%d summaries, want 150", got)
	}
}
