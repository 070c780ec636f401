package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/client"
	"dozvon/client/mornings"
)

// slow is a PBX that does not hand recordings over until it is told to.
type slow struct {
	*plain
	ready atomic.Bool
	never string        // the one that is not ready for all that
	rest  chan struct{} // of each, the end comes when it is closed; nil: at once
	looks atomic.Int32  // so often a recording was looked for
}

func (p *slow) Recording(ctx context.Context, id string, from int64) (pbx.Sound, error) {
	if !p.ready.Load() || id == p.never {
		return pbx.Sound{}, pbx.ErrNotReady
	}
	sound := bytes.Repeat(append([]byte{0xff, 0xe3, 0x18, 0xc4}, bytes.Repeat([]byte("doz1"), 17)...), 50) // frames of 72 bytes
	if p.rest != nil {
		sound = bytes.Repeat(sound, 20)
		r, w := io.Pipe()
		context.AfterFunc(ctx, func() { r.CloseWithError(ctx.Err()) })
		go func() {
			w.Write(sound[from : len(sound)/2])
			<-p.rest
			w.Write(sound[len(sound)/2:])
			w.Close()
		}()
		return pbx.Sound{Body: r, From: from, Size: int64(len(sound))}, nil
	}
	return pbx.Sound{Body: io.NopCloser(bytes.NewReader(sound[from:])), From: from, Size: int64(len(sound))}, nil
}

func (p *slow) FindRecording(_ context.Context, key, extension string) (call.Event, error) {
	p.looks.Add(1)
	if !p.ready.Load() {
		return call.Event{}, pbx.ErrNotReady
	}
	return recordingOf(key, extension), nil
}

// dawn is a school whose clock runs ahead.
type dawn struct {
	*school
	pbx   *slow
	ahead atomic.Int64
}

func openDawn(t *testing.T, cfg server.Config) *dawn {
	t.Helper()
	d := &dawn{pbx: &slow{plain: &plain{}}}
	cfg.Now = func() time.Time { return time.Now().Add(time.Duration(d.ahead.Load())) }
	d.school = openPlainAt(t, cfg, plainKind(d.pbx, func(k *pbx.Kind) { k.FindAfter = []time.Duration{30 * time.Second, time.Minute} }))
	return d
}

// recordings are the calls of those that have not come, and why, as an extension's employee is told.
func (d *dawn) recordings(ext string) (out []string) {
	d.t.Helper()
	m, err := mornings.Read(d.t.Context(), d.api(ext), time.Now().Add(-time.Hour))
	if err != nil {
		d.t.Fatal(err)
	}
	for _, r := range m.Recordings {
		out = append(out, r.Phone+": "+r.Why)
	}
	return out
}

func (d *dawn) tells(when string, ext string, want ...string) {
	d.t.Helper()
	if got := d.recordings(ext); strings.Join(got, "\n") != strings.Join(want, "\n") {
		d.t.Errorf("%s %s is told %q, want %q", when, ext, got, want)
	}
}

const dawnCaller = "+79145550148"

