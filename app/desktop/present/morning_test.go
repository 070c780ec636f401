package present_test

import (
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/client"
)

func TestMorning_saysWhatTheDayBeginsWith(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 8, 30, 0, 0, time.FixedZone("Vladivostok", 10*3600))
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, 11, day, hour, minute, 0, 0, now.Location())
	}
	me := client.Person{ID: "e1", Name: "Счетова Вера Андреевна"}
	text := i18n.New(i18n.Russian)
	m := model.New(model.Config{Me: client.Employee{ID: me.ID, Name: me.Name, Role: client.RoleAccountant}, Now: func() time.Time { return now }})
	if got := present.Morning(m, text, now); len(got) != 0 {
		t.Fatalf("a quiet night says %+v", got)
	}
	caller := func(phone, name string, last time.Time) {
		c := client.MissedCaller{Phone: phone, State: client.MissedWaiting, FirstAt: last, LastAt: last}
		if name != "" {
			c.Subject = &client.Subject{Kind: client.KindClient, ID: phone, Name: name}
		}
		m.Apply(client.StreamEvent{Type: "missed", Data: &c})
	}
	caller("+79140001001", "", at(26, 21, 40))
	caller("+79140001007", "", at(27, 6, 15))
	caller("+79145550101", "Егоров Александр", at(27, 7, 2))
	caller("+79145550102", "Давно Ждёт", at(26, 12, 0)) // of the working day before
	task := func(id, name string, due time.Time, who client.Person) {
		m.Apply(client.StreamEvent{Type: "task", Data: &client.Task{
			ID: id, Kind: client.TaskReminder, State: client.TaskOpen, DueAt: &due, Assignee: &who,
			Subject: &client.Subject{Kind: client.KindClient, ID: id, Name: name},
		}})
	}
	task("1", "Зайцева Ольга", at(27, 9, 30), me)
	task("2", "Кузнецов Дмитрий", at(27, 11, 0), me)
	task("3", "Завтрашний Иван", at(28, 11, 0), me)
	task("4", "Чужой Пётр", at(27, 10, 0), client.Person{ID: "e2"})
	want := []present.MorningLine{
		{present.MorningMissed, "Ночью пропущено 3", "Егоров Александр, +7 914 000-10-07 и ещё один · с 21:40", "Перезвонить по очереди"},
		{present.MorningPromised, "Сегодня обещали перезвонить двоим", "Зайцева Ольга в 09:30, Кузнецов Дмитрий в 11:00", "К задачам"},
	}
	got := present.Morning(m, text, now)
	if len(got) != len(want) {
		t.Fatalf("the morning says %+v", got)
	}
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("line %d says %+v, want %+v", n, got[n], want[n])
		}
	}
	m.Apply(client.StreamEvent{Type: "integration", Data: &client.Integration{ID: "b", Name: "Билайн", Active: true, Health: client.Health{State: client.HealthBlocked}}})
	if got := present.Morning(m, text, now); len(got) != 3 || got[2].Kind != present.MorningPBX || got[2].Hint == "" {
		t.Errorf("with a PBX that takes nothing the morning says %+v", got)
	}
}
