package settings

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// accounts is the part of the page about the employees: who may sign in, and with which role.
type accounts struct {
	section
	view   *View
	button *widgets.Button
	form   *accountForm // open form; nil: none
	told   told
	about  string    // whose row the told sentence is of; empty: the form's
	more   string    // whose row is opened; empty: nobody's
	theirs *sessions // of whom it is opened
}

func newAccounts(view *View) *accounts {
	text := view.host.Text()
	a := &accounts{view: view}
	a.button = widgets.NewButton(text.T("acc.new"), widgets.Primary, func() { a.openForm(client.Employee{}) })
	a.section = newSection(text.T("set.tab_accounts"), "", a.button)
	return a
}

// load reads the employees anew; every page shows the model's.
func (a *accounts) load() {
	host := a.view.host
	host.Work(func(ctx context.Context, api *client.API) error {
		return host.Model().ReloadLists(ctx, api)
	}, func(err error) {
		if err != nil {
			a.tell("", ui.Explain(err, host.Text()), theme.ToneMiss)
		}
		a.view.draw()
	})
}

func (a *accounts) tell(about, words string, tone theme.Tone) {
	a.about, a.told = about, told{words, tone}
}

func (a *accounts) redraw() {
	a.fill()
	a.view.settle()
}

// openForm is for a new employee, or for a login and password of one there is.
func (a *accounts) openForm(person client.Employee) {
	a.form, a.told = newAccountForm(a, person), told{}
	a.redraw()
	if over := fyne.CurrentApp().Driver().CanvasForObject(a.form.first()); over != nil {
		over.Focus(a.form.first())
	}
}

func (a *accounts) closeForm() {
	a.form, a.told = nil, told{}
	a.redraw()
}

// save sends a change and shows what came of it where it was made.
func (a *accounts) save(id string, in client.EmployeeInput, done string) {
	a.saveThen(id, in, done, func() {})
}

// saveThen also does something after it worked.
func (a *accounts) saveThen(id string, in client.EmployeeInput, done string, then func()) {
	host, etag := a.view.host, ""
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
			a.tell(id, ui.ExplainConflict(err, host.Text(), host.Now()), theme.ToneMiss)
		} else if err != nil {
			a.tell(id, explainAccount(err, host.Text()), theme.ToneMiss)
		} else {
			a.form = nil
			a.tell(id, done, theme.ToneRing)
			then()
		}
		a.redraw()
	})
}

// least finds the number in «at least 8 characters expected».
var least = regexp.MustCompile(`\d+`)

// explainAccount puts in words what the server did not take of an account.
func explainAccount(err error, text *i18n.Text) string {
	var problem *client.Problem
	if !errors.As(err, &problem) {
		return ui.Explain(err, text)
	}
	switch problem.Code {
	case "taken":
		return text.T("acc.taken")
	case "invalid":
		return explainFields(problem, text)
	}
	return ui.Explain(err, text)
}

// explainFields puts in words which field of an account the server did not take.
func explainFields(problem *client.Problem, text *i18n.Text) string {
	for _, fault := range problem.Fields {
		field, why, _ := strings.Cut(fault, ":")
		switch field {
		case "password":
			if n := least.FindString(why); n != "" {
				return text.T("acc.short_password", "n", n)
			}
			return text.T("acc.bad_password")
		case "login":
			return text.T("acc.bad_login")
		case "name":
			return text.T("acc.need")
		}
	}
	return ui.Explain(problem, text)
}

func (a *accounts) fill() {
	width := a.view.inner()
	kind := widgets.Primary
	if a.form != nil {
		kind = widgets.Quiet // the form has the filled button now
	}
	a.button.SetKind(kind)
	var rows []fyne.CanvasObject
	if a.form != nil && a.form.person.ID == "" {
		rows = append(rows, a.form.box())
	}
	if a.about == "" {
		rows = append(rows, a.told.row(width)...)
	}
	var lines []fyne.CanvasObject
	for n, person := range a.view.host.Model().People() {
		if n > 0 {
			lines = append(lines, widgets.Rule())
		}
		lines = append(lines, a.row(person))
		if a.more == person.ID {
			lines = append(lines, widgets.Pad(0, 0, 10, 0, a.opened(person)))
		}
		if a.form != nil && a.form.person.ID == person.ID {
			lines = append(lines, widgets.Pad(0, 0, 10, 0, a.form.box()))
		}
		if a.about == person.ID {
			lines = append(lines, widgets.Pad(0, 0, 8, 0, widgets.Column(0, a.told.row(width)...)))
		}
	}
	a.set(append(rows, widgets.Column(0, lines...)))
}
