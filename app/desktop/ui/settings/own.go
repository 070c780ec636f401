package settings

import (
	"context"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// own is one's own account: who is signed in, the password, and where else one is signed in.
type own struct {
	view     *View
	sessions *sessions
	changing bool // the form of the password is open
	old, new *widgets.Entry
	told     told
}

func newOwn(view *View) *own {
	o := &own{view: view}
	o.sessions = newSessions(view, "", o.redraw)
	o.clear()
	return o
}

func (o *own) clear() {
	text := o.view.host.Text()
	o.changing, o.told = false, told{}
	o.old, o.new = widgets.NewPassword(""), widgets.NewPassword(text.T("own.password_hint"))
	for _, entry := range []*widgets.Entry{o.old, o.new} {
		entry.OnSubmitted = func(string) { o.save() }
		entry.OnEscape = func() { o.clear(); o.redraw() }
	}
}

func (o *own) redraw() {
	if o.view.own == o && o.view.tab == tabProgram {
		o.view.draw()
	}
}

func (o *own) open() {
	o.clear()
	o.changing = true
	o.redraw()
	if over := fyne.CurrentApp().Driver().CanvasForObject(o.old); over != nil {
		over.Focus(o.old)
	}
}

// save changes the password; the other sessions end with it, this one stays.
func (o *own) save() {
	text := o.view.host.Text()
	in := client.OwnPassword{Password: o.new.Text, OldPassword: o.old.Text}
	if in.Password == "" || in.OldPassword == "" {
		o.told = told{text.T("own.need"), theme.ToneMiss}
		o.redraw()
		return
	}
	o.view.host.Work(func(ctx context.Context, api *client.API) error {
		_, err := api.ChangePassword(ctx, in)
		return err
	}, func(err error) {
		if err != nil {
			o.told = told{explainAccount(err, text), theme.ToneMiss}
			o.redraw()
			return
		}
		o.clear()
		o.told = told{text.T("own.changed"), theme.ToneRing}
		o.sessions.load()
		o.redraw()
	})
}

func (o *own) boxes() []fyne.CanvasObject {
	text, state, width := o.view.host.Text(), o.view.program.State(), o.view.inner()
	key := "set.token_memory"
	if state.InKeyring {
		key = "set.token_keyring"
	}
	account := newSection(text.T("set.account"), "",
		widgets.NewButton(text.T("own.password"), widgets.Quiet, o.open), widgets.NewButton(text.T("act.sign_out"), widgets.Quiet, o.view.program.SignOut))
	rows := []fyne.CanvasObject{
		wrapped(state.Me.Name+" · "+state.Login+" · "+state.Server, theme.Body, width, widgets.InkNormal),
		wrapped(text.T(key), theme.Body, width, widgets.InkMuted),
	}
	rows = append(rows, o.told.row(width)...)
	if o.changing {
		rows = append(rows, line(text.T("own.old"), widgets.GroundField(o.old)), line(text.T("own.new"), widgets.GroundField(o.new)),
			rightAligned(widgets.NewButton(text.T("act.cancel"), widgets.Quiet, func() { o.clear(); o.redraw() }),
				widgets.NewButton(text.T("act.save"), widgets.Primary, o.save)))
	}
	account.set(rows)
	devices := newSection(text.T("session.title"), text.T("session.hint"))
	devices.set(o.sessions.rows(width))
	return []fyne.CanvasObject{account.box, devices.box}
}
