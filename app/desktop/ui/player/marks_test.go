package player

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"dozvon/app/desktop/audio"
	"dozvon/client"
)

// flagServer takes flags, or refuses them, and hands over what it was asked.
type flagServer struct {
	recording []byte
	refuse    chan struct{} // closed: it refuses
	asked     chan string
}

func (s *flagServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		_, _ = w.Write(s.recording)
		return
	}
	var in client.NewFlag
	_ = json.NewDecoder(r.Body).Decode(&in)
	s.asked <- r.Method + " " + r.URL.Path + " " + in.Word
	w.Header().Set("Content-Type", "application/json")
	select {
	case <-s.refuse:
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		_ = json.NewEncoder(w).Encode(client.Problem{Status: 422, Code: "participants_only", Detail: "Слова сервера."})
		return
	default:
	}
	if r.Method == http.MethodDelete {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(client.Flag{ID: "f-" + in.Word, Part: max(1, in.Part), FromMS: in.FromMS, ToMS: in.ToMS, Word: in.Word})
}

// telling keeps what the program tells the person.
type telling struct {
	*desk
	told []string
}

func (t *telling) Tell(sentence string) { t.told = append(t.told, sentence) }

func flagging(t *testing.T) (*Player, *telling, *flagServer) {
	t.Helper()
	recording, err := os.ReadFile("../../audio/testdata/tone-8k-mono.mp3")
	if err != nil {
		t.Fatal(err)
	}
	s := &flagServer{recording: recording, refuse: make(chan struct{}), asked: make(chan string, 8)}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	d := &telling{desk: &desk{api: client.New(web.URL, "t"), queue: make(chan func(), 64)}}
	p := New(d, t.TempDir())
	p.do = func(do func()) { d.queue <- do }
	p.ticker.Do = p.do
	p.prepare = func() error { return nil }
	p.device = func(*audio.Clip, time.Duration, audio.Manner) (sound, error) { return newFake(), nil }
	p.turnTo(client.FeedEntry{CallID: "c1", Recording: &client.Recording{Ready: true}, Flags: []client.Flag{{ID: "f1", Part: 1, FromMS: 900, ToMS: 900, Word: "цена"}, {ID: "f2", Part: 2, Word: "другая запись"}}})
	d.until(t, func() bool { return p.peaks != nil && p.clip.Whole() })
	return p, d, s
}

func words(all []client.Flag) (got string) {
	for _, f := range all {
		got += f.Word + ";"
	}
	return got
}

// TestMarks_setOpenAndTakeAway: a selected part gets its word, stands among the others in their order, plays when
// it is opened, and goes.
func TestMarks_setOpenAndTakeAway(t *testing.T) {
	t.Parallel()
	p, d, s := flagging(t)
	if got := words(p.marks.list()); got != "цена;" {
		t.Errorf("the flags of the first recording are %q", got)
	}
	p.marks.Set("никуда") // nothing is selected
	p.marks.Select(100*time.Millisecond, 700*time.Millisecond)
	p.marks.Set("   ")
	p.marks.Set("  суббота  утро ")
	p.marks.Set("дважды") // while the first is on its way
	d.until(t, func() bool { return p.marks.open == nil })
	if got := words(p.marks.list()); got != "суббота утро;цена;" || len(s.asked) != 1 {
		t.Errorf("the flags are %q after %d requests, want one", got, len(s.asked))
	}
	if got := <-s.asked; got != "POST /api/v1/calls/c1/flags суббота утро" {
		t.Errorf("asked %q", got)
	}
	p.marks.Open(p.marks.list()[1])
	d.until(t, func() bool { return p.playing != nil })
	if f, ok := p.marks.opened(); !ok || f.ID != "f1" || p.at != 900*time.Millisecond {
		t.Errorf("opened %+v at %v", f, p.at)
	}
	p.marks.Delete(p.marks.list()[1])
	d.until(t, func() bool { return p.marks.chosen == "" })
	if got := words(p.marks.list()); got != "суббота утро;" || <-s.asked != "DELETE /api/v1/calls/c1/flags/f1 " {
		t.Errorf("left are %q", got)
	}
}

