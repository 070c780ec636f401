package screens

import (
	"testing"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// drawRegister draws the clients as somebody has narrowed them, with columns of their own, also where there is no
// room for all of these.
func drawRegister(t *testing.T, l look) {
	for name, width := range map[string]float32{"wide": 1180, "narrow": 700} {
		h := uitest.CardHost(t, l.lang)
		state := &register.State{}
		state.Resume(register.Kept{Status: client.StatusThinking, Tag: "вечерняя группа", Columns: []string{"status", "email", "tags", "created"}}, client.KindClient)
		v := register.New(h, client.KindClient, state, func(string) {})
		w := uitest.WindowOf(t, widgets.Stack(widgets.NewBox(widgets.Ground, 0), v), fyne.NewSize(width, 420))
		v.Shown()
		uitest.Snap(t, "register-"+name+l.suffix(), w)
	}
}
