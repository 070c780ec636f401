// Package sms draws the sheet for writing a message: a template, what fills it, and what the message
// comes to in parts. Sending is the server's; what becomes of the message, the feed tells.
package sms

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/limits"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/present/smstext"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/bounded"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

const (
	// width of the sheet, and inner of what stands in it.
	width   float32 = 460
	inner           = width - 2*theme.Inset
	lines           = 5
	dayWide float32 = 120
)

// Host is what the sheet asks of the program.
type Host interface {
	ui.Base
	Tell(sentence string)
}

// Sheet is the sheet over the main window. All methods belong on Fyne's goroutine.
type Sheet struct {
	host    Host
	pop     *widget.PopUp
	phone   string
	subject *client.Subject
	school  client.School

	body      *fyne.Container
	text      *widgets.Entry
	day, hour *widgets.Entry
	count     *widgets.Label
	told      *widgets.Paragraph
	send      *widgets.Button
	template  string // the one in use; empty: none
	filled    string // what the sheet itself has last written, to tell it from what was typed
	timed     bool   // the fields of date and time are shown
	sending   bool
}

// Open shows the sheet on canvas for a message to a number.
func Open(host Host, canvas fyne.Canvas, phone string, subject *client.Subject) *Sheet {
	text := host.Text()
	s := &Sheet{host: host, phone: phone, subject: subject, school: host.Model().School()}
	s.text = widgets.NewMultiline(text.T("sms.hint"), lines)
	s.text.OnChanged = func(string) { s.recount() }
	bounded.Bind(s.text, limits.Of[client.SMSInput]("text"), bounded.Told(text, s.tell))
	s.day, s.hour = widgets.NewEntry(text.T("sms.day_hint")), widgets.NewEntry(text.T("sms.hour_hint"))
	s.day.OnChanged, s.hour.OnChanged = func(string) { s.fill() }, func(string) { s.fill() }
	for _, e := range []*widgets.Entry{s.text, s.day, s.hour} {
		e.OnEscape = s.Close
	}
	s.count = widgets.NewLabel("", theme.Caption, widgets.InkMuted)
	s.told = widgets.NewParagraph("", theme.Small, inner, 3, widgets.ToneInk(theme.ToneMiss))
	s.send = widgets.NewButton(text.T("sms.send"), widgets.Primary, s.Send)
	s.body = widgets.Column(12)
	s.pop = widgets.NewSheet(canvas, width, s.body, s.Close)
	s.recount()
	s.layout()
	s.pop.Show()
	canvas.Focus(s.text)
	return s
}

// Close puts the sheet away.
func (s *Sheet) Close() { s.pop.Hide() }

// layout puts together what the sheet holds now.
func (s *Sheet) layout() {
	text := s.host.Text()
	to := present.PrettyPhone(s.phone, text)
	if s.subject != nil {
		to = s.subject.Name + " · " + to
	}
	parts := []fyne.CanvasObject{widgets.Column(0,
		widgets.NewBold(text.T("sms.title"), theme.Heading, widgets.InkNormal), hovercard.Over(widgets.Column(0, widgets.NewLabel(to, theme.Body, widgets.InkMuted))))}
	if names := templateNames(s.school); len(names) > 0 {
		chosen := -1
		for n, t := range s.school.SMSTemplates {
			if t.Text == s.template {
				chosen = n
			}
		}
		parts = append(parts, widgets.NewChoice(text.T("sms.template"), names, chosen, s.Choose))
	}
	if s.timed {
		word := func(key string) fyne.CanvasObject {
			return widgets.NewLabel(text.T(key), theme.Body, widgets.InkMuted).Fixed()
		}
		parts = append(parts, widgets.Row(theme.Gap, []float32{0, dayWide, 0, dayWide},
			word("sms.day"), widgets.GroundField(s.day), word("sms.hour"), widgets.GroundField(s.hour)))
	}
	parts = append(parts, widgets.Stack(widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line), s.text), s.count)
	if s.told.Text != "" {
		parts = append(parts, s.told)
	}
	s.body.Objects = append(parts, widgets.SheetFoot(widgets.NewButton(text.T("act.cancel"), widgets.Quiet, s.Close), s.send))
	s.body.Refresh()
	s.pop.Refresh()
}

