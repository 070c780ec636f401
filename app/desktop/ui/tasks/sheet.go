package tasks

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/limits"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/bounded"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// width of the sheet, and inner of what stands in it.
	width  float32 = 460
	inner          = width - 2*theme.Inset
	lines          = 3
	narrow float32 = 120
)

// Sheet asks whom, when and why to call, over the main window. All methods belong on Fyne's
// goroutine.
type Sheet struct {
	host  Messenger
	pop   *widget.PopUp
	about model.TaskAbout

	body                   *fyne.Container
	whom                   *widgets.Choice
	people                 []client.Employee // of whom, after oneself
	phone, day, hour, note *widgets.Entry
	chips                  []*widgets.Chip
	moments                []present.Moment
	told                   *widgets.Paragraph
	save                   *widgets.Button
}

// Open shows the sheet on canvas.
func Open(host Messenger, canvas fyne.Canvas, about model.TaskAbout) *Sheet {
	text := host.Text()
	s := &Sheet{host: host, about: about, moments: present.Moments(text, host.Now())}
	names := []string{text.T("task.myself")}
	for _, person := range host.Model().People() {
		if person.ID != host.Model().Me().ID {
			s.people = append(s.people, person)
			names = append(names, present.ShortName(person.Name))
		}
	}
	s.whom = widgets.NewChoice("", names, 0, func(int) { s.layout() })
	s.phone = widgets.NewEntry(text.T("task.phone_hint"))
	s.day, s.hour = widgets.NewEntry(text.T("sms.day_hint")), widgets.NewEntry(text.T("sms.hour_hint"))
	s.note = widgets.NewMultiline(text.T("task.note_hint"), lines)
	s.note.SetText(about.Note)
	bounded.Bind(s.note, limits.Of[client.NewTask]("note"), bounded.Told(text, s.tell))
	for _, e := range []*widgets.Entry{s.phone, s.day, s.hour, s.note} {
		e.OnEscape = s.Close
	}
	s.day.OnChanged, s.hour.OnChanged = func(string) { s.paint() }, func(string) { s.paint() }
	for _, m := range s.moments {
		s.chips = append(s.chips, widgets.NewFilter(m.Words, func() { s.at(m.At) }))
	}
	s.told = widgets.NewParagraph("", theme.Small, inner, 3, widgets.ToneInk(theme.ToneMiss))
	s.save = widgets.NewButton(text.T("task.set"), widgets.Primary, s.Save)
	s.body = widgets.Column(12)
	s.pop = widgets.NewSheet(canvas, width, s.body, s.Close)
	s.layout()
	s.pop.Show()
	canvas.Focus(s.note)
	return s
}

// Close puts the sheet away.
func (s *Sheet) Close() { s.pop.Hide() }

// layout puts together what the sheet holds now.
func (s *Sheet) layout() {
	text := s.host.Text()
	head := widgets.Column(0, widgets.NewBold(text.T("task.new"), theme.Heading, widgets.InkNormal))
	if to := s.to(); to != "" {
		head.Add(hovercard.Over(widgets.Column(0, widgets.NewLabel(to, theme.Body, widgets.InkMuted))))
	}
	parts := []fyne.CanvasObject{head}
	if s.about.Phone == "" && s.about.Subject == nil {
		parts = append(parts, s.field("task.phone", widgets.GroundField(s.phone)))
	}
	word := func(key string) fyne.CanvasObject {
		return widgets.NewLabel(text.T(key), theme.Body, widgets.InkMuted).Fixed()
	}
	when := "task.when"
	if s.whom.Chosen > 0 {
		when = "task.when_or_never"
	}
	parts = append(parts, s.field("task.whom", s.whom),
		s.field(when, widgets.NewChips(s.chips...), widgets.Row(theme.Gap, []float32{0, narrow, 0, narrow},
			word("sms.day"), widgets.GroundField(s.day), word("sms.hour"), widgets.GroundField(s.hour))),
		s.field("task.note", widgets.Stack(widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line), s.note)))
	if s.told.Text != "" {
		parts = append(parts, s.told)
	}
	s.body.Objects = append(parts, widgets.SheetFoot(widgets.NewButton(text.T("act.cancel"), widgets.Quiet, s.Close), s.save))
	s.paint()
	s.body.Refresh()
	s.pop.Refresh()
}

// to names whom to call.
func (s *Sheet) to() string {
	pretty := ""
	if s.about.Phone != "" {
		pretty = present.PrettyPhone(s.about.Phone, s.host.Text())
	}
	switch {
	case s.about.Subject == nil:
		return pretty
	case pretty == "":
		return s.about.Subject.Name
	}
	return s.about.Subject.Name + " · " + pretty
}

func (s *Sheet) field(key string, objects ...fyne.CanvasObject) fyne.CanvasObject {
	label := widgets.NewLabel(s.host.Text().T(key), theme.Caption, widgets.InkMuted)
	return widgets.Column(6, append([]fyne.CanvasObject{label}, objects...)...)
}

// at fills a moment in.
func (s *Sheet) at(moment time.Time) {
	s.day.SetText(moment.Format("02.01.2006"))
	s.hour.SetText(moment.Format("15:04"))
}

// paint marks the chip whose moment stands in the fields.
func (s *Sheet) paint() {
	for n, m := range s.moments {
		tone := theme.ToneMuted
		if s.day.Text == m.At.Format("02.01.2006") && s.hour.Text == m.At.Format("15:04") {
			tone = theme.ToneAccent
		}
		s.chips[n].Set(m.Words, tone)
	}
}

func (s *Sheet) tell(words string) {
	s.told.Set(words)
	s.layout()
}

// Save makes the task, or says what is missing.
func (s *Sheet) Save() {
	text := s.host.Text()
	in := client.NewTask{Phone: s.about.Phone, CallID: s.about.CallID, Note: strings.TrimSpace(s.note.Text)}
	if s.about.Subject != nil {
		in.Subject = &client.SubjectRef{Kind: s.about.Subject.Kind, ID: s.about.Subject.ID}
	}
	if in.Phone == "" && in.Subject == nil {
		in.Phone = strings.TrimSpace(s.phone.Text)
	}
	if s.whom.Chosen > 0 {
		in.AssigneeID = s.people[s.whom.Chosen-1].ID
	}
	switch day, hour := s.day.Text, s.hour.Text; {
	case day+hour != "":
		at, err := present.ParseMoment(day, hour, s.host.Now())
		if err != nil {
			s.tell(text.T("task.bad_when"))
			return
		}
		if at.Before(s.host.Now()) {
			s.tell(text.T("task.past"))
			return
		}
		in.DueAt = &at
	case in.AssigneeID == "":
		s.tell(text.T("task.need_when"))
		return
	}
	if in.Phone == "" && in.Subject == nil && in.Note == "" {
		s.tell(text.T("task.need_what"))
		return
	}
	s.save.SetEnabled(false)
	s.host.Work(func(ctx context.Context, api *client.API) error {
		_, err := api.AddTask(ctx, in)
		return err
	}, func(err error) {
		s.save.SetEnabled(true)
		if err != nil {
			s.tell(ui.Explain(err, text))
			return
		}
		s.Close() // what was set, the undo bar says
	})
}
