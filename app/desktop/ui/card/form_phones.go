package card

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/limits"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/bounded"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/app/phone"
	"dozvon/client"
)

// signWide is the width of the signs at the right of a number.
const signWide float32 = 32

// phoneRows are the numbers of a form: a number with its extension, and under it whose it is.
type phoneRows struct {
	form *form
	box  *fyne.Container
	rows []*phoneRow
}

// phoneRow is one number of a form.
type phoneRow struct {
	number, label *widgets.Entry
	bad           *widgets.Paragraph
	object        *fyne.Container
	// had is what the row was filled with, and shown how: a row that nobody touched reads back as it was.
	had   client.Phone
	shown string
}

func newPhoneRows(f *form) *phoneRows { return &phoneRows{form: f, box: widgets.Column(theme.Gap)} }

// fill shows a list of numbers; the same one again leaves the fields and their cursor alone.
func (r *phoneRows) fill(list []client.Phone) {
	if len(r.rows) > 0 && slices.Equal(r.read(nil), list) {
		return
	}
	r.rows = nil
	for _, p := range list {
		r.rows = append(r.rows, r.row(p))
	}
	if len(r.rows) == 0 {
		r.rows = append(r.rows, r.row(client.Phone{}))
	}
	r.layout()
	r.mark()
}

// read are the numbers that stand in the rows; like is given back when they are the same.
func (r *phoneRows) read(like []client.Phone) []client.Phone {
	var out []client.Phone
	for _, row := range r.rows {
		list, _ := present.TypedPhones(r.form.panel.host.Model().Numbers(), row.number.Text, row.label.Text)
		if row.number.Text == row.shown && row.shown != "" {
			had := row.had
			had.Label = strings.TrimSpace(row.label.Text)
			list = []client.Phone{had}
		}
		out = append(out, list...)
	}
	if slices.Equal(out, like) {
		return like
	}
	return out
}

// mark says under each number that cannot be read what becomes of it.
func (r *phoneRows) mark() {
	text := r.form.panel.host.Text()
	for _, row := range r.rows {
		list, doubt := present.TypedPhones(r.form.panel.host.Model().Numbers(), row.number.Text, "")
		row.bad.Set(doubtWords(list, doubt, text))
	}
	r.form.resize()
}

// doubtWords say what becomes of a line in doubt.
func doubtWords(list []client.Phone, doubt phone.Doubt, text *i18n.Text) string {
	switch doubt {
	case phone.Sure:
		return ""
	case phone.CityCodeMissing:
		return text.T("crd.no_city")
	case phone.DigitsBeside, phone.LettersRead:
		var read []string
		for _, p := range list {
			read = append(read, strings.TrimSuffix(present.PhoneWords(p, text)+" · "+p.Label, " · "))
		}
		return text.T("crd.read_as", "numbers", strings.Join(read, "; "))
	}
	return text.T("crd.bad_typed")
}

func (r *phoneRows) layout() {
	r.box.Objects = nil
	for _, row := range r.rows {
		r.box.Objects = append(r.box.Objects, row.object)
	}
	add := widgets.NewButton(r.form.panel.host.Text().T("crd.add_phone"), widgets.Link, r.add)
	r.box.Objects = append(r.box.Objects, widgets.Row(0, nil, outdent(add)))
	r.form.resize()
}

// add gives room for one more number.
func (r *phoneRows) add() {
	row := r.row(client.Phone{})
	r.rows = append(r.rows, row)
	r.layout()
	if over := r.form.panel.over(); over != nil {
		over.Focus(row.number)
	}
}

func (r *phoneRows) remove(row *phoneRow) {
	r.rows = slices.DeleteFunc(r.rows, func(had *phoneRow) bool { return had == row })
	if len(r.rows) == 0 {
		r.rows = append(r.rows, r.row(client.Phone{}))
	}
	r.layout()
}

func (r *phoneRows) row(p client.Phone) *phoneRow {
	text := r.form.panel.host.Text()
	row := &phoneRow{had: p, shown: present.PhoneWords(p, text)}
	row.number, row.label = widgets.NewEntry("+7"), widgets.NewEntry(text.T("crd.label_hint"))
	row.number.SetText(row.shown)
	row.label.SetText(p.Label)
	for _, field := range []*widgets.Entry{row.number, row.label} {
		field.OnSubmitted = func(string) { r.form.submit() }
		field.OnEscape = r.form.cancel
		field.OnEnter = func() { r.form.reveal(field) }
	}
	bounded.Bind(row.label, limits.Of[client.Phone]("label"), bounded.Told(text, r.form.panel.host.Tell))
	// While somebody types, every number is unreadable for a while: it is judged when they are done.
	row.number.OnLeave = r.mark
	row.bad = widgets.NewParagraph("", theme.Caption, inner, 3, widgets.ToneInk(theme.ToneHold))
	remove := widgets.NewButton("×", widgets.Bare, func() { r.remove(row) })
	labels := widgets.NewButton("▾", widgets.Bare, nil)
	labels.OnTap = func() { drop(labels, r.labels(row)) }
	rule := widgets.Pad(0, 1, 0, 1, widgets.Rule())
	fields := widgets.Column(0,
		widgets.Row(0, []float32{widgets.Wide, signWide}, widgets.Sized(widgets.Unbarred(row.number), 0, theme.Field), remove), rule,
		widgets.Row(0, []float32{widgets.Wide, signWide}, widgets.Sized(widgets.Unbarred(row.label), 0, theme.Field), labels))
	row.object = widgets.Column(4, widgets.Stack(widgets.NewBox(widgets.Ground, theme.RadiusButton).Outlined(widgets.Line), fields), row.bad)
	return row
}

// labels are whose a number usually is; any other word may be typed.
func (r *phoneRows) labels(row *phoneRow) []*fyne.MenuItem {
	text := r.form.panel.host.Text()
	var items []*fyne.MenuItem
	for _, key := range []string{"crd.l_mobile", "crd.l_work", "crd.l_home", "crd.l_mother", "crd.l_father", "crd.l_husband", "crd.l_wife"} {
		items = append(items, fyne.NewMenuItem(text.T(key), func() { row.label.SetText(text.T(key)) }))
	}
	return items
}
