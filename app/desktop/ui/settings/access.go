package settings

import (
	"strconv"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// accessPanel is the school's choice of who hears what, how long a sign-in holds, and how much one
// person may send and dial.
type accessPanel struct {
	s                                  *school
	idle, longest, minute, day, abroad *field
}

// aboutAccess is the panel that a told sentence is of.
const aboutAccess = "access"

func newAccessPanel(s *school, entry func() *field) *accessPanel {
	return &accessPanel{s: s, idle: entry(), longest: entry(), minute: entry(), day: entry(), abroad: entry()}
}

func (p *accessPanel) fields() []*field {
	return []*field{p.idle, p.longest, p.minute, p.day, p.abroad}
}

func (p *accessPanel) take(now client.School) {
	for n, value := range []int{now.SessionIdleDays, now.SessionMaxDays, now.SMSPerMinute, now.SMSPerDay, now.AbroadPerDay} {
		p.fields()[n].take(strconv.Itoa(value))
	}
}

func (p *accessPanel) changed() bool {
	for _, f := range p.fields() {
		if f.changed() {
			return true
		}
	}
	return false
}

func (p *accessPanel) save() {
	var values [5]*int
	for n, f := range p.fields() {
		if !f.changed() {
			continue
		}
		value, err := strconv.Atoi(f.value())
		if err != nil || value < 0 {
			p.s.told[aboutAccess] = told{p.s.view.host.Text().T("sch.bad_number"), theme.ToneMiss}
			p.s.redraw()
			return
		}
		values[n] = &value
	}
	p.s.save(aboutAccess, p.s.view.host.Text().T("set.saved"), client.SchoolInput{
		SessionIdleDays: values[0], SessionMaxDays: values[1], SMSPerMinute: values[2], SMSPerDay: values[3], AbroadPerDay: values[4],
	}, nil)
}

func (p *accessPanel) panel() fyne.CanvasObject {
	text, width := p.s.view.host.Text(), p.s.view.inner()
	audiences := []client.Audience{client.ForAll, client.ForParticipants}
	chosen := 0
	if p.s.drawn.RecordingsFor == client.ForParticipants {
		chosen = 1
	}
	hear := widgets.NewChoice("", []string{text.T("sch.hear_all"), text.T("sch.hear_participants")}, chosen, func(n int) {
		p.s.save(aboutAccess, text.T("set.saved"), client.SchoolInput{RecordingsFor: &audiences[n]}, nil)
	})
	number := func(f *field, unit string) fyne.CanvasObject {
		return beside(width, minutesWide, widgets.GroundField(f.Entry), text.T(unit))
	}
	rows := []fyne.CanvasObject{
		line(text.T("sch.hear"), hear),
		line(text.T("sch.idle"), number(p.idle, "sch.idle_unit")), line(text.T("sch.longest"), number(p.longest, "sch.longest_unit")),
		line(text.T("sch.sms_minute"), number(p.minute, "sch.sms_minute_unit")), line(text.T("sch.sms_day"), number(p.day, "sch.sms_day_unit")),
		line(text.T("sch.abroad"), number(p.abroad, "sch.abroad_unit")),
	}
	rows = append(rows, p.s.told[aboutAccess].row(width)...)
	if p.changed() {
		rows = append(rows, unsaved(text, true, p.s.drop, p.save))
	}
	box := newSection(text.T("sch.access"), "")
	box.set(rows)
	return box.box
}
