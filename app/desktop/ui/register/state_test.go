package register_test

import (
	"fmt"
	"net/url"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/register"
	"dozvon/client"
)

func TestRegister_goesOnInOtherColours(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	asked := 0
	h.School.Answers["/clients"] = func(q url.Values) any {
		asked++
		var all []client.Client
		for n := range 80 {
			all = append(all, client.Client{ID: fmt.Sprint("l", n), Kind: "lead", Name: fmt.Sprint("Зайцева ", n)})
		}
		return client.Page[client.Client]{Items: all}
	}
	state := &register.State{}
	made := func() *register.View {
		v := register.New(h, client.KindClient, state, func(string) {})
		uitest.WindowOf(t, v, fyne.NewSize(900, 600))
		v.Shown()
		return v
	}
	v := made()
	v.Filter(1)
	v.Select("l70")
	scrolled := uitest.All[*widget.List](v)[0].GetScrollOffset()
	v.Close()
	before := asked
	v = made()
	if got := uitest.All[*widget.List](v)[0].GetScrollOffset(); got != scrolled || scrolled == 0 {
		t.Errorf("stands at %v, want %v", got, scrolled)
	}
	if asked != before || v.Query().Get("kind") != "lead" {
		t.Errorf("asked %d times more, with %v", asked-before, v.Query())
	}
}
