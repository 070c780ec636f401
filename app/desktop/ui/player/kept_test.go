package player

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/audio"
	"dozvon/app/desktop/config"
	"dozvon/app/desktop/download"
	"dozvon/client"
)

// TestPlaces_outliveTheProgram, each in the file of whose they are.
func TestPlaces_outliveTheProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, two := recordingKey{"c1", 1}, recordingKey{"c1", 2}
	var p Places
	p.leave(two, 9*time.Second, time.Minute) // nobody is signed in: it is kept for now
	p.KeptIn(dir, "server\nme")
	if p.of(two) != 0 {
		t.Error("what was left before the sign-in is mine")
	}
	p.leave(one, 72*time.Second, 250*time.Second)
	p.leave(two, 31*time.Second, 250*time.Second)
	p.leave(two, 249*time.Second, 250*time.Second)

	var again Places
	again.KeptIn(dir, "server\nme")
	if again.of(one) != 72*time.Second || again.of(two) != 0 {
		t.Errorf("after a restart they are at %v and %v", again.of(one), again.of(two))
	}
	again.KeptIn(dir, "server\nanother")
	if again.of(one) != 0 {
		t.Error("another's places are shown")
	}
	again.KeptIn(dir, "")
	again.leave(one, 5*time.Second, time.Minute)
	p.KeptIn(dir, "server\nme")
	if p.of(one) != 72*time.Second {
		t.Errorf("what was left signed out has changed mine to %v", p.of(one))
	}
}

// TestPlaces_aBrokenFileHarmsNothing.
func TestPlaces_aBrokenFileHarmsNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"{", `{"a":1}`, `[{"call":"","part":1,"ms":9},{"call":"c1","part":-1,"ms":9},{"call":"c1","part":1,"ms":-5}]`, "null"} {
		dir := t.TempDir()
		var p Places
		p.KeptIn(dir, "me")
		p.leave(recordingKey{"x", 1}, 9*time.Second, time.Minute)
		files, err := filepath.Glob(filepath.Join(dir, "desktop-places-*.json"))
		if err != nil || len(files) != 1 {
			t.Fatalf("%q, %v", files, err)
		}
		if err := os.WriteFile(files[0], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p.KeptIn(dir, "me")
		if len(p.all) != 0 {
			t.Errorf("of %q are read %+v", text, p.all)
		}
		p.leave(recordingKey{"c1", 1}, 9*time.Second, time.Minute)
		var again Places
		again.KeptIn(dir, "me")
		if again.of(recordingKey{"c1", 1}) != 9*time.Second {
			t.Errorf("after %q nothing is kept any more", text)
		}
	}
}

// TestPlaces_areNotedWhileOneHears: a program that is killed has lost some seconds at most.
func TestPlaces_areNotedWhileOneHears(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var p, again Places
	p.KeptIn(dir, "me")
	var noted time.Duration
	key := recordingKey{"c1", 1}
	for at := time.Duration(0); at <= 21*time.Second; at += 100 * time.Millisecond {
		p.note(key, at, time.Minute, &noted)
	}
	for deadline := time.Now().Add(time.Minute); again.of(key) != 20*time.Second; again.KeptIn(dir, "me") {
		if time.Now().After(deadline) {
			t.Fatalf("kept is %v", again.of(key))
		}
	}
}

// TestKept_keepsWhatIsChosen once, when the knob stands still; which channel is heard is nobody's choice for good.
func TestKept_keepsWhatIsChosen(t *testing.T) {
	t.Parallel()
	var told []config.Player
	s := &Kept{Keep: func(c config.Player) { told = append(told, c) }}
	s.soon.Do = func(func()) {} // it is told by settle alone
	s.Choose(config.Player{Speed: 1.5, Volume: 40, SkipSilence: true})
	if s.now() != (audio.Manner{Speed: 1.5, Volume: 0.4, SkipSilence: true}) {
		t.Errorf("chosen is %+v", s.now())
	}
	s.change(audio.Manner{Speed: 1.5, Volume: 0.4, SkipSilence: true, Channel: audio.Left})
	s.settle()
	if len(told) != 0 || s.now().Channel != audio.Left {
		t.Errorf("a channel is kept for good: %+v", told)
	}
	for n := range 10 {
		s.change(audio.Manner{Speed: 1.5, Volume: 0.4 + float64(n)*0.05, SkipSilence: true})
	}
	s.settle()
	s.settle()
	if len(told) != 1 || told[0] != (config.Player{Speed: 1.5, Volume: 85, SkipSilence: true}) {
		t.Errorf("told %+v", told)
	}
	again := &Kept{}
	again.Choose(told[0])
	if again.now() != (audio.Manner{Speed: 1.5, Volume: 0.85, SkipSilence: true}) {
		t.Errorf("after a restart it is %+v", again.now())
	}
	if (&Kept{}).now() != (audio.Manner{Speed: 1, Volume: 1}) {
		t.Error("where nothing is chosen it is not as recorded")
	}
}

