package model

import (
	"context"
	"fmt"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

func may(all ...client.Ability) change { return func(c *client.Call) { c.Can = all } }

func asks(state client.CallState) change {
	return func(c *client.Call) {
		c.Consulting = &client.Consultation{Extension: "103", Employee: &client.Person{ID: "e3", Name: "Борисов Борис Петрович"}, State: state}
	}
}

func TestCard_offersOnlyWhatIsPossibleNow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		call client.Call
		want string
	}{
		{"an older server says nothing", call(talks(me)), "[new_lead transfer more hangup] []"},
		{"nothing but hanging up", call(talks(me), may(client.CanHangup)), "[new_lead more hangup] []"},
		{
			"everything", call(talks(me), may(client.CanHangup, client.CanHold, client.CanTransfer, client.CanConsult, client.CanRecord)),
			"[new_lead transfer more hangup] [hold record]",
		},
		{"only holding", call(talks(me), may(client.CanHold)), "[new_lead hold more] []"},
		{"on hold", call(holds(me), may(client.CanHangup, client.CanResume, client.CanTransfer)), "[resume new_lead more hangup] [transfer]"},
		{
			"a colleague is asked", call(holds(me), asks(client.StateTalking), may(client.CanHangup, client.CanConnect, client.CanReturn)),
			"[connect return more] [new_lead hangup]",
		},
		{"a colleague rings", call(holds(me), asks(client.StateRinging), may(client.CanReturn)), "[return more] [new_lead]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk()
			d.take(tt.call)
			card := d.Cards()[0]
			if got := fmt.Sprint(card.Acts, card.More); got != tt.want {
				t.Errorf("offers %s, want %s", got, tt.want)
			}
		})
	}
}

func TestCard_namesWhoIsAsked(t *testing.T) {
	t.Parallel()
	for state, want := range map[client.CallState]string{
		client.StateTalking: "Консультация: Борисов Б. П.", client.StateRinging: "Звоним коллеге: Борисов Б. П.",
	} {
		d := newDesk()
		d.take(call(holds(me), asks(state), may(client.CanReturn)))
		if got := d.Cards()[0].Consulting; got != want {
			t.Errorf("%s: says %q, want %q", state, got, want)
		}
	}
}

func TestCommandWords_sayTheCodeAndWhy(t *testing.T) {
	t.Parallel()
	d := newDesk()
	for _, tt := range []struct {
		command client.Command
		want    string
	}{
		{client.Command{Code: 4101, Text: "нет права"}, "АТС ответила 4101: нет права"},
		{client.Command{Code: 4001, Text: "АТС ответила 4001: не умеет"}, "АТС ответила 4001: не умеет"},
		{client.Command{Text: "Звонок уже закончился."}, "Звонок уже закончился."},
		{client.Command{Code: 5003}, "АТС отказала с кодом 5003. Повторите чуть позже."},
		{client.Command{}, "АТС не выполнила команду. Повторите чуть позже."},
	} {
		if got := d.CommandWords(tt.command); got != tt.want {
			t.Errorf("says %q, want %q", got, tt.want)
		}
	}
}

func TestTrouble_namesThePBXOnlyWhereThereAreSeveral(t *testing.T) {
	t.Parallel()
	d := newDesk()
	until := noon.Add(3 * time.Minute)
	it := client.Integration{ID: "i1", Name: "Филиал", Active: true, Health: client.Health{State: client.HealthBlocked, Until: &until, Text: "слишком часто"}}
	hears := func(event any) string {
		d.Apply(client.StreamEvent{Type: "integration", Data: event})
		return d.Trouble()
	}
	if got, want := hears(&it), "АТС не принимает команды до 12:03: слишком часто"; got != want {
		t.Errorf("one: %q, want %q", got, want)
	}
	other := client.Integration{ID: "i2", Name: "Главная", Active: true}
	if got, want := hears(&other), "Филиал — АТС не принимает команды до 12:03: слишком часто"; got != want {
		t.Errorf("two: %q, want %q", got, want)
	}
	off := it
	off.Active = false
	if got := hears(&off); got != "" {
		t.Errorf("one that is off troubles: %q", got)
	}
	hears(&it)
	if got := hears(&client.Deleted{ID: "i1", Deleted: true}); got != "" {
		t.Errorf("a deleted one troubles: %q", got)
	}
	d.SetText(i18n.New(i18n.English))
	if got, want := hears(&it), "Филиал — The PBX takes no commands until 12:03: слишком часто"; got != want {
		t.Errorf("in English: %q, want %q", got, want)
	}
}

func TestFirstSeen_remembersTheFirstEventOfTheLatestCalls(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.take(call(rings(other)))
	d.wait(time.Second)
	d.take(call(rings(other)))
	if at, ok := d.FirstSeen("c1"); !ok || !at.Equal(noon) {
		t.Errorf("seen at %v (%v), want %v", at, ok, noon)
	}
	for n := range seenLimit {
		d.take(call(rings(other), func(c *client.Call) { c.ID = fmt.Sprint("x", n) }))
	}
	if _, ok := d.FirstSeen("c1"); ok {
		t.Error("calls of long ago are remembered for ever")
	}
}

func TestCard_ofABellTestIsNobodysCall(t *testing.T) {
	t.Parallel()
	test := func(c *client.Call) { c.Test = true }
	d := newDesk()
	d.take(call(out(1), test))
	if card := d.Cards()[0]; card.Title != "Звонок самому себе" || fmt.Sprint(card.Acts) != "[hangup]" {
		t.Errorf("while it rings: %q %v", card.Title, card.Acts)
	}
	d.take(call(out(1), test, ends(client.NoAnswer)))
	if card := d.Cards()[0]; card.State != CardEnded || card.Heading != "Проверка закончена" || len(card.Acts) > 0 {
		t.Errorf("after it: %s %q %v", card.State, card.Heading, card.Acts)
	}
}

// lateList answers with employees as they were before an event that comes meanwhile.
type lateList struct {
	fakeServer
	meanwhile func()
}

func (l lateList) Employees(context.Context) ([]client.Employee, error) {
	l.meanwhile()
	return []client.Employee{{ID: other, Name: "Борисов Борис", Presence: client.PresenceOffline}}, nil
}

func (lateList) Missed(context.Context, string, ...client.MissedState) (client.Page[client.MissedCaller], error) {
	return client.Page[client.MissedCaller]{Items: []client.MissedCaller{{Phone: "+79145550148", State: client.MissedWaiting}}}, nil
}

func TestReloadLists_anEventIsNewerThanTheListOnItsWay(t *testing.T) {
	t.Parallel()
	d := newDesk()
	came := func() {
		d.Apply(client.StreamEvent{Type: "presence", Data: &client.Presence{EmployeeID: other, State: client.PresenceFree}})
		d.Apply(client.StreamEvent{Type: "missed", Data: &client.MissedCaller{Phone: "+79145550148", State: client.MissedSettled}})
	}
	if err := d.ReloadLists(t.Context(), lateList{meanwhile: came}); err != nil {
		t.Fatal(err)
	}
	if got := d.People()[0].Presence; got != client.PresenceFree {
		t.Errorf("the colleague is %q, want free", got)
	}
	if n := d.MissedCount(); n != 0 {
		t.Errorf("%d missed callers, want none: the one of the list was settled meanwhile", n)
	}
}
