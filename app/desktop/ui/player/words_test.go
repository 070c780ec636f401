package player

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// recorded is a call with a recording, or with several.
func recorded(call string, parts ...client.RecordingPart) client.FeedEntry {
	return client.FeedEntry{CallID: call, Recording: &client.Recording{Ready: true}, Recordings: parts}
}

// inTwo is a call of two recordings.
func inTwo(call string) client.FeedEntry {
	return recorded(call, client.RecordingPart{Part: 1, Ready: true}, client.RecordingPart{Part: 2, Ready: true})
}

// TestMarks_aHalfTypedWordWaitsInItsRecording while others are opened, also of the same call, while the page is made
// anew, and while the program is away.
func TestMarks_aHalfTypedWordWaitsInItsRecording(t *testing.T) {
	t.Parallel()
	p, d, _ := flagging(t)
	waits := func(when string, of *Player, word string, from, to time.Duration) {
		t.Helper()
		if m := of.marks.open; m == nil || m.word != word || m.from != from || m.to != to || m.typing {
			t.Errorf("%s what waits is %+v, want %q from %s to %s without the keyboard", when, m, word, from, to)
		}
	}
	none := func(when string, of *Player) {
		t.Helper()
		if of.marks.open != nil {
			t.Errorf("%s there waits %+v", when, of.marks.open)
		}
	}
	p.marks.Select(100*time.Millisecond, 700*time.Millisecond)
	p.marks.typed("суббота ут")
	p.turnTo(inTwo("c2"))
	none("in another recording", p)
	if len(d.told) != 1 || !strings.Contains(d.told[0], "«суббота ут»") {
		t.Errorf("told %q", d.told)
	}
	d.until(t, func() bool { return p.clip != nil && p.clip.Whole() })
	p.marks.Select(time.Second, time.Second)
	p.marks.typed("цена")
	p.Choose(1)
	none("in another part", p)
	p.Choose(0)
	waits("in the part", p, "цена", time.Second, time.Second)
	p.turnTo(recorded("c1"))
	waits("in the first recording", p, "суббота ут", 100*time.Millisecond, 700*time.Millisecond)
	p.turnTo(recorded("c3"))
	if len(d.told) != 2 {
		t.Errorf("what was only looked at is told of: %q", d.told)
	}

	anew := New(d, t.TempDir())
	anew.Kept = p.Kept
	anew.turnTo(recorded("c1"))
	waits("on the page made anew", anew, "суббота ут", 100*time.Millisecond, 700*time.Millisecond)
	anew.Stop()

	raw, err := json.Marshal(p.Kept.Words.Unsaved())
	var left []Word
	if err == nil {
		err = json.Unmarshal(raw, &left)
	}
	if err != nil {
		t.Fatal(err)
	}
	restarted := New(d, t.TempDir())
	restarted.Kept.Words.keep(recordingKey{"c2", 1}, mark{word: "скидка"})
	restarted.Kept.Words.Restore(left)
	restarted.turnTo(recorded("c1"))
	waits("after a restart", restarted, "суббота ут", 100*time.Millisecond, 700*time.Millisecond)
	restarted.turnTo(inTwo("c2"))
	waits("after a restart, typed since", restarted, "скидка", 0, 0)
	restarted.Stop()
}

// TestMarks_goOnWithAWordThatWaits by the key of a flag, set it, drop it, and look at another flag meanwhile.
func TestMarks_goOnWithAWordThatWaits(t *testing.T) {
	t.Parallel()
	p, d, s := flagging(t)
	flags := p.entry.Flags
	leave := func() {
		p.turnTo(recorded("c2"))
		d.until(t, func() bool { return p.clip != nil && p.clip.Whole() })
		entry := recorded("c1")
		entry.Flags = flags
		p.turnTo(entry)
		d.until(t, func() bool { return p.clip != nil && p.clip.Whole() })
	}
	p.marks.Select(100*time.Millisecond, 700*time.Millisecond)
	p.marks.typed("суббота")
	leave()
	p.marks.SelectHere()
	if m := p.marks.open; m == nil || !m.typing || m.word != "суббота" || m.to != 700*time.Millisecond {
		t.Fatalf("the key of a flag goes on with %+v", m)
	}
	p.marks.Open(p.marks.list()[0])
	if p.marks.open == nil || p.marks.open.word != "суббота" {
		t.Errorf("another flag's opening lost the word: %+v", p.marks.open)
	}
	p.marks.Set("суббота")
	d.until(t, func() bool { return !p.marks.setting })
	if f, ok := p.marks.opened(); p.marks.open != nil || len(p.Kept.Words.Unsaved()) != 0 || !ok || f.ID != "f1" {
		t.Errorf("set, there waits %+v, kept is %+v, opened %+v", p.marks.open, p.Kept.Words.Unsaved(), f)
	}
	<-s.asked
	p.marks.SelectHere()
	p.marks.typed("нет")
	p.marks.Drop()
	leave()
	if p.marks.open != nil {
		t.Errorf("dropped, there waits %+v", p.marks.open)
	}
}

