package shell

import (
	"path/filepath"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/morning"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/session"
)

// dawning is the program as the page with which a day begins sees it.
type dawning struct{ *App }

func morningPath() string { return filepath.Join(platform.StateDir(), "desktop-morning.json") }

// Whose is who is signed in, and where.
func (a dawning) Whose() string { return a.state.Server + " " + a.state.Me.ID }

// Idle tells that the person looks at the feed, or at the page with which they began, and nothing else goes on. A
// practice has no morning.
func (a dawning) Idle(began string) bool {
	if a.frame == nil || a.state.Practice != "" || a.first != nil || !a.visible || a.page != "feed" && a.page != began || a.selected.ID != "" || a.calling || a.state.Connection != session.Live {
		return false
	}
	over := a.window.Canvas()
	return over.Overlays().Top() == nil && over.Focused() == nil
}

// Cover shows the page.
func (a dawning) Cover(page fyne.CanvasObject) {
	unfocus(a.window.Canvas())
	a.page = morning.Page
	a.frame.Cover(morning.Page, page)
}

// Covered tells whether it is in front.
func (a dawning) Covered() bool { return a.page == morning.Page }

// Calm puts one line over the page in front.
func (a dawning) Calm(title, hint string) { a.frame.Calm(title, hint) }
