package shell

import (
	"dozvon/app/desktop/practising"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/tray"
)

// practiceOf is the practice of whoever is signed in, as it is now.
func practiceOf(a *App) practising.Practice {
	return practising.Practice{
		Program: a, Session: a.session, Context: a.ctx, On: a.state.Practice != "", Cards: cardsOf(a), Covered: a.window != nil && a.window.Canvas().Overlays().Top() != nil, Wake: a.rest.Rouse,
	}
}

// cardsOf are the cards of the moment; those of a practice say so.
func cardsOf(a *App) []present.Card {
	all := present.Cards(a.Model(), a.text, a.Now())
	for n := range all {
		all[n].Practice = all[n].Practice || a.state.Practice != ""
	}
	return all
}

// trayNow is what the icon tells beside the cards.
func trayNow(a *App) tray.Now {
	return tray.Now{
		Missed: a.Model().MissedCount(), DoNotDisturb: a.cfg.DoNotDisturb, Live: a.state.Connection == session.Live, Practising: a.state.Practice != "",
	}
}
