// Package colleagues draws who of the school is free, ringing, talking or away. It reads
// the model's snapshot and asks nothing of the server.
package colleagues

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// State is what outlasts the page's widgets: where it stands.
type State struct{ Scroll float32 }

// View is the list of colleagues. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	host  ui.Base
	state *State
	body  *fyne.Container
	last  []client.Employee
}

// New is an empty list.
func New(host ui.Base, state *State) *View {
	v := &View{host: host, state: state, body: container.NewStack()}
	v.ExtendBaseWidget(v)
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.body) }

// Sync draws the model's colleagues; unchanged ones cost nothing.
func (v *View) Sync() {
	people := v.host.Model().People()
	if len(v.body.Objects) > 0 && equal(people, v.last) {
		return
	}
	v.last = people
	text := v.host.Text()
	if len(people) == 0 {
		v.set(widgets.Empty(text.T("people.empty"), text.T("people.empty_hint")))
		return
	}
	var rows []fyne.CanvasObject
	for _, person := range people {
		state := person.Presence
		if state == "" {
			state = client.PresenceOffline
		}
		tone := map[client.PresenceState]theme.Tone{
			client.PresenceFree: theme.ToneRing, client.PresenceRinging: theme.ToneAccent,
			client.PresenceTalking: theme.ToneHold, client.PresenceOffline: theme.ToneMuted,
		}[state]
		extension := text.T("conn.no_ext")
		if person.Extension != "" {
			extension = text.T("conn.ext", "ext", person.Extension)
		}
		row := widgets.Row(12, []float32{32, widgets.Wide, 170, 0, 150},
			widgets.NewAvatar(present.Initials(person.Name), theme.ToneAccent, 32),
			widgets.NewBold(person.Name, theme.Body, widgets.InkNormal),
			widgets.NewLabel(extension, theme.Body, widgets.InkMuted),
			widgets.NewDot(tone, false),
			widgets.NewLabel(text.T("presence."+string(state)), theme.Body, widgets.ToneInk(tone)))
		rows = append(rows, widgets.Stack(widgets.NewBox(widgets.Surface, 0),
			widgets.Sized(widgets.Pad(0, theme.Side, 0, theme.Side, row), 0, theme.Row)), widgets.Rule())
	}
	v.set(widgets.NewScroll(widgets.Column(0, rows...), &v.state.Scroll))
}

func equal(a, b []client.Employee) bool {
	if len(a) != len(b) {
		return false
	}
	for n := range a {
		if a[n] != b[n] {
			return false
		}
	}
	return true
}

func (v *View) set(object fyne.CanvasObject) {
	v.body.Objects = []fyne.CanvasObject{object}
	v.body.Refresh()
}
