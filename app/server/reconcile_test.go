package server_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/app/server/store"
	"dozvon/client"
)

// TestReconcile_aDayWithLostWebhooksEndsWithThePBXsOwnList plays a day of a school while every
// fifth webhook is lost on the way, and compares what we know in the end with the PBX's own list.
func TestReconcile_aDayWithLostWebhooksEndsWithThePBXsOwnList(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, pbx := withPBXOf(t, server.Config{Database: url}, practice.Config{
			NoLimits: true, RecordEachEmployee: true, Faults: practice.Faults{Seed: 7, Drop: 0.2},
		})
		day, err := pbx.Day(practice.DayRequest{Operators: 5, Calls: 250, Seed: 11, Start: time.Now().Add(-2 * time.Hour).Unix(), Hours: 2})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		if err := day.Wait(ctx); err != nil {
			t.Fatal(err)
		}
		if err := pbx.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if lost := differences(s.known(t), pbx.List()); lost < 30 {
			t.Fatalf("only %d calls suffered: the day shows nothing", lost)
		}
		if err := s.parts.Reconciler.Reconcile(ctx, s.pbx.ID); err != nil {
			t.Fatal(err)
		}
		compareWithTruth(t, s.known(t), pbx.List())
		for _, c := range s.calls() {
			s.checkCourse(c.Phone, c)
		}
		all, err := s.parts.Directory.Integrations(ctx)
		if err != nil {
			t.Fatal(err)
		}
		r := all[0].Reconciled
		if r == nil || r.Calls != len(pbx.List()) || r.Restored == 0 || r.Error != "" || time.Since(r.Until) > time.Minute {
			t.Errorf("told %+v, want %d calls compared, some restored", r, len(pbx.List()))
		}
		s.wantCoverage(ctx)
		sequence, err := s.parts.Store.LastSequence(ctx)
		if err != nil {
			t.Fatal(err)
		}
		// A second comparison finds nothing, and tells no screen anything but its own end.
		if err := s.parts.Reconciler.Reconcile(ctx, s.pbx.ID); err != nil {
			t.Fatal(err)
		}
		rows, err := s.parts.Store.JournalAfter(ctx, sequence, 100)
		if err != nil || len(rows) != 1 || rows[0].Type != "integration" {
			t.Errorf("the second comparison wrote %d rows, %v", len(rows), err)
		}
		compareWithTruth(t, s.known(t), pbx.List())
	})
}

