//go:build linux

package soak

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"dozvon/app/practice"
	"dozvon/app/server/store"
	"dozvon/client"
)

// comparison is how much of a call a kind of PBX tells, and so how exactly it can be compared with the truth.
type comparison struct {
	// exact says that its events tell their own seconds; else a second more or less is nothing.
	exact bool
	// line says that they tell our line as the truth spells it.
	line bool
	// recordings compares theirs with the true ones; "": they fit.
	recordings func(ours, true []string) string
}

func sameIDs(ours, true []string) string {
	if slices.Equal(slices.Sorted(slices.Values(ours)), slices.Sorted(slices.Values(true))) {
		return ""
	}
	return fmt.Sprintf("recordings %q, not %q", ours, true)
}

// asMany is for kinds whose recordings have other names here than there.
func asMany(ours, true []string) string {
	if len(ours) == len(true) {
		return ""
	}
	return fmt.Sprintf("recordings %q, not %q", ours, true)
}

// noneMore is for a kind whose recordings are looked for, for minutes after a call.
func noneMore(ours, true []string) string {
	if len(ours) <= len(true) {
		return ""
	}
	return fmt.Sprintf("%d recordings, there were %d", len(ours), len(true))
}

// wrong tells in words what of a call is not as its PBX knows it.
func (c comparison) wrong(rec store.CallRecord, truth practice.CallTruth) []string {
	var all []string
	check := func(ok bool, format string, args ...any) {
		if !ok {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	v, facts := rec.View, rec.Facts.View()
	check(v.State == client.StateEnded, "state %s", v.State)
	check(!v.Unconfirmed, "its end was never told")
	direction := []client.Direction{client.Internal, client.In, client.Out}[truth.Direction]
	check(v.Direction == direction, "direction %s, not %s", v.Direction, direction)
	check(strings.TrimPrefix(v.Phone, "+") == truth.Client, "number %q, not %q", v.Phone, truth.Client)
	check(!c.line || strings.TrimPrefix(v.Line, "+") == strings.TrimPrefix(truth.Line, "+"), "line %q, not %q", v.Line, truth.Line)
	check((v.Result == client.Answered) == truth.Answered, "result %s, answered %t", v.Result, truth.Answered)
	slack := int64(1)
	if c.exact {
		slack = 0
		check(v.StartedAt.Unix() == truth.Start, "began at %d, not %d", v.StartedAt.Unix(), truth.Start)
	}
	talk := int64(0)
	if v.TalkSeconds != nil {
		talk = int64(*v.TalkSeconds)
	}
	check(max(talk-truth.TalkSeconds, truth.TalkSeconds-talk) <= slack, "talked for %d s, not %d", talk, truth.TalkSeconds)
	rang := slices.Sorted(slices.Values(facts.Rang))
	check(slices.Equal(rang, slices.Sorted(slices.Values(truth.Rang))), "rang %v, not %v", rang, truth.Rang)
	if truth.Answered && len(truth.With) > 0 {
		who := facts.Extension
		check(slices.Contains(truth.With, who) && (!c.exact || who == truth.With[len(truth.With)-1]), "%q talked, not %v", who, truth.With)
	}
	var recordings []string
	for _, r := range facts.Recordings {
		recordings = append(recordings, r.ID)
	}
	if fault := c.recordings(recordings, truth.Recordings); truth.Answered && fault != "" {
		all = append(all, fault)
	}
	return all
}

// result is what the comparison of a whole school found.
type result struct {
	calls, bound, restored, entries, recordings int
	differences                                 []string
}

func (r *result) differ(format string, args ...any) {
	r.differences = append(r.differences, fmt.Sprintf(format, args...))
}

// compare compares everything that the database keeps with what the PBXs know. It reads beside the running server.
func (s *school) compare(ctx context.Context) (*result, error) {
	db, err := store.Open(ctx, "sqlite://"+s.program.data+"/dozvon.db", time.Now)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	r := &result{}
	byID := map[string]store.CallRecord{}
	for _, p := range s.pbxs {
		known, err := db.CallsSince(ctx, p.integration.ID, time.Time{}, 1_000_000)
		if err != nil {
			return nil, err
		}
		for _, rec := range known {
			byID[rec.ID] = rec
		}
		s.comparePBX(r, p, known)
	}
	if err := s.compareFeed(ctx, r, byID); err != nil {
		return nil, err
	}
	s.reader.compare(r)
	return r, nil
}

func (s *school) comparePBX(r *result, p *pbx, known []store.CallRecord) {
	truths := p.List()
	byKey, real := map[string]store.CallRecord{}, map[string]bool{}
	for _, truth := range truths {
		real[truth.EntryID] = true
		for _, alias := range truth.Aliases {
			real[alias] = true
		}
	}
	for _, rec := range known {
		if _, twice := byKey[rec.Key]; twice {
			r.differ("%s: the call %s is known twice", p.Kind(), rec.Key)
		}
		byKey[rec.Key] = rec
		if v := rec.View; !real[rec.Key] {
			r.differ("%s: there was no call %s (%s) of %q, began %s, %s %s, restored %t; there are%s", p.Kind(), rec.Key, rec.ID, v.Phone, v.StartedAt.Format(time.TimeOnly), v.State, v.Result, v.Restored, sameNumber(rec, known))
		}
	}
	if len(known) != len(truths) {
		r.differ("%s: %d calls are known, there were %d", p.Kind(), len(known), len(truths))
	}
	for _, truth := range truths {
		rec, ok := byKey[truth.EntryID]
		for _, alias := range truth.Aliases {
			if !ok {
				rec, ok = byKey[alias]
			}
		}
		if !ok {
			r.differ("%s: the call %s of %q is not known", p.Kind(), truth.EntryID, truth.Client)
			continue
		}
		r.calls++
		r.recordings += len(rec.View.Recordings)
		if rec.View.Restored {
			r.restored++
		}
		wrong := p.compares.wrong(rec, truth)
		if len(wrong) > 0 {
			wrong = append(wrong, fmt.Sprintf("began %s, truly %s", rec.View.StartedAt.Format(time.TimeOnly), time.Unix(truth.Start, 0).UTC().Format(time.TimeOnly)))
		}
		if want := s.cards[truth.Client]; rec.Subject.ID != want {
			wrong = append(wrong, fmt.Sprintf("bound to %q, not to %q", rec.Subject.ID, want))
		} else if want != "" {
			r.bound++
		}
		if len(wrong) > 0 {
			r.differ("%s: the call %s of %q, %s (%s): %s", p.Kind(), truth.EntryID, truth.Client, rec.ID, p.scenarioOf(truth.EntryID), strings.Join(wrong, "; "))
		}
	}
}

// sameNumber tells of the other calls of a call's number.
func sameNumber(of store.CallRecord, known []store.CallRecord) string {
	var b strings.Builder
	for _, rec := range known {
		if v := rec.View; v.Phone == of.View.Phone && rec.ID != of.ID {
			fmt.Fprintf(&b, " %s, began %s, %s, listed %t, parts %+v;", rec.Key, v.StartedAt.Format(time.TimeOnly), v.Result, rec.Facts.View().Listed, rec.Facts.Parts())
		}
	}
	return b.String()
}

// compareFeed reads the whole feed through the API: each call with the outside has one entry, and that says the same.
func (s *school) compareFeed(ctx context.Context, r *result, calls map[string]store.CallRecord) error {
	entries := map[string]int{}
	cursor := ""
	for {
		page, err := s.api.Feed(ctx, client.FeedQuery{Limit: 500, Cursor: cursor})
		if err != nil {
			return fmt.Errorf("reading the feed: %w", err)
		}
		for _, e := range page.Items {
			if e.CallID == "" {
				continue
			}
			r.entries++
			entries[e.CallID]++
			rec, ok := calls[e.CallID]
			if !ok {
				r.differ("the feed tells of the call %s, which is not known", e.CallID)
				continue
			}
			subject := ""
			if e.Subject != nil {
				subject = e.Subject.ID
			}
			if e.Result != rec.View.Result || subject != rec.Subject.ID || e.Phone != rec.View.Phone {
				r.differ("the feed tells of %s: %s, %q, %s; the call is %s, %q, %s", e.CallID, e.Result, subject, e.Phone, rec.View.Result, rec.Subject.ID, rec.View.Phone)
			}
			s.reader.want(r, e.ID, e.Result)
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	for _, id := range slices.Sorted(maps.Keys(calls)) {
		want := 1
		if calls[id].View.Direction == client.Internal {
			want = 0
		}
		if n := entries[id]; n != want {
			r.differ("the call %s has %d entries in the feed, not %d", id, n, want)
		}
	}
	return nil
}
