package uitest

import (
	"time"

	"dozvon/client"
)

// Runs are what came in at the school: a file of today, a sync whose day is over, and one taken back.
func Runs() []client.CardRun {
	at := func(hours time.Duration) time.Time { return Now.Add(-hours * time.Hour) }
	run := func(id, source, file string, hours time.Duration) client.CardRun {
		return client.CardRun{
			ID: id, Source: source, File: file, By: &client.Person{ID: Borisov.ID, Name: Borisov.Name}, State: client.RunIn,
			StartedAt: at(hours), EndedAt: at(hours), Until: at(hours - 24), Added: 4180, Changed: 96,
		}
	}
	undone, when := run("r3", client.RunFile, "Выгрузка из старой программы, все ученики и их родители за 2019–2026 годы (исправленная).xlsx", 30), at(20)
	undone.State, undone.UndoneAt, undone.UndoneBy = client.RunUndone, &when, undone.By
	return []client.CardRun{run("r1", client.RunFile, "Договоры 2026.csv", 2), run("r2", client.RunSync, "", 27), undone}
}

// Receipt is of the first of them, in a state.
func Receipt(state string) client.RunReceipt {
	at := Now.Add(-time.Hour)
	r := client.RunReceipt{Run: Runs()[0], Removed: 4178, Restored: 94, Kept: 4, Stays: []client.RunKept{
		{
			Kind: client.KindContract, ID: "k9", Name: "Орлов Тимур", Why: "changed", RU: "карточку с тех пор изменили", EN: "the card was changed since",
			By: &client.Person{ID: Kireeva.ID, Name: Kireeva.Name}, At: &at,
		},
		{
			Kind: client.KindContract, ID: "k8", Name: "Константинопольская-Покровская Дарья Александровна", Why: "note",
			RU: "к карточке есть заметка или привязан звонок", EN: "the card has a note, or a call was bound to it",
		},
	}}
	r.Run.State = state
	if state != client.RunIn {
		r.Run.UndoneAt, r.Run.UndoneBy = &at, r.Run.By
	}
	return r
}
