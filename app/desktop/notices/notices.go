// Package notices sends the system's notifications of what happens to calls and tasks, one for each and for each of
// its states. What it knows of them, the cards tell; what a click does, whoever made it.
package notices

import (
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/cardstatus"
	"dozvon/app/desktop/config"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/notify"
	"dozvon/app/desktop/present"
)

// Notices sends them. All methods belong on Fyne's goroutine.
type Notices struct {
	sent map[string]bool
	to   *notify.Notifier
	open func(present.Card) // what a click does
}

// New sends notifications as app; open is what a click on one does.
func New(app notify.App, open func(present.Card)) *Notices {
	return &Notices{sent: map[string]bool{}, open: open, to: notify.New(app)}
}

// Close ends what waits for clicks.
func (n *Notices) Close() { n.to.Close() }

// Follow tells of what is new among the cards; noCards: they cannot be shown, so calls are told of as well.
func (n *Notices) Follow(cards []present.Card, cfg config.Config, noCards bool, text *i18n.Text) {
	alive := map[string]bool{}
	for _, card := range cards {
		key := cardstatus.Name(card) + string(card.State)
		alive[key] = true
		if !n.sent[key] && cfg.Notifications && !cfg.DoNotDisturb {
			if title, words := Words(card, noCards, text); title != "" {
				n.to.Send(notify.Notification{Title: title, Text: words, Clicked: func() { fyne.Do(func() { n.open(card) }) }})
			}
		}
		n.sent[key] = true
	}
	for key := range n.sent {
		if !alive[key] {
			delete(n.sent, key)
		}
	}
}

// Words are what is told of a card; without a title nothing is.
func Words(card present.Card, noCards bool, text *i18n.Text) (title, words string) {
	switch {
	case card.State == model.CardMissed:
		title, words = text.T("notify.missed"), card.Title
	case card.State == model.CardReminder:
		title, words = card.Heading, strings.TrimSpace(card.Title+"\n"+card.Note)
	case card.State == model.CardOutage && noCards:
		title, words = card.Heading, card.Title+"\n"+card.Subtitle
	case card.State == model.CardRinging && noCards:
		title, words = text.T("notify.incoming"), card.Title+"\n"+card.Subtitle
	}
	if title != "" && card.Practice {
		title = text.T("practice.word") + " · " + title
	}
	return title, words
}
