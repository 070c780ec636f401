package school

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	most "dozvon/app/desktop/limits"
	"dozvon/app/desktop/present/smstext"
	"dozvon/app/desktop/ui/bounded"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// templates is the list of messages that are sent again and again, and the form for one of them.
type templates struct {
	s          *Choices
	state      *ChoicesState
	name, text *widgets.Entry
	count      *widgets.Label
}

const (
	// newTemplate is the place of one that is not in the list yet.
	newTemplate   = -1
	templateLines = 4
	templateName  = 180
)

func newTemplates(s *Choices, state *ChoicesState) *templates {
	t := &templates{s: s, state: state}
	if state.Template != nil {
		t.makeForm()
	}
	return t
}

// edit opens the form for a template, or for a new one.
func (t *templates) edit(at int) {
	draft := &TemplateDraft{At: at}
	if at >= 0 {
		one := t.s.drawn.SMSTemplates[at]
		draft.Name, draft.Text = one.Name, one.Text
	}
	t.state.Template = draft
	t.makeForm()
	delete(t.s.told, aboutTemplates)
	t.s.redraw()
	if over := fyne.CurrentApp().Driver().CanvasForObject(t.name); over != nil {
		over.Focus(t.name)
	}
}

// makeForm makes the fields for what is being written.
func (t *templates) makeForm() {
	text, draft := t.s.host.Text(), t.state.Template
	t.name, t.text = widgets.NewEntry(text.T("sch.template_name")), widgets.NewMultiline(text.T("sch.template_text"), templateLines)
	t.name.SetText(draft.Name)
	t.text.SetText(draft.Text)
	t.count = widgets.NewLabel("", theme.Caption, widgets.InkMuted)
	t.recount()
	t.name.OnChanged = func(name string) { draft.Name = name }
	t.text.OnChanged = func(words string) {
		draft.Text = words
		t.recount()
	}
	full := t.s.full(aboutTemplates)
	bounded.Bind(t.name, most.Of[client.SMSTemplate]("name"), full)
	bounded.Bind(t.text, most.Of[client.SMSTemplate]("text"), full)
	t.name.OnEscape, t.text.OnEscape = t.close, t.close
}

func (t *templates) recount() {
	text, c := t.s.host.Text(), smstext.Measure(t.text.Text)
	t.count.Set(text.T("sms.units", "n", c.Units, "of", c.Room) + " · " + text.N("sms.parts", c.Parts))
}

// writes tells that the form of the template at a place is open.
func (t *templates) writes(at int) bool { return t.state.Template != nil && t.state.Template.At == at }

func (t *templates) close() {
	t.state.Template = nil
	delete(t.s.told, aboutTemplates)
	t.s.redraw()
}

// save keeps what was typed.
func (t *templates) save() {
	text := t.s.host.Text()
	one := client.SMSTemplate{Name: strings.TrimSpace(t.name.Text), Text: strings.TrimSpace(t.text.Text)}
	if one.Name == "" || one.Text == "" {
		t.s.told[aboutTemplates] = panel.Fault(text.T("sch.template_need"))
		t.s.redraw()
		return
	}
	all := slices.Clone(t.s.drawn.SMSTemplates)
	if at := t.state.Template.At; at >= 0 && at < len(all) {
		all[at] = one
	} else {
		all = append(all, one)
	}
	t.send(all, text.T("set.saved"))
}

// remove takes the open template away.
func (t *templates) remove() {
	at := t.state.Template.At
	if at < 0 || at >= len(t.s.drawn.SMSTemplates) {
		return
	}
	name := t.s.drawn.SMSTemplates[at].Name
	all := slices.Delete(slices.Clone(t.s.drawn.SMSTemplates), at, at+1)
	t.send(all, t.s.host.Text().T("sch.template_gone", "name", name))
}

func (t *templates) send(all []client.SMSTemplate, done string) {
	t.s.save(aboutTemplates, done, client.SchoolInput{SMSTemplates: &all}, func(ok bool) {
		if ok {
			t.state.Template = nil
		}
	})
}

func (t *templates) panel() fyne.CanvasObject {
	text, width := t.s.host.Text(), t.s.page.Inner()
	add := widgets.NewButton(text.T("sch.template_add"), widgets.Quiet, func() { t.edit(newTemplate) })
	box := panel.NewSection(text.T("sch.templates"), "", add)
	rows := []fyne.CanvasObject{panel.Wrapped(text.T("sch.template_holes"), theme.Caption, width, widgets.InkMuted)}
	if t.writes(newTemplate) {
		rows = append(rows, t.form())
	}
	rows = append(rows, t.s.told[aboutTemplates].Row(width)...)
	var lines []fyne.CanvasObject
	for n, one := range t.s.drawn.SMSTemplates {
		if n > 0 {
			lines = append(lines, widgets.Rule())
		}
		if t.writes(n) {
			lines = append(lines, widgets.Pad(10, 0, 10, 0, t.form()))
			continue
		}
		change := widgets.NewButton(text.T("act.edit"), widgets.Link, func() { t.edit(n) })
		words := widgets.NewParagraph(one.Text, theme.Body, max(0, width-templateName-120), 2, widgets.InkMuted)
		lines = append(lines, widgets.Pad(10, 0, 10, 0, widgets.Row(12, []float32{templateName, widgets.Wide, 0},
			widgets.NewBold(one.Name, theme.Body, widgets.InkNormal), words, change)))
	}
	if len(lines) == 0 && !t.writes(newTemplate) {
		lines = append(lines, widgets.NewLabel(text.T("sch.no_templates"), theme.Body, widgets.InkMuted))
	}
	box.Set(append(rows, widgets.Column(0, lines...)))
	return box.Box
}

func (t *templates) form() fyne.CanvasObject {
	text := t.s.host.Text()
	foot := []fyne.CanvasObject{t.count}
	if t.state.Template.At >= 0 {
		foot = append(foot, widgets.NewButton(text.T("sch.template_remove"), widgets.Link, t.remove))
	}
	foot = append(foot, widgets.NewButton(text.T("act.cancel"), widgets.Quiet, t.close), widgets.NewButton(text.T("act.save"), t.s.kindOf(aboutTemplates), t.save))
	return widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusButton).Outlined(widgets.Line), widgets.Pad(12, 12, 12, 12, widgets.Column(panel.RowGap,
		widgets.GroundField(t.name),
		widgets.Stack(widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line), t.text),
		widgets.Row(theme.Gap, []float32{widgets.Wide}, foot...))))
}
