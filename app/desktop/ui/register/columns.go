package register

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// column is one that a person may put behind the name and the number.
type column struct {
	name  string // as it is kept, and the end of its words crd.f_…
	width float32
	of    client.SubjectKind // empty: both
	cell  func(r record, text *i18n.Text, now time.Time) string
}

var allColumns = []column{
	{"responsible", 120, "", func(r record, _ *i18n.Text, _ time.Time) string { return person(r.common().responsible) }},
	{"status", 104, "", func(r record, text *i18n.Text, _ time.Time) string {
		return present.StatusWord(r.common().kind, r.common().status, text)
	}},
	{"tags", 132, "", func(r record, _ *i18n.Text, _ time.Time) string { return strings.Join(r.common().tags, ", ") }},
	{"number", 84, client.KindContract, ofContract(func(c client.Contract) string { return c.Number })},
	{"category", 84, client.KindContract, ofContract(func(c client.Contract) string { return c.Category })},
	{"group", 84, client.KindContract, ofContract(func(c client.Contract) string { return c.Group })},
	{"signed_on", 104, client.KindContract, ofContract(func(c client.Contract) string { return present.ShownDay(c.SignedOn) })},
	{"email", 168, client.KindClient, func(r record, _ *i18n.Text, _ time.Time) string { return r.client.Email }},
	{"note", 168, "", func(r record, _ *i18n.Text, _ time.Time) string {
		return strings.Join(strings.Fields(r.common().note), " ")
	}},
	{"created", 104, "", func(r record, text *i18n.Text, now time.Time) string {
		if at := r.common().created; !at.IsZero() {
			return text.Short(at, now)
		}
		return ""
	}},
}

func ofContract(cell func(client.Contract) string) func(record, *i18n.Text, time.Time) string {
	return func(r record, _ *i18n.Text, _ time.Time) string { return cell(*r.contract) }
}

// common is what both kinds of card have.
type common struct {
	kind         client.SubjectKind
	status, note string
	tags         []string
	responsible  *client.Person
	created      time.Time
}

func (r record) common() common {
	if r.client != nil {
		c := r.client
		return common{client.KindClient, c.Status, c.Note, c.Tags, c.Responsible, c.CreatedAt}
	}
	c := r.contract
	return common{client.KindContract, c.Status, c.Note, c.Tags, c.Responsible, c.CreatedAt}
}

// usualColumns stand until a person chooses.
var usualColumns = []string{"responsible"}

// columnsFor are those that a kind of card has.
func columnsFor(kind client.SubjectKind) []column {
	return slices.DeleteFunc(slices.Clone(allColumns), func(c column) bool { return c.of != "" && c.of != kind })
}

// chosen are the columns of the list, in the order in which the person chose them.
func (v *View) chosen() []column {
	names := v.state.columns
	if names == nil {
		names = usualColumns
	}
	all := columnsFor(v.kind)
	var out []column
	for _, name := range names {
		if n := slices.IndexFunc(all, func(c column) bool { return c.name == name }); n >= 0 {
			out = append(out, all[n])
		}
	}
	return out
}

// columnItems are the lines of the menu: each puts a column behind the others, or takes it away.
func (v *View) columnItems() []*fyne.MenuItem {
	text := v.host.Text()
	var out []*fyne.MenuItem
	chosen := v.chosen()
	for _, c := range columnsFor(v.kind) {
		item := fyne.NewMenuItem(text.T("crd.f_"+c.name), func() { v.toggle(c.name) })
		item.Checked = slices.ContainsFunc(chosen, func(one column) bool { return one.name == c.name })
		out = append(out, item)
	}
	return append(out, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(text.T("reg.usual_columns"), func() {
		v.state.columns = nil
		v.arrange()
	}))
}

func (v *View) toggle(name string) {
	names := []string{}
	on := true
	for _, c := range v.chosen() {
		if c.name == name {
			on = false
			continue
		}
		names = append(names, c.name)
	}
	if on {
		names = append(names, name)
	}
	v.state.columns = names
	v.arrange()
}

// arrange shows other columns of what was read.
func (v *View) arrange() {
	v.lines = v.linesOf(v.state.records)
	v.titles.show()
	v.content.Refresh() // the titles take room, or give it back
	v.list.Refresh()
	v.draw()
}

// cells are a record's, in the order of the columns.
func (v *View) cells(r record) []string {
	var out []string
	for _, c := range v.chosen() {
		out = append(out, c.cell(r, v.host.Text(), v.host.Now()))
	}
	return out
}

const (
	phoneColumn float32 = 150
	// leastName is what the columns leave to the name, whatever was chosen.
	leastName float32 = 140
	columnGap float32 = 12
)

// fitting tells how many of the columns have room in a row, in their order.
func fitting(columns []column, width float32) int {
	room := width - 2*theme.Side - 32 - phoneColumn - menuColumn - 3*columnGap - leastName
	for n, c := range columns {
		if room -= c.width + columnGap; room < 0 {
			return n
		}
	}
	return len(columns)
}

// widthsOf are those of a row that has the columns; the last is of the way back of a deleted card.
func widthsOf(columns []column) []float32 {
	widths := []float32{32, widgets.Wide, phoneColumn, menuColumn}
	for n := range allColumns {
		width := float32(1)
		if n < len(columns) {
			width = columns[n].width
		}
		widths = append(widths, width)
	}
	return append(widths, restoreColumn)
}

// titles name the columns above the list, once they are not the usual ones.
type titles struct {
	widget.BaseWidget
	view    *View
	cells   []*widgets.Label
	widths  []float32
	row     *fyne.Container
	content fyne.CanvasObject
}

// titlesHigh is the height of the titles.
const titlesHigh float32 = 28

func newTitles(v *View) *titles {
	t := &titles{view: v, widths: widthsOf(nil)}
	t.ExtendBaseWidget(t)
	text := v.host.Text()
	title := func(words string) *widgets.Label { return widgets.NewLabel(words, theme.Caption, widgets.InkMuted) }
	objects := []fyne.CanvasObject{widgets.Space(0, 0), title(text.T("crd.f_name")), title(text.T("reg.phone")), widgets.Space(0, 0)}
	for range allColumns {
		cell := title("")
		t.cells = append(t.cells, cell)
		objects = append(objects, cell)
	}
	t.row = widgets.Row(columnGap, t.widths, objects...)
	t.content = widgets.Pad(0, theme.Side, 0, theme.Side, t.row)
	t.show()
	return t
}

// CreateRenderer is Fyne's.
func (t *titles) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.content) }

// MinSize is Fyne's.
func (t *titles) MinSize() fyne.Size { return fyne.NewSize(0, titlesHigh) }

// Resize leaves out what there is no room for.
func (t *titles) Resize(size fyne.Size) {
	t.BaseWidget.Resize(size)
	t.fill()
}

// show shows the titles or takes them away, as the columns are the usual ones or not.
func (t *titles) show() {
	shown(t, t.view.state.columns != nil && !slices.Equal(t.view.state.columns, usualColumns))
	t.fill()
}

func (t *titles) fill() {
	columns := t.view.chosen()
	copy(t.widths, widthsOf(columns))
	fit := fitting(columns, t.Size().Width)
	for n, cell := range t.cells {
		if n < len(columns) {
			cell.Set(t.view.host.Text().T("crd.f_" + columns[n].name))
		}
		shown(cell, n < fit)
	}
	t.row.Refresh()
}
