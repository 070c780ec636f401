package school

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/account"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Employees is the part about the employees: who may sign in, and with which role.
type Employees struct {
	panel.Section
	host   ui.Base
	page   panel.Surface
	mine   func() // leads to one's own password
	state  *EmployeesState
	button *widgets.Button
	form   *employeeForm // open form; nil: none
	told   panel.Told
	about  string            // whose row the told sentence is of; empty: the form's
	theirs *account.Sessions // of whom it is opened
}

// NewEmployees is the part with what was open on it; mine leads to where one's own password is changed.
func NewEmployees(host ui.Base, page panel.Surface, state *EmployeesState, mine func()) *Employees {
	text := host.Text()
	a := &Employees{host: host, page: page, state: state, mine: mine}
	a.button = widgets.NewButton(text.T("acc.new"), widgets.Primary, func() { a.openForm(client.Employee{}) })
	a.Section = panel.NewSection(text.T("set.tab_accounts"), "", a.button)
	if state.Form != nil {
		a.form = newEmployeeForm(a, state.Form)
	}
	if state.More != "" {
		a.theirs = account.NewSessions(host, state.More, a.redraw)
		a.theirs.Load()
	}
	return a
}

// Load reads the employees anew; every page shows the model's.
func (a *Employees) Load() {
	host := a.host
	host.Work(func(ctx context.Context, api *client.API) error {
		return host.Model().ReloadLists(ctx, api)
	}, func(err error) {
		if err != nil {
			a.tell("", panel.Fault(ui.Explain(err, host.Text())))
		}
		a.page.Draw()
	})
}

func (a *Employees) tell(about string, told panel.Told) { a.about, a.told = about, told }

func (a *Employees) redraw() {
	a.fill()
	a.page.Settle()
}

// openForm is for a new employee, or for a login and password of one there is.
func (a *Employees) openForm(person client.Employee) {
	a.state.Form = &EmployeeDraft{Person: person, Role: client.RoleOperator}
	a.form, a.told = newEmployeeForm(a, a.state.Form), panel.Told{}
	a.redraw()
	if over := fyne.CurrentApp().Driver().CanvasForObject(a.form.first()); over != nil {
		over.Focus(a.form.first())
	}
}

func (a *Employees) closeForm() {
	a.form, a.state.Form, a.told = nil, nil, panel.Told{}
	a.redraw()
}

// save sends a change and shows what came of it where it was made.
func (a *Employees) save(id string, in client.EmployeeInput, done string) {
	a.saveThen(id, in, done, func() {})
}

// saveThen also does something after it worked.
func (a *Employees) saveThen(id string, in client.EmployeeInput, done string, then func()) {
	host, etag := a.host, ""
	for _, person := range host.Model().People() {
		if person.ID == id {
			etag = person.ETag // as the row shows them
		}
	}
	host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		if id == "" {
			_, err = api.CreateEmployee(ctx, in)
		} else {
			_, err = api.IfMatch(etag).UpdateEmployee(ctx, id, in)
		}
		if err != nil && !ui.ChangedMeanwhile(err) {
			return err
		}
		return errors.Join(err, host.Model().ReloadLists(ctx, api))
	}, func(err error) {
		if ui.ChangedMeanwhile(err) {
			a.tell(id, panel.Fault(ui.ExplainConflict(err, host.Text(), host.Now())))
		} else if err != nil {
			a.tell(id, panel.Fault(account.Explain(err, host.Text())))
		} else {
			a.form, a.state.Form = nil, nil
			a.tell(id, panel.Done(done))
			then()
		}
		a.redraw()
	})
}

func (a *Employees) fill() {
	width := a.page.Inner()
	kind := widgets.Primary
	if a.form != nil {
		kind = widgets.Quiet // the form has the filled button now
	}
	a.button.SetKind(kind)
	var rows []fyne.CanvasObject
	if a.form != nil && a.form.draft.Person.ID == "" {
		rows = append(rows, a.form.box())
	}
	if a.about == "" {
		rows = append(rows, a.told.Row(width)...)
	}
	var lines []fyne.CanvasObject
	for n, person := range a.host.Model().People() {
		if n > 0 {
			lines = append(lines, widgets.Rule())
		}
		lines = append(lines, a.row(person))
		if a.state.More == person.ID {
			lines = append(lines, widgets.Pad(0, 0, 10, 0, a.opened(person)))
		}
		if a.form != nil && a.form.draft.Person.ID == person.ID {
			lines = append(lines, widgets.Pad(0, 0, 10, 0, a.form.box()))
		}
		if a.about == person.ID {
			lines = append(lines, widgets.Pad(0, 0, 8, 0, widgets.Column(0, a.told.Row(width)...)))
		}
	}
	a.Set(append(rows, widgets.Column(0, lines...)))
}

// Objects is the part as it stands now.
func (a *Employees) Objects() []fyne.CanvasObject {
	a.fill()
	return []fyne.CanvasObject{a.Box}
}
