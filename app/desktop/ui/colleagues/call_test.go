package colleagues_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// callable makes a colleague one whom the PBX calls by a click, or does not.
func (p *page) callable(who client.Employee, callable bool) {
	p.t.Helper()
	people := []client.Employee{uitest.Kireeva, uitest.Schetova, uitest.Orlov}
	who.Callable = callable
	p.School.Answers["GET /employees"] = client.Page[client.Employee]{Items: append(people, who)}
	if err := p.Facts.ReloadLists(p.t.Context(), p.API); err != nil {
		p.t.Fatal(err)
	}
	p.view.Sync()
}

func (p *page) buttons() (labels []string) {
	for _, b := range uitest.All[*widgets.Button](p.view) {
		labels = append(labels, b.Label)
	}
	return labels
}

// between is an internal call, as the server's answer to a click tells it.
func between(caller, called client.Employee, change func(*client.Call)) client.Call {
	c := client.Call{
		ID: "i1", Direction: client.Internal, State: client.StateRinging, Step: 1, StartedAt: uitest.Now, Ringing: []string{caller.ID},
		Employee: uitest.Person(caller), Caller: &client.CallEnd{Extension: caller.Extension, Employee: uitest.Person(caller)},
		Called: &client.CallEnd{Extension: called.Extension, Employee: uitest.Person(called)},
	}
	if change != nil {
		change(&c)
	}
	return c
}

func TestColleagues_areCalledByOneClick(t *testing.T) {
	p := newPage(t, uitest.Kireeva, wide)
	p.callable(uitest.Borisov, true)
	p.does(uitest.Borisov.ID, client.PresenceFree, time.Minute)
	p.view.Sync()
	p.School.Answers["POST /calls"] = &client.Problem{Status: 502, Code: "pbx_unreachable", Detail: "АТС не отвечает."}
	p.press("Позвонить")
	if !strings.Contains(p.Told, "АТС не отвечает.") {
		t.Errorf("a PBX that is away is told as %q", p.Told)
	}
	p.School.Answers["POST /calls"] = between(uitest.Kireeva, uitest.Borisov, nil)
	p.press("Позвонить")
	if got := p.School.Told[len(p.School.Told)-1]; !strings.HasPrefix(got, "POST /calls") || !strings.Contains(got, `"employee_id":"`+uitest.Borisov.ID+`"`) {
		t.Errorf("told the server %s", got)
	}
	if cards := p.Facts.Cards(); len(cards) != 1 || cards[0].Call.ID != "i1" {
		t.Errorf("the answer draws the cards %+v", cards)
	}
	talk := between(uitest.Kireeva, uitest.Borisov, func(c *client.Call) {
		at := uitest.Ago(time.Minute)
		c.State, c.Step, c.AnsweredAt, c.Ringing, c.Employee = client.StateTalking, 3, &at, nil, uitest.Person(uitest.Borisov)
	})
	p.Facts.Apply(client.StreamEvent{Type: "call", Data: &talk})
	p.does(uitest.Borisov.ID, client.PresenceTalking, time.Minute)
	p.view.Sync()
	p.says("Вы говорите: " + uitest.Borisov.Name)
}

func TestColleagues_areCalledByTheKeyboard(t *testing.T) {
	p := newPage(t, uitest.Kireeva, wide)
	p.callable(uitest.Borisov, true)
	p.School.Answers["POST /calls"] = between(uitest.Kireeva, uitest.Borisov, nil)
	list := p.view.List()
	p.over.Canvas().Focus(list)
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	p.press("Позвонить")
	if got := p.School.Told; len(got) != 1 || !strings.HasPrefix(got[0], "POST /calls") {
		t.Errorf("told the server %q", got)
	}
}

// TestColleagues_whomThePBXDoesNotCall: no dead button, and what to do instead.
func TestColleagues_whomThePBXDoesNotCall(t *testing.T) {
	p := newPage(t, uitest.Kireeva, wide)
	p.callable(uitest.Borisov, false)
	p.does(uitest.Borisov.ID, client.PresenceFree, time.Minute)
	p.view.Sync()
	if slices.Contains(p.buttons(), "Позвонить") {
		t.Errorf("the buttons are %q", p.buttons())
	}
	p.says("наберите 102 на телефоне")
	p.callable(uitest.Borisov, true)
	if !slices.Contains(p.buttons(), "Позвонить") {
		t.Errorf("once it does, the buttons are %q", p.buttons())
	}
	p.silent("наберите 102")
}
