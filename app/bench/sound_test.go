//go:build linux

package bench

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"dozvon/app/desktop/audio"
	"dozvon/app/desktop/control"
	"dozvon/app/server/demo"
	"dozvon/app/stage"
	"dozvon/client"
)

const (
	// heardTimes is how often the recording is begun.
	heardTimes = 12
	// heardLong is how long it is.
	heardLong = time.Hour
	// heardTarget is from the click until it is heard.
	heardTarget = 300 * time.Millisecond
	// loud is the sample from which on sound is sound.
	loud = 300
	// quietFor is how long nothing is heard until one begins anew.
	quietFor = 500 * time.Millisecond
	// earRate is of what is listened to, in samples a second.
	earRate = 8000
)

// heard measures from a click on a recording of an hour until it is heard at the monitor of the sound server's
// null sink. Nothing of it is in the app's memory: a change of the language makes its pages anew. The
// click comes through the control channel and opens the call's row first. The floor is the sound server's own
// program, from its start until its tone is heard.
func heard(t *testing.T, b *bench) {
	d := openDesk(t)
	call := d.anHour(t)
	ear, app := d.listen(t), control.NewClient(filepath.Join(d.Env("XDG_RUNTIME_DIR"), "dozvon"))
	var clicked, floor times
	d.act(t, "page", "feed") // whoever clicks sees the window
	tone := filepath.Join(t.TempDir(), "tone.raw")
	if err := os.WriteFile(tone, sine(time.Second), 0o600); err != nil {
		t.Fatal(err)
	}
	play := func() time.Duration {
		ear.untilQuiet(t)
		began := time.Now()
		if _, err := d.Output(t.Context(), "pacat", "--latency-msec=50", "--format=s16le", "--rate=48000", "--channels=1", tone); err != nil {
			t.Fatal(err)
		}
		return ear.untilLoud(t, began).Sub(began)
	}
	play() // a null sink renders two seconds at once until somebody listens closely
	for i := range heardTimes {
		d.act(t, "language", []string{"en", "ru"}[i%2])
		ear.untilQuiet(t)
		began := time.Now()
		if err := app.Do(t.Context(), control.Action{Name: "play", Args: []string{call}}); err != nil {
			t.Fatal(err)
		}
		clicked = append(clicked, ear.untilLoud(t, began).Sub(began))
		d.act(t, "language", []string{"ru", "en"}[i%2])
		floor = append(floor, play())
	}
	b.add(t, row{
		"click on a recording of an hour → sound", clicked.String(), "the sound server's own player: " + floor.String(),
		factor(over(clicked.p50(), floor.p50())), "p99 ≤ " + ms(heardTarget), clicked.p99() <= heardTarget,
	})
}

// anHour makes a recording of the demo school an hour long where the server keeps it, and returns its call.
func (d *desk) anHour(t *testing.T) string {
	t.Helper()
	api, err := d.API(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Call(t.Context(), demo.KnownNumber, "answered", "--to", "101", "--talk", "1s"); err != nil {
		t.Fatal(err)
	}
	var call string
	err = stage.Until(t.Context(), "a recording", func() bool {
		page, err := api.Feed(t.Context(), client.FeedQuery{Type: "call_in", Limit: 1})
		if err != nil || len(page.Items) == 0 || page.Items[0].Recording == nil || !page.Items[0].Recording.Ready {
			return false
		}
		call = page.Items[0].CallID
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := api.Recording(t.Context(), call, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	one, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	clip, err := audio.Open(one)
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	err = stage.Until(t.Context(), "the recording to be kept", func() bool {
		kept, _ = filepath.Glob(filepath.Join(d.Dir(), "data", "recordings", "*.mp3"))
		return len(kept) == 1
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept[0], bytes.Repeat(one, int(heardLong/clip.Duration())+1), 0o600); err != nil {
		t.Fatal(err)
	}
	return call
}

// ear listens to all that the sound server plays.
type ear struct {
	mu    sync.Mutex // guards what follows
	begun time.Time  // when the sound began that was heard last
	last  time.Time  // when it was heard last
}

func (d *desk) listen(t *testing.T) *ear {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, "parec", "--latency-msec=10", "-d", "nul.monitor", "--format=s16le", "--rate=8000", "--channels=1")
	cmd.Env = append(os.Environ(), "PULSE_SERVER="+d.Env("PULSE_SERVER"))
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	e := &ear{last: time.Now()}
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.hear(out)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		cmd.Wait()
	})
	return e
}

func (e *ear) hear(r io.Reader) {
	piece := make([]byte, 2*earRate/100) // 10 ms
	for {
		if _, err := io.ReadFull(r, piece); err != nil {
			return
		}
		now, sound := time.Now(), false
		for n := 0; n < len(piece); n += 2 {
			sample := int(int16(binary.LittleEndian.Uint16(piece[n:])))
			sound = sound || max(sample, -sample) > loud
		}
		if !sound {
			continue
		}
		e.mu.Lock()
		if now.Sub(e.last) > quietFor {
			e.begun = now
		}
		e.last = now
		e.mu.Unlock()
	}
}

func (e *ear) heard() (begun, last time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.begun, e.last
}

func (e *ear) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(windowLimit); !ok(); <-tick.C {
		if time.Now().After(limit) {
			t.Fatal(errors.New("waited in vain for " + what))
		}
	}
}

func (e *ear) untilQuiet(t *testing.T) {
	t.Helper()
	e.until(t, "silence", func() bool {
		_, last := e.heard()
		return time.Since(last) > quietFor+100*time.Millisecond
	})
}

func (e *ear) untilLoud(t *testing.T, since time.Time) (begun time.Time) {
	t.Helper()
	e.until(t, "sound", func() bool {
		begun, _ = e.heard()
		return begun.After(since)
	})
	return begun
}

// sine is a tone of 440 Hz at 48 kHz.
func sine(length time.Duration) []byte {
	const rate = 48000
	var out []byte
	for n := range int(length.Seconds() * rate) {
		out = binary.LittleEndian.AppendUint16(out, uint16(int16(8000*math.Sin(2*math.Pi*440*float64(n)/rate))))
	}
	return out
}
