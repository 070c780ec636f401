package shell

import (
	"log/slog"

	"dozvon/app/desktop/cardstatus"
	"dozvon/app/desktop/control"
	"dozvon/app/desktop/tray"
)

// status is what the program shows now. Fyne's goroutine only.
func (a commands) status() control.Status {
	cards, now := cardsOf(a.App), trayNow(a.App)
	out := control.Status{
		Connection: string(a.state.Connection), Employee: a.state.Me, Server: a.state.Server,
		Tray:  control.Tray{State: string(tray.Face(cards, now)), Missed: now.Missed},
		Cards: []control.Card{}, Windows: []control.Window{}, Player: a.pages.playerStatus(),
		Page: a.page, Practice: a.state.Practice, Asking: a.outside.Asking(), LastError: a.lastError, Version: a.opts.Version, Log: a.opts.Log,
	}
	out.Keys = a.keyboard != nil && a.keyboard.Shown()
	if a.cards != nil {
		for _, shown := range a.cards.Shown() {
			out.Cards = append(out.Cards, cardstatus.Of(shown))
		}
	}
	name := "main"
	if a.signin != nil {
		name = "sign-in"
	}
	if a.first != nil {
		name = "first-start"
	}
	main := control.Window{Name: name, Visible: a.visible}
	if a.screen != nil && a.visible {
		at, focused, err := a.screen.Geometry(a.window)
		if err != nil {
			slog.Warn("place of the main window unknown", "error", err)
		}
		main.Place, main.Focused = cardstatus.At(at), focused
	}
	out.Windows = append(out.Windows, main)
	if checks, stages := a.pages.found(); len(checks)+len(stages) > 0 {
		out.Settings = &control.Settings{Checks: checks, Stages: stages}
	}
	if a.selected.ID != "" {
		out.Selected = &control.Selected{
			Kind: a.selected.Kind, ID: a.selected.ID, Read: a.pages.card != nil && a.pages.card.Read(),
		}
	}
	return out
}
