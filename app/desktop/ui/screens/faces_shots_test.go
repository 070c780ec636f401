package screens

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// playerFaces are what stands in a row where something is not to be heard, or in a way of its own, each as what is done
// to make it.
var playerFaces = map[string]func(t *testing.T, l look) stage{
	"loading": func(t *testing.T, l look) stage {
		next := uitest.Queue(t)
		s := stagedBy(t, l, uitest.Kireeva, func(h *uitest.Host) player.Host { return silent{h} })
		s.view.Expand("c2")
		s.play.Play(marked()[1])
		for !strings.Contains(uitest.Readable(s.view), s.h.Words.T("player.loading")) {
			next()
		}
		return s
	},
	"preparing": func(t *testing.T, l look) stage { return expanded(staged(t, l, rowWindow), "c5") },
	"none":      func(t *testing.T, l look) stage { return expanded(staged(t, l, rowWindow), "c7") },
	"not-yours": func(t *testing.T, l look) stage {
		s := stagedBy(t, l, uitest.Borisov, asItIs)
		school := uitest.Chosen()
		school.RecordingsFor = client.ForParticipants
		uitest.Choose(s.h, school)
		return expanded(s, "c7")
	},
	"broken": func(t *testing.T, l look) stage {
		s := staged(t, l, rowWindow)
		s.h.School.Recording = []byte("no sound at all")
		s = expanded(s, "c2")
		s.play.Play(marked()[1])
		return s
	},
	"stereo": func(t *testing.T, l look) stage {
		s := staged(t, l, rowWindow)
		s.h.School.Recording = recorded(t, "talk-22k-two-channels.mp3")
		return expanded(s, "c2")
	},
	"flag": func(t *testing.T, l look) stage {
		s := expanded(staged(t, l, rowWindow), "c2")
		for _, b := range uitest.All[*widgets.Button](s.view) {
			if b.Label == s.h.Words.T("player.flag") {
				test.Tap(b)
			}
		}
		return s
	},
}

// rowWindow is a window for a row of the feed that is open.
var rowWindow = fyne.NewSize(720, 900)

func expanded(s stage, call string) stage {
	s.view.Expand(call)
	return s
}

func asItIs(h *uitest.Host) player.Host { return h }

// silent is a program whose server never answers about recordings.
type silent struct{ *uitest.Host }

// Work never ends.
func (silent) Work(func(context.Context, *client.API) error, func(error)) {}

func recorded(t *testing.T, name string) []byte {
	t.Helper()
	sound, err := os.ReadFile(filepath.Join("..", "..", "audio", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return sound
}

// stagedBy is a feed of an employee with a player that asks host.
func stagedBy(t *testing.T, l look, me client.Employee, host func(*uitest.Host) player.Host) stage {
	t.Helper()
	h := uitest.NewHostFor(t, l.lang, me)
	h.School.Answers["/feed"] = client.Page[client.FeedEntry]{Items: marked()}
	play := player.New(host(h), t.TempDir())
	play.Where = func() {}
	view := feed.New(h, func() *client.API { return h.API }, play, &feed.State{})
	w := test.NewTempWindow(t, view)
	w.SetPadded(false)
	w.Resize(rowWindow)
	view.Reload()
	return stage{h, w, play, view}
}

// drawFaces draws the faces of the player in their rows.
func drawFaces(t *testing.T, l look) {
	for name, face := range playerFaces {
		t.Run(name, func(t *testing.T) {
			s := face(t, l)
			defer s.play.Stop()
			s.w.Resize(fyne.NewSize(720, 700))
			uitest.Snap(t, "player-"+name+l.suffix(), s.w)
		})
	}
}
