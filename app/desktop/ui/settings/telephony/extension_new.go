package telephony

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// addEmployee opens or closes the row of «+ Сотрудник»: whom, and which extension.
func (x *extensions) addEmployee() {
	if x.state.fresh != nil {
		x.state.fresh = nil
		x.redraw()
		return
	}
	x.state.fresh = &rowState{}
	x.makeFresh()
	x.redraw()
	if x.p.kind().can(client.CapDirectory) {
		x.pbx.read() // so that its numbers can be offered
	}
}

// makeFresh makes the field of the new row.
func (x *extensions) makeFresh() {
	draft := x.state.fresh
	x.freshEntry = widgets.NewEntry("")
	x.freshEntry.SetText(draft.extension.Text)
	x.freshEntry.OnChanged = func(text string) { draft.extension.Text = text }
	x.freshEntry.OnSubmitted = func(string) { x.addFresh() }
}

func (x *extensions) freshRow() fyne.CanvasObject {
	text := x.p.v.host.Text()
	people := x.free("")
	if len(people) == 0 {
		return panel.Wrapped(text.T("set.nobody_left"), theme.Body, x.p.v.inner(), widgets.InkMuted)
	}
	names, at := make([]string, 0, len(people)), -1
	for n, person := range people {
		names = append(names, person.Name)
		if person.ID == x.state.fresh.employee {
			at = n
		}
	}
	who := widgets.NewChoice(text.T("set.choose_person"), names, at, func(n int) { x.chooseFresh(people[n].ID) })
	add := widgets.NewButton(text.T("act.add"), widgets.Quiet, x.addFresh)
	cross := widgets.NewButton("×", widgets.Bare, x.addEmployee)
	return widgets.Row(theme.Gap, []float32{widgets.Wide, wordExt, fieldExt, offeredPart, 0, crossPart}, who,
		widgets.NewLabel(text.T("set.ext_word"), theme.Body, widgets.InkMuted).Aligned(fyne.TextAlignTrailing),
		widgets.GroundField(x.freshEntry), x.offered(), add, cross)
}

// offeredPart is the width of the choice of the PBX's own numbers.
const offeredPart float32 = 104

// offered lists the numbers of the PBX that nobody here has.
func (x *extensions) offered() fyne.CanvasObject {
	var numbers, lines []string
	for _, ext := range x.pbx.found {
		if x.holder(ext.Extension) == "" {
			numbers = append(numbers, ext.Extension)
			lines = append(lines, ext.Extension+" "+ext.Name)
		}
	}
	choice := widgets.NewChoice(x.p.v.host.Text().T("set.from_pbx"), lines, -1, func(n int) { x.freshEntry.SetText(numbers[n]) })
	if len(lines) == 0 {
		choice.Hide()
	}
	return choice
}

// chooseFresh fills in the number that the PBX has under the same name.
func (x *extensions) chooseFresh(employee string) {
	x.state.fresh.employee = employee
	for _, ext := range x.pbx.found {
		if ext.Suggested == employee && x.holder(ext.Extension) == "" && x.freshEntry.Text == "" {
			x.freshEntry.SetText(ext.Extension)
		}
	}
}

func (x *extensions) addFresh() {
	fresh := x.state.fresh
	if fresh.employee == "" || fresh.extension.Value() == "" {
		x.told = panel.Fault(x.p.v.host.Text().T("set.need_person"))
		x.redraw()
		return
	}
	x.state.fresh, x.told = nil, panel.Told{}
	x.put(client.ExtensionRow{EmployeeID: fresh.employee, Extension: fresh.extension.Value()})
	x.redraw()
}
