package shell

import (
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
		Cards: []control.Card{}, Windows: []control.Window{}, Player: cardstatus.Playing(a.pages.player),
		Page: a.page, Practice: a.state.Practice, Asking: a.outside.Asking(), LastError: a.lastError, Version: a.opts.Version, Log: a.opts.Log,
	}
	out.Keys = a.keyboard != nil && a.keyboard.Shown()
	if a.frame != nil {
		out.Course, out.Focus = a.pages.feed.CourseShown(), cardstatus.Focus(a.window.Canvas())
	}
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
	out.Windows = append(out.Windows, cardstatus.Main(name, a.visible, a.screen, a.window))
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
