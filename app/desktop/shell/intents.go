package shell

import (
	"context"
	"time"

	"dozvon/app/desktop/help"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/noting"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/theme"
	"dozvon/client"
)

// intents carries out what people do with a call card.
type intents struct{ a *App }

// about runs work for a call and tells on its card what went wrong.
func (i intents) about(callID, done string, work func(ctx context.Context, api *client.API) error) {
	i.a.Work(work, func(err error) {
		words, tone := done, theme.ToneRing
		if err != nil {
			tone = theme.ToneMiss
			words = ui.Explain(err, i.a.text)
			i.a.lastError = words
		}
		i.a.tellOn(callID, words, tone)
	})
}

// tellOn puts a sentence on the card of a call; without a card it stands in the main window.
func (a *App) tellOn(callID, words string, tone theme.Tone) {
	if words != "" && (a.cards == nil || !a.cards.Tell(callID, words, tone, time.Now())) {
		a.Tell(words)
	}
}

// commanded tells of a command that the PBX has refused.
func (a follower) commanded(command client.Command) {
	if command.State != client.CommandRefused {
		return
	}
	words := present.CommandWords(command, a.text)
	a.lastError = words
	a.tellOn(command.CallID, words, theme.ToneMiss)
}

// Open shows the contract or client of the call, or the form for an unknown number.
func (i intents) Open(card present.Card) {
	if card.Subject == nil {
		i.NewLead(card)
		return
	}
	i.a.openCard(card.Subject.Kind, card.Subject.ID)
}

// NewLead opens the form with the number filled in.
func (i intents) NewLead(card present.Card) {
	i.a.Show()
	i.a.NewLead(card.Phone)
}

// Choose binds the call to one of several subjects and opens it.
func (i intents) Choose(card present.Card, subject client.Subject) {
	i.a.Model().Chosen(card.ID)
	i.about(card.ID, "", func(ctx context.Context, api *client.API) error {
		_, err := api.BindCall(ctx, card.ID, client.SubjectRef{Kind: subject.Kind, ID: subject.ID})
		return err
	})
	i.a.openCard(subject.Kind, subject.ID)
}

// Note writes a note on the call.
func (i intents) Note(callID, words string) {
	draftsOf(i.a).box().Send(noting.Note{Call: callID, Text: words})
}

// UnderWay are the notes of a call that the server does not have yet.
func (i intents) UnderWay(callID string) []popup.UnderWay {
	return draftsOf(i.a).box().UnderWay(callID)
}

// Transfer hands the call to a colleague, who may be asked first.
func (i intents) Transfer(callID, extension string, consult bool) {
	i.about(callID, "", func(ctx context.Context, api *client.API) error {
		return api.Transfer(ctx, callID, client.Transfer{Extension: extension, EmployeeID: i.sitsAt(extension), Consult: consult})
	})
}

// sitsAt is the colleague whose extension it is; empty: nobody's.
func (i intents) sitsAt(extension string) string {
	for _, person := range i.Colleagues() {
		if person.Extension == extension {
			return person.ID
		}
	}
	return ""
}

// Command holds, resumes, connects, returns or records; what it did, the call's event shows.
func (i intents) Command(callID string, act present.Act) {
	i.about(callID, "", func(ctx context.Context, api *client.API) error {
		switch act {
		case present.ActHold:
			return api.HoldCall(ctx, callID)
		case present.ActResume:
			return api.ResumeCall(ctx, callID)
		case present.ActConnect:
			return api.ConnectTransfer(ctx, callID)
		case present.ActReturn:
			return api.ReturnTransfer(ctx, callID)
		case present.ActRecord:
			return api.RecordCall(ctx, callID)
		}
		return nil
	})
}

// Hangup ends the call.
func (i intents) Hangup(callID string) {
	i.about(callID, "", func(ctx context.Context, api *client.API) error { return api.Hangup(ctx, callID) })
}

// CallBack calls the number and takes the card away.
func (i intents) CallBack(card present.Card) {
	i.a.Dial(card.Phone, card.Subject)
	i.Dismiss(card)
}

// Take says that this employee will call back, and takes the card away: the queue has the caller.
func (i intents) Take(card present.Card) {
	i.a.Work(func(ctx context.Context, api *client.API) error {
		_, err := api.TakeMissed(ctx, card.Phone)
		return err
	}, func(err error) {
		if err != nil {
			i.a.lastError = ui.Explain(err, i.a.text)
			i.a.tellOn(card.ID, i.a.lastError, theme.ToneMiss)
			return
		}
		i.Dismiss(card)
	})
}

// Dismiss hides the card.
func (i intents) Dismiss(card present.Card) {
	switch card.Kind {
	case model.CardOfTask:
		i.a.Model().DismissTask(card.ID)
	case model.CardOfOutage:
		model.Returned(i.a.Model(), nil)
	default:
		i.a.Model().Dismiss(card.ID)
	}
}

// ShowMissed shows the missed calls in the feed.
func (i intents) ShowMissed() {
	i.a.Show()
	if i.a.frame != nil {
		feedOf(i).Open(client.FeedQuery{Type: string(client.EntryCallMissed)})
	}
}

// Course shows the course of the card's call.
func (i intents) Course(card present.Card) {
	i.a.Show()
	if i.a.frame != nil {
		i.a.pages.feed.Course(i.a.window.Canvas(), client.FeedEntry{CallID: card.ID})
	}
}

// ShowFeed shows the whole feed.
func (i intents) ShowFeed() {
	i.a.Show()
	i.a.Go("feed")
}

// SMS opens the sheet for a message to the caller.
func (i intents) SMS(card present.Card) { i.a.SMS(card.Phone, card.Subject) }

// Chat opens a chat with the caller.
func (i intents) Chat(card present.Card) { i.a.OpenURL(present.WhatsAppLink(card.Phone)) }

// Copy puts words on the clipboard.
func (i intents) Copy(words string) { i.a.Copy(words) }

// Typing keeps the card while a note is being written.
func (i intents) Typing(callID string) { i.a.Model().Keep(callID) }

// Ear hears the numbers in notes.
func (i intents) Ear() popup.Ear { return i.a.ear }

// Colleagues lists whom a call can be handed to.
func (i intents) Colleagues() []client.Employee {
	var out []client.Employee
	for _, person := range i.a.Model().People() {
		if person.ID != i.a.Model().Me().ID {
			out = append(out, person)
		}
	}
	return out
}

// After runs do on Fyne's goroutine when a while has passed.
func (i intents) After(wait time.Duration, do func()) { i.a.After(wait, do) }

// EndPractice goes back to the real school.
func (i intents) EndPractice() { practiceOf(i.a).End() }

// Help opens the help about call cards.
func (i intents) Help() { i.a.manual.Open(help.CallCard, i.a.text) }

// FocusNote gives the card's note line the keyboard.
func (i intents) FocusNote(callID string) {
	if i.a.cards != nil {
		i.a.cards.Focus(callID)
	}
}

// BrokenOff keeps the keys that are meant for a note from the main window.
func (i intents) BrokenOff() { i.a.hush.Begin() }

// ReleaseNote gives the keyboard back.
func (i intents) ReleaseNote(callID string) {
	if i.a.cards != nil {
		i.a.cards.Release(callID)
	}
}
