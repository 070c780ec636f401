package server_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// finding is plain whose recordings are looked for.
type finding struct {
	*plain
	asked atomic.Int32
	// answer is what comes of the n-th question, counted from 1.
	answer func(n int, key, extension string) (call.Event, error)
}

func (f *finding) FindRecording(_ context.Context, key, extension string) (call.Event, error) {
	return f.answer(int(f.asked.Add(1)), key, extension)
}

func recordingOf(key, extension string) call.Event {
	return call.Event{
		Kind: call.KindRecording, Key: key, At: now(), Recording: "r-" + key + "-" + extension, RecordingState: call.RecordingReady,
		To: call.Party{Extension: extension},
	}
}

// A recording that no event announces is asked for at the times of its kind, on one node, by the key under
// which the talk was told, until it is there; what is asked for survives a restart.
func TestFinder_asksUntilTheRecordingIsThere(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		var ahead atomic.Int64
		clock := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
		p := &finding{plain: &plain{}}
		p.answer = func(n int, key, extension string) (call.Event, error) {
			switch {
			case extension != "101" || key != "b":
				t.Errorf("asked for %s %s", key, extension)
			case n == 1:
				return call.Event{}, pbx.ErrUnreachable
			case n == 2:
				return call.Event{}, pbx.ErrNotReady
			}
			return recordingOf(key, extension), nil
		}
		kind := plainKind(p, func(k *pbx.Kind) { k.FindAfter = []time.Duration{30 * time.Second, 5 * time.Minute} })
		s := openPlainAt(t, server.Config{Database: url, Now: clock}, kind)
		last := s
		if url != "" {
			last = s.another(server.Config{Database: url, Now: clock, Kinds: []pbx.Kind{kind}})
		}
		const number = "+79145550148"
		talk := inbound("b", "101", number, now())
		s.tell(pbx.Delivery{Joins: []pbx.Join{{Key: "a", Other: "b"}}, Events: talk.answered(call.EndByCaller)})
		rang := inbound("c", "102", "+79145550149", now())
		s.tellEvents(rang.event(call.LegRinging, 0, ""), rang.event(call.LegEnded, time.Second, call.EndByCaller))
		find := func(after time.Duration, asked int32) {
			t.Helper()
			ahead.Store(int64(after))
			for _, node := range []*school{s, last} {
				if err := node.parts.Finder.Find(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if n := p.asked.Load(); n != asked {
				t.Errorf("after %s asked %d times, want %d", after, n, asked)
			}
		}
		find(20*time.Second, 0)
		find(40*time.Second, 1)
		find(41*time.Second, 1)
		find(2*time.Minute, 2)
		find(3*time.Minute, 2)
		if got := s.onlyCall(t, number); got.Recording != nil {
			t.Errorf("a recording before it was ready: %+v", got.Recording)
		}
		find(6*time.Minute, 3)
		find(2*time.Hour, 3)
		if got := s.onlyCall(t, number); got.Recording == nil || !got.Recording.Ready || got.Recordings[0].Extension != "101" {
			t.Errorf("the recording is %+v", got.Recording)
		}
	})
}

// There will be none, or it is not ready at the last of the times: it is asked for no more.
func TestFinder_givesUp(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"none": pbx.ErrNoRecording, "never ready": pbx.ErrNotReady} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ahead atomic.Int64
			p := &finding{plain: &plain{}, answer: func(int, string, string) (call.Event, error) { return call.Event{}, err }}
			kind := plainKind(p, func(k *pbx.Kind) { k.FindAfter = []time.Duration{30 * time.Second} })
			s := openPlainAt(t, server.Config{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }}, kind)
			events := inbound("a", "101", "+79145550148", now()).answered(call.EndByCaller)
			s.tellEvents(events...)
			for _, after := range []time.Duration{time.Minute, time.Hour, 24 * time.Hour} {
				ahead.Store(int64(after))
				if err := s.parts.Finder.Find(t.Context()); err != nil {
					t.Fatal(err)
				}
				s.tellEvents(events...) // told once more
			}
			if n := p.asked.Load(); n != 1 {
				t.Errorf("asked %d times", n)
			}
			if got := s.onlyCall(t, "+79145550148"); got.State != client.StateEnded || got.Recording != nil {
				t.Errorf("got %+v", got)
			}
		})
	}
}
