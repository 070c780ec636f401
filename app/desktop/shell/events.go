package shell

import (
	"context"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/tray"
	"dozvon/client"
)

// reloadLimit bounds reading the active calls on a new connection; events wait for it.
const reloadLimit = 5 * time.Second

// handle takes in one event of the stream, on the stream's goroutine.
func (a *App) handle(event client.StreamEvent) {
	m := a.model.Load()
	switch event.Type {
	case "hello", "reset":
		api := a.session.API()
		if api == nil {
			return
		}
		api.SetLanguage(string(m.Text().Lang()))
		// Calls are read before the events that follow are taken in, so that an older
		// answer cannot undo a newer event.
		ctx, cancel := context.WithTimeout(a.ctx, reloadLimit)
		err := m.ReloadCalls(ctx, api)
		cancel()
		if err != nil {
			slog.Warn("active calls not read", "error", err)
		}
		go func() {
			if err := m.ReloadLists(a.ctx, api); err != nil {
				slog.Warn("colleagues or missed calls not read", "error", err)
			}
			if err := a.reloadTasks(m, api); err != nil {
				slog.Warn("tasks not read", "error", err)
			}
			if err := m.ReloadIntegrations(a.ctx, api); err != nil {
				slog.Warn("health of the PBXs not read", "error", err)
			}
			if err := m.ReloadSchool(a.ctx, api); err != nil {
				slog.Warn("settings of the school not read", "error", err)
			}
			fyne.Do(a.connected)
		}()
		return
	}
	m.Apply(event)
	switch data := event.Data.(type) {
	case *client.Integration:
		fyne.Do(func() { a.pages.integration(data) })
		return
	case *client.Command:
		fyne.Do(func() { a.commanded(*data) })
		return
	case *client.Import:
		fyne.Do(func() { a.followImport(*data) })
		return
	case *client.Undo:
		fyne.Do(func() { a.offerUndo(*data) })
		return
	case *client.Deleted:
		if event.Type == "integration" {
			fyne.Do(func() { a.pages.integration(data) })
			return
		}
	}
	switch data := event.Data.(type) {
	case *client.FeedEntry:
		fyne.Do(func() { a.pages.entry(*data) })
	case *client.Client, *client.Contract, *client.Deleted:
		fyne.Do(func() { a.pages.record(data) })
	}
}

// connected brings the screens up to date after a new connection.
func (a *App) connected() {
	a.state = a.session.State()
	a.pages.reload()
	a.refresh()
	if a.toDial != "" {
		number := a.toDial
		a.toDial = ""
		a.Dial(number, nil)
	}
}

// refresh draws the model's snapshot: cards, tray, rail.
func (a *App) refresh() {
	m := a.model.Load()
	cards, missed := m.Cards(), m.MissedCount()
	shown := cards
	if a.cfg.DoNotDisturb {
		shown = nil
		for _, card := range cards {
			// "Do not disturb" is about being rung; one's own talk keeps its bar.
			if card.State != model.CardRinging && card.State != model.CardMissed && card.State != model.CardElsewhere && card.State != model.CardReminder {
				shown = append(shown, card)
			}
		}
	}
	if a.cards != nil {
		a.cards.Update(shown, a.text, time.Now())
	}
	a.notices.follow(cards, a.cfg, a.cards == nil, a.text)
	if a.frame != nil {
		a.frame.SetCount("missed", missed)
		a.frame.SetCount("tasks", m.TaskCount())
		a.frame.SetTrouble(m.Trouble(), a.openTelephony)
		a.frame.SetState(a.state)
	}
	a.pages.people()
	if a.tray != nil {
		state := a.trayState(cards, missed)
		a.tray.Show(state, missed, a.cfg.DoNotDisturb, "Dozvon · "+a.text.T("conn."+string(a.state.Connection)), a.text)
	}
}

// openTelephony shows the settings of the telephony.
func (a *App) openTelephony() {
	a.Go("settings")
	if a.pages.settings != nil {
		a.pages.settings.Open("")
	}
}

func (a *App) trayState(cards []model.Card, missed int) tray.State {
	state := tray.Idle
	if missed > 0 {
		state = tray.Missed
	}
	if a.cfg.DoNotDisturb {
		state = tray.DoNotDisturb
	}
	for _, card := range cards {
		if card.State == model.CardTalking || card.State == model.CardHeld {
			state = tray.Talking
		}
	}
	for _, card := range cards {
		if card.State == model.CardRinging {
			state = tray.Ringing
		}
	}
	if a.state.Connection != session.Live {
		state = tray.Offline
	}
	return state
}