func TestMorning_tellsOfARecordingThatWasLookedForInVain(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		d := openDawn(t, server.Config{Database: url})
		d.tellEvents(inbound("a", "101", dawnCaller, now()).answered(call.EndByCaller)...)
		find := func(after time.Duration) {
			t.Helper()
			d.ahead.Store(int64(after))
			if err := d.parts.Finder.Find(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		find(40 * time.Second)
		d.tells("while it is looked for", "101")
		find(2 * time.Minute)
		d.tells("once it was given up", "101", dawnCaller+": АТС не отдала её, попыток: 2")

		id := d.onlyCall(t, dawnCaller).ID
		got, err := d.api("101").RetryRecording(t.Context(), id)
		if err != nil || got.Recording != nil {
			t.Fatalf("asked again: %+v, %v", got.Recording, err)
		}
		d.tells("while it is asked for again", "101")
		find(2*time.Minute + time.Second)
		d.tells("not ready once more", "101", dawnCaller+": АТС не отдала её, попыток: 2")
		d.pbx.ready.Store(true)
		if _, err := d.api("101").RetryRecording(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		find(2*time.Minute + 2*time.Second)
		d.tells("once it is there", "101")
		if got := d.onlyCall(t, dawnCaller); got.Recording == nil || !got.Recording.Ready {
			t.Errorf("the call has %+v", got.Recording)
		}
		// The PBX may be asked for a call that has all, and it stays as it is.
		if got, err := d.api("101").RetryRecording(t.Context(), id); err != nil || got.Recording == nil || !got.Recording.Ready {
			t.Errorf("asked for what is there: %+v, %v", got.Recording, err)
		}
	})
}

// begun is a recording that the PBX told of and did not hand over.
func begun(key, ext string) call.Event {
	e := recordingOf(key, ext)
	e.RecordingState = call.RecordingCompleted
	return e
}

func TestMorning_tellsOfARecordingThatNeverBecameReady(t *testing.T) {
	t.Parallel()
	d := openDawn(t, server.Config{})
	d.tellEvents(append(inbound("a", "101", dawnCaller, now()).answered(call.EndByCaller), begun("a", "101"))...)
	d.tells("at once", "101")
	d.ahead.Store(int64(40 * time.Minute))
	d.tells("after a while", "101", dawnCaller+": АТС начала запись и не отдала её")
	id := d.onlyCall(t, dawnCaller).ID
	_, err := d.api("101").RetryRecording(t.Context(), id)
	var p *client.Problem
	if !errors.As(err, &p) || p.Code != "not_ready" {
		t.Errorf("asked again too early: %v", err)
	}
	d.pbx.ready.Store(true)
	got, err := d.api("101").RetryRecording(t.Context(), id)
	if err != nil || got.Recording == nil || !got.Recording.Ready {
		t.Errorf("asked again: %+v, %v", got.Recording, err)
	}
	d.tells("once it is there", "101")
	audit, err := d.api("102").Audit(t.Context(), client.AuditQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range audit.Items {
		if row.Action == "listen" {
			t.Error("nobody has heard it, the audit says so")
		}
	}
}

// TestRetry_asksForAllThatACallLacks: what one of them waits for keeps no other.
func TestRetry_asksForAllThatACallLacks(t *testing.T) {
	t.Parallel()
	for _, never := range []string{"r-a-101", "r-a-102"} {
		t.Run(never, func(t *testing.T) {
			t.Parallel()
			d := openDawn(t, server.Config{})
			d.pbx.never = never
			second := begun("a", "102")
			second.At = second.At.Add(time.Second)
			d.tellEvents(append(inbound("a", "101", dawnCaller, now()).answered(call.EndByCaller), begun("a", "101"), second)...)
			find := func(after time.Duration) {
				t.Helper()
				d.ahead.Store(int64(after))
				if err := d.parts.Finder.Find(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			find(40 * time.Second)
			find(2 * time.Minute)
			find(40 * time.Minute)
			looks := d.pbx.looks.Load()
			d.pbx.ready.Store(true)
			id := d.onlyCall(t, dawnCaller).ID
			_, err := d.api("101").RetryRecording(t.Context(), id)
			var p *client.Problem
			if !errors.As(err, &p) || p.Code != "not_ready" {
				t.Errorf("asked again: %v", err)
			}
			var ready []string
			for _, r := range d.onlyCall(t, dawnCaller).Recordings {
				if r.Ready {
					ready = append(ready, "r-a-"+r.Extension)
				}
			}
			if len(ready) != 1 || ready[0] == never {
				t.Errorf("there is %q", ready)
			}
			find(40*time.Minute + time.Second)
			if now := d.pbx.looks.Load(); now != looks+1 {
				t.Errorf("looked for %d times after %d", now, looks)
			}
		})
	}
}

// TestRetry_waitsForNoWholeRecording: a long one comes for minutes, and no request waits so long.
func TestRetry_waitsForNoWholeRecording(t *testing.T) {
	t.Parallel()
	d := openDawn(t, server.Config{Recordings: "archive"})
	d.pbx.rest = make(chan struct{})
	d.tellEvents(append(inbound("a", "101", dawnCaller, now()).answered(call.EndByCaller), begun("a", "101"))...)
	d.ahead.Store(int64(40 * time.Minute))
	d.pbx.ready.Store(true)
	got, err := d.api("101").RetryRecording(t.Context(), d.onlyCall(t, dawnCaller).ID)
	if err != nil || got.Recording == nil || !got.Recording.Ready {
		t.Errorf("while it comes: %+v, %v", got.Recording, err)
	}
	close(d.pbx.rest)
	eventually(t, "it is kept", func() bool { return len(d.recordings("101")) == 0 })
}

func TestMorning_tellsOfARecordingThatTheArchiveLacks(t *testing.T) {
	t.Parallel()
	d := openDawn(t, server.Config{Recordings: "archive"})
	d.tellEvents(append(inbound("a", "101", dawnCaller, now()).answered(call.EndByCaller), recordingOf("a", "101"))...)
	d.ahead.Store(int64(40 * time.Minute))
	d.tells("not kept", "101", dawnCaller+": АТС не отдала её на хранение")
	d.pbx.ready.Store(true)
	if _, err := d.api("101").RetryRecording(t.Context(), d.onlyCall(t, dawnCaller).ID); err != nil {
		t.Fatal(err)
	}
	d.tells("kept", "101")
}

func TestMorning_tellsNobodyWhatTheyMayNotMend(t *testing.T) {
	t.Parallel()
	d := openDawn(t, server.Config{})
	const other = "+79145550149"
	d.tellEvents(append(inbound("a", "102", dawnCaller, now()).answered(call.EndByCaller), begun("a", "102"))...)
	d.tellEvents(append(inbound("b", "214", other, now()).answered(call.EndByCaller), begun("b", "214"))...)
	rang := inbound("c", "214", "+79145550150", now())
	d.tellEvents(rang.event(call.LegRinging, 0, ""), rang.event(call.LegEnded, time.Second, call.EndByCaller))
	d.ahead.Store(int64(40 * time.Minute))
	if got := d.recordings("101"); len(got) != 2 {
		t.Errorf("an operator where everybody hears all is told %q", got)
	}
	only := client.ForParticipants
	if _, err := d.api("102").UpdateSettings(t.Context(), client.SchoolInput{RecordingsFor: &only}); err != nil {
		t.Fatal(err)
	}
	if got := d.recordings("101"); len(got) != 0 {
		t.Errorf("an operator is told of what they may not hear: %q", got)
	}
	id := d.onlyCall(t, dawnCaller).ID
	var p *client.Problem
	if _, err := d.api("101").RetryRecording(t.Context(), id); !errors.As(err, &p) || p.Status != 403 {
		t.Errorf("an operator asks for what they may not hear: %v", err)
	}
	morning := func(ext string) mornings.Morning {
		t.Helper()
		m, err := mornings.Read(t.Context(), d.api(ext), time.Now().Add(-time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	if m := morning("101"); len(m.Extensions) != 0 {
		t.Errorf("an operator is told of extensions: %+v", m.Extensions)
	}
	m := morning("102")
	if len(m.Extensions) != 1 || m.Extensions[0].Extension != "214" || m.Extensions[0].Calls != 2 || m.Extensions[0].IntegrationID != d.school.pbx.ID {
		t.Errorf("the administrator is told %+v", m.Extensions)
	}
	_, err := d.api("102").SetExtensions(t.Context(), d.school.pbx.ID, []client.ExtensionRow{
		{EmployeeID: d.staff["102"].ID, Extension: "102"}, {EmployeeID: d.staff["101"].ID, Extension: "214"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if m := morning("102"); len(m.Extensions) != 0 {
		t.Errorf("linked, it is told of still: %+v", m.Extensions)
	}
	off := false
	if _, err := d.api("102").UpdateIntegration(t.Context(), d.school.pbx.ID, client.IntegrationInput{Active: &off}); err != nil {
		t.Fatal(err)
	}
	if m := morning("102"); len(m.Recordings) != 0 {
		t.Errorf("of a PBX that is off: %+v", m.Recordings)
	}
	if _, err := mornings.Read(t.Context(), d.api("102"), time.Time{}); err != nil {
		t.Errorf("from the beginning of time: %v", err)
	}
}
