package program

import (
	"context"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/settings/account"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// own is one's own account: who is signed in, the password, and where else one is signed in.
type own struct {
	v        *View
	sessions *account.Sessions
	old, new *widgets.Entry
	told     panel.Told
}

func newOwn(v *View) *own {
	o := &own{v: v}
	o.sessions = account.NewSessions(v.host, "", o.redraw)
	o.makeForm()
	return o
}

// clear closes the form of the password.
func (o *own) clear() {
	*o.v.state, o.told = State{}, panel.Told{}
	o.makeForm()
}

// makeForm makes the fields of the password, with what was typed.
func (o *own) makeForm() {
	text, state := o.v.host.Text(), o.v.state
	o.old, o.new = widgets.NewPassword(""), widgets.NewPassword(text.T("own.password_hint"))
	for entry, typed := range map[*widgets.Entry]*string{o.old: &state.Old, o.new: &state.New} {
		entry.SetText(*typed)
		entry.OnChanged = func(text string) { *typed = text }
		entry.OnSubmitted = func(string) { o.save() }
		entry.OnEscape = func() { o.clear(); o.redraw() }
	}
}

func (o *own) redraw() {
	o.v.page.Draw()
}

func (o *own) open() {
	o.clear()
	o.v.state.Changing = true
	o.redraw()
	if over := fyne.CurrentApp().Driver().CanvasForObject(o.old); over != nil {
		over.Focus(o.old)
	}
}

// save changes the password; the other sessions end with it, this one stays.
func (o *own) save() {
	text := o.v.host.Text()
	in := client.OwnPassword{Password: o.new.Text, OldPassword: o.old.Text}
	if in.Password == "" || in.OldPassword == "" {
		o.told = panel.Fault(text.T("own.need"))
		o.redraw()
		return
	}
	o.v.host.Work(func(ctx context.Context, api *client.API) error {
		_, err := api.ChangePassword(ctx, in)
		return err
	}, func(err error) {
		if err != nil {
			o.told = panel.Fault(account.Explain(err, text))
			o.redraw()
			return
		}
		o.clear()
		o.told = panel.Done(text.T("own.changed"))
		o.sessions.Load()
		o.redraw()
	})
}

func (o *own) boxes() []fyne.CanvasObject {
	text, state, width := o.v.host.Text(), o.v.program.State(), o.v.page.Inner()
	key := "set.token_memory"
	if state.InKeyring {
		key = "set.token_keyring"
	}
	account := panel.NewSection(text.T("set.account"), "",
		widgets.NewButton(text.T("own.password"), widgets.Quiet, o.open), widgets.NewButton(text.T("act.sign_out"), widgets.Quiet, o.v.program.SignOut))
	rows := []fyne.CanvasObject{
		panel.Wrapped(state.Me.Name+" · "+state.Login+" · "+state.Server, theme.Body, width, widgets.InkNormal),
		panel.Wrapped(text.T(key), theme.Body, width, widgets.InkMuted),
	}
	rows = append(rows, o.told.Row(width)...)
	if o.v.state.Changing {
		rows = append(rows, panel.Line(text.T("own.old"), widgets.GroundField(o.old)), panel.Line(text.T("own.new"), widgets.GroundField(o.new)),
			panel.Right(widgets.NewButton(text.T("act.cancel"), widgets.Quiet, func() { o.clear(); o.redraw() }),
				widgets.NewButton(text.T("act.save"), widgets.Primary, o.save)))
	}
	account.Set(rows)
	devices := panel.NewSection(text.T("session.title"), text.T("session.hint"))
	devices.Set(o.sessions.Rows(width))
	return []fyne.CanvasObject{account.Box, devices.Box}
}
