package present

import (
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/model"
	"dozvon/client"
)

// TestCards_ofAnInternalCallNameTheOther: it was «Номер скрыт» with «Новый клиент», and the caller had no card.
func TestCards_ofAnInternalCallNameTheOther(t *testing.T) {
	t.Parallel()
	own, theirs := &client.CallEnd{Extension: "101", Employee: &client.Person{ID: me, Name: "Киреева Анна Сергеевна"}},
		&client.CallEnd{Extension: "102", Employee: &client.Person{ID: other, Name: "Борисов Борис Петрович"}}
	inside := func(caller, called *client.CallEnd, state client.CallState, step int, ringing ...string) client.Call {
		c := client.Call{ID: "i", Direction: client.Internal, State: state, Step: step, StartedAt: noon, Ringing: ringing, Caller: caller, Called: called, Employee: called.Employee}
		if state == client.StateTalking {
			at := noon
			c.AnsweredAt = &at
		}
		return c
	}
	ended := inside(theirs, own, client.StateEnded, 0)
	ended.Result = client.NoAnswer
	for name, tt := range map[string]struct {
		calls []client.Call
		state model.CardState
		step  string
	}{
		"my telephone rings first":      {[]client.Call{inside(own, theirs, client.StateRinging, 1, me)}, model.CardDialling, "АТС звонит вам"},
		"then the colleague's":          {[]client.Call{inside(own, theirs, client.StateRinging, 2, other)}, model.CardDialling, "коллегой"},
		"we talk":                       {[]client.Call{inside(own, theirs, client.StateTalking, 3)}, model.CardTalking, ""},
		"the colleague calls":           {[]client.Call{inside(theirs, own, client.StateRinging, 2, me)}, model.CardRinging, ""},
		"by hand, without a click":      {[]client.Call{inside(theirs, own, client.StateRinging, 0, me)}, model.CardRinging, ""},
		"whose call I have taken":       {[]client.Call{inside(theirs, own, client.StateTalking, 0)}, model.CardTalking, ""},
		"and I do not pick up":          {[]client.Call{inside(theirs, own, client.StateRinging, 0, me), ended}, "", ""},
		"an extension that is nobody's": {[]client.Call{inside(&client.CallEnd{Extension: "777"}, own, client.StateRinging, 0, me)}, model.CardRinging, ""},
	} {
		d := newDesk()
		d.hears(tt.calls...)
		all := Cards(d.Model, d.text, d.at)
		if tt.state == "" {
			if len(all) != 0 {
				t.Errorf("%s: %+v", name, all)
			}
			continue
		}
		if len(all) != 1 || all[0].State != tt.state {
			t.Errorf("%s: %+v, want %s", name, all, tt.state)
			continue
		}
		card, title := all[0], "Борисов Борис Петрович"
		if tt.calls[0].Caller.Extension == "777" {
			title = "доб. 777"
		}
		if card.Title != title || !strings.Contains(card.Subtitle, "Внутренний звонок") || !strings.Contains(card.StepText, tt.step) {
			t.Errorf("%s: it says %q, %q, %q", name, card.Title, card.Subtitle, card.StepText)
		}
		for _, act := range []Act{ActNewLead, ActOpen, ActCallBack} {
			if slices.Contains(card.Acts, act) || slices.Contains(card.More, act) {
				t.Errorf("%s: it offers %v and %v", name, card.Acts, card.More)
			}
		}
	}
}
