package feed_test

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// ofParticipants is a school whose recordings are for those who took part.
type ofParticipants struct{}

func (ofParticipants) Settings(context.Context) (client.School, error) {
	return client.School{RecordingsFor: client.ForParticipants}, nil
}

// TestPlayer_hasAFaceForWhatCannotBeHeard: what it is, what to do, and a button only where it helps.
func TestPlayer_hasAFaceForWhatCannotBeHeard(t *testing.T) {
	uitest.LightApp(t)
	where := 0
	show := func(me client.Employee, call string, change func(*uitest.Host, []client.FeedEntry)) (*uitest.Host, *feed.View) {
		t.Helper()
		h, entries := uitest.NewHostFor(t, i18n.Russian, me), uitest.Entries()
		if change != nil {
			change(h, entries)
		}
		h.School.Answers["/feed"] = client.Page[client.FeedEntry]{Items: entries}
		play := player.New(h, t.TempDir())
		play.Where = func() { where++ }
		view := feed.New(h, func() *client.API { return h.API }, play, &feed.State{})
		test.NewTempWindow(t, view).Resize(uitest.Tall)
		view.Reload()
		if _, ok := view.Expand(call); !ok {
			t.Fatalf("%s is not in the feed", call)
		}
		return h, view
	}
	tests := []struct {
		name, call  string
		me          client.Employee
		change      func(*uitest.Host, []client.FeedEntry)
		says, never string
		button      string
	}{
		{"preparing", "c5", uitest.Kireeva, nil, "Запись готовится\nАТС пришлёт её через минуту-две", "Повторить", ""},
		{"none, for who may switch it on", "c7", uitest.Kireeva, nil, "Записи нет\nАТС не записывала этот разговор", "Повторить", "Где включить"},
		{"none, for others", "c7", uitest.Borisov, nil, "Записи нет", "Где включить", ""},
		{"not yours", "c7", uitest.Borisov, func(h *uitest.Host, _ []client.FeedEntry) {
			if err := h.Facts.ReloadSchool(t.Context(), ofParticipants{}); err != nil {
				t.Fatal(err)
			}
		}, "Эту запись слышат участники разговора и руководители\nСпросите: Киреева А. С. или руководитель", "Записи нет", ""},
		{"deleted in the PBX", "c7", uitest.Kireeva, func(_ *uitest.Host, all []client.FeedEntry) {
			all[6].Recordings = []client.RecordingPart{{Part: 1, Gone: true}}
		}, "Запись удалена в АТС", "Где включить", ""},
		{"broken", "c2", uitest.Kireeva, func(h *uitest.Host, _ []client.FeedEntry) { h.School.Recording = []byte("no sound at all") }, "Запись не открылась", "−10", "Повторить"},
	}
	for _, tt := range tests {
		h, view := show(tt.me, tt.call, tt.change)
		got := uitest.Readable(view)
		for line := range strings.SplitSeq(tt.says, "\n") {
			if !strings.Contains(got, line) {
				t.Errorf("%s: the row does not say %q; it says\n%s", tt.name, line, got)
			}
		}
		if strings.Contains(got, tt.never) {
			t.Errorf("%s: the row says %q:\n%s", tt.name, tt.never, got)
		}
		if tt.button == "" {
			continue
		}
		b, asked, before := uitest.Buttons(view, map[string]*widgets.Button{})[tt.button], len(h.School.Played), where
		if b == nil {
			t.Errorf("%s: no button %q", tt.name, tt.button)
			continue
		}
		test.Tap(b)
		if tt.button == "Где включить" && where != before+1 || tt.button == "Повторить" && len(h.School.Played) != asked+1 {
			t.Errorf("%s: %q does nothing", tt.name, tt.button)
		}
	}
}

// TestPlayer_saysNothingOfARecordingThatMayStillCome: the talk has only just ended.
func TestPlayer_saysNothingOfARecordingThatMayStillCome(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	view := feed.New(h, func() *client.API { return h.API }, player.New(h, t.TempDir()), &feed.State{})
	test.NewTempWindow(t, view).Resize(uitest.Tall)
	view.Reload()
	if _, ok := view.Expand("c1"); !ok {
		t.Fatal("no such call in the feed")
	}
	if got := uitest.Readable(view); strings.Contains(got, "Записи нет") {
		t.Errorf("a minute after the beginning the row says\n%s", got)
	}
}
