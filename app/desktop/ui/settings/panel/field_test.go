package panel_test

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/widgets"
)

func TestField_keepsWhatIsTypedAgainstTheServer(t *testing.T) {
	test.NewTempApp(t)
	draft := &panel.Draft{}
	heard := 0
	f := panel.NewField(widgets.NewEntry(""), draft)
	f.OnEdit = func() { heard++ }
	f.Update("one")
	if f.Text != "one" || f.Changed() {
		t.Fatalf("untouched it shows %q, changed: %v", f.Text, f.Changed())
	}
	f.SetText(" mine ")
	f.Update("two") // a colleague saved meanwhile
	if f.Text != " mine " || f.Value() != "mine" || !f.Changed() || heard == 0 {
		t.Errorf("it shows %q, value %q, heard %d times", f.Text, f.Value(), heard)
	}
	again := panel.NewField(widgets.NewEntry(""), draft) // the same draft in new widgets
	if again.Text != " mine " || !again.Changed() {
		t.Errorf("made anew it shows %q", again.Text)
	}
	again.Reset()
	if again.Text != "two" || again.Changed() {
		t.Errorf("given up it shows %q", again.Text)
	}
}
