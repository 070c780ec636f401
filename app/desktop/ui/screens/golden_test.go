package screens

import (
	"bytes"
	"image"
	"image/draw"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/timeline"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestGolden_rowPlayerAndTimeMachine: what was judged good is drawn as it was, in two looks in which each language
// and each theme stands once.
func TestGolden_rowPlayerAndTimeMachine(t *testing.T) {
	for _, l := range looks()[:min(2, len(looks()))] {
		t.Run(string(l.lang)+"-"+string(l.choice), func(t *testing.T) {
			test.NewTempApp(t)
			l.afresh()
			for name, picture := range goldenPictures() {
				uitest.Golden(t, name+l.suffix(), golden(t, l, picture))
			}
		})
	}
}

// marked is the feed with a recorded call that has flags.
func marked() []client.FeedEntry {
	all := uitest.Entries()
	all[1].Flags = []client.Flag{
		{ID: "f1", Part: 1, FromMS: 300, ToMS: 300, Word: "цена", By: uitest.Person(uitest.Kireeva)},
		{ID: "f2", Part: 1, FromMS: 900, ToMS: 1200, Word: "суббота", By: uitest.Person(uitest.Kireeva)},
	}
	return all
}

// stage is a feed in a window with its player.
type stage struct {
	h    *uitest.Host
	w    fyne.Window
	play *player.Player
	view *feed.View
}

// goldenPicture is a part of a window: what stands beside it is other tests' affair.
type goldenPicture struct {
	prepare func(t *testing.T, s stage)
	row     string  // begins the second line of the row that is drawn; empty: the sheet over the window is
	high    float32 // of what is drawn, from the row's top on
}

func goldenPictures() map[string]goldenPicture {
	expand := func(call string) func(*testing.T, stage) {
		return func(_ *testing.T, s stage) { s.view.Expand(call) }
	}
	return map[string]goldenPicture{
		"row": {func(*testing.T, stage) {}, "4 ", 56},
		"player": {func(_ *testing.T, s stage) {
			s.view.Expand("c2")
			s.play.Seek(600 * time.Millisecond)
		}, "4 ", 230},
		"player-preparing": {expand("c5"), "1 ", 130},
		"player-none":      {expand("c7"), "2 ", 130},
		"time-machine": {func(t *testing.T, s stage) {
			s.h.School.Answers["/calls/c2/timeline"] = uitest.Course()
			s.h.School.Recording = bytes.Repeat(s.h.School.Recording, 26)
			entry := marked()[1]
			entry.Flags[0].FromMS, entry.Flags[1].FromMS = 5000, 66000
			timeline.Open(s.h, s.w.Canvas(), s.play, entry)
			s.play.Seek(21 * time.Second)
		}, "", 0},
	}
}

// golden draws a picture.
func golden(t *testing.T, l look, of goldenPicture) image.Image {
	t.Helper()
	if of.row == "" {
		s := staged(t, l, fyne.NewSize(1180, 760))
		of.prepare(t, s)
		defer s.play.Stop()
		return part(s.w.Canvas().Capture(), image.Rect(36, 62, 1144, 698))
	}
	s := staged(t, l, fyne.NewSize(720, 900))
	of.prepare(t, s)
	defer s.play.Stop()
	for _, label := range uitest.All[*widgets.Label](s.view) {
		if strings.HasPrefix(label.Text, of.row) && strings.Contains(label.Text, l.minutes()) {
			top := int(fyne.CurrentApp().Driver().AbsolutePositionForObject(label).Y) - 30
			return part(s.w.Canvas().Capture(), image.Rect(0, top, 720, top+int(of.high)))
		}
	}
	t.Fatalf("no row tells %q", of.row)
	return nil
}

// minutes is in the duration of every recorded call.
func (l look) minutes() string {
	if l.lang == i18n.Russian {
		return "мин"
	}
	return "min"
}

// part is a piece of a picture, whose corner is the beginning.
func part(whole image.Image, of image.Rectangle) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, of.Dx(), of.Dy()))
	draw.Draw(out, out.Bounds(), whole, of.Min, draw.Src)
	return out
}

func staged(t *testing.T, l look, size fyne.Size) stage {
	t.Helper()
	h := uitest.NewHost(t, l.lang)
	h.School.Answers["/feed"] = client.Page[client.FeedEntry]{Items: marked()}
	play := player.New(h, t.TempDir())
	play.Where = func() {}
	view := feed.New(h, func() *client.API { return h.API }, play, &feed.State{})
	w := test.NewTempWindow(t, view)
	w.SetPadded(false)
	w.Resize(size)
	view.Reload()
	return stage{h, w, play, view}
}

// courseOver is the course of a call over a window with the feed.
func courseOver(t *testing.T, l look, size fyne.Size, course any) fyne.Window {
	t.Helper()
	s := staged(t, l, size)
	s.h.School.Answers["/calls/c2/timeline"] = course
	sheet := timeline.Open(s.h, s.w.Canvas(), s.play, marked()[1])
	t.Cleanup(sheet.Close)
	return s.w
}
