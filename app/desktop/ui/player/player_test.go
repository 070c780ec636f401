package player

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/desktop/audio"
	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// desk runs what the player asks for: requests beside, results on the test's goroutine.
type desk struct {
	Host
	api   *client.API
	queue chan func()
}

func (d *desk) Text() *i18n.Text { return i18n.New(i18n.Russian) }

func (d *desk) Work(work func(context.Context, *client.API) error, done func(error)) {
	go func() {
		err := work(context.Background(), d.api)
		d.queue <- func() { done(err) }
	}()
}

// next runs the next result.
func (d *desk) next(t *testing.T) {
	t.Helper()
	select {
	case do := <-d.queue:
		do()
	case <-time.After(time.Minute):
		t.Fatal("nothing came of it")
	}
}

// until runs results until ok.
func (d *desk) until(t *testing.T, ok func() bool) {
	t.Helper()
	for !ok() {
		d.next(t)
	}
}

// fake is a device's end of a recording.
type fake struct {
	stopped chan struct{}
	gone    failure // the device fails
	at      time.Duration
}

// failure is an error that comes later.
type failure struct{ atomic.Pointer[error] }

func (f *failure) load() error {
	if err := f.Load(); err != nil {
		return *err
	}
	return nil
}

func (f *fake) Stop()                   { close(f.stopped) }
func (f *fake) Change(audio.Manner)     {}
func (f *fake) Waiting() bool           { return false }
func (f *fake) Done() (bool, error)     { return false, f.gone.load() }
func (f *fake) Position() time.Duration { return f.at }

func newFake() *fake { return &fake{stopped: make(chan struct{})} }

// loaded is a player with a recording, and a device that answers when it is told to.
func loaded(t *testing.T) (*Player, *desk, chan chan any) {
	t.Helper()
	recording, err := os.ReadFile("../../audio/testdata/tone-8k-mono.mp3")
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(recording) }))
	t.Cleanup(s.Close)
	d := &desk{api: client.New(s.URL, "t"), queue: make(chan func(), 16)}
	p := New(d, t.TempDir())
	opened := make(chan chan any, 16)
	p.do = func(do func()) { d.queue <- do }
	p.ticker.Do = p.do
	p.prepare = func() error { return nil }
	p.device = func(*audio.Clip, time.Duration, audio.Manner) (sound, error) {
		answer := make(chan any, 1)
		opened <- answer
		switch a := (<-answer).(type) {
		case error:
			return nil, a
		default:
			return a.(sound), nil
		}
	}
	p.turnTo(client.FeedEntry{CallID: "c1", Recording: &client.Recording{Ready: true}})
	d.until(t, func() bool { return p.peaks != nil && p.clip.Whole() })
	if p.state != Ready {
		t.Fatalf("the recording is not loaded: %s, %s", p.state, p.why)
	}
	return p, d, opened
}

// TestPlayer_aNewerStartWins: the error of a start that the person had given up was shown over the
// one that played.
func TestPlayer_aNewerStartWins(t *testing.T) {
	t.Parallel()
	p, d, opened := loaded(t)
	p.start()
	first := <-opened
	p.Seek(time.Second) // begins anew from there
	second := <-opened
	playing := newFake()
	second <- playing
	d.until(t, func() bool { return p.playing != nil })
	if p.state != Playing {
		t.Fatalf("the second start: %s, %s", p.state, p.why)
	}
	first <- errors.New("device busy")
	d.next(t)
	for len(d.queue) > 0 {
		d.next(t)
	}
	if p.state != Playing || p.playing != sound(playing) {
		t.Errorf("the first start's error: %s, %q", p.state, p.why)
	}

	p.halt()
	p.start()
	third := <-opened
	p.Toggle() // the person pauses before anything is heard
	late := newFake()
	third <- late
	d.until(t, func() bool {
		select {
		case <-late.stopped:
			return true
		default:
			return false
		}
	})
	if p.state != Paused || p.playing != nil {
		t.Errorf("after the pause: %s", p.state)
	}
}

// TestPlayer_saysThatTheDeviceHangs instead of waiting for ever.
func TestPlayer_saysThatTheDeviceHangs(t *testing.T) {
	t.Parallel()
	p, d, opened := loaded(t)
	p.patience = 10 * time.Millisecond
	p.start()
	answer := <-opened
	d.until(t, func() bool { return p.state != Ready })
	if p.state != NoAudio || p.why == "" {
		t.Errorf("a device that hangs: %s, %q", p.state, p.why)
	}
	late := newFake()
	answer <- late
	select {
	case <-late.stopped: // nobody would be able to stop it
	case <-time.After(time.Minute):
		t.Error("what began too late plays on")
	}
}

// TestPlayer_tellsTheServersSentence: every 403 and 404 said «Записи нет».
func TestPlayer_tellsTheServersSentence(t *testing.T) {
	t.Parallel()
	for status, code := range map[int]string{403: "not_yours", 404: "recording_gone", 502: "pbx_unreachable"} {
		p, _, _ := loaded(t)
		p.fail(&client.Problem{Status: status, Code: code, Detail: "Слова сервера."})
		if p.state != Broken || p.why != "Слова сервера." {
			t.Errorf("%s: %s, %q", code, p.state, p.why)
		}
	}
}