// TestMarks_keepWhatWasTypedWhenTheServerRefuses and say why.
func TestMarks_keepWhatWasTypedWhenTheServerRefuses(t *testing.T) {
	t.Parallel()
	p, d, s := flagging(t)
	close(s.refuse)
	p.marks.SelectHere()
	p.marks.open.word = "суббота"
	p.marks.Set("суббота")
	d.until(t, func() bool { return !p.marks.setting })
	if p.marks.open == nil || p.marks.open.word != "суббота" || len(d.told) != 1 || d.told[0] != "Слова сервера." {
		t.Errorf("selected is %+v, told %q", p.marks.open, d.told)
	}
	p.marks.Select(0, time.Second) // another part: the word stays
	if p.marks.open.word != "суббота" {
		t.Errorf("another part lost the word: %+v", p.marks.open)
	}
}

// TestPlayer_goesOnWhereItWasLeft: a recording is gone on with after another one, and begun anew when it was heard
// to its end.
func TestPlayer_goesOnWhereItWasLeft(t *testing.T) {
	t.Parallel()
	p := &Places{}
	one, two := recordingKey{"c1", 1}, recordingKey{"c1", 2}
	p.leave(one, 72*time.Second, 250*time.Second)
	p.leave(two, time.Second, 250*time.Second)
	if p.of(one) != 72*time.Second || p.of(two) != 0 || p.of(recordingKey{"c2", 1}) != 0 {
		t.Errorf("left at %v and %v", p.of(one), p.of(two))
	}
	p.leave(one, 249*time.Second, 250*time.Second)
	if p.of(one) != 0 || len(p.all) != 0 {
		t.Errorf("heard to its end, it is gone on with at %v", p.of(one))
	}
	for n := range placesMost + 10 {
		p.leave(recordingKey{"many", n + 1}, 10*time.Second, time.Minute)
		p.leave(recordingKey{"many", 1}, 11*time.Second, time.Minute) // it is used all the time
	}
	if len(p.all) != placesMost || p.of(recordingKey{"many", 1}) == 0 || p.of(recordingKey{"many", 2}) != 0 {
		t.Errorf("%d places are kept, want %d", len(p.all), placesMost)
	}
}

// TestPlayer_resumesAfterAnotherRecording: what is left is kept under its own call.
func TestPlayer_resumesAfterAnotherRecording(t *testing.T) {
	t.Parallel()
	p, d, _ := flagging(t)
	length := p.clip.Duration()
	if length < 2*startOver+time.Second {
		p.Kept.Places.leave(recordingKey{"c1", 1}, 4*time.Second, time.Minute) // the test's recording is too short for it
	}
	p.turnTo(client.FeedEntry{CallID: "c2", Recording: &client.Recording{Ready: true}})
	d.until(t, func() bool { return p.clip != nil && p.clip.Whole() })
	if p.at != 0 || p.resumed != 0 {
		t.Errorf("another recording begins at %v", p.at)
	}
	p.turnTo(client.FeedEntry{CallID: "c1", Recording: &client.Recording{Ready: true}})
	if p.Kept.Places.of(recordingKey{"c2", 1}) != 0 {
		t.Errorf("c2 was left at %v", p.Kept.Places.of(recordingKey{"c2", 1}))
	}
	d.until(t, func() bool { return p.clip != nil && p.clip.Whole() })
}

// TestPlayer_keepsHowItPlays for the recordings that follow, but for the channel.
func TestPlayer_keepsHowItPlays(t *testing.T) {
	t.Parallel()
	p, _, _ := flagging(t)
	p.Change(audio.Manner{Speed: 1.5, Volume: 7, Channel: audio.Right, SkipSilence: true})
	if p.Manner() != (audio.Manner{Speed: 1.5, Volume: 1, Channel: audio.Right, SkipSilence: true}) {
		t.Errorf("played as %+v", p.Manner())
	}
	p.turnTo(client.FeedEntry{CallID: "c2", Recording: &client.Recording{Ready: true}})
	if p.Manner() != (audio.Manner{Speed: 1.5, Volume: 1, SkipSilence: true}) {
		t.Errorf("the next one is played as %+v", p.Manner())
	}
	p.Change(audio.Manner{Speed: 3, Volume: -1})
	if p.Manner() != (audio.Manner{Speed: 1}) {
		t.Errorf("a speed that there is not is played as %+v", p.Manner())
	}
}
