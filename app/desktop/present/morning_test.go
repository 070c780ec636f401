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
	if got := present.Morning(m, nil, text, now); len(got) != 0 {
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
	got := present.Morning(m, nil, text, now)
	if len(got) != len(want) {
		t.Fatalf("the morning says %+v", got)
	}
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("line %d says %+v, want %+v", n, got[n], want[n])
		}
	}
	m.Apply(client.StreamEvent{Type: "integration", Data: &client.Integration{ID: "b", Name: "Билайн", Active: true, Health: client.Health{State: client.HealthBlocked}}})
	if got := present.Morning(m, nil, text, now); len(got) != 3 || got[2].Kind != present.MorningPBX || got[2].Hint == "" {
		t.Errorf("with a PBX that takes nothing the morning says %+v", got)
	}
	found := &client.Morning{
		Recordings: []client.MorningRecording{{CallID: "c", At: at(26, 18, 4), Phone: "+79145550103", Subject: &client.Subject{Name: "Петрова Мария"}, Why: "АТС не отдала её, попыток: 3"}},
		Extensions: []client.MorningExtension{{Extension: "214", Calls: 4, IntegrationID: "b"}},
	}
	all := present.Morning(m, found, text, now)
	if len(all) != 5 {
		t.Fatalf("with what the server found the morning says %+v", all)
	}
	for n, line := range map[int]present.MorningLine{
		2: {present.MorningRecordings, "Не пришла одна запись", "вчера, 18:04 · Петрова Мария · АТС не отдала её, попыток: 3", "Повторить"},
		3: {present.MorningExtensions, "Доб. 214 ни с кем не связан", "со вчерашнего дня пришло 4 звонка, они видны только в Ленте", "Связать"},
	} {
		if all[n] != line {
			t.Errorf("line %d says %+v, want %+v", n, all[n], line)
		}
	}
	found.Recordings = append(found.Recordings, found.Recordings[0], found.Recordings[0])
	found.Extensions = append(found.Extensions, client.MorningExtension{Extension: "215", Calls: 1})
	all = present.Morning(m, found, text, now)
	if all[2].Title != "Не пришли 3 записи" || all[3].Title != "Доб. 214, 215 ни с кем не связаны" {
		t.Errorf("of several the morning says %q and %q", all[2].Title, all[3].Title)
	}
	if got := present.Greeting(me.Name, text, now); got != "Доброе утро, Вера Андреевна" {
		t.Errorf("it greets %q", got)
	}
	if got := present.Greeting("Вера", text, now.Add(11*time.Hour)); got != "Добрый вечер, Вера" {
		t.Errorf("it greets %q", got)
	}
}