// TestPlayer_tellsTroublesApart by what the server answers.
func TestPlayer_tellsTroublesApart(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]trouble{"not_ready": preparing, "participants_only": notYours, "no_recording": missing, "recording_gone": broken, "pbx_unreachable": broken} {
		p, _, _ := loaded(t)
		p.fail(&client.Problem{Status: 404, Code: code, Detail: "Слова сервера."})
		if p.state != Broken || p.trouble != want || p.why == "" || want == broken && p.why != "Слова сервера." {
			t.Errorf("%s: %s, %d, %q", code, p.state, p.trouble, p.why)
		}
	}
}

// TestPlayer_tellsHowMuchHasComeAfterAWhile: most recordings are there sooner.
func TestPlayer_tellsHowMuchHasComeAfterAWhile(t *testing.T) {
	t.Parallel()
	p, _, _ := loaded(t)
	p.state, p.percent = Loading, 0
	p.comes(p.loads, 38)
	if p.percent != 38 || p.slow {
		t.Errorf("%d %% have come, told: %v", p.percent, p.slow)
	}
	p.comes(p.loads-1, 50)
	if p.percent != 38 {
		t.Errorf("another recording's %d %% are told", p.percent)
	}
	r := &recording{size: 200}
	var told []int
	r.came = func(percent int) { told = append(told, percent) }
	for range 100 {
		r.at += 2
		r.tell()
		r.tell()
	}
	if len(told) != 100 || told[0] != 1 || told[99] != 100 {
		t.Errorf("told %v", told)
	}
}

// TestPlayer_downloadGoesOnAfterItBrokeOff, also when the person asks for it again later, and twice is once.
func TestPlayer_downloadGoesOnAfterItBrokeOff(t *testing.T) {
	t.Parallel()
	s := &slow{}
	p, d, _ := coming(t, s)
	told := &telling{desk: d}
	p.host, p.dir = told, t.TempDir()
	entry := p.entry
	path := filepath.Join(p.dir, download.Name(p.name(entry))+".mp3")
	if err := os.WriteFile(path+"."+markOf(p.key())+".part", s.whole[:len(s.whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	p.Download(entry)
	p.Download(entry)
	d.until(t, func() bool { return len(p.Kept.saving) == 0 })
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, s.whole) {
		t.Errorf("saved %d bytes of %d, %v", len(got), len(s.whole), err)
	}
	from := 0
	for _, asked := range s.ranges() {
		if asked == fmt.Sprintf("bytes=%d-", len(s.whole)/2) {
			from++
		}
	}
	if from != 1 || len(told.told) == 0 || told.told[len(told.told)-1] != "Сохранено: "+path || !strings.HasPrefix(told.told[0], "Скачиваем дальше…") {
		t.Errorf("asked for %q, told %q", s.ranges(), told.told)
	}
	close(s.rest)
}

// TestPlayer_downloadsTakeNoFilesPlace: the second call of a person within a minute took the first one's, and one that was
// saved again its own.
func TestPlayer_downloadsTakeNoFilesPlace(t *testing.T) {
	t.Parallel()
	s := &slow{}
	p, d, _ := coming(t, s)
	p.host, p.dir = &telling{desk: d}, t.TempDir()
	first, second := p.entry, p.entry
	first.At = time.Date(2026, 11, 24, 14, 32, 7, 0, time.Local)
	second.At, second.ID, second.CallID = first.At.Add(20*time.Second), "another", "another"
	close(s.rest)
	for _, entry := range []client.FeedEntry{first, second, first} {
		p.Download(entry)
		d.until(t, func() bool { return len(p.Kept.saving) == 0 })
	}
	files, err := filepath.Glob(filepath.Join(p.dir, "*"))
	again := slices.IndexFunc(files, func(f string) bool { return strings.Contains(f, "14-32-07") && strings.HasSuffix(f, " (1).mp3") })
	if err != nil || len(files) != 3 || again < 0 {
		t.Errorf("two recordings, one of them saved twice, are the files %q, %v", files, err)
	}
}

// TestWave_playsFromAMoment, tells whoever shows it, and no more once it is closed.
func TestWave_playsFromAMoment(t *testing.T) {
	test.NewTempApp(t)
	p, d, _ := flagging(t)
	moved := 0
	w := NewWave(p, p.entry, func() { moved++ })
	w.PlayAt(1, 500*time.Millisecond)
	d.until(t, func() bool { return p.playing != nil })
	if state, _, length := w.Status(); state != Playing || length != p.clip.Duration() || p.at != 500*time.Millisecond || moved == 0 {
		t.Errorf("%s from %s, %d times told", state, p.at, moved)
	}
	w.PlayAt(1, 700*time.Millisecond)
	d.until(t, func() bool { return p.playing != nil })
	if p.at != 700*time.Millisecond {
		t.Errorf("played from %s", p.at)
	}
	w.Close()
	before := moved
	p.Seek(0)
	if moved != before {
		t.Error("it is told after it was closed")
	}
}
