package telephony

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Widths of the table's columns, as designed.
const (
	wordExt   float32 = 32
	fieldExt  float32 = 76
	statePart float32 = 130
	crossPart float32 = 28
)

func (x *extensions) tableRow(row *extensionRow) fyne.CanvasObject {
	text := x.p.t.host.Text()
	state := x.presence(row.employee)
	tone := presenceTone(state)
	cross := widgets.NewButton("×", widgets.Bare, func() { x.drop(row.employee) })
	return widgets.Sized(widgets.Row(theme.Gap, []float32{widgets.Wide, wordExt, fieldExt, 20, dotColumn, statePart, crossPart},
		widgets.NewLabel(x.name(row.employee), theme.Body, widgets.InkNormal),
		widgets.NewLabel(text.T("set.ext_word"), theme.Body, widgets.InkMuted).Aligned(fyne.TextAlignTrailing),
		widgets.GroundField(row.entry.Entry), widgets.Space(20, 0),
		widgets.NewDot(tone, false),
		widgets.NewLabel(text.T("phone_is."+string(state)), theme.Body, widgets.ToneInk(tone)), cross), 0, 44)
}

func presenceTone(state client.PresenceState) theme.Tone {
	switch state {
	case client.PresenceFree:
		return theme.ToneRing
	case client.PresenceRinging:
		return theme.ToneAccent
	case client.PresenceTalking:
		return theme.ToneHold
	}
	return theme.ToneMuted
}

func (x *extensions) person(id string) client.Employee {
	for _, person := range x.p.t.host.Model().People() {
		if person.ID == id {
			return person
		}
	}
	return client.Employee{ID: id}
}

// name of an employee; one who is gone still has words.
func (x *extensions) name(id string) string {
	if name := x.person(id).Name; name != "" {
		return name
	}
	return x.p.t.host.Text().T("set.person_gone")
}

func (x *extensions) presence(id string) client.PresenceState {
	if state := x.person(id).Presence; state != "" {
		return state
	}
	return client.PresenceOffline
}

// free lists the employees with access who have no row yet, and one who may have.
func (x *extensions) free(also string) []client.Employee {
	var out []client.Employee
	for _, person := range x.p.t.host.Model().People() {
		if person.ID == also || person.Login != "" && x.rowOf(person.ID) == nil {
			out = append(out, person)
		}
	}
	return out
}

// newExtension is the row of «+ Сотрудник»: whom, and which extension.
type newExtension struct {
	x        *extensions
	employee string
	entry    *widgets.Entry
}

func (x *extensions) addEmployee() {
	if x.fresh != nil {
		x.fresh = nil
		x.redraw()
		return
	}
	x.fresh = &newExtension{x: x, entry: widgets.NewEntry("")}
	x.fresh.entry.OnSubmitted = func(string) { x.fresh.add() }
	x.redraw()
	x.pbx.read() // so that its numbers can be offered
}

func (f *newExtension) row() fyne.CanvasObject {
	x, text := f.x, f.x.p.t.host.Text()
	people := x.free("")
	if len(people) == 0 {
		return widgets.NewLabel(text.T("set.nobody_left"), theme.Body, widgets.InkMuted)
	}
	names, at := make([]string, 0, len(people)), -1
	for n, person := range people {
		names = append(names, person.Name)
		if person.ID == f.employee {
			at = n
		}
	}
	who := widgets.NewChoice(text.T("set.choose_person"), names, at, func(n int) { f.choose(people[n].ID) })
	add := widgets.NewButton(text.T("act.add"), widgets.Quiet, f.add)
	cross := widgets.NewButton("×", widgets.Bare, x.addEmployee)
	return widgets.Row(theme.Gap, []float32{widgets.Wide, wordExt, fieldExt, 150, 0, crossPart}, who,
		widgets.NewLabel(text.T("set.ext_word"), theme.Body, widgets.InkMuted).Aligned(fyne.TextAlignTrailing),
		widgets.GroundField(f.entry), f.offered(), add, cross)
}

// offered lists the numbers of the PBX that nobody here has.
func (f *newExtension) offered() fyne.CanvasObject {
	var numbers, lines []string
	for _, ext := range f.x.pbx.found {
		if f.x.holder(ext.Extension) == "" {
			numbers = append(numbers, ext.Extension)
			lines = append(lines, ext.Extension+" "+ext.Name)
		}
	}
	choice := widgets.NewChoice(f.x.p.t.host.Text().T("set.from_pbx"), lines, -1, func(n int) { f.entry.SetText(numbers[n]) })
	if len(lines) == 0 {
		choice.Hide()
	}
	return choice
}

// choose fills in the number that the PBX has under the same name.
func (f *newExtension) choose(employee string) {
	f.employee = employee
	for _, ext := range f.x.pbx.found {
		if ext.Suggested == employee && f.x.holder(ext.Extension) == "" && f.entry.Text == "" {
			f.entry.SetText(ext.Extension)
		}
	}
}

func (f *newExtension) add() {
	x, text := f.x, f.x.p.t.host.Text()
	if f.employee == "" || f.entry.Text == "" {
		x.told = panel.Fault(text.T("set.need_person"))
		x.redraw()
		return
	}
	x.fresh, x.told = nil, panel.Told{}
	x.put(client.ExtensionRow{EmployeeID: f.employee, Extension: f.entry.Text})
	x.redraw()
}
