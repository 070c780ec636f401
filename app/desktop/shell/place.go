package shell

import (
	"log/slog"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/winplace"
)

// windowSize is the main window's until its person makes it another.
var windowSize = fyne.NewSize(1180, 760)

// placing keeps the main window where its person put it.
type placing struct{ *App }

func placingOf(a *App) placing { return placing{a} }

// places are what is known of the main window's place. Fyne's goroutine only.
type places struct {
	kept  winplace.Place // as in the file; without a width: none
	last  winplace.Place // a second ago: a window on its way is not where it will stand
	saves chan winplace.Place
	due   bool // kept is not in the file yet
	aim   *aim // nil once the window stands there
}

// aim is where the window is being put.
type aim struct {
	place winplace.Place // without a width: where it stands
	first bool           // nobody has put it anywhere yet
	puts  int
	seen  winplace.Place // where it stood at the last of them
}

func placePath() string { return filepath.Join(platform.StateDir(), "desktop-window.json") }

// begin reads the place of the last time, and gives the window its size.
func (a placing) begin() {
	kept, found, err := winplace.Load(placePath())
	if err != nil {
		slog.Warn("window's place not known", "error", err)
	}
	a.window.Resize(windowSize)
	if found {
		a.places.kept = kept
		a.window.Resize(fyne.NewSize(kept.Width, kept.Height))
	}
	a.places.saves = make(chan winplace.Place, 1)
	go func() {
		for {
			select {
			case <-a.ctx.Done():
				return
			case place := <-a.places.saves:
				if err := winplace.Save(placePath(), place); err != nil {
					slog.Warn("window's place not kept", "error", err)
				}
			}
		}
	}()
}

// on is the screen that the window stands on.
func (a placing) on() platform.Placing { return platform.Placing{Desktop: a.screen} }

// write keeps the place as the program ends.
func (a placing) write() {
	if a.places.kept.Width == 0 {
		return
	}
	if err := winplace.Save(placePath(), a.places.kept); err != nil {
		slog.Warn("window's place not kept", "error", err)
	}
}

// settle puts the window that was just shown where it stood; all of it on the screen, also when the monitor
// is gone that it stood on.
func (a placing) settle(shown bool) {
	if a.screen == nil {
		return
	}
	p := &a.places
	switch {
	case !shown && p.aim != nil: // on its way
	case shown && p.kept.Width > 0:
		p.aim = &aim{place: p.kept}
	case shown:
		p.aim = &aim{first: true}
	default:
		p.aim = &aim{}
	}
	a.put(p.aim)
}

// puts is how often the window is put in its place at most: what it does afterwards its person or the window
// manager wants.
const puts = 3

// put goes towards the aim, and looks a moment later what became of it: a window manager has rules of its own
// for a window that appears, and may make it smaller than its person did.
func (a placing) put(to *aim) {
	p := &a.places
	if p.aim != to || to == nil {
		return
	}
	now, known := a.at()
	if !known {
		p.aim = nil
		return
	}
	if to.place.Width == 0 {
		to.place = now
		if to.first {
			to.place.Width, to.place.Height = windowSize.Width, windowSize.Height
		}
	}
	want := a.fitted(*to)
	if want.SameAs(now) || to.puts == puts || to.puts > 1 && now == to.seen {
		p.aim = nil
		return
	}
	if !want.SameSize(now) {
		a.window.Resize(fyne.NewSize(want.Width, want.Height))
	}
	a.on().Move(a.window, want.X, want.Y)
	to.puts, to.seen = to.puts+1, now
	a.After(50*time.Millisecond<<to.puts, func() { a.put(to) })
}

// fitted is the aim, or what is next to it on the screen.
func (a placing) fitted(to aim) winplace.Place {
	place, scale := to.place, a.window.Canvas().Scale()
	frame, areas := a.on().Frame(a.window), a.on().WorkAreas()
	whole := frame.Around(place.Pixels(scale))
	if to.first { // a person may spread a window over two monitors, the program does not
		areas = winplace.Most(whole, areas)
	}
	fitted := winplace.Fit(whole, areas)
	if fitted != whole {
		place.X, place.Y = fitted.X+frame.Left, fitted.Y+frame.Top
		place.Width -= float32(whole.Width-fitted.Width) / scale
		place.Height -= float32(whole.Height-fitted.Height) / scale
	}
	return place
}

// at is where the window stands; false when nobody knows, or it does not stand as its person put it.
func (a placing) at() (winplace.Place, bool) {
	if a.screen == nil || !a.on().AsPlaced(a.window) {
		return winplace.Place{}, false
	}
	at, err := a.on().Content(a.window)
	if err != nil || at.Width == 0 {
		return winplace.Place{}, false
	}
	scale := a.window.Canvas().Scale()
	return winplace.Place{X: at.X, Y: at.Y, Width: float32(at.Width) / scale, Height: float32(at.Height) / scale}, true
}

// follow keeps the place: once the window has stood there for a second, or now, as it is put away.
func (a placing) follow(now bool) {
	p := &a.places
	if !a.visible || p.aim != nil {
		return
	}
	place, known := a.at()
	if !known {
		return
	}
	stands := now || place == p.last
	p.last = place
	if stands && place != p.kept {
		p.kept, p.due = place, true
	}
	if p.due {
		select {
		case p.saves <- p.kept:
			p.due = false
		default: // the one before is being written
		}
	}
}
