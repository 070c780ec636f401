package present_test

import (
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/client"
	"dozvon/client/mornings"
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
	if got := present.Morning(m, nil, text, now, present.LastDay(time.Time{}, now)); len(got) != 0 {
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
	got := present.Morning(m, nil, text, now, present.LastDay(time.Time{}, now))
	if len(got) != len(want) {
		t.Fatalf("the morning says %+v", got)
	}
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("line %d says %+v, want %+v", n, got[n], want[n])
		}
	}
	m.Apply(client.StreamEvent{Type: "integration", Data: &client.Integration{ID: "b", Name: "Билайн", Active: true, Health: client.Health{State: client.HealthBlocked}}})
	if got := present.Morning(m, nil, text, now, present.LastDay(time.Time{}, now)); len(got) != 3 || got[2].Kind != present.MorningPBX || got[2].Hint == "" {
		t.Errorf("with a PBX that takes nothing the morning says %+v", got)
	}
	found := &mornings.Morning{
		Recordings: []mornings.MorningRecording{{CallID: "c", At: at(26, 18, 4), Phone: "+79145550103", Subject: &client.Subject{Name: "Петрова Мария"}, Why: "АТС не отдала её, попыток: 3"}},
		Extensions: []mornings.MorningExtension{{Extension: "214", Calls: 4, IntegrationID: "b"}},
	}
	all := present.Morning(m, found, text, now, present.LastDay(time.Time{}, now))
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
	found.Extensions = append(found.Extensions, mornings.MorningExtension{Extension: "215", Calls: 1})
	all = present.Morning(m, found, text, now, present.LastDay(time.Time{}, now))
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

// TestMorning_tellsWhatWasMissedSinceOnesLastDay: on a Monday it said that the night was quiet, whatever had come since
// Friday.
func TestMorning_tellsWhatWasMissedSinceOnesLastDay(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 30, 8, 30, 0, 0, time.FixedZone("Vladivostok", 10*3600))
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 10, 0, 0, monday.Location()) }
	missed := []time.Time{at(25, 20), at(27, 17), at(27, 19), at(28, 12), at(29, 22)} // Wednesday, Friday twice, Saturday, Sunday
	for _, tt := range []struct {
		name                       string
		worked                     time.Time
		ru, hint, en, quiet, calms string
	}{
		{"on Friday", at(27, 9), "С пятницы пропущено 3", " · с 27.11, 19:10", "3 calls missed since Friday", "С пятницы было тихо", "It has been quiet since Friday"},
		{"on Saturday", at(28, 9), "С субботы пропущен 1 звонок", " · со вчерашнего дня, 22:10", "1 call missed since Saturday", "С субботы было тихо", ""},
		{"yesterday", at(29, 9), "Ночью пропущен 1 звонок", " · с 22:10", "1 call missed overnight", "Ночью было тихо", "A quiet night"},
		{"nobody knows when", time.Time{}, "Ночью пропущен 1 звонок", " · с 22:10", "1 call missed overnight", "Ночью было тихо", ""},
		{"before a holiday of weeks", at(1, 9), "С четверга пропущено 3", " · с 27.11, 19:10", "3 calls missed since Thursday", "С четверга было тихо", ""},
		{"today", at(30, 6), "Ночью пропущен 1 звонок", " · с 22:10", "1 call missed overnight", "Ночью было тихо", ""},
	} {
		m := model.New(model.Config{Me: client.Employee{ID: "e1", Name: "Счетова Вера Андреевна"}, Now: func() time.Time { return monday }})
		for n, when := range missed {
			if tt.name == "before a holiday of weeks" && n == 1 {
				continue
			}
			m.Apply(client.StreamEvent{Type: "missed", Data: &client.MissedCaller{Phone: "+7914000100" + string(rune('0'+n)), State: client.MissedWaiting, FirstAt: when, LastAt: when}})
		}
		last := present.LastDay(tt.worked, monday)
		ru, en := i18n.New(i18n.Russian), i18n.New(i18n.English)
		got := present.Morning(m, nil, ru, monday, last)
		if len(got) != 1 || got[0].Title != tt.ru || !strings.HasSuffix(got[0].Hint, tt.hint) {
			t.Errorf("who was there %s is told %+v, want %q … %q", tt.name, got, tt.ru, tt.hint)
		}
		if got := present.Morning(m, nil, en, monday, last); len(got) != 1 || got[0].Title != tt.en {
			t.Errorf("who was there %s is told %+v, want %q", tt.name, got, tt.en)
		}
		if got := present.QuietNight(last, monday, ru); got != tt.quiet {
			t.Errorf("who was there %s: quiet is %q, want %q", tt.name, got, tt.quiet)
		}
		if got := present.QuietNight(last, monday, en); tt.calms != "" && got != tt.calms {
			t.Errorf("who was there %s: quiet is %q, want %q", tt.name, got, tt.calms)
		}
	}
}
