package shell

import (
	"dozvon/app/desktop/help"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/player"
)

// guide opens the help where somebody is.
type guide struct{ *App }

func guideOf(a *App) guide { return guide{a} }

// open turns to the place of the moment: a recording that is open comes before the page that it stands on.
func (a guide) open() { a.manual.Open(a.place(), a.text) }

func (a guide) place() help.Place {
	switch {
	case a.frame == nil:
		return help.Start
	case a.state.Practice != "":
		return help.Practice
	}
	tab := ""
	if a.pages.settings != nil {
		tab = a.pages.settings.Tab()
	}
	if state, _, _, _ := a.pages.player.Status(); a.page == "feed" && state != player.None {
		return help.Recording
	}
	return help.Of(a.page, tab)
}

// menu is what the sign at the head of the rail offers.
func (a guide) menu() []numbermenu.Item {
	word := "practice.begin"
	if practiceOf(a.App).On {
		word = "practice.end"
	}
	return []numbermenu.Item{
		{Words: a.text.T("help.open") + "  F1", Do: a.open},
		{Words: a.text.T(word), Do: func() { practiceOf(a.App).Toggle() }},
	}
}
