package callbutton_test

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/callbutton"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// desk is a host that calls until it is told that the call is through.
type desk struct {
	dialled []string
	busy    map[string][]func()
}

func (d *desk) Dial(phone string, _ *client.Subject) {
	d.dialled = append(d.dialled, phone)
	if d.busy == nil {
		d.busy = map[string][]func(){}
	}
	d.busy[phone] = []func(){}
}

func (d *desk) Dialling(phone string, again func()) bool {
	waiting, is := d.busy[phone]
	if is {
		d.busy[phone] = append(waiting, again)
	}
	return is
}

func (d *desk) through(phone string) {
	waiting := d.busy[phone]
	delete(d.busy, phone)
	for _, again := range waiting {
		again()
	}
}

func TestButton_waitsWhileItsNumberIsBeingCalled(t *testing.T) {
	test.NewApp()
	d := &desk{}
	b := callbutton.New(d, "Позвонить", widgets.Call, "+79145550261", nil)
	for range 3 {
		b.Tapped(nil)
	}
	if len(d.dialled) != 1 || b.Enabled() {
		t.Errorf("three clicks called %v; the button can be pressed: %v", d.dialled, b.Enabled())
	}
	if drawn := callbutton.New(d, "Позвонить", widgets.Call, "+79145550261", nil); drawn.Enabled() {
		t.Error("a button drawn anew meanwhile can be pressed")
	}
	if other := callbutton.New(d, "Позвонить", widgets.Call, "+79145550262", nil); !other.Enabled() {
		t.Error("the button of another number waits, too")
	}
	d.through("+79145550261")
	b.Tapped(nil)
	if len(d.dialled) != 2 {
		t.Errorf("after the call it called %v", d.dialled)
	}
}
