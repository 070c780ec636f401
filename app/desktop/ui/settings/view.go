// Package settings draws the page of choices: its tabs, and the part in front. The parts are packages
// below it: the telephony and the school for those who may, and the program's own. The page keeps
// nothing but its state.
package settings

import (
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/scrolling"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/settings/program"
	"dozvon/app/desktop/ui/settings/school"
	"dozvon/app/desktop/ui/settings/telephony"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Host is what the page asks of the program.
type Host interface {
	ui.Base
	program.Program
	Copy(text string)
	// After runs do on Fyne's goroutine when a while has passed.
	After(wait time.Duration, do func())
}

// Tab is one part of the page; its name is a key in the words.
type Tab string

// The tabs, in their order.
const (
	TabTelephony Tab = "telephony"
	TabSchool    Tab = "school"
	TabEmployees Tab = "accounts"
	TabAudit     Tab = "audit"
	TabProgram   Tab = "program"
)

// State is what outlasts the page's widgets: where it stands, and what is being typed.
type State struct {
	Tab       Tab
	Scroll    float32
	Telephony telephony.State
	School    school.ChoicesState
	Employees school.EmployeesState
	Audit     school.AuditState
	Program   program.State
}

// part is what stands under a tab.
type part interface {
	// Load reads what stands on it anew.
	Load()
	// Objects is the part as it stands now.
	Objects() []fyne.CanvasObject
}

// View is the page. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	host      Host
	state     *State
	head      *fyne.Container
	page      *fyne.Container
	scroll    *container.Scroll
	body      *fyne.Container
	parts     map[Tab]part // those that this employee may see
	telephony *telephony.View
	choices   *school.Choices
	program   *program.View
	people    []client.Employee // as last drawn
	// resumeAt is where the page made anew is to be scrolled to as soon as enough of it is there.
	resumeAt float32
}

// New is an unread page that goes on where its state was left.
func New(host Host, state *State) *View {
	v := &View{host: host, state: state, parts: map[Tab]part{}}
	v.ExtendBaseWidget(v)
	v.head = container.NewStack()
	v.page = widgets.Column(panel.Gap)
	v.scroll = scrolling.New(container.New(narrow{}, widgets.Pad(0, theme.Side, theme.Side, theme.Side, v.page)))
	v.scroll.OnScrolled = func(at fyne.Position) { state.Scroll, v.resumeAt = at.Y, 0 }
	v.resumeAt = state.Scroll
	v.body = widgets.Fill(v.head, v.scroll, nil)
	v.program = program.New(host, host, surface{v, TabProgram}, &state.Program)
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.body) }

// Resize is Fyne's; words are wrapped anew for another width.
func (v *View) Resize(size fyne.Size) {
	changed := size.Width != v.Size().Width
	v.BaseWidget.Resize(size)
	if changed {
		v.draw()
	}
}

// tabs lists what this employee may see.
func (v *View) tabs() []Tab {
	role := v.host.Model().Me().Role
	var out []Tab
	if model.MayIntegrate(role) {
		out = append(out, TabTelephony)
	}
	if model.MayManage(role) {
		out = append(out, TabSchool, TabEmployees, TabAudit)
	}
	return append(out, TabProgram)
}

// Shown draws the page and reads what stands on it anew.
func (v *View) Shown() {
	tabs := v.tabs()
	v.admit(tabs)
	v.draw()
	for _, tab := range tabs {
		v.parts[tab].Load()
	}
}

// admit makes the parts that this employee may see, and drops the others: a role can change.
func (v *View) admit(tabs []Tab) {
	for tab := range v.parts {
		if !slices.Contains(tabs, tab) {
			delete(v.parts, tab)
		}
	}
	for _, tab := range tabs {
		if v.parts[tab] == nil {
			v.parts[tab] = v.make(tab)
		}
	}
	v.telephony, _ = v.parts[TabTelephony].(*telephony.View)
	v.choices, _ = v.parts[TabSchool].(*school.Choices)
	if !slices.Contains(tabs, v.state.Tab) {
		v.state.Tab = tabs[0]
	}
}

