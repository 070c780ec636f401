package shell

import (
	"dozvon/app/desktop/config"
	"dozvon/app/desktop/present"
)

// fullScreen keeps calls out of the way of a program that has the whole screen, as the person has chosen.
type fullScreen struct{ *App }

func fullScreenOf(a *App) fullScreen { return fullScreen{a} }

// hides are the cards that may be shown now; a strip may stand for them.
func (a fullScreen) hides(cards []present.Card) []present.Card {
	a.full = len(cards) > 0 && a.cfg.FullScreen != config.FullScreenCard && a.screen.FullScreen()
	a.cards.Quiet(a.full && a.cfg.FullScreen == config.FullScreenStrip)
	a.cards.Aside(a.cfg.OtherTalk == config.FullScreenStrip)
	if a.full && a.cfg.FullScreen == config.FullScreenTray {
		return nil
	}
	return cards
}

// follow draws anew when a program has taken the whole screen, or given it back.
func (a fullScreen) follow() {
	if a.calling && a.cfg.FullScreen != config.FullScreenCard && a.screen.FullScreen() != a.full {
		a.refresh()
	}
}
