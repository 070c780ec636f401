// Package settings draws the page of choices: the program's own, the account, and for
// those who may, the PBX. It keeps nothing; choices go to the host, the rest to the server.
package settings

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Program is what the page may change of the program itself.
type Program interface {
	Config() config.Config
	SetConfig(config.Config)
	State() session.State
	SignOut()
}

// View is the page. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	host    ui.Host
	program Program
	body    *fyne.Container
	pbx     *pbx
}

// New is an unread page.
func New(host ui.Host, program Program) *View {
	v := &View{host: host, program: program, body: container.NewStack()}
	v.ExtendBaseWidget(v)
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.body) }

// mayIntegrate: «Бухгалтер и выше».
func mayIntegrate(role client.Role) bool {
	return role == client.RoleAccountant || role == client.RoleDirector || role == client.RoleAdmin
}

// Shown draws the page and reads the PBX's settings anew.
func (v *View) Shown() {
	v.draw()
	if !mayIntegrate(v.host.Model().Me().Role) {
		return
	}
	var found []client.Integration
	v.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		found, err = api.Integrations(ctx)
		return err
	}, func(err error) {
		if err != nil {
			v.host.Tell(ui.Explain(err, v.host.Text()))
			return
		}
		v.pbx = newPBX(v, found)
		v.draw()
	})
}

func (v *View) draw() {
	parts := []fyne.CanvasObject{v.programBox(), v.accountBox()}
	if v.pbx != nil {
		parts = append(parts, v.pbx.boxes()...)
	}
	page := widgets.Pad(0, theme.Side, theme.Side, theme.Side, widgets.Column(14, parts...))
	v.body.Objects = []fyne.CanvasObject{container.NewVScroll(page)}
	v.body.Refresh()
}

// panel is a titled box of the page.
func panel(title string, side fyne.CanvasObject, rows ...fyne.CanvasObject) fyne.CanvasObject {
	head := fyne.CanvasObject(widgets.NewBold(title, theme.Body, widgets.InkNormal))
	if side != nil {
		head = widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, head, side)
	}
	return widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusPanel).Outlined(widgets.Line),
		widgets.Pad(16, 18, 16, 18, widgets.Column(10, append([]fyne.CanvasObject{head}, rows...)...)))
}

// labelWidth is the column of the labels.
const labelWidth float32 = 260

func line(label string, object fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Row(12, []float32{labelWidth, widgets.Wide}, widgets.NewLabel(label, theme.Body, widgets.InkMuted), object)
}

func (v *View) programBox() fyne.CanvasObject {
	text, cfg := v.host.Text(), v.program.Config()
	choice := func(values, keys []string, now string, set func(string)) fyne.CanvasObject {
		var chips []fyne.CanvasObject
		for n, value := range values {
			chip := widgets.NewFilter(text.T(keys[n]), func() { set(value) })
			if value == now {
				chip.Tone = theme.ToneAccent
			}
			chips = append(chips, chip)
		}
		return widgets.Row(theme.Gap, nil, chips...)
	}
	change := func(edit func(*config.Config)) {
		next := v.program.Config()
		edit(&next)
		v.program.SetConfig(next)
		v.draw()
	}
	languages := choice([]string{"auto", "ru", "en"}, []string{"set.auto", "Русский", "English"}, cfg.Language,
		func(value string) { change(func(c *config.Config) { c.Language = value }) })
	themes := choice([]string{"auto", "light", "dark"}, []string{"set.auto", "set.light", "set.dark"}, cfg.Theme,
		func(value string) { change(func(c *config.Config) { c.Theme = value }) })
	quiet := widgets.Switch(text.T("set.dnd_hint"), cfg.DoNotDisturb, func(on bool) { change(func(c *config.Config) { c.DoNotDisturb = on }) })
	notify := widgets.Switch("", cfg.Notifications, func(on bool) { change(func(c *config.Config) { c.Notifications = on }) })
	return panel(text.T("set.app"), nil, line(text.T("set.language"), languages), line(text.T("set.theme"), themes),
		line(text.T("set.dnd"), widgets.Row(0, nil, quiet)), line(text.T("set.notify"), widgets.Row(0, nil, notify)))
}

func (v *View) accountBox() fyne.CanvasObject {
	text, state := v.host.Text(), v.program.State()
	key := "set.token_memory"
	if state.InKeyring {
		key = "set.token_keyring"
	}
	out := widgets.NewButton(text.T("act.sign_out"), widgets.Quiet, v.program.SignOut)
	return panel(text.T("set.account"), out,
		widgets.NewLabel(state.Me.Name+" · "+state.Login+" · "+state.Server, theme.Body, widgets.InkNormal),
		widgets.NewLabel(text.T(key), theme.Body, widgets.InkMuted))
}
