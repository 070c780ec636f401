package present

import (
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/client"
)

// HeardOffer offers to put a number from a note on the caller's card.
type HeardOffer struct {
	Heard model.Heard
	Title string // «Добавить +7 914 555-01-33 в карточку как «жена»»
	Hint  string // «2 прежних звонка привяжутся сразу»
	// Anyway tells that the number is another card's: it is added by a button of its own, «Привязать всё равно».
	Anyway bool
}

// Heard words the offer; owner is whose number it is already, nil nobody's, and calls how many calls of nobody's it has.
func Heard(h model.Heard, owner *client.Subject, calls int, text *i18n.Text) HeardOffer {
	number := h.Number.Pretty()
	out := HeardOffer{Heard: h, Title: text.T("heard.add", "number", number)}
	if h.Label != "" {
		out.Title = text.T("heard.add_as", "number", number, "label", h.Label)
	}
	switch {
	case owner != nil:
		out.Title, out.Hint, out.Anyway = text.T("heard.elsewhere", "name", owner.Name), number, true
	case calls > 0:
		out.Hint = text.N("heard.calls", calls)
	}
	return out
}

// HeardDone tells of a number that was added.
type HeardDone struct {
	Title string // «Номер добавлен: «жена»»
	Hint  string // «Привязано звонков: 2»
	Undo  string // the id of what can be taken back; empty: nothing can
}

// HeardAdded words what was done; calls is how many calls of the number are the card's now.
func HeardAdded(h model.Heard, calls int, undo string, text *i18n.Text) HeardDone {
	what := h.Label
	if what == "" {
		what = h.Number.Pretty()
	}
	out := HeardDone{Title: text.T("heard.added", "label", what), Undo: undo}
	if calls > 0 {
		out.Hint = text.T("heard.bound", "n", calls)
	}
	return out
}
