package screens

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/timeline"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestGolden_rowPlayerAndTimeMachine: what was judged good is drawn as it was, in two looks in which each language
// and each theme stands once. Every surface proves that its picture would tell of the smallest change that is seen.
func TestGolden_rowPlayerAndTimeMachine(t *testing.T) { inGoldenLooks(t, goldenParts) }

// TestGolden_cardAndStrip is likewise for the faces of the call card, and what stands for several.
func TestGolden_cardAndStrip(t *testing.T) { inGoldenLooks(t, goldenCards) }

// goldenSurface is something that is drawn, and how.
type goldenSurface struct {
	object fyne.CanvasObject
	draw   func() image.Image
}

func inGoldenLooks(t *testing.T, surfaces func(t *testing.T, l look) map[string]func(t *testing.T) goldenSurface) {
	t.Helper()
	for n, l := range looks()[:min(2, len(looks()))] {
		t.Run(string(l.lang)+"-"+string(l.choice), func(t *testing.T) {
			test.NewTempApp(t)
			l.afresh()
			for name, surface := range surfaces(t, l) {
				t.Run(name, func(t *testing.T) {
					l.afresh()
					s := surface(t)
					good := s.draw()
					uitest.Golden(t, name+l.suffix(), good)
					if n == 0 && !underRace {
						tellsOfChanges(t, s, good)
					}
				})
			}
		})
	}
}

// tellsOfChanges wants a golden picture to fail when anything that is written on its surface moves by one pixel, and
// when one pixel of it has another colour.
func tellsOfChanges(t *testing.T, s goldenSurface, good image.Image) {
	t.Helper()
	if how, _ := uitest.Changed(s.draw(), good); how != "" {
		t.Fatalf("drawn again it differs by itself: %s", how)
	}
	const most = 12 // of the words of a large surface
	labels := slices.DeleteFunc(uitest.All[*widgets.Label](s.object), func(l *widgets.Label) bool { return strings.TrimSpace(l.Text) == "" })
	moved := 0
	for n := 0; n < len(labels); n += 1 + len(labels)/most {
		label := labels[n]
		at := label.Position()
		label.Move(at.AddXY(1, 0))
		now := s.draw()
		label.Move(at)
		if differs, _ := uitest.Changed(now, good); differs != "" {
			moved++
			continue
		}
		if onPicture(s, label, good) {
			t.Errorf("%q moved by a pixel, and nothing tells", label.Text)
		}
	}
	if moved == 0 {
		t.Error("whatever moves, nothing tells")
	}
	dot := image.NewNRGBA(good.Bounds())
	draw.Draw(dot, dot.Bounds(), good, good.Bounds().Min, draw.Src)
	middle := good.Bounds().Min.Add(good.Bounds().Size().Div(2))
	c := dot.NRGBAAt(middle.X, middle.Y)
	dot.SetNRGBA(middle.X, middle.Y, color.NRGBA{c.R ^ 0x80, c.G ^ 0x80, c.B ^ 0x80, 0xFF})
	if differs, _ := uitest.Changed(dot, good); differs == "" {
		t.Error("one pixel of another colour tells nothing")
	}
}

