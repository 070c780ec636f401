package telephony

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// pbxList compares the PBX's own list of employees with our table, and links them.
type pbxList struct {
	x      *extensions
	found  []client.PBXExtension
	picks  map[string]string // whom the person has chosen for a number
	shown  bool
	asking bool
	told   panel.Told
}

// ask shows the PBX's list, read anew.
func (l *pbxList) ask() {
	l.shown, l.asking, l.told = true, true, panel.Told{}
	l.x.fetch.SetEnabled(false)
	l.x.redraw()
	l.read()
}

// read reads the list; it is shown only if asked for.
func (l *pbxList) read() {
	id := l.x.p.it.ID
	var found []client.PBXExtension
	l.x.p.v.host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		found, err = api.PBXExtensions(ctx, id)
		return err
	}, func(err error) {
		l.asking = false
		l.x.fetch.SetEnabled(true)
		if err != nil {
			l.told = panel.Fault(ui.Explain(err, l.x.p.v.host.Text()))
		} else {
			l.found, l.told = found, panel.Told{}
		}
		l.x.redraw()
	})
}

func (l *pbxList) hide() {
	l.shown = false
	l.x.redraw()
}

// pick is who would get a number: the person's choice, else whose name it looks like.
func (l *pbxList) pick(ext client.PBXExtension) string {
	if chosen, ok := l.picks[ext.Extension]; ok {
		return chosen
	}
	return ext.Suggested
}

// linked tells that our table has the number.
func (l *pbxList) linked(ext client.PBXExtension) bool { return l.x.holder(ext.Extension) != "" }

// open lists what could be linked now.
func (l *pbxList) open() []client.PBXExtension {
	return slices.DeleteFunc(slices.Clone(l.found), func(e client.PBXExtension) bool { return l.linked(e) || l.pick(e) == "" })
}

func (l *pbxList) link(all ...client.PBXExtension) {
	for _, ext := range all {
		if employee := l.pick(ext); employee != "" && !l.linked(ext) {
			l.x.put(client.ExtensionRow{EmployeeID: employee, Extension: ext.Extension})
		}
	}
	l.x.redraw()
}

// unknown lists the rows of our table whose number the PBX does not have.
func (l *pbxList) unknown() []*rowState {
	return slices.DeleteFunc(slices.Clone(l.x.state.rows), func(r *rowState) bool {
		return slices.ContainsFunc(l.found, func(e client.PBXExtension) bool { return e.Extension == r.extension.Value() })
	})
}

func (l *pbxList) rows() []fyne.CanvasObject {
	if !l.shown {
		return nil
	}
	text, width := l.x.p.v.host.Text(), l.x.p.v.inner()-2*12
	var out []fyne.CanvasObject
	switch {
	case l.asking:
		out = append(out, widgets.NewLabel(text.T("set.asking"), theme.Body, widgets.InkMuted))
	case l.told.Words != "":
		out = append(out, l.told.Row(width)...)
	default:
		out = l.compared(width)
	}
	return []fyne.CanvasObject{widgets.Stack(widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line),
		widgets.Pad(10, 12, 10, 12, widgets.Column(6, out...)))}
}

func (l *pbxList) compared(width float32) []fyne.CanvasObject {
	text := l.x.p.v.host.Text()
	head := []fyne.CanvasObject{widgets.NewBold(text.N("set.in_pbx", len(l.found)), theme.Small, widgets.InkNormal)}
	if open := l.open(); len(open) > 0 {
		head = append(head, widgets.NewButton(text.T("set.link_all"), widgets.Plain, func() { l.link(l.open()...) }))
	}
	head = append(head, widgets.NewButton(text.T("act.hide"), widgets.Link, l.hide))
	out := []fyne.CanvasObject{widgets.Row(theme.Gap, []float32{widgets.Wide}, head...)}
	for _, ext := range l.found {
		out = append(out, l.row(ext))
	}
	for _, row := range l.unknown() {
		words := text.T("set.not_in_pbx", "name", present.ShortName(l.x.name(row.employee)), "ext", row.extension.Value())
		out = append(out, panel.Signed(theme.ToneHold, words, width))
	}
	return out
}

// Widths of the columns of the PBX's list.
const (
	numberPart float32 = 48
	linkPart   float32 = 200
	linkButton float32 = 84
)

func (l *pbxList) row(ext client.PBXExtension) fyne.CanvasObject {
	text := l.x.p.v.host.Text()
	number := widgets.NewBold(ext.Extension, theme.Body, widgets.InkNormal)
	name := widgets.NewLabel(ext.Name, theme.Body, widgets.InkNormal)
	widths := []float32{numberPart, widgets.Wide, linkPart, linkButton}
	if holder := l.x.holder(ext.Extension); holder != "" {
		words := "✓ " + text.T("set.linked", "name", present.ShortName(l.x.name(holder)))
		return widgets.Sized(widgets.Row(theme.Gap, widths, number, name, widgets.NewLabel(words, theme.Body, widgets.InkMuted), widgets.Space(0, 0)), 0, theme.Field)
	}
	picked := l.pick(ext)
	people := l.x.free(picked)
	names, at := make([]string, 0, len(people)), -1
	for n, person := range people {
		names = append(names, person.Name)
		if person.ID == picked {
			at = n
		}
	}
	link := widgets.NewButton(text.T("set.link"), widgets.Plain, func() { l.link(ext) })
	link.SetEnabled(picked != "")
	who := widgets.NewChoice(text.T("set.nobody_here"), names, at, func(n int) {
		l.picks[ext.Extension] = people[n].ID
		l.x.redraw()
	})
	return widgets.Row(theme.Gap, widths, number, name, who, link)
}
