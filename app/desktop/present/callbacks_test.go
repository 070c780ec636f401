package present

import (
	"strings"
	"testing"
	"time"

	"dozvon/client"
)

func TestCallbackList_tellsWhoWaitsAndWhoWillCallBack(t *testing.T) {
	t.Parallel()
	d := newDesk()
	red, later := noon.Add(-time.Minute), noon.Add(time.Hour)
	for _, c := range []client.MissedCaller{
		{Phone: "+79145550148", State: client.MissedWaiting, Rings: 3, FirstAt: noon.Add(-16 * time.Minute), LastAt: noon.Add(-2 * time.Minute), RedAt: &red},
		{Phone: "+79145550149", State: client.MissedTaken, Rings: 1, FirstAt: noon.Add(-5 * time.Minute), LastAt: noon.Add(-time.Minute), RedAt: &later, TakenBy: &client.Person{ID: me, Name: "Киреева Анна Сергеевна"}},
		{Phone: "+79145550150", State: client.MissedSettled, LastAt: noon},
	} {
		d.Apply(client.StreamEvent{Type: "missed", Data: &c})
	}
	var got []string
	for _, row := range CallbackList(d.Model, d.text, d.at) {
		line := row.Name + "|" + row.Tries + "|" + row.Waits + "|" + row.TakenBy
		if row.Red {
			line += "|red"
		}
		if row.Mine {
			line += "|mine"
		}
		got = append(got, line)
	}
	want := "+7 914 555-01-49|1 попытка|5 минут назад|Киреева А. С.|mine\n+7 914 555-01-48|3 попытки|16 минут назад||red"
	if strings.Join(got, "\n") != want || d.MissedCount() != 2 {
		t.Errorf("got %q, %d in the tray\nwant %q", strings.Join(got, "\n"), d.MissedCount(), want)
	}
}