// TestMarks_aWordOnItsWayIsKeptUntilItIsSet: the row is left before the server answers.
func TestMarks_aWordOnItsWayIsKeptUntilItIsSet(t *testing.T) {
	t.Parallel()
	for _, refused := range []bool{false, true} {
		p, d, s := flagging(t)
		if refused {
			close(s.refuse)
		}
		p.marks.SelectHere()
		p.marks.typed("суббота")
		p.marks.Set("суббота")
		if len(p.Kept.Words.Unsaved()) != 1 {
			t.Error("on its way it is not kept")
		}
		p.turnTo(recorded("c2"))
		d.until(t, func() bool { return !p.marks.setting })
		p.turnTo(recorded("c1"))
		if waits := p.marks.open != nil; waits != refused {
			t.Errorf("refused: %t, and it waits: %t", refused, waits)
		}
		if refused && (len(d.told) != 1 || d.told[0] != "Слова сервера.") {
			t.Errorf("told %q", d.told)
		}
	}
}

// TestMarks_whatIsTypedWhileAWordIsOnItsWayStays.
func TestMarks_whatIsTypedWhileAWordIsOnItsWayStays(t *testing.T) {
	t.Parallel()
	p, d, _ := flagging(t)
	p.marks.SelectHere()
	p.marks.typed("суб")
	p.marks.Set("суб")
	p.marks.typed("суббота")
	d.until(t, func() bool { return !p.marks.setting })
	if m := p.marks.open; m == nil || m.word != "суббота" || len(p.Kept.Words.Unsaved()) != 1 {
		t.Errorf("there waits %+v", m)
	}
}

// TestWords_takeNothingBackThatCannotBe: the file is somebody's to change.
func TestWords_takeNothingBackThatCannotBe(t *testing.T) {
	t.Parallel()
	var w Words
	w.Restore([]Word{
		{Part: 1, Word: "без звонка"},
		{Call: "c1", Word: "без записи"},
		{Call: "c2", Part: 1, FromMS: 9, ToMS: 1, Word: "назад"},
		{Call: "c3", Part: 1, FromMS: -9, Word: "раньше"},
		{Call: "c4", Part: 1, Word: "  "},
		{Call: "c5", Part: 1, Word: strings.Repeat("д", client.FlagWordMost+1)},
		{Call: "c6", Part: 1, Word: "цена"},
		{Call: "c6", Part: 1, Word: "дважды"},
	})
	if got := w.Unsaved(); len(got) != 1 || got[0].Word != "цена" {
		t.Errorf("taken back are %+v", got)
	}
	for n := range wordsMost + 5 {
		w.keep(recordingKey{"many", n + 1}, mark{word: "слово"})
	}
	if got := w.Unsaved(); len(got) != wordsMost || got[0].Part != 6 {
		t.Errorf("%d are kept, the oldest %+v", len(got), got[0])
	}
}

// inEnglish is a desk after the person has chosen the other language.
type inEnglish struct{ *telling }

func (inEnglish) Text() *i18n.Text { return i18n.New(i18n.English) }

// TestPlayer_aSecondDownloadIsTheFirst, also from the page that a change of language has made anew, and the rest of the
// first one is told in that language.
func TestPlayer_aSecondDownloadIsTheFirst(t *testing.T) {
	t.Parallel()
	s := &slow{plain: true}
	p, d, _ := coming(t, s)
	host := &telling{desk: d}
	p.host, p.dir = host, t.TempDir()
	entry := inTwo("c1") // of several recordings: the name tells which, in words
	p.turnTo(entry)
	p.Download(entry)
	anew := New(inEnglish{host}, p.dir)
	anew.Kept, anew.do, anew.prepare = p.Kept, p.do, p.prepare
	t.Cleanup(anew.Stop)
	anew.Download(entry)
	close(s.rest)
	d.until(t, func() bool { return len(p.Kept.saving) == 0 })
	files, err := filepath.Glob(filepath.Join(p.dir, "*"))
	if err != nil || len(files) != 1 {
		t.Errorf("one recording saved twice at once is the files %q, %v", files, err)
	}
}
