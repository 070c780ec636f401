package shell

import (
	"log/slog"
	"strings"

	"github.com/gen2brain/beeep"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
)

// notices sends system notifications, one for each call and kind, one after another.
type notices struct {
	sent  map[string]bool
	queue chan [2]string
}

// waiting bounds the queue: more at once would bury the person, so the rest is dropped.
const waiting = 8

func newNotices() *notices {
	beeep.AppName = "Dozvon"
	n := &notices{sent: map[string]bool{}, queue: make(chan [2]string, waiting)}
	go n.run()
	return n
}

// run is off Fyne's goroutine: without a notification daemon beeep starts programs.
func (n *notices) run() {
	for words := range n.queue {
		if err := beeep.Notify(words[0], words[1], ""); err != nil {
			slog.Warn("notification not shown", "error", err)
		}
	}
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
			n.send(text.T("notify.missed"), card.Title)
		case card.State == model.CardReminder:
			n.send(card.Heading, strings.TrimSpace(card.Title+"\n"+card.Note))
		case card.State == model.CardRinging && noCards:
			n.send(text.T("notify.incoming"), card.Title+"\n"+card.Subtitle)
		}
		n.sent[key] = true
	}
	for key := range n.sent {
		if !alive[key] {
			delete(n.sent, key)
		}
	}
}

func (n *notices) send(title, words string) {
	select {
	case n.queue <- [2]string{title, words}:
	default:
		slog.Warn("notification dropped, too many wait")
	}
}
