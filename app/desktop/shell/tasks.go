package shell

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/noting"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/tasks"
	"dozvon/client"
)

// Task opens the sheet of a reminder, or of asking a colleague to call.
func (a *App) Task(about model.TaskAbout) {
	if a.frame != nil {
		a.Show()
		tasks.Open(a, a.window.Canvas(), about)
	}
}

// Listen plays the recording of a call in the feed.
func (a *App) Listen(callID, phone string) {
	if a.frame == nil {
		return
	}
	a.Show()
	a.Go("feed")
	a.pages.feed.OpenCall(callID, phone, func(entry client.FeedEntry) { a.pages.player.Play(entry) })
}

// Outcome notes what a call came to. A call-back becomes a reminder.
func (i intents) Outcome(card present.Card, outcome, words string, at *time.Time) {
	draftsOf(i.a).box().Send(noting.Note{Call: card.ID, Text: words, Outcome: outcome, At: at})
}

// Task opens the sheet about the caller.
func (i intents) Task(card present.Card) {
	i.a.Task(model.TaskAbout{Phone: card.Phone, Subject: card.Subject, CallID: card.ID})
}

// Snooze puts a reminder off.
func (i intents) Snooze(card present.Card, until time.Time) {
	tasks.PutOff(i.a, card.ID, until)
}

// Done says that a task is done.
func (i intents) Done(card present.Card) {
	tasks.Finish(i.a, card.ID)
}

// Listen plays the call that a reminder is about.
func (i intents) Listen(card present.Card) { i.a.Listen(card.About, card.Phone) }

// readTasks reads the promised call-backs anew.
func (a follower) readTasks(ctx context.Context, m *model.Model, api *client.API) error {
	err := m.ReloadTasks(ctx, api)
	fyne.Do(func() {
		if a.pages.tasks != nil {
			a.pages.tasks.Sync()
		}
	})
	return err
}
