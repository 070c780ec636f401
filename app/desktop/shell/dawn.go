package shell

import (
	"path/filepath"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui/morning"
	"dozvon/client"
)

// dawning is the page with which a day begins.
type dawning struct{ *App }

func dawningOf(a *App) dawning { return dawning{a} }

// morningPage is the name of the page, which the rail has not.
const morningPage = "morning"

func morningPath() string { return filepath.Join(platform.StateDir(), "desktop-morning.json") }

// Whose is who is signed in, and where.
func (a dawning) Whose() string { return a.state.Server + " " + a.state.Me.ID }

// Idle tells that the person looks at the feed, or at the page with which they began, and nothing else goes on.
func (a dawning) Idle(began string) bool {
	if a.frame == nil || a.first != nil || !a.visible || a.page != "feed" && a.page != began || a.selected.ID != "" || a.calling || a.state.Connection != session.Live {
		return false
	}
	over := a.window.Canvas()
	return over.Overlays().Top() == nil && over.Focused() == nil
}

// ShowMorning shows the page.
func (a dawning) ShowMorning(found *client.Morning) {
	a.pages.morning = morning.New(a, found)
	a.cover()
}

func (a dawning) cover() {
	unfocus(a.window.Canvas())
	a.page = morningPage
	a.frame.Cover(morningPage, a.pages.morning)
}

// QuietNight puts one line over the feed.
func (a dawning) QuietNight() {
	a.frame.Calm(a.text.T("morning.quiet"), a.text.T("morning.quiet_hint"))
}

// again shows the page when the person wants it.
func (a dawning) again() {
	switch {
	case a.pages.morning == nil:
		a.ShowMorning(nil)
	case a.page != morningPage:
		a.pages.morning.Load()
		a.cover()
	}
}

// follow keeps the page up to date, and leaves it when somebody calls.
func (a dawning) follow(cards []present.Card) {
	if a.page == morningPage && a.pages.morning != nil {
		a.pages.morning.Sync()
		for _, card := range cards {
			if card.State == model.CardRinging {
				a.Leave()
				return
			}
		}
	}
	a.dawn.Look()
}

// Leave shows the feed.
func (a dawning) Leave() { a.Go("feed") }

// Open shows a page.
func (a dawning) Open(page string) { a.Go(page) }

// CallQueue calls the first of those who wait for a call, and shows the others.
func (a dawning) CallQueue() {
	waiting := present.CallbackList(a.Model(), a.text, a.Now())
	a.Go("missed")
	if len(waiting) > 0 {
		a.Dial(waiting[0].Phone, waiting[0].Subject)
	}
}

// Telephony opens the settings of a PBX.
func (a dawning) Telephony(integrationID string) {
	a.Go("settings")
	a.pages.settings.Open(integrationID)
}