// TestReconcile_aDayKnownFromStatisticsAloneCreditsWhoTalked: not one webhook arrives.
func TestReconcile_aDayKnownFromStatisticsAloneCreditsWhoTalked(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{}, practice.Config{NoLimits: true, RecordEachEmployee: true, Faults: practice.Faults{Seed: 3, Drop: 1}})
	day, err := pbx.Day(practice.DayRequest{Operators: 5, Calls: 250, Seed: 11, Start: time.Now().Add(-2 * time.Hour).Unix(), Hours: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := day.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := pbx.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.parts.Reconciler.Reconcile(t.Context(), s.pbx.ID); err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, c := range pbx.List() {
		if len(c.Talked) > len(c.With) {
			asked++
		}
	}
	if asked == 0 {
		t.Fatal("nobody was only asked on this day: it shows nothing")
	}
	compareWithTruth(t, s.known(t), pbx.List())
}

// wantCoverage: the feed says how many of its calls the PBX confirmed, and that some were restored.
func (s *school) wantCoverage(ctx context.Context) {
	s.t.Helper()
	if err := s.parts.Directory.Reload(ctx); err != nil {
		s.t.Fatal(err)
	}
	now := time.Now()
	h, err := s.api("101").FeedHealth(ctx, now.Add(-3*time.Hour), now.Add(time.Hour))
	if err != nil || h.Calls < 100 || h.Confirmed != h.Calls || h.To.After(now.Add(time.Second)) {
		s.t.Errorf("the feed's health is %+v, %v; want every call confirmed", h, err)
	}
}

// TestFeedHealth_claimsNothingThatNoPBXConfirmed: a school without a PBX, or whose only one is off, has
// compared its calls with nobody.
func TestFeedHealth_claimsNothingThatNoPBXConfirmed(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	compared := func(when string) {
		now := time.Now()
		if h, err := s.api("101").FeedHealth(t.Context(), now.Add(-time.Hour), now); err != nil || h.To.After(h.From) {
			t.Errorf("%s: the feed claims to be compared until %v, %v", when, h.To, err)
		}
	}
	s.change(client.IntegrationInput{Active: ptr(false)})
	compared("switched off")
	if err := s.api("105").DeleteIntegration(t.Context(), s.pbx.ID); err != nil {
		t.Fatal(err)
	}
	compared("without a PBX")
}

func (s *school) known(t *testing.T) map[string]store.CallRecord {
	t.Helper()
	all, err := s.parts.Store.CallsSince(t.Context(), s.pbx.ID, time.Time{}, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	byKey := map[string]store.CallRecord{}
	for _, rec := range all {
		if _, twice := byKey[rec.Key]; twice {
			t.Errorf("call %s is known twice", rec.Key)
		}
		byKey[rec.Key] = rec
	}
	return byKey
}

func differences(known map[string]store.CallRecord, truth []practice.CallTruth) int {
	n := 0
	for _, c := range truth {
		if rec, ok := known[c.EntryID]; !ok || told(rec) != listed(c) {
			n++
		}
	}
	return n
}

func compareWithTruth(t *testing.T, known map[string]store.CallRecord, truth []practice.CallTruth) {
	t.Helper()
	if len(known) != len(truth) {
		t.Errorf("%d calls are known, the PBX lists %d", len(known), len(truth))
	}
	wrong := 0
	for _, want := range truth {
		rec, ok := known[want.EntryID]
		if !ok {
			t.Errorf("call %s of %s is not known", want.EntryID, want.Client)
			continue
		}
		got, list := told(rec), listed(want)
		if who := rec.Facts.View().Extension; want.Answered && who != want.With[len(want.With)-1] {
			t.Errorf("call %s: %s talked last, the PBX lists %v, of them with the client %v", want.EntryID, who, want.Talked, want.With)
		}
		if got != list {
			wrong++
			if wrong <= 5 {
				t.Errorf("call %s\n got %s\nwant %s", want.EntryID, got, list)
			}
		}
	}
	if wrong > 5 {
		t.Errorf("%d calls differ", wrong)
	}
}

// told and listed write a call in the same way, from our side and from the PBX's.
func told(rec store.CallRecord) string {
	v := rec.View
	shown := rec.Facts.View()
	var recordings []string
	for _, r := range shown.Recordings {
		recordings = append(recordings, r.ID)
	}
	slices.Sort(recordings)
	rang := slices.Clone(shown.Rang)
	slices.Sort(rang)
	talk := -1
	if v.TalkSeconds != nil {
		talk = *v.TalkSeconds
	}
	return fmt.Sprintf("%s %s %s line %s answered %v talk %d from %d rang %v recordings %d %v", v.State, v.Direction,
		strings.TrimPrefix(v.Phone, "+"), strings.TrimPrefix(v.Line, "+"), v.Result == client.Answered, talk, v.StartedAt.Unix(), rang, len(recordings), recordings)
}

func listed(c practice.CallTruth) string {
	direction := []client.Direction{client.Internal, client.In, client.Out}[c.Direction]
	rang := slices.Clone(c.Rang)
	slices.Sort(rang)
	recordings := slices.Clone(c.Recordings)
	slices.Sort(recordings)
	return fmt.Sprintf("ended %s %s line %s answered %v talk %d from %d rang %v recordings %d %v", direction,
		c.Client, strings.TrimPrefix(c.Line, "+"), c.Answered, c.TalkSeconds, c.Start, rang, len(recordings), recordings)
}
