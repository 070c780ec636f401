package school

import (
	"strings"

	"fyne.io/fyne/v2"

	most "dozvon/app/desktop/limits"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui/bounded"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// employeeForm is the fields of an EmployeeDraft.
type employeeForm struct {
	a                     *Employees
	draft                 *EmployeeDraft
	name, login, password *widgets.Entry
}

func newEmployeeForm(a *Employees, draft *EmployeeDraft) *employeeForm {
	f := &employeeForm{a: a, draft: draft}
	f.name, f.login, f.password = widgets.NewEntry(""), widgets.NewEntry(""), widgets.NewPassword("")
	full := bounded.Told(a.host.Text(), func(words string) { a.tell("", panel.Fault(words)); a.page.Draw() })
	names := map[*widgets.Entry]string{f.name: "name", f.login: "login", f.password: "password"}
	for entry, typed := range map[*widgets.Entry]*string{f.name: &draft.Name, f.login: &draft.Login, f.password: &draft.Password} {
		entry.SetText(*typed)
		entry.OnChanged = func(text string) { *typed = text }
		bounded.Bind(entry, most.Of[client.EmployeeInput](names[entry]), full)
		entry.OnSubmitted = func(string) { f.save() }
		entry.OnEscape = a.closeForm
	}
	return f
}

// first is the field to begin with.
func (f *employeeForm) first() *widgets.Entry {
	switch {
	case f.draft.Person.ID == "":
		return f.name
	case f.draft.Person.Login == "":
		return f.login
	}
	return f.password
}

func (f *employeeForm) box() fyne.CanvasObject {
	text := f.a.host.Text()
	var rows []fyne.CanvasObject
	if f.draft.Person.ID == "" {
		allowed := model.RolesUpTo(f.a.host.Model().Me().Role)
		role := widgets.NewChoice("", roleNames(text, allowed), 0, func(n int) { f.draft.Role = allowed[n] })
		for n, one := range allowed {
			if one == f.draft.Role {
				role.Chosen = n
			}
		}
		rows = append(rows, panel.Line(text.T("acc.name"), widgets.GroundField(f.name)), panel.Line(text.T("acc.role"), role))
	}
	if f.draft.Person.Login == "" {
		rows = append(rows, panel.Line(text.T("sign.login"), widgets.GroundField(f.login)))
	}
	rows = append(rows, panel.Line(text.T("sign.password"), widgets.GroundField(f.password)),
		panel.Right(widgets.NewButton(text.T("act.cancel"), widgets.Quiet, f.a.closeForm),
			widgets.NewButton(text.T("act.save"), widgets.Primary, f.save)))
	return widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusButton).Outlined(widgets.Line),
		widgets.Pad(12, 12, 12, 12, widgets.Column(panel.RowGap, rows...)))
}

func (f *employeeForm) save() {
	text := f.a.host.Text()
	name, login, password := strings.TrimSpace(f.name.Text), strings.TrimSpace(f.login.Text), f.password.Text
	in := client.EmployeeInput{Password: &password}
	done := text.T("acc.password_set")
	need := password == ""
	if f.draft.Person.Login == "" {
		in.Login, need = &login, need || login == ""
		done = text.T("acc.given")
	}
	if f.draft.Person.ID == "" {
		in.Name, in.Role, need = &name, &f.draft.Role, need || name == ""
		done = text.T("acc.added", "name", name)
	}
	if need {
		f.a.tell(f.draft.Person.ID, panel.Fault(text.T("acc.need")))
		f.a.redraw()
		return
	}
	f.a.save(f.draft.Person.ID, in, done)
}
