package feed_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// partsFeed is that feed with its player; downloads go to dir.
func partsFeed(t *testing.T) (h *uitest.Host, play *player.Player, view *feed.View, dir string) {
	t.Helper()
	uitest.LightApp(t)
	h = uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/feed"] = client.Page[client.FeedEntry]{Items: uitest.InParts()}
	dir = t.TempDir()
	play = player.New(h, dir)
	view = feed.New(h, func() *client.API { return h.API }, play, &feed.State{})
	test.NewTempWindow(t, view).Resize(uitest.Tall)
	view.Reload()
	return h, play, view, dir
}

func TestFeed_choosesAmongSeveralRecordings(t *testing.T) {
	h, play, view, dir := partsFeed(t)
	entry, _ := view.Expand("c2")
	for _, want := range []string{"2 записи", "запись 1 из 2 · Киреева А. С.", "Восстановлено сверкой с АТС"} {
		if got := uitest.Readable(view); !strings.Contains(got, want) {
			t.Errorf("the row does not say %q; it says\n%s", want, got)
		}
	}
	test.Tap(uitest.Buttons(view, map[string]*widgets.Button{})["2"])
	if got := uitest.Readable(view); !strings.Contains(got, "запись 2 из 2 · Борисов Б. П.") {
		t.Errorf("after choosing the second: %s", got)
	}
	play.Download(entry)
	want := []string{"/api/v1/calls/c2/recording", "/api/v1/calls/c2/recording?part=2", "/api/v1/calls/c2/recording?part=2"}
	if !slices.Equal(h.School.Played, want) {
		t.Errorf("asked for %q, want %q", h.School.Played, want)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 || !strings.HasSuffix(files[0], "Шангутов Александр Александрович, запись 2 из 2, Борисов Б. П.mp3") {
		t.Errorf("saved %q (%v)", files, err)
	}
	if info, err := os.Stat(files[0]); err == nil && info.Size() != int64(len(h.School.Recording)) {
		t.Errorf("saved %d bytes, want %d", info.Size(), len(h.School.Recording))
	}
}

func TestFeed_saysThatARecordingIsGone(t *testing.T) {
	h, _, view, _ := partsFeed(t)
	if _, ok := view.Expand("c7"); !ok {
		t.Fatal("no such call in the feed")
	}
	if got := uitest.Readable(view); !strings.Contains(got, "Запись удалена в АТС") {
		t.Errorf("the row says %s", got)
	}
	if len(h.School.Played) != 0 {
		t.Errorf("a deleted recording was asked for: %q", h.School.Played)
	}
}

func TestPlayer_loadsAPartThatHasBecomeReady(t *testing.T) {
	h, play, _, _ := partsFeed(t)
	entry := uitest.InParts()[1]
	entry.Recordings[1].Ready = false
	play.Object(entry)
	play.Choose(1)
	if state, _, _, _ := play.Status(); state != player.Broken {
		t.Fatalf("a recording that is being prepared is %q", state)
	}
	play.Object(uitest.InParts()[1])
	if state, _, _, _ := play.Status(); state != player.Ready {
		t.Errorf("after it became ready the player is %q", state)
	}
	if got := len(h.School.Played); got != 2 {
		t.Errorf("asked for %q", h.School.Played)
	}
}
