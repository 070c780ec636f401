package firststart

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/asked"
	"dozvon/app/desktop/ui/signin"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// account is the first step: who administers the school, by the code that the server tells.
type account struct {
	v                                   *View
	server, code, name, login, password *asked.Field
	exposed                             *widgets.Paragraph
	greeting                            *signin.Greeting
	button                              *widgets.Button
	rename                              *asked.Field
}

func newAccount(v *View) *account {
	a := &account{v: v}
	text, s := v.host.Text(), v.state
	a.server = a.field("sign.server", widgets.NewEntry("phone.school.ru"), &s.server, nil)
	a.greeting = signin.NewGreeting(v.host, a.server, v.settle)
	a.exposed = widgets.NewParagraph("", theme.Small, inner, 6, widgets.ToneInk(theme.ToneHold))
	a.greeting.OnAnswer = func(w client.Welcome) {
		if !w.FirstAccount {
			a.server.Say(theme.ToneMiss, text.T("first.has_accounts"))
		}
	}
	keep := a.server.OnChanged
	a.server.OnChanged = func(typed string) { keep(typed); a.greeting.Typed(); a.warn() }
	a.code = a.field("first.code", widgets.NewCode("0000-0000-0000"), &s.code, nil)
	a.name = a.field("first.name", widgets.NewEntry(""), &s.name, nil)
	a.login = a.field("sign.login", widgets.NewEntry(""), &s.login, nil)
	a.password = a.field("sign.password", widgets.NewPassword(""), &s.password, nil)
	a.rename = a.field("first.name", widgets.NewEntry(""), &s.name, a.saveName)
	a.rename.OnEscape = func() { s.renaming = false; v.draw() }
	a.button = widgets.NewButton(text.T("first.create"), widgets.Primary, a.try)
	a.warn()
	return a
}

// field keeps what is typed in the state; Enter does what the button would.
func (a *account) field(key string, entry *widgets.Entry, kept *string, enter func()) *asked.Field {
	f := asked.New(a.v.host.Text().T(key), entry, inner)
	entry.SetText(*kept)
	entry.OnChanged = func(typed string) {
		*kept = typed
		if f.Said() != "" {
			f.Say(theme.ToneMuted, "")
			a.v.settle()
		}
	}
	entry.OnEnter = func() { a.v.reveal(f.Object) }
	entry.OnSubmitted = func(string) {
		if enter != nil {
			enter()
			return
		}
		a.try()
	}
	return f
}

func (a *account) warn() {
	a.exposed.Hide()
	if session.Exposed(a.v.state.server) {
		a.exposed.Set(a.v.host.Text().T("sign.exposed"))
		a.exposed.Show()
	}
}

func (a *account) first() fyne.Focusable {
	for _, f := range []*asked.Field{a.server, a.code, a.name, a.login} {
		if f.Text == "" {
			return f.Entry
		}
	}
	return a.password.Entry
}

func (a *account) title() string { return a.v.host.Text().T("first.account") }

func (a *account) ahead() string { return "" }

func (a *account) done() (fyne.CanvasObject, *widgets.Button) {
	text, me := a.v.host.Text(), a.v.state.me
	if a.v.state.renaming {
		save := widgets.NewButton(text.T("act.save"), widgets.Quiet, a.saveName)
		return widgets.Pad(8, 0, 0, 0, widgets.Column(8, a.rename.Object, widgets.Row(0, nil, save))), nil
	}
	words := strings.Join([]string{me.Name, me.Login, i18n.Lowered(text.T("role." + string(me.Role)))}, " · ")
	return widgets.NewLabel(words, theme.Small, widgets.InkMuted), widgets.NewButton(text.T("first.change"), widgets.Link, func() {
		a.rename.SetText(me.Name)
		a.v.state.renaming = true
		a.v.draw()
	})
}

// open is the form of a new account.
func (a *account) open() fyne.CanvasObject {
	text := a.v.host.Text()
	where := widgets.NewParagraph(text.T("first.code_where"), theme.Small, inner, 0, widgets.InkMuted)
	return widgets.Column(12, a.server.Object, a.exposed, widgets.Column(4, a.code.Object, where), a.name.Object, a.login.Object, a.password.Object,
		widgets.Row(8, nil, a.button))
}

func (a *account) try() {
	text, s := a.v.host.Text(), a.v.state
	lacks := false
	for _, f := range []*asked.Field{a.server, a.code, a.name, a.login, a.password} {
		if strings.TrimSpace(f.Text) == "" {
			f.Say(theme.ToneMiss, text.T("sign.empty"))
			lacks = true
		}
	}
	a.v.settle()
	if lacks || !a.button.Enabled() {
		return
	}
	a.button.SetLabel(text.T("first.creating"))
	a.button.SetEnabled(false)
	a.v.host.Begin(s.server, client.FirstAccount{Code: s.code, Name: strings.TrimSpace(s.name), Login: strings.TrimSpace(s.login), Password: s.password}, a.fail)
}

// fail shows under its field why there is no account, and lets the person try again.
func (a *account) fail(err error) {
	if err == nil {
		return
	}
	text := a.v.host.Text()
	field, words := a.password, ui.Explain(err, text)
	var p *client.Problem
	switch {
	case signin.Older(err):
		field, words = a.server, text.T("first.old_server")
	case signin.AboutServer(err):
		field, words = a.server, signin.Explain(err, text)
	case errors.As(err, &p) && p.Code == "wrong_code", errors.As(err, &p) && p.Code == "too_many_tries":
		field = a.code
	case errors.As(err, &p) && p.Code == "has_accounts":
		field = a.server
	case errors.As(err, &p) && p.Code == "invalid":
		field = a.about(p)
	}
	field.Say(theme.ToneMiss, words)
	a.button.SetLabel(text.T("first.create"))
	a.button.SetEnabled(true)
	a.v.settle()
}

// about is the field that a refusal names first.
func (a *account) about(p *client.Problem) *asked.Field {
	for _, named := range p.Fields {
		name, _, _ := strings.Cut(named, ":")
		switch strings.TrimPrefix(name, "body.") {
		case "name":
			return a.name
		case "login":
			return a.login
		case "code":
			return a.code
		}
	}
	return a.password
}

// saveName changes the name of the account there is.
func (a *account) saveName() {
	s, name := a.v.state, strings.TrimSpace(a.rename.Text)
	if name == "" {
		a.rename.Say(theme.ToneMiss, a.v.host.Text().T("sign.empty"))
		a.v.settle()
		return
	}
	var me client.Employee
	a.v.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		me, err = api.UpdateEmployee(ctx, s.me.ID, client.EmployeeInput{Name: &name})
		return err
	}, func(err error) {
		if err != nil {
			a.rename.Say(theme.ToneMiss, ui.Explain(err, a.v.host.Text()))
			a.v.settle()
			return
		}
		s.me, s.renaming = me, false
		a.v.draw()
	})
}
