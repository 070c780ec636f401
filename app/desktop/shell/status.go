package shell

import (
	"log/slog"

	"dozvon/app/desktop/control"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/stacking"
	"dozvon/app/desktop/tray"
	"dozvon/app/desktop/ui/popup"
)

// taskName begins the name of a reminder's card where cards are named for scripts.
const taskName = "task:"

// cardName is how commands and the status name a card: by its call, or by its task.
func cardName(card present.Card) string {
	if card.Kind == model.CardOfTask {
		return taskName + card.ID
	}
	return card.ID
}

func placeOf(r platform.Rect) control.Place {
	return control.Place{X: r.X, Y: r.Y, Width: r.Width, Height: r.Height}
}

// status is what the program shows now. Fyne's goroutine only.
func (a commands) status() control.Status {
	cards := present.Cards(a.Model(), a.text, a.Now())
	missed := a.Model().MissedCount()
	out := control.Status{
		Connection: string(a.state.Connection), Employee: a.state.Me, Server: a.state.Server,
		Tray:  control.Tray{State: string(tray.Face(cards, missed, a.cfg.DoNotDisturb, a.state.Connection == session.Live)), Missed: missed},
		Cards: []control.Card{}, Windows: []control.Window{}, Player: a.pages.playerStatus(),
		Page: a.page, Asking: a.outside.Asking(), LastError: a.lastError, Version: a.opts.Version, Log: a.opts.Log,
	}
	out.Keys = a.keyboard != nil && a.keyboard.Shown()
	if a.cards != nil {
		for _, shown := range a.cards.Shown() {
			out.Cards = append(out.Cards, statusOf(shown))
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
		main.Place, main.Focused = placeOf(at), focused
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

func statusOf(shown popup.Shown) control.Card {
	card := control.Card{
		State: string(shown.Card.State), Title: shown.Card.Title, Subtitle: shown.Card.Subtitle, Heading: shown.Card.Heading,
		Place: placeOf(shown.Place),
	}
	switch shown.Form {
	case stacking.Line:
		card.Form = "line"
	case stacking.Fold:
		card.Form = "fold"
	case stacking.Strip:
		card.Form = "strip"
	default:
		card.CallID = cardName(shown.Card)
	}
	if card.Form != "" {
		for _, one := range shown.Cards {
			card.Calls = append(card.Calls, cardName(one))
		}
	}
	for _, spot := range shown.Spots {
		card.Buttons = append(card.Buttons, control.Spot(spot))
	}
	return card
}
