package shell

import (
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/notices"
	"dozvon/app/desktop/notify"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/tray"
)

// appID names the program to the system.
const appID = "ru.dozvon.app"

// newNotices tells of calls in the system's own way.
func newNotices(a *App) *notices.Notices {
	return notices.New(notify.App{ID: appID, Name: "Dozvon", Icon: tray.Draw(tray.Idle, 0), Dir: platform.StateDir()},
		func(card present.Card) { openNoticed(a, card) })
}

// openNoticed shows what a notification was about: the caller, or the task.
func openNoticed(a *App, card present.Card) {
	a.Show()
	if card.Kind == model.CardOfOutage {
		intents{a}.ShowMissed()
		return
	}
	if card.Kind == model.CardOfTask && card.Subject == nil {
		a.Go("tasks")
		return
	}
	intents{a}.Open(card)
}
