package school

import (
	"slices"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/settings/account"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Widths of the columns of the employees' list.
const (
	rolePart     float32 = 168
	passwordPart float32 = 148
	morePart     float32 = 36
)

func (a *Employees) row(person client.Employee) fyne.CanvasObject {
	text, mine := a.host.Text(), a.host.Model().Me()
	me := person.ID == mine.ID
	login, ink := person.Login, widgets.InkNormal
	switch {
	case !person.Active:
		login, ink = text.T("acc.off"), widgets.InkMuted
	case login == "":
		login = text.T("acc.no_login")
	case me:
		login += " · " + text.T("acc.you")
	}
	// Nobody gives or touches what is above their own role; nobody takes the rights away from
	// themselves by mistake.
	below := model.MayTouch(mine.Role, person.Role)
	allowed := model.RolesUpTo(mine.Role)
	if !below {
		allowed = model.Roles()
	}
	role := widgets.NewChoice("", roleNames(text, allowed), slices.Index(allowed, person.Role), func(n int) { a.setRole(person, allowed[n]) })
	role.SetEnabled(below && !me)
	act := "acc.password"
	if person.Login == "" {
		act = "acc.give"
	}
	password, more := fyne.CanvasObject(widgets.Space(0, 0)), fyne.CanvasObject(widgets.Space(0, 0))
	if me {
		password = widgets.NewButton(text.T("own.password"), widgets.Quiet, a.mine)
	} else if below {
		password = widgets.NewButton(text.T(act), widgets.Quiet, func() { a.openForm(person) })
	}
	if below && !me && person.Login != "" {
		more = widgets.NewButton("⋯", widgets.Quiet, func() { a.openMore(person.ID) })
	}
	return widgets.Sized(widgets.Row(theme.Gap, []float32{32, 4, widgets.Wide, rolePart, passwordPart, morePart},
		widgets.NewAvatar(present.Initials(person.Name), theme.ToneAccent, 32), widgets.Space(4, 0),
		widgets.Column(0, widgets.NewLabel(person.Name, theme.Body, ink), widgets.NewLabel(login, theme.Caption, widgets.InkMuted)),
		role, password, more), 0, theme.Row)
}

// openMore opens or closes what else there is of an account: whether it may be used, and where it is.
func (a *Employees) openMore(id string) {
	a.told = panel.Told{}
	if a.state.More == id {
		a.state.More = ""
		a.redraw()
		return
	}
	a.state.More = id
	a.theirs = account.NewSessions(a.host, id, a.redraw)
	a.theirs.Load()
	a.redraw()
}

func (a *Employees) opened(person client.Employee) fyne.CanvasObject {
	text, width := a.host.Text(), a.page.Inner()-2*12
	works := widgets.Switch(text.T("acc.works"), person.Active, func(on bool) { a.setActive(person, on) })
	rows := []fyne.CanvasObject{widgets.Row(0, nil, works), widgets.NewLabel(text.T("session.theirs"), theme.Caption, widgets.InkMuted)}
	rows = append(rows, a.theirs.Rows(width)...)
	return widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusButton).Outlined(widgets.Line),
		widgets.Pad(12, 12, 12, 12, widgets.Column(panel.RowGap, rows...)))
}

// setActive switches a person off or on; their sessions end with the first.
func (a *Employees) setActive(person client.Employee, on bool) {
	key := "acc.switched_off"
	if on {
		key = "acc.switched_on"
	}
	a.saveThen(person.ID, client.EmployeeInput{Active: &on}, a.host.Text().T(key, "name", person.Name), func() { a.theirs.Load() })
}

func roleNames(text *i18n.Text, roles []client.Role) []string {
	var out []string
	for _, role := range roles {
		out = append(out, text.T("role."+string(role)))
	}
	return out
}

func (a *Employees) setRole(person client.Employee, role client.Role) {
	if role == person.Role {
		return
	}
	text := a.host.Text()
	a.save(person.ID, client.EmployeeInput{Role: &role}, text.T("acc.role_set", "role", text.T("role."+string(role))))
}
