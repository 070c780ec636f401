package settings

import (
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// accountForm is what is typed for a new employee, for the access of one who has none, or
// for a new password.
type accountForm struct {
	a                     *accounts
	person                client.Employee // empty id: a new one
	name, login, password *widgets.Entry
	role                  client.Role
}

func newAccountForm(a *accounts, person client.Employee) *accountForm {
	f := &accountForm{a: a, person: person, role: client.RoleOperator}
	f.name, f.login, f.password = widgets.NewEntry(""), widgets.NewEntry(""), widgets.NewPassword("")
	for _, entry := range []*widgets.Entry{f.name, f.login, f.password} {
		entry.OnSubmitted = func(string) { f.save() }
		entry.OnEscape = a.closeForm
	}
	return f
}

// first is the field to begin with.
func (f *accountForm) first() *widgets.Entry {
	switch {
	case f.person.ID == "":
		return f.name
	case f.person.Login == "":
		return f.login
	}
	return f.password
}

func (f *accountForm) box() fyne.CanvasObject {
	text := f.a.view.host.Text()
	var rows []fyne.CanvasObject
	if f.person.ID == "" {
		allowed := model.RolesUpTo(f.a.view.host.Model().Me().Role)
		role := widgets.NewChoice("", roleNames(text, allowed), 0, func(n int) { f.role = allowed[n] })
		for n, one := range allowed {
			if one == f.role {
				role.Chosen = n
			}
		}
		rows = append(rows, line(text.T("acc.name"), widgets.GroundField(f.name)), line(text.T("acc.role"), role))
	}
	if f.person.Login == "" {
		rows = append(rows, line(text.T("sign.login"), widgets.GroundField(f.login)))
	}
	rows = append(rows, line(text.T("sign.password"), widgets.GroundField(f.password)),
		rightAligned(widgets.NewButton(text.T("act.cancel"), widgets.Quiet, f.a.closeForm),
			widgets.NewButton(text.T("act.save"), widgets.Primary, f.save)))
	return widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusButton).Outlined(widgets.Line),
		widgets.Pad(12, 12, 12, 12, widgets.Column(rowGap, rows...)))
}

func (f *accountForm) save() {
	text := f.a.view.host.Text()
	name, login, password := strings.TrimSpace(f.name.Text), strings.TrimSpace(f.login.Text), f.password.Text
	in := client.EmployeeInput{Password: &password}
	done := text.T("acc.password_set")
	need := password == ""
	if f.person.Login == "" {
		in.Login, need = &login, need || login == ""
		done = text.T("acc.given")
	}
	if f.person.ID == "" {
		in.Name, in.Role, need = &name, &f.role, need || name == ""
		done = text.T("acc.added", "name", name)
	}
	if need {
		f.a.tell(f.person.ID, text.T("acc.need"), theme.ToneMiss)
		f.a.redraw()
		return
	}
	f.a.save(f.person.ID, in, done)
}
