package settings

import (
	"slices"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Widths of the columns of the employees' list.
const (
	rolePart     float32 = 180
	passwordPart float32 = 136
)

func (a *accounts) row(person client.Employee) fyne.CanvasObject {
	text := a.view.host.Text()
	me := person.ID == a.view.host.Model().Me().ID
	login := person.Login
	switch {
	case login == "":
		login = text.T("acc.no_login")
	case me:
		login += " · " + text.T("acc.you")
	}
	role := widgets.NewChoice("", roleNames(text), slices.Index(model.Roles(), person.Role), func(n int) { a.setRole(person, model.Roles()[n]) })
	role.SetEnabled(!me) // nobody takes the rights away from themselves by a slip
	act := "acc.password"
	if person.Login == "" {
		act = "acc.give"
	}
	return widgets.Sized(widgets.Row(theme.Gap, []float32{32, 4, widgets.Wide, rolePart, passwordPart},
		widgets.NewAvatar(model.Initials(person.Name), theme.ToneAccent, 32), widgets.Space(4, 0),
		widgets.Column(0, widgets.NewLabel(person.Name, theme.Body, widgets.InkNormal), widgets.NewLabel(login, theme.Caption, widgets.InkMuted)),
		role, widgets.NewButton(text.T(act), widgets.Quiet, func() { a.openForm(person) })), 0, theme.Row)
}

func roleNames(text *i18n.Text) []string {
	var out []string
	for _, role := range model.Roles() {
		out = append(out, text.T("role."+string(role)))
	}
	return out
}

func (a *accounts) setRole(person client.Employee, role client.Role) {
	if role == person.Role {
		return
	}
	text := a.view.host.Text()
	a.save(person.ID, client.EmployeeInput{Role: &role}, text.T("acc.role_set", "role", text.T("role."+string(role))))
}
