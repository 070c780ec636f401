package register_test

import (
	"fmt"
	"net/url"
	"testing"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
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
	scrolled := uitest.All[*widgets.List](v)[0].ScrollOffset()
	v.Close()
	before := asked
	v = made()
	if got := uitest.All[*widgets.List](v)[0].ScrollOffset(); got != scrolled || scrolled == 0 {
		t.Errorf("stands at %v, want %v", got, scrolled)
	}
	if asked != before || v.Query().Get("kind") != "lead" {
		t.Errorf("asked %d times more, with %v", asked-before, v.Query())
	}
}

// TestRegister_showsTheRowThatIsOpenedBeforeTheListIsRead: a click on a call card opens the page, and the
// row stood just above the list's upper edge.
func TestRegister_showsTheRowThatIsOpenedBeforeTheListIsRead(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	var all []client.Client
	for n := range 80 {
		all = append(all, client.Client{ID: fmt.Sprint("l", n), Kind: "lead", Name: fmt.Sprint("Зайцева ", n)})
	}
	h.School.Answers["/clients"] = client.Page[client.Client]{Items: all}
	h.School.Answers["/clients/l50"] = &client.Problem{Status: 503, Code: "busy"} // the list is here before the card
	v := register.New(h, client.KindClient, &register.State{}, func(string) {})
	uitest.WindowOf(t, v, fyne.NewSize(900, 600))
	v.Select("l50")
	v.Shown()
	list := uitest.All[*widgets.List](v)[0]
	row := list.MinSize().Height // a list's least size is that of one row
	top := 50 * (theme.Row + 1)
	if at := list.ScrollOffset(); top < at || top+row > at+list.Size().Height {
		t.Errorf("the row stands at %v, the list shows %v to %v", top, at, at+list.Size().Height)
	}
}
