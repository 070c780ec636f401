package school

import (
	"strconv"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// limits is the school's choice of who hears what, how long a sign-in holds, and how much one
// person may send and dial.
type limits struct {
	s                                  *Choices
	idle, longest, minute, day, abroad *panel.Field
}

// aboutAccess is the panel that a told sentence is of.
const aboutAccess = "access"

func newLimits(s *Choices, state *ChoicesState) *limits {
	number := func(draft *panel.Draft) *panel.Field { return s.field(widgets.NewEntry(""), draft) }
	return &limits{
		s: s, idle: number(&state.SessionIdle), longest: number(&state.SessionLongest),
		minute: number(&state.SMSMinute), day: number(&state.SMSDay), abroad: number(&state.Abroad),
	}
}

func (p *limits) fields() []*panel.Field {
	return []*panel.Field{p.idle, p.longest, p.minute, p.day, p.abroad}
}

func (p *limits) update(now client.School) {
	for n, value := range []int{now.SessionIdleDays, now.SessionMaxDays, now.SMSPerMinute, now.SMSPerDay, now.AbroadPerDay} {
		p.fields()[n].Update(strconv.Itoa(value))
	}
}

func (p *limits) changed() bool {
	for _, f := range p.fields() {
		if f.Changed() {
			return true
		}
	}
	return false
}

func (p *limits) save() {
	var values [5]*int
	for n, f := range p.fields() {
		if !f.Changed() {
			continue
		}
		value, err := strconv.Atoi(f.Value())
		if err != nil || value < 0 {
			p.s.told[aboutAccess] = panel.Fault(p.s.host.Text().T("sch.bad_number"))
			p.s.redraw()
			return
		}
		values[n] = &value
	}
	p.s.save(aboutAccess, p.s.host.Text().T("set.saved"), client.SchoolInput{
		SessionIdleDays: values[0], SessionMaxDays: values[1], SMSPerMinute: values[2], SMSPerDay: values[3], AbroadPerDay: values[4],
	}, nil)
}

func (p *limits) panel() fyne.CanvasObject {
	text, width := p.s.host.Text(), p.s.page.Inner()
	audiences := []client.Audience{client.ForAll, client.ForParticipants}
	chosen := 0
	if p.s.drawn.RecordingsFor == client.ForParticipants {
		chosen = 1
	}
	hear := widgets.NewChoice("", []string{text.T("sch.hear_all"), text.T("sch.hear_participants")}, chosen, func(n int) {
		p.s.save(aboutAccess, text.T("set.saved"), client.SchoolInput{RecordingsFor: &audiences[n]}, nil)
	})
	number := func(f *panel.Field, unit string) fyne.CanvasObject {
		return panel.Beside(width, minutesWide, widgets.GroundField(f.Entry), text.T(unit))
	}
	rows := []fyne.CanvasObject{
		panel.Line(text.T("sch.hear"), hear),
		panel.Line(text.T("sch.idle"), number(p.idle, "sch.idle_unit")), panel.Line(text.T("sch.longest"), number(p.longest, "sch.longest_unit")),
		panel.Line(text.T("sch.sms_minute"), number(p.minute, "sch.sms_minute_unit")), panel.Line(text.T("sch.sms_day"), number(p.day, "sch.sms_day_unit")),
		panel.Line(text.T("sch.abroad"), number(p.abroad, "sch.abroad_unit")),
	}
	rows = append(rows, p.s.told[aboutAccess].Row(width)...)
	if p.changed() {
		rows = append(rows, panel.Unsaved(text, true, p.s.kindOf(aboutAccess), p.s.drop, p.save))
	}
	box := panel.NewSection(text.T("sch.access"), "")
	box.Set(rows)
	return box.Box
}
