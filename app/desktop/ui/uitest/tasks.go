package uitest

import (
	"context"
	"time"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Promised are the open tasks of the made-up school.
func Promised() []client.Task {
	one := func(id, kind string, by, to client.Employee, subject *client.Subject, number, note string, due *time.Time) client.Task {
		return client.Task{
			ID: id, Kind: kind, State: client.TaskOpen, Phone: number, Subject: subject, CallID: "c" + id, Note: note,
			By: Person(by), Assignee: Person(to), At: Ago(time.Hour), DueAt: due,
		}
	}
	heard := one("3", client.TaskCallback, Orlov, Kireeva, &Zaitseva, "+79035550152", "Спрашивала про рассрочку, я не знаю условий для автомата", nil)
	heard.Recording = &client.Recording{Ready: true, Seconds: 62}
	return []client.Task{
		one("1", client.TaskReminder, Kireeva, Kireeva, &Shangutov, "+79645550190", "Перенести вождение на субботу", At(Ago(20*time.Minute))),
		one("2", client.TaskReminder, Kireeva, Kireeva, nil, "+79145550148", "", At(Now.Add(3*time.Hour))),
		heard,
		one("4", client.TaskCallback, Kireeva, Orlov, &Kuznetsov, "+79035550153", "Экзамен в ГИБДД", At(Now.Add(20*time.Hour))),
	}
}

func Promise(h *Host) {
	h.School.Answers["/tasks"] = client.Page[client.Task]{Items: Promised()}
	if err := h.Facts.ReloadTasks(context.Background(), h.API); err != nil {
		panic(err)
	}
}

// ReminderView is the card of the n-th reminder.
func ReminderView(h *Host, heard popup.Intents, n int) *popup.View {
	Promise(h)
	view := popup.NewView(h.Words, heard, nil)
	view.Draw(present.Cards(h.Facts, h.Words, Now)[n], h.Words, Now)
	return view
}

// EndedView is the card of a talk that has just ended.
func EndedView(h *Host, heard popup.Intents) *popup.View {
	m := model.New(model.Config{Me: Kireeva, Now: h.Now})
	call := Cards()["4-talking"]
	m.Apply(client.StreamEvent{Type: "call", Data: &call})
	over := call
	over.State, over.Result, over.EndedAt, over.TalkSeconds = client.StateEnded, client.Answered, At(Now), Seconds(222)
	m.Apply(client.StreamEvent{Type: "call", Data: &over})
	view := popup.NewView(h.Words, heard, nil)
	view.Draw(present.Cards(m, h.Words, Now)[0], h.Words, Now)
	return view
}

// BarView is the call bar with its second row open.
func BarView(h *Host) *popup.View {
	m := model.New(model.Config{Me: Kireeva, Now: h.Now})
	call := Cards()["7-able"]
	m.Apply(client.StreamEvent{Type: "call", Data: &call})
	view := popup.NewView(h.Words, &Said{}, nil)
	view.Draw(present.Cards(m, h.Words, Now)[0], h.Words, Now)
	test.Tap(Buttons(view, map[string]*widgets.Button{})["⋯"])
	return view
}
