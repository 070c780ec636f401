package player

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/desktop/audio"
	"dozvon/client"
)

// slow is a server that sends the beginning of a recording and keeps the rest until it is told to.
type slow struct {
	whole []byte
	first int           // bytes that come at once
	rest  chan struct{} // closed: the rest comes
	cut   bool          // the line breaks instead, the first time
	away  bool          // then it is away for the next request
	plain bool          // it does not know Range

	mu    sync.Mutex // guards what follows
	asked []string   // the ranges that were asked for
}

func (s *slow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.Header.Get("Range"))
	again, away := len(s.asked) > 1, s.away && len(s.asked) == 2
	s.mu.Unlock()
	if away {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	if begin, ok := strings.CutPrefix(r.Header.Get("Range"), "bytes="); ok && !s.plain {
		at, err := strconv.Atoi(strings.TrimSuffix(begin, "-"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(s.whole)-at))
		w.WriteHeader(http.StatusPartialContent)
		w.Write(s.whole[at:])
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(s.whole)))
	w.Write(s.whole[:s.first])
	w.(http.Flusher).Flush()
	if s.cut && !again {
		panic(http.ErrAbortHandler)
	}
	select {
	case <-s.rest:
		w.Write(s.whole[s.first:])
	case <-r.Context().Done():
	}
}

func (s *slow) ranges() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.asked...)
}

// begun is what was begun on the device.
type begun struct {
	clip *audio.Clip
	at   time.Duration
}

// coming is a player with a device that plays at once, at the beginning of a recording that comes slowly.
func coming(t *testing.T, s *slow) (*Player, *desk, chan begun) {
	t.Helper()
	one, err := os.ReadFile("../../audio/testdata/tone-8k-mono.mp3")
	if err != nil {
		t.Fatal(err)
	}
	s.whole, s.rest = bytes.Repeat(one, 20), make(chan struct{})
	s.first = len(s.whole) / 10
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	d := &desk{api: client.New(web.URL, "t"), queue: make(chan func(), 64)}
	p := New(d, t.TempDir())
	t.Cleanup(p.Stop)
	started := make(chan begun, 16)
	p.do = func(do func()) { d.queue <- do }
	p.ticker.Do = p.do
	p.prepare = func() error { return nil }
	p.device = func(clip *audio.Clip, at time.Duration, _ audio.Manner) (sound, error) {
		started <- begun{clip, at}
		return newFake(), nil
	}
	p.turnTo(client.FeedEntry{CallID: "c1", Recording: &client.Recording{Ready: true}})
	d.until(t, func() bool { return p.state == Ready })
	return p, d, started
}

// TestPlayer_playsWhatHasCome: nobody waits for the whole of a long recording, and its length is known before.
func TestPlayer_playsWhatHasCome(t *testing.T) {
	t.Parallel()
	s := &slow{}
	p, d, started := coming(t, s)
	p.start()
	d.until(t, func() bool { return p.playing != nil })
	<-started
	whole, err := audio.Open(s.whole)
	if err != nil {
		t.Fatal(err)
	}
	if p.clip.Whole() || (p.clip.Duration()-whole.Duration()).Abs() > time.Second {
		t.Errorf("whole %t, %s long, want %s", p.clip.Whole(), p.clip.Duration(), whole.Duration())
	}
	close(s.rest)
	d.until(t, func() bool { return p.clip.Whole() && p.peaks != nil && p.peaks[bars-2] > 0 })
	if p.state != Playing {
		t.Errorf("when the rest has come it is %s, %s", p.state, p.why)
	}
}

// TestPlayer_goesWhereNothingHasComeYet: the part from there on is asked for and played at once.
func TestPlayer_goesWhereNothingHasComeYet(t *testing.T) {
	t.Parallel()
	s := &slow{}
	p, d, started := coming(t, s)
	p.start()
	d.until(t, func() bool { return p.playing != nil })
	<-started
	to := p.clip.Duration() * 8 / 10
	p.Seek(to)
	if state, at, _, _ := p.Status(); state != Playing || at != to {
		t.Errorf("while it comes: %s at %s", state, at)
	}
	d.until(t, func() bool { return p.playing != nil })
	if b := <-started; b.at != to || b.clip == p.clip || !b.clip.Holds(to) {
		t.Errorf("it plays from %s", b.at)
	}
	if asked := s.ranges(); len(asked) != 2 || !strings.HasPrefix(asked[1], "bytes=") {
		t.Errorf("asked for: %q", asked)
	}
	p.Seek(time.Second) // back to what had come before
	d.until(t, func() bool { return p.playing != nil })
	if b := <-started; b.clip != p.clip {
		t.Error("what has come is not played from where it is")
	}
}

// TestPlayer_goesOnWhenItComes from a server, or through a proxy, that sends no parts.
func TestPlayer_goesOnWhenItComes(t *testing.T) {
	t.Parallel()
	s := &slow{plain: true}
	p, d, started := coming(t, s)
	p.at = p.clip.Duration() / 2
	p.start()
	for len(s.ranges()) < 2 {
		d.next(t)
	}
	close(s.rest)
	d.until(t, func() bool { return p.playing != nil })
	if b := <-started; b.clip != p.clip {
		t.Error("it plays something else than the whole")
	}
}

// TestPlayer_pauseWhileItIsAwaited is a pause: it does not begin by itself later.
func TestPlayer_pauseWhileItIsAwaited(t *testing.T) {
	t.Parallel()
	s := &slow{plain: true}
	p, d, started := coming(t, s)
	p.at = p.clip.Duration() / 2
	p.start()
	p.Toggle()
	if p.state != Paused {
		t.Fatalf("it is %s", p.state)
	}
	close(s.rest)
	d.until(t, func() bool { return p.clip.Whole() && p.peaks != nil && p.peaks[bars-2] > 0 })
	if p.state != Paused || len(started) > 0 {
		t.Errorf("it is %s, begun %d times", p.state, len(started))
	}
}

// TestPlayer_asksAgainForWhatBrokeOff from the byte on that it had come to.
func TestPlayer_asksAgainForWhatBrokeOff(t *testing.T) {
	t.Parallel()
	s := &slow{cut: true}
	p, d, _ := coming(t, s)
	d.until(t, func() bool { return p.clip.Whole() })
	if asked := s.ranges(); len(asked) != 2 || asked[1] != "bytes="+strconv.Itoa(s.first)+"-" {
		t.Errorf("asked for: %q", asked)
	}
}

// TestPlayer_asksAgainWhileTheServerIsAway: it is restarted, and answers the second time.
func TestPlayer_asksAgainWhileTheServerIsAway(t *testing.T) {
	t.Parallel()
	s := &slow{cut: true, away: true}
	p, d, _ := coming(t, s)
	d.until(t, func() bool { return p.clip.Whole() })
	if asked := s.ranges(); len(asked) != 3 {
		t.Errorf("asked for: %q", asked)
	}
}

// TestPlayer_comesBackToWhatItLeft: whoever leaves the page while a recording comes, and returns, hears it.
func TestPlayer_comesBackToWhatItLeft(t *testing.T) {
	t.Parallel()
	s := &slow{}
	p, d, _ := coming(t, s)
	entry := p.entry
	p.Stop()
	close(s.rest)
	p.turnTo(entry)
	d.until(t, func() bool { return p.clip != nil && p.clip.Whole() })
	if p.state != Ready {
		t.Errorf("it is %s", p.state)
	}
}
