package screens

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// inParts is the feed with a transferred call in two recordings, one whose recording the PBX
// has deleted, and one that only the PBX's statistics told of.
func inParts() []client.FeedEntry {
	all := entries()
	all[1].Recordings = []client.RecordingPart{
		{Part: 1, Ready: true, Seconds: 40, Extension: "101", Employee: person(kireeva)},
		{Part: 2, Ready: true, Seconds: 210, Extension: "102", Employee: person(borisov)},
	}
	all[1].Why, all[1].Restored = "", true
	all[6].Recordings = []client.RecordingPart{{Part: 1, Gone: true}}
	return all
}

// partsFeed is that feed with its player; downloads go to dir.
func partsFeed(t *testing.T) (h *host, play *player.Player, view *feed.View, dir string) {
	t.Helper()
	lightApp(t)
	h = newHost(t, i18n.Russian)
	h.school.answers["/feed"] = client.Page[client.FeedEntry]{Items: inParts()}
	dir = t.TempDir()
	play = player.New(h, dir)
	view = feed.New(h, func() *client.API { return h.api }, play, &feed.State{})
	test.NewTempWindow(t, view).Resize(tall)
	view.Reload()
	return h, play, view, dir
}

func TestFeed_choosesAmongSeveralRecordings(t *testing.T) {
	h, play, view, dir := partsFeed(t)
	entry, _ := view.Expand("c2")
	for _, want := range []string{"2 записи", "запись 1 из 2 · Киреева А. С.", "Восстановлено сверкой с АТС"} {
		if got := readable(view); !strings.Contains(got, want) {
			t.Errorf("the row does not say %q; it says\n%s", want, got)
		}
	}
	test.Tap(buttons(view, map[string]*widgets.Button{})["2"])
	if got := readable(view); !strings.Contains(got, "запись 2 из 2 · Борисов Б. П.") {
		t.Errorf("after choosing the second: %s", got)
	}
	play.Download(entry)
	want := []string{"/api/v1/calls/c2/recording", "/api/v1/calls/c2/recording?part=2", "/api/v1/calls/c2/recording?part=2"}
	if !slices.Equal(h.school.played, want) {
		t.Errorf("asked for %q, want %q", h.school.played, want)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 || !strings.HasSuffix(files[0], "Шангутов Александр Александрович, запись 2 из 2, Борисов Б. П.mp3") {
		t.Errorf("saved %q (%v)", files, err)
	}
	if info, err := os.Stat(files[0]); err == nil && info.Size() != int64(len(h.school.recording)) {
		t.Errorf("saved %d bytes, want %d", info.Size(), len(h.school.recording))
	}
}

func TestFeed_saysThatARecordingIsGone(t *testing.T) {
	h, _, view, _ := partsFeed(t)
	if _, ok := view.Expand("c7"); !ok {
		t.Fatal("no such call in the feed")
	}
	if got := readable(view); !strings.Contains(got, "Запись удалена в АТС") {
		t.Errorf("the row says %s", got)
	}
	if len(h.school.played) != 0 {
		t.Errorf("a deleted recording was asked for: %q", h.school.played)
	}
}

func TestPlayer_loadsAPartThatHasBecomeReady(t *testing.T) {
	h, play, _, _ := partsFeed(t)
	entry := inParts()[1]
	entry.Recordings[1].Ready = false
	play.Object(entry)
	play.Choose(1)
	if state, _, _, _ := play.Status(); state != player.Broken {
		t.Fatalf("a recording that is being prepared is %q", state)
	}
	play.Object(inParts()[1])
	if state, _, _, _ := play.Status(); state != player.Ready {
		t.Errorf("after it became ready the player is %q", state)
	}
	if got := len(h.school.played); got != 2 {
		t.Errorf("asked for %q", h.school.played)
	}
}