// onPicture tells whether words stand on the part of the surface that is kept.
func onPicture(s goldenSurface, label *widgets.Label, good image.Image) bool {
	label.Hide()
	defer label.Show()
	differs, _ := uitest.Changed(s.draw(), good)
	return differs != ""
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

// goldenParts are rows of the feed, and the sheet over it.
func goldenParts(_ *testing.T, l look) map[string]func(t *testing.T) goldenSurface {
	all := map[string]func(t *testing.T) goldenSurface{
		"row": func(t *testing.T) goldenSurface { return rowOf(t, l, staged(t, l, rowWindow), "4 ", 56) },
		"player": func(t *testing.T) goldenSurface {
			s := expanded(staged(t, l, rowWindow), "c2")
			s.play.Seek(600 * time.Millisecond)
			return rowOf(t, l, s, "4 ", 230)
		},
		"time-machine": func(t *testing.T) goldenSurface {
			s := staged(t, l, fyne.NewSize(1180, 760))
			s.h.School.Answers["/calls/c2/timeline"] = uitest.Course()
			s.h.School.Recording = bytes.Repeat(s.h.School.Recording, 26)
			entry := marked()[1]
			entry.Flags[0].FromMS, entry.Flags[1].FromMS = 5000, 66000
			sheet := timeline.Open(s.h, s.w.Canvas(), s.play, entry)
			t.Cleanup(sheet.Close)
			s.play.Seek(21 * time.Second)
			return goldenSurface{uitest.Over(s.w), func() image.Image { return part(s.w.Canvas().Capture(), image.Rect(36, 62, 1144, 698)) }}
		},
	}
	begins := map[string]string{"preparing": "1 ", "none": "2 ", "not-yours": "2 "} // the second line of their rows
	for name, face := range playerFaces {
		all["player-"+name] = func(t *testing.T) goldenSurface {
			high := 130
			if name == "flag" || name == "stereo" {
				high = 320
			}
			return rowOf(t, l, face(t, l), cmp.Or(begins[name], "4 "), high)
		}
	}
	return all
}

// rowOf is the row whose second line begins with some words, so many pixels of it: what stands beside it is other tests'
// affair.
func rowOf(t *testing.T, l look, s stage, begins string, high int) goldenSurface {
	t.Helper()
	t.Cleanup(s.play.Stop)
	for _, label := range uitest.All[*widgets.Label](s.view) {
		if strings.HasPrefix(label.Text, begins) && strings.Contains(label.Text, l.minutes()) {
			top := int(fyne.CurrentApp().Driver().AbsolutePositionForObject(label).Y) - 30
			return goldenSurface{s.view, func() image.Image {
				return part(s.w.Canvas().Capture(), image.Rect(0, top, int(rowWindow.Width), top+high))
			}}
		}
	}
	t.Fatalf("no row tells %q", begins)
	return goldenSurface{}
}

// goldenCards are the call card in all its states, and the strip, the line and the fold.
func goldenCards(_ *testing.T, l look) map[string]func(t *testing.T) goldenSurface {
	all := map[string]func(t *testing.T) goldenSurface{}
	card := func(name string, view func(h *uitest.Host) fyne.CanvasObject) {
		all["card-"+name] = func(t *testing.T) goldenSurface { return pictured(t, view(uitest.NewHost(t, l.lang))) }
	}
	for name, call := range uitest.Cards() {
		card(name, func(h *uitest.Host) fyne.CanvasObject { return cardView(h, name, call) })
	}
	practised := uitest.Cards()["1-known"]
	practised.Practice, practised.Subject, practised.LastNote = true, &learner, nil
	card("practice", func(h *uitest.Host) fyne.CanvasObject { return cardView(h, "1-known", practised) })
	card("reminder", func(h *uitest.Host) fyne.CanvasObject { return uitest.ReminderView(h, &uitest.Said{}, 0) })
	card("outcome", func(h *uitest.Host) fyne.CanvasObject { return uitest.EndedView(h, &uitest.Said{}) })
	card("heard", func(h *uitest.Host) fyne.CanvasObject { return heardView(h, nil, nil) })
	card("heard-armed", func(h *uitest.Host) fyne.CanvasObject { return heardView(h, nil, (*widgets.Pick).FocusGained) })
	card("heard-elsewhere", func(h *uitest.Host) fyne.CanvasObject { return heardView(h, &uitest.Kuznetsov, nil) })
	card("outage", func(h *uitest.Host) fyne.CanvasObject {
		return outageView(h, model.Outage{From: uitest.Ago(52 * time.Minute), To: uitest.Now, Counted: true, Calls: 9, Missed: 3, Waiting: 2})
	})
	for name := range strips {
		all["strip-"+name] = func(t *testing.T) goldenSurface {
			w, screen := stripWindow(t, l, name)
			return goldenSurface{w.Content(), func() image.Image { return seen(w.Canvas().Capture(), screen.Cut) }}
		}
	}
	all["stack"] = func(t *testing.T) goldenSurface {
		w, screen := stormWindow(t, l, storms["design"])
		return goldenSurface{w.Content(), func() image.Image { return seen(w.Canvas().Capture(), screen.Cut) }}
	}
	return all
}

// pictured is an object on the window's ground, as large as it wants to be.
func pictured(t *testing.T, object fyne.CanvasObject) goldenSurface {
	t.Helper()
	over := software.NewCanvas()
	over.SetPadded(false)
	over.SetContent(widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(8, 8, 8, 8, object)))
	over.Resize(over.Content().MinSize())
	uitest.Forget(t, object)
	return goldenSurface{over.Content(), over.Capture}
}

// seen is the part of a window of cards to which it is cut.
func seen(whole image.Image, cut []platform.Rect) image.Image {
	var area image.Rectangle
	for _, p := range cut {
		area = area.Union(image.Rect(p.X, p.Y, p.X+p.Width, p.Y+p.Height))
	}
	return part(whole, area.Intersect(whole.Bounds()))
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
	s := stagedBy(t, l, uitest.Kireeva, asItIs)
	s.w.Resize(size)
	return s
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
