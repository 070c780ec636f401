package present

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/model/modeltest"
	"dozvon/client"
)

const (
	me    = modeltest.Me
	other = modeltest.Other
)

type change = modeltest.Change

var noon = modeltest.Noon

// Calls and tasks as the stream tells them.
var (
	call   = modeltest.Call
	rings  = modeltest.Rings
	talks  = modeltest.Talks
	holds  = modeltest.Holds
	ends   = modeltest.Ends
	out    = modeltest.Out
	remind = modeltest.Remind
	asked  = modeltest.Asked
)

// desk is a model at noon, and the words for it.
type desk struct {
	*model.Model
	text *i18n.Text
	at   time.Time
}

func newDesk() *desk {
	d := &desk{text: i18n.New(i18n.Russian), at: noon}
	d.Model = model.New(model.Config{Me: client.Employee{ID: me, Name: "Киреева Анна Сергеевна"}, Now: func() time.Time { return d.at }})
	return d
}

func (d *desk) hears(calls ...client.Call) {
	for _, call := range calls {
		d.Apply(client.StreamEvent{Type: "call", Data: &call})
	}
}

func (d *desk) hearsTasks(tasks ...client.Task) {
	for _, t := range tasks {
		d.Apply(client.StreamEvent{Type: "task", Data: &t})
	}
}

func (d *desk) cards() []Card { return Cards(d.Model, d.text, d.at) }

func (d *desk) tasks() []TaskRow { return Tasks(d.Model, d.text, d.at) }

func may(all ...client.Ability) change { return func(c *client.Call) { c.Can = all } }

func asks(state client.CallState) change {
	return func(c *client.Call) {
		c.Consulting = &client.Consultation{Extension: "103", Employee: &client.Person{ID: "e3", Name: "Борисов Борис Петрович"}, State: state}
	}
}

func TestCard_offersAllOwnersUntilOneIsChosen(t *testing.T) {
	t.Parallel()
	contract := client.Subject{Kind: client.KindContract, ID: "k1", Name: "Петрова Мария", Detail: "Договор № 207"}
	lead := client.Subject{Kind: client.KindClient, ID: "l1", Name: "Петров Игорь", Detail: "lead"}
	d := newDesk()
	d.hears(call(rings(me), func(c *client.Call) { c.Subject, c.Matches = &contract, []client.Subject{contract, lead} }))
	card := d.cards()[0]
	if len(card.Choices) != 2 || card.Title != "+7 914 555-01-48" {
		t.Fatalf("card %q with %d choices, want the number with 2", card.Title, len(card.Choices))
	}
	if got := card.Choices[1].About; got != "Клиент · лид" {
		t.Errorf("second choice says %q", got)
	}
	d.Chosen("c1")
	if card := d.cards()[0]; len(card.Choices) != 0 || card.Title != "Петрова Мария" {
		t.Errorf("after choosing: %q with %d choices", card.Title, len(card.Choices))
	}
}

func TestCard_saysWhatIsKnown(t *testing.T) {
	t.Parallel()
	person := &client.Person{ID: "e9", Name: "Киреева Анна Сергеевна"}
	known := client.Subject{Kind: client.KindContract, ID: "k1", Name: "Шангутов Александр Александрович", Detail: "Договор № 123", Responsible: person}
	d := newDesk()
	d.hears(call(rings(me), func(c *client.Call) {
		c.Subject, c.LineName = &known, "Сайт"
		c.LastNote = &client.LastNote{At: noon.Add(-18 * time.Hour), Text: "Просил перенести вождение"}
	}))
	card := d.cards()[0]
	for _, check := range []struct{ what, got, want string }{
		{"title", card.Title, "Шангутов Александр Александрович"},
		{"subtitle", card.Subtitle, "Договор № 123"},
		{"initials", card.Initials, "ША"},
		{"note", card.Note, "Вчера, 18:00 — Просил перенести вождение. Ответственный: Киреева А. С."},
	} {
		if check.got != check.want {
			t.Errorf("%s is %q, want %q", check.what, check.got, check.want)
		}
	}
	if !strings.Contains(card.Detail, "линия «Сайт»") {
		t.Errorf("detail %q does not name the line", card.Detail)
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
			d.hears(tt.call)
			card := d.cards()[0]
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
		d.hears(call(holds(me), asks(state), may(client.CanReturn)))
		if got := d.cards()[0].Consulting; got != want {
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
		if got := CommandWords(tt.command, d.text); got != tt.want {
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
		return Trouble(d.Model, d.text, d.at)
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
	d.text = i18n.New(i18n.English)
	if got, want := hears(&it), "Филиал — The PBX takes no commands until 12:03: слишком часто"; got != want {
		t.Errorf("in English: %q, want %q", got, want)
	}
}

func TestCard_ofAConnectivityTestIsNobodysCall(t *testing.T) {
	t.Parallel()
	test := func(c *client.Call) { c.Test = true }
	d := newDesk()
	d.hears(call(out(1), test))
	if card := d.cards()[0]; card.Title != "Звонок самому себе" || fmt.Sprint(card.Acts) != "[hangup]" {
		t.Errorf("while it rings: %q %v", card.Title, card.Acts)
	}
	d.hears(call(out(1), test, ends(client.NoAnswer)))
	if card := d.cards()[0]; card.State != model.CardEnded || card.Heading != "Проверка закончена" || len(card.Acts) > 0 {
		t.Errorf("after it: %s %q %v", card.State, card.Heading, card.Acts)
	}
}
