package shell

import (
	"log/slog"
	"path/filepath"

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
	if a.screen == nil || !a.on().AsPlaced(a.window) {
		return
	}
	now, _, err := a.screen.Geometry(a.window)
	if err != nil || now.Width == 0 {
		return
	}
	want := now
	if kept := a.places.kept; shown && kept.Width > 0 {
		want.X, want.Y = kept.X, kept.Y
	}
	frame := a.on().Frame(a.window)
	whole := frame.Around(want)
	fitted := winplace.Fit(whole, a.on().WorkAreas())
	if fitted.Width < whole.Width || fitted.Height < whole.Height {
		scale := a.window.Canvas().Scale()
		size := a.window.Canvas().Size()
		a.window.Resize(fyne.NewSize(size.Width-float32(whole.Width-fitted.Width)/scale, size.Height-float32(whole.Height-fitted.Height)/scale))
	}
	if x, y := fitted.X+frame.Left, fitted.Y+frame.Top; x != now.X || y != now.Y {
		a.on().Move(a.window, x, y)
	}
}

// follow keeps the place: once the window has stood there for a second, or now, as it is put away.
func (a placing) follow(now bool) {
	if !a.visible || a.screen == nil || !a.on().AsPlaced(a.window) {
		return
	}
	at, _, err := a.screen.Geometry(a.window)
	if err != nil || at.Width == 0 {
		return
	}
	size, p := a.window.Canvas().Size(), &a.places
	place := winplace.Place{X: at.X, Y: at.Y, Width: size.Width, Height: size.Height}
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