func (v *View) make(tab Tab) part {
	on := surface{v, tab}
	switch tab {
	case TabTelephony:
		return telephony.New(v.host, on, &v.state.Telephony)
	case TabSchool:
		return school.NewChoices(v.host, on, &v.state.School)
	case TabEmployees:
		return school.NewEmployees(v.host, on, &v.state.Employees, func() {
			v.choose(TabProgram)
			v.program.OpenPassword()
		})
	case TabAudit:
		return school.NewAudit(v.host, on, &v.state.Audit)
	}
	return v.program
}

// Tab is the part in front.
func (v *View) Tab() string { return string(v.state.Tab) }

// Open brings the part of the page about the telephony to the front.
func (v *View) Open(integrationID string) {
	if v.telephony == nil {
		return
	}
	v.state.Tab = TabTelephony
	v.telephony.Show(integrationID)
	v.draw()
	v.telephony.Reveal()
}

func (v *View) choose(tab Tab) {
	v.state.Tab = tab
	if tab == TabAudit && v.parts[tab] != nil {
		v.parts[tab].Load() // much may have been done since the page was opened
	}
	v.draw()
	v.state.Scroll, v.resumeAt = 0, 0
	v.scroll.ScrollToTop()
}

// draw fills the page with the part in front.
func (v *View) draw() {
	v.head.Objects = v.tabRow()
	v.page.Objects = nil
	if part := v.parts[v.state.Tab]; part != nil {
		v.page.Objects = part.Objects()
	}
	v.settle()
}

// settle lays the page out after a part of it has grown or shrunk.
func (v *View) settle() {
	v.body.Refresh()
	if most := v.scroll.Content.MinSize().Height - v.scroll.Size().Height; v.resumeAt > 0 && most >= v.resumeAt && v.scroll.Size().Height > 0 {
		v.scroll.ScrollToOffset(fyne.NewPos(0, v.resumeAt))
		v.resumeAt = 0
	}
}

// reveal scrolls as little as shows all of what objects cover, or their top where that is too much: then
// a top that stands in the upper half stays.
func (v *View) reveal(objects []fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	origin := driver.AbsolutePositionForObject(v.scroll.Content).Y
	top, bottom := float32(math.MaxFloat32), float32(0)
	for _, o := range objects {
		y := driver.AbsolutePositionForObject(o).Y - origin
		top, bottom = min(top, y), max(bottom, y+o.Size().Height)
	}
	seen, at := v.scroll.Size().Height, v.scroll.Offset.Y
	switch {
	case len(objects) == 0, top >= at && bottom <= at+seen, bottom-top > seen && top >= at && top < at+seen/2:
		return
	case top < at, bottom-top > seen:
		at = top
	default:
		at = bottom - seen
	}
	v.scroll.ScrollToOffset(fyne.NewPos(0, at))
	v.state.Scroll, v.resumeAt = v.scroll.Offset.Y, 0
}

func (v *View) tabRow() []fyne.CanvasObject {
	tabs := v.tabs()
	if len(tabs) < 2 {
		return nil
	}
	var buttons []fyne.CanvasObject
	for _, tab := range tabs {
		kind := widgets.Plain
		if tab == v.state.Tab {
			kind = widgets.Soft
		}
		buttons = append(buttons, widgets.NewButton(v.host.Text().T("set.tab_"+string(tab)), kind, func() { v.choose(tab) }))
	}
	row := container.New(narrow{}, widgets.Pad(0, theme.Side, panel.Gap, theme.Side, widgets.Row(theme.Gap, nil, buttons...)))
	return []fyne.CanvasObject{row}
}

// Apply shows what the stream tells of an integration: *client.Integration or
// *client.Deleted. What is being typed stays.
func (v *View) Apply(data any) {
	if v.telephony != nil {
		v.telephony.Apply(data)
	}
}

// Sync follows the model: who is on the phone, and the call of a connectivity test.
func (v *View) Sync() {
	if v.choices != nil {
		v.choices.Follow()
	}
	if v.telephony == nil {
		return
	}
	people := v.host.Model().People()
	if !slices.Equal(people, v.people) {
		v.people = people
		v.telephony.PeopleChanged()
	}
	v.telephony.CallsChanged()
}

// Tick moves «две минуты назад» on.
func (v *View) Tick() {
	if v.telephony != nil && v.state.Tab == TabTelephony {
		v.telephony.Tick()
	}
}
