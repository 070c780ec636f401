package telephony

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Widths of the table's columns, as designed.
const (
	wordExt   float32 = 32
	fieldExt  float32 = 76
	statePart float32 = 116
	crossPart float32 = 28
)

func (x *extensions) tableRow(row *rowState) fyne.CanvasObject {
	text := x.p.v.host.Text()
	state := x.presence(row.employee)
	tone := presenceTone(state)
	cross := widgets.NewButton("×", widgets.Bare, func() { x.drop(row.employee) })
	wide := x.p.v.inner() - wordExt - fieldExt - 20 - dotColumn - statePart - crossPart - 6*theme.Gap
	return widgets.Sized(widgets.Row(theme.Gap, []float32{widgets.Wide, wordExt, fieldExt, 20, dotColumn, statePart, crossPart},
		widgets.NewParagraph(x.name(row.employee), theme.Body, wide, mostNameLines, widgets.InkNormal),
		widgets.NewLabel(text.T("set.ext_word"), theme.Body, widgets.InkMuted).Aligned(fyne.TextAlignTrailing),
		widgets.GroundField(x.entry(row).Entry), widgets.Space(20, 0),
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
	for _, person := range x.p.v.host.Model().People() {
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
	return x.p.v.host.Text().T("set.person_gone")
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
	for _, person := range x.p.v.host.Model().People() {
		if person.ID == also || person.Login != "" && x.rowOf(person.ID) == nil {
			out = append(out, person)
		}
	}
	return out
}
