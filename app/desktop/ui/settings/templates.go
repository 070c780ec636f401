package settings

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// templates is the list of messages that are sent again and again, and the form for one of them.
type templates struct {
	s          *school
	open       int // which one is being changed
	name, text *widgets.Entry
	count      *widgets.Label
}

const (
	// closed is no open form, added the form of a new template.
	closed, added = -2, -1
	templateLines = 4
	templateName  = 180
)

func newTemplates(s *school) *templates { return &templates{s: s, open: closed} }

// edit opens the form for a template, or for a new one.
func (t *templates) edit(n int) {
	text := t.s.view.host.Text()
	t.open = n
	t.name, t.text = widgets.NewEntry(text.T("sch.template_name")), widgets.NewMultiline(text.T("sch.template_text"), templateLines)
	if n >= 0 {
		one := t.s.drawn.SMSTemplates[n]
		t.name.SetText(one.Name)
		t.text.SetText(one.Text)
	}
	t.count = widgets.NewLabel("", theme.Caption, widgets.InkMuted)
	t.recount()
	t.text.OnChanged = func(string) { t.recount() }
	t.name.OnEscape, t.text.OnEscape = t.close, t.close
	delete(t.s.told, aboutTemplates)
	t.s.redraw()
	if over := fyne.CurrentApp().Driver().CanvasForObject(t.name); over != nil {
		over.Focus(t.name)
	}
}

func (t *templates) recount() {
	text, c := t.s.view.host.Text(), model.CountSMS(t.text.Text)
	t.count.Set(text.T("sms.units", "n", c.Units, "of", c.Room) + " · " + text.N("sms.parts", c.Parts))
}

func (t *templates) close() {
	t.open = closed
	delete(t.s.told, aboutTemplates)
	t.s.redraw()
}

// save keeps what was typed.
func (t *templates) save() {
	text := t.s.view.host.Text()
	one := client.SMSTemplate{Name: strings.TrimSpace(t.name.Text), Text: strings.TrimSpace(t.text.Text)}
	if one.Name == "" || one.Text == "" {
		t.s.told[aboutTemplates] = told{text.T("sch.template_need"), theme.ToneMiss}
		t.s.redraw()
		return
	}
	all := slices.Clone(t.s.drawn.SMSTemplates)
	if t.open >= 0 && t.open < len(all) {
		all[t.open] = one
	} else {
		all = append(all, one)
	}
	t.send(all, text.T("set.saved"))
}

// remove takes the open template away.
func (t *templates) remove() {
	if t.open < 0 || t.open >= len(t.s.drawn.SMSTemplates) {
		return
	}
	name := t.s.drawn.SMSTemplates[t.open].Name
	all := slices.Delete(slices.Clone(t.s.drawn.SMSTemplates), t.open, t.open+1)
	t.send(all, t.s.view.host.Text().T("sch.template_gone", "name", name))
}

func (t *templates) send(all []client.SMSTemplate, done string) {
	t.s.save(aboutTemplates, done, client.SchoolInput{SMSTemplates: &all}, func(ok bool) {
		if ok {
			t.open = closed
		}
	})
}

func (t *templates) panel() fyne.CanvasObject {
	text, width := t.s.view.host.Text(), t.s.view.inner()
	add := widgets.NewButton(text.T("sch.template_add"), widgets.Quiet, func() { t.edit(added) })
	box := newSection(text.T("sch.templates"), "", add)
	rows := []fyne.CanvasObject{wrapped(text.T("sch.template_holes"), theme.Caption, width, widgets.InkMuted)}
	if t.open == added {
		rows = append(rows, t.form())
	}
	rows = append(rows, t.s.told[aboutTemplates].row(width)...)
	var lines []fyne.CanvasObject
	for n, one := range t.s.drawn.SMSTemplates {
		if n > 0 {
			lines = append(lines, widgets.Rule())
		}
		if t.open == n {
			lines = append(lines, widgets.Pad(10, 0, 10, 0, t.form()))
			continue
		}
		change := widgets.NewButton(text.T("act.edit"), widgets.Link, func() { t.edit(n) })
		words := widgets.NewParagraph(one.Text, theme.Body, max(0, width-templateName-120), 2, widgets.InkMuted)
		lines = append(lines, widgets.Pad(10, 0, 10, 0, widgets.Row(12, []float32{templateName, widgets.Wide, 0},
			widgets.NewBold(one.Name, theme.Body, widgets.InkNormal), words, change)))
	}
	if len(lines) == 0 && t.open != added {
		lines = append(lines, widgets.NewLabel(text.T("sch.no_templates"), theme.Body, widgets.InkMuted))
	}
	box.set(append(rows, widgets.Column(0, lines...)))
	return box.box
}

func (t *templates) form() fyne.CanvasObject {
	text := t.s.view.host.Text()
	foot := []fyne.CanvasObject{t.count}
	if t.open >= 0 {
		foot = append(foot, widgets.NewButton(text.T("sch.template_remove"), widgets.Link, t.remove))
	}
	foot = append(foot, widgets.NewButton(text.T("act.cancel"), widgets.Quiet, t.close), widgets.NewButton(text.T("act.save"), widgets.Primary, t.save))
	return widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusButton).Outlined(widgets.Line), widgets.Pad(12, 12, 12, 12, widgets.Column(rowGap,
		widgets.GroundField(t.name),
		widgets.Stack(widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line), t.text),
		widgets.Row(theme.Gap, []float32{widgets.Wide}, foot...))))
}
