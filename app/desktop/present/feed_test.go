package present

import (
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

func entry(id string, minutes int, changes ...func(*client.FeedEntry)) client.FeedEntry {
	e := client.FeedEntry{ID: id, Type: client.EntryCallIn, At: noon.Add(time.Duration(minutes) * time.Minute), Phone: "+79145550148"}
	for _, apply := range changes {
		apply(&e)
	}
	return e
}

func TestRowOf_writesAnEntryForTheScreen(t *testing.T) {
	t.Parallel()
	talk, wait := 250, 24
	text := i18n.New(i18n.Russian)
	tests := []struct {
		name   string
		change func(*client.FeedEntry)
		want   string
	}{
		{"answered", func(e *client.FeedEntry) { e.TalkSeconds = &talk }, "↙ ring +7 914 555-01-48 | Входящий звонок | 4 мин 10 с"},
		{"recording not ready", func(e *client.FeedEntry) { e.TalkSeconds, e.Recording = &talk, &client.Recording{} }, "↙ ring +7 914 555-01-48 | Входящий звонок | 4 мин 10 с · запись готовится"},
		{"they talk, and are recorded", func(e *client.FeedEntry) { e.Recording = &client.Recording{} }, "↙ ring +7 914 555-01-48 | Входящий звонок | разговор записывается"},
		{"flags", func(e *client.FeedEntry) {
			e.TalkSeconds, e.Recording, e.Flags = &talk, &client.Recording{Ready: true}, []client.Flag{{Word: "цена"}, {Word: "суббота"}}
		}, "↙ ring +7 914 555-01-48 | Входящий звонок | 4 мин 10 с · флажки: цена, суббота"},
		{"missed", func(e *client.FeedEntry) { e.Type, e.WaitSeconds = client.EntryCallMissed, &wait }, "↙ miss +7 914 555-01-48 | Пропущенный звонок | ждал 0:24 · никто не перезвонил"},
		{"missed and settled", func(e *client.FeedEntry) {
			e.Type, e.Settled = client.EntryCallMissed, &client.Settled{By: &client.Person{Name: "Борисов Борис"}}
		}, "↙ miss +7 914 555-01-48 | Пропущенный звонок | поговорили: Борисов Б."},
		{"busy", func(e *client.FeedEntry) { e.Type, e.Result = client.EntryCallOut, client.Busy }, "↗ hold +7 914 555-01-48 | Исходящий звонок | Занято"},
		{"hidden number", func(e *client.FeedEntry) { e.Phone = "" }, "↙ ring Номер скрыт | Входящий звонок | "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			row := RowOf(entry("x", 0, tt.change), text, noon)
			got := row.Symbol + " " + row.Tone + " " + row.Name + " | " + row.What + " | " + row.WhatAbout
			if got != tt.want {
				t.Errorf("row\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}
