package player

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/desktop/audio"
	"dozvon/client"
)

// TestPlayer_saysThatItWaits for a place that has not come, and no longer once it plays.
func TestPlayer_saysThatItWaits(t *testing.T) {
	t.Parallel()
	s := &slow{plain: true}
	p, d, _ := coming(t, s)
	if p.Waiting() {
		t.Error("it waits although nobody wants to hear it")
	}
	p.at = p.clip.Duration() / 2
	p.start()
	if !p.Waiting() || clock(p) != p.host.Text().T("player.waiting") {
		t.Errorf("waiting %t, drawn %q", p.Waiting(), clock(p))
	}
	close(s.rest)
	d.until(t, func() bool { return p.playing != nil })
	if p.Waiting() || !strings.Contains(clock(p), " / ") {
		t.Errorf("when it plays: waiting %t, drawn %q", p.Waiting(), clock(p))
	}
	p.Toggle()
	if p.Waiting() {
		t.Error("it waits while it is paused")
	}
}

// TestPlayer_goesOnWhenThereIsADeviceAgain, from where the sound server ended; until then it says so in words.
func TestPlayer_goesOnWhenThereIsADeviceAgain(t *testing.T) {
	t.Parallel()
	s := &slow{}
	p, d, _ := coming(t, s)
	close(s.rest)
	d.until(t, p.clip.Whole)
	first, second := newFake(), newFake()
	var asked atomic.Int32
	p.device = func(_ *audio.Clip, at time.Duration, _ audio.Manner) (sound, error) {
		switch asked.Add(1) {
		case 1:
			return first, nil
		case 2:
			return nil, fmt.Errorf("%w: not yet", audio.ErrNoDevice)
		}
		second.at = at
		return second, nil
	}
	p.at = 3 * time.Second
	p.start()
	d.until(t, func() bool { return p.playing != nil })
	first.at = 4 * time.Second
	gone := fmt.Errorf("%w: the sound server ended", audio.ErrNoDevice)
	first.gone.Store(&gone)
	d.until(t, func() bool { return p.state == NoAudio })
	if p.why != p.host.Text().T("player.no_audio") {
		t.Errorf("told as %q", p.why)
	}
	d.until(t, func() bool { return p.playing != nil })
	if _, at, _, _ := p.Status(); at != 4*time.Second || p.state != Playing {
		t.Errorf("it is %s at %s", p.state, at)
	}
}

// TestPlayer_withoutALengthPlaysWhatHasCome, and asks again for what broke off.
func TestPlayer_withoutALengthPlaysWhatHasCome(t *testing.T) {
	t.Parallel()
	p, d, whole := breakingOff(t, func(w http.ResponseWriter, at int, whole []byte) {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", at, len(whole)-1, len(whole)))
		w.WriteHeader(http.StatusPartialContent)
		w.Write(whole[at:])
	})
	d.until(t, func() bool { return p.clip != nil && p.clip.Whole() })
	if got, want := p.clip.Frames(), whole.Frames(); got != want || p.state != Ready {
		t.Errorf("%d frames of %d came, it is %s", got, want, p.state)
	}
}

// TestPlayer_doesNotAskAFullDiskAgain: it says what the server says.
func TestPlayer_doesNotAskAFullDiskAgain(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	p, d, _ := breakingOff(t, func(w http.ResponseWriter, _ int, _ []byte) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusInsufficientStorage)
		fmt.Fprint(w, `{"status":507,"code":"disk_full","detail":"make room"}`)
	})
	d.until(t, func() bool { return p.state == Broken })
	if p.why != "make room" || asked.Load() != 1 {
		t.Errorf("asked again %d times, told as %q", asked.Load(), p.why)
	}
}

// breakingOff is a player at a recording without a length that breaks off once enough of it has come; again answers
// whoever asks for the rest.
func breakingOff(t *testing.T, again func(w http.ResponseWriter, at int, whole []byte)) (*Player, *desk, *audio.Clip) {
	t.Helper()
	whole, err := os.ReadFile("../../audio/testdata/tone-8k-mono.mp3")
	if err != nil {
		t.Fatal(err)
	}
	clip, err := audio.Open(whole)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var at int
		if n, _ := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &at); n == 1 {
			again(w, at, whole)
			return
		}
		w.Write(whole[:len(whole)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(web.Close)
	d := &desk{api: client.New(web.URL, "t"), queue: make(chan func(), 64)}
	p := New(d, t.TempDir())
	t.Cleanup(p.Stop)
	p.do = func(do func()) { d.queue <- do }
	p.ticker.Do = p.do
	p.prepare = func() error { return nil }
	p.turnTo(client.FeedEntry{CallID: "c1", Recording: &client.Recording{Ready: true}})
	return p, d, clip
}
