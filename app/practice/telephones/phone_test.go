//go:build linux

package telephones_test

import (
	"context"
	"encoding/binary"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tosone/minimp3"

	"dozvon/app/practice"
	"dozvon/app/practice/telephones"
	"dozvon/app/practice/telephones/baresip"
)

// limit only ends what hangs.
const limit = time.Minute

const password = "a-secret"

// open starts the SIP side of a PBX with three accounts.
func open(t *testing.T) *telephones.Server {
	t.Helper()
	return openWith(t, telephones.Config{})
}

func openWith(t *testing.T, config telephones.Config) *telephones.Server {
	t.Helper()
	config.Listen, config.Password = "127.0.0.1:0", password
	s, err := telephones.Listen(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.Admit("101", "102", "103")
	return s
}

// until waits for a fact.
func until(ctx context.Context, t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// phone registers somebody else's softphone as one more device of an extension.
func phone(ctx context.Context, t *testing.T, s *telephones.Server, extension string) *baresip.Phone {
	t.Helper()
	had := s.Registered(extension)
	p, err := baresip.Start(ctx, baresip.Config{Dir: t.TempDir(), Registrar: s.Addr(), Extension: extension, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	until(ctx, t, "the registration of "+extension, func() bool { return s.Registered(extension) == had+1 })
	return p
}

// event waits for something that a softphone tells of itself.
func event(ctx context.Context, t *testing.T, p *baresip.Phone, kind string) baresip.Event {
	t.Helper()
	e, err := p.Wait(ctx, kind)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func do(t *testing.T, p *baresip.Phone, command string, params ...string) {
	t.Helper()
	if err := p.Do(command, params...); err != nil {
		t.Fatal(err)
	}
}

// loudness is how loud the softphone's tone (440 Hz) is in some sound, and all else in it; 1 is the loudest.
func loudness(samples []int16) (tone, rest float64) {
	const piece = 800 // 44 whole waves of the tone
	n := 0.0
	for at := 0; at+piece <= len(samples); at += piece {
		var sin, cos, all float64
		for i, s := range samples[at : at+piece] {
			v := float64(s) / math.MaxInt16
			phase := 2 * math.Pi * 440 * float64(i) / 8000
			sin, cos, all = sin+v*math.Sin(phase), cos+v*math.Cos(phase), all+v*v
		}
		power := 2 * (sin*sin + cos*cos) / (piece * piece)
		tone, rest, n = tone+power, rest+max(0, all/piece-power), n+1
	}
	return math.Sqrt(tone / max(n, 1)), math.Sqrt(rest / max(n, 1))
}

// decoded is the sound of an MP3, which has to be 8 kHz mono.
func decoded(t *testing.T, mp3 []byte) []int16 {
	t.Helper()
	d, raw, err := minimp3.DecodeFull(mp3)
	if err != nil {
		t.Fatal(err)
	}
	if d.SampleRate != 8000 || d.Channels != 1 {
		t.Errorf("the recording has %d Hz and %d channels", d.SampleRate, d.Channels)
	}
	return samples(raw)
}

func samples(raw []byte) []int16 {
	list := make([]int16, len(raw)/2)
	for i := range list {
		list[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	return list
}

// TestTelephone_ringsWithTheNameHearsAndIsRecorded: what the PBX is told stands on somebody else's display, both hear
// each other, and both are on the recording.
func TestTelephone_ringsWithTheNameHearsAndIsRecorded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	s := open(t)
	p := phone(ctx, t, s, "101")

	const name = "Шангутов Александр"
	told := make(chan practice.Signal, 8)
	rings := s.Ring(practice.Ringing{Extension: "101", From: "79645550190", Name: name, Tell: func(s practice.Signal) bool {
		told <- s
		return true
	}})
	e := event(ctx, t, p, "CALL_INCOMING")
	if e.Name != name || !strings.Contains(e.Peer, "79645550190") {
		t.Errorf("the display shows %q and %q", e.Name, e.Peer)
	}
	until(ctx, t, "the name in the softphone's own log", func() bool { return strings.Contains(p.Log(), "Incoming call from: "+name) })
	do(t, p, "accept")
	if got := next(ctx, t, told); got.Does != practice.Answers {
		t.Fatalf("the telephone %+v", got)
	}
	talk := s.Talk()
	defer talk.End()
	talk.Join(practice.Party{Client: true}, practice.Party{Telephone: rings})
	recording := talk.Record()
	began := time.Now()
	until(ctx, t, "two seconds of talk", func() bool { return time.Since(began) > 2*time.Second })
	do(t, p, "hangup")
	if got := next(ctx, t, told); got.Does != practice.HangsUp {
		t.Fatalf("the telephone %+v", got)
	}
	mp3, ok := recording.Sound()
	if !ok {
		t.Fatal("there is no recording")
	}
	said := decoded(t, mp3)
	tone, speech := loudness(said)
	if tone < 0.05 || speech < 0.01 || len(said) < 8000*18/10 {
		t.Errorf("on %d samples of recording the operator is %.3f loud, the client %.3f", len(said), tone, speech)
	}
	heard(ctx, t, p)
}

// heard checks that speech came to the softphone's ear.
func heard(ctx context.Context, t *testing.T, p *baresip.Phone) {
	t.Helper()
	event(ctx, t, p, "CALL_CLOSED")
	p.Close() // it finishes the file
	files, err := p.Heard()
	if err != nil || len(files) != 1 {
		t.Fatalf("what was heard: %q, %v", files, err)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil || len(raw) < 44 {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	if _, speech := loudness(samples(raw[44:])); speech < 0.01 {
		t.Errorf("the client was %.4f loud at the operator's ear", speech)
	}
}

func next(ctx context.Context, t *testing.T, told <-chan practice.Signal) practice.Signal {
	t.Helper()
	select {
	case s := <-told:
		return s
	case <-ctx.Done():
		t.Fatal("the telephone tells nothing")
		return practice.Signal{}
	}
}