func templateNames(school client.School) []string {
	var out []string
	for _, t := range school.SMSTemplates {
		out = append(out, t.Name)
	}
	return out
}

// Choose takes a template instead of the text.
func (s *Sheet) Choose(n int) {
	s.template = s.school.SMSTemplates[n].Text
	s.timed = false
	for _, p := range smstext.Placeholders(s.template) {
		s.timed = s.timed || p == smstext.PlaceholderDate || p == smstext.PlaceholderTime
	}
	s.filled = s.text.Text // what stood there gives way
	s.told.Set("")
	s.fill()
	s.layout()
}

// fill writes the template with what is known. Once the person has changed the text, only what is
// still open in it is filled.
func (s *Sheet) fill() {
	from := s.text.Text
	if from == s.filled {
		from = s.template
	}
	values := smstext.Values(s.subject, s.school)
	if at, err := present.ParseComing(s.day.Text, s.host.Now()); err == nil {
		values[smstext.PlaceholderDate] = dayWords(at, wordsOf(s.template))
	}
	if at, err := present.ParseClock(s.hour.Text); err == nil {
		values[smstext.PlaceholderTime] = at
	}
	text := smstext.Fill(from, values)
	if s.text.Text == s.filled {
		s.filled = text
	}
	s.text.SetText(text)
	s.recount()
}

// wordsOf are those of the language that a template is written in, whatever the sender's.
func wordsOf(template string) *i18n.Text {
	if strings.ContainsFunc(template, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
		return i18n.New(i18n.Russian)
	}
	return i18n.New(i18n.English)
}

// dayWords is how a message names a day: 26 ноября.
func dayWords(at time.Time, text *i18n.Text) string {
	return text.T("day.date", "day", at.Day(), "month", text.T("month."+at.Format("1")))
}

// recount tells what the text comes to.
func (s *Sheet) recount() {
	text := s.host.Text()
	c := smstext.Measure(s.text.Text)
	s.count.Set(text.T("sms.units", "n", c.Units, "of", c.Room) + " · " + text.N("sms.parts", c.Parts))
	s.send.SetEnabled(!s.sending && strings.TrimSpace(s.text.Text) != "")
}

func (s *Sheet) tell(words string) {
	s.told.Set(words)
	s.layout()
}

// Send sends the message, unless something in it is still open.
func (s *Sheet) Send() {
	text := s.host.Text()
	words := strings.TrimSpace(s.text.Text)
	if words == "" || s.sending {
		return
	}
	if open := smstext.Placeholders(words); len(open) > 0 {
		var names []string
		for _, p := range open {
			names = append(names, "{"+string(p)+"}")
		}
		s.tell(text.T("sms.open", "placeholders", strings.Join(names, ", ")))
		return
	}
	in := client.SMSInput{Phone: s.phone, Text: words}
	if s.subject != nil {
		in.Subject = &client.SubjectRef{Kind: s.subject.Kind, ID: s.subject.ID}
	}
	s.sending = true
	s.recount()
	s.host.Work(func(ctx context.Context, api *client.API) error {
		_, err := api.SendSMS(ctx, in)
		return err
	}, func(err error) {
		s.sending = false
		s.recount()
		if err != nil {
			s.tell(explain(err, text))
			return
		}
		s.Close()
		s.host.Tell(text.T("sms.on_its_way"))
	})
}

// explain puts a refusal in words; how long a message may be, the server has put in words itself.
func explain(err error, text *i18n.Text) string {
	var problem *client.Problem
	if errors.As(err, &problem) && problem.Code == "too_long" {
		return text.T("sms.too_long", "detail", problem.Detail)
	}
	return ui.Explain(err, text)
}
