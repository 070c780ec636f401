package shell

import (
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/notify"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/tray"
)

// appID names the program to the system.
const appID = "ru.dozvon.app"

// notices sends system notifications, one for each call and kind.
type notices struct {
	sent map[string]bool
	to   *notify.Notifier
	open func(present.Card) // what a click does
}

func newNotices(open func(present.Card)) *notices {
	return &notices{sent: map[string]bool{}, open: open, to: notify.New(notify.App{
		ID: appID, Name: "Dozvon", Icon: tray.Draw(tray.Idle, 0), Dir: platform.StateDir(),
	})}
}

func (n *notices) follow(cards []present.Card, cfg config.Config, noCards bool, text *i18n.Text) {
	alive := map[string]bool{}
	for _, card := range cards {
		key := cardName(card) + string(card.State)
		alive[key] = true
		if n.sent[key] || !cfg.Notifications || cfg.DoNotDisturb {
			n.sent[key] = true
			continue
		}
		switch {
		case card.State == model.CardMissed:
			n.send(card, text.T("notify.missed"), card.Title)
		case card.State == model.CardReminder:
			n.send(card, card.Heading, strings.TrimSpace(card.Title+"\n"+card.Note))
		case card.State == model.CardOutage && noCards:
			n.send(card, card.Heading, card.Title+"\n"+card.Subtitle)
		case card.State == model.CardRinging && noCards:
			n.send(card, text.T("notify.incoming"), card.Title+"\n"+card.Subtitle)
		}
		n.sent[key] = true
	}
	for key := range n.sent {
		if !alive[key] {
			delete(n.sent, key)
		}
	}
}

func (n *notices) send(card present.Card, title, words string) {
	n.to.Send(notify.Notification{Title: title, Text: words, Clicked: func() { fyne.Do(func() { n.open(card) }) }})
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
