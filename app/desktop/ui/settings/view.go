// Package settings draws the page of choices: the telephony and the accounts for those who
// may, and the program's own. It keeps nothing but what is being typed; choices go to the
// host, the rest to the server, and what others change comes by the stream.
package settings

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Program is what the page may change of the program itself, and its clock.
type Program interface {
	Config() config.Config
	SetConfig(config.Config)
	State() session.State
	SignOut()
	// After runs do on Fyne's goroutine when a while has passed.
	After(wait time.Duration, do func())
}

// tab is one part of the page.
type tab string

// The tabs, in their order.
const (
	tabTelephony tab = "telephony"
	tabAccounts  tab = "accounts"
	tabSchool    tab = "school"
	tabAudit     tab = "audit"
	tabProgram   tab = "program"
)

// View is the page. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	host      ui.Host
	program   Program
	head      *fyne.Container
	page      *fyne.Container
	scroll    *container.Scroll
	body      *fyne.Container
	tab       tab
	telephony *telephony
	accounts  *accounts
	school    *school
	audit     *audit
	own       *own
	people    []client.Employee // as last drawn
}

// New is an unread page.
func New(host ui.Host, program Program) *View {
	v := &View{host: host, program: program}
	v.ExtendBaseWidget(v)
	v.head = container.NewStack()
	v.page = widgets.Column(panelGap)
	v.scroll = container.NewVScroll(container.New(narrow{}, widgets.Pad(0, theme.Side, theme.Side, theme.Side, v.page)))
	v.body = widgets.Fill(v.head, v.scroll, nil)
	v.own = newOwn(v)
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
func (v *View) tabs() []tab {
	role := v.host.Model().Me().Role
	var out []tab
	if model.MayIntegrate(role) {
		out = append(out, tabTelephony)
	}
	if model.MayManage(role) {
		out = append(out, tabSchool, tabAccounts, tabAudit)
	}
	return append(out, tabProgram)
}

// Shown draws the page and reads what stands on it anew.
func (v *View) Shown() {
	tabs := v.tabs()
	v.admit(tabs)
	v.draw()
	if v.telephony != nil {
		v.telephony.load()
	}
	if v.accounts != nil {
		v.accounts.load()
	}
	if v.school != nil {
		v.school.load()
	}
	if v.audit != nil {
		v.audit.load()
	}
	v.own.sessions.load()
}

// admit makes the parts that this employee may see, and drops the others: a role can change.
func (v *View) admit(tabs []tab) {
	if !has(tabs, tabTelephony) {
		v.telephony = nil
	} else if v.telephony == nil {
		v.telephony = newTelephony(v)
	}
	if !has(tabs, tabAccounts) {
		v.accounts = nil
	} else if v.accounts == nil {
		v.accounts = newAccounts(v)
	}
	if !has(tabs, tabSchool) {
		v.school = nil
	} else if v.school == nil {
		v.school = newSchool(v)
	}
	if !has(tabs, tabAudit) {
		v.audit = nil
	} else if v.audit == nil {
		v.audit = newAudit(v)
	}
	if !has(tabs, v.tab) {
		v.tab = tabs[0]
	}
}

// Open brings the part of the page about the telephony to the front.
func (v *View) Open(integrationID string) {
	if v.telephony == nil {
		return
	}
	v.tab = tabTelephony
	v.telephony.show(integrationID)
	v.draw()
}

// Resume brings to the front what was there on a page that this one takes the place of.
func (v *View) Resume(former *View) { v.tab = former.tab }

func (v *View) choose(t tab) {
	v.tab = t
	if t == tabAudit && v.audit != nil {
		v.audit.load() // much may have been done since the page was opened
	}
	v.draw()
	v.scroll.ScrollToTop()
}

// draw fills the page with the part in front.
func (v *View) draw() {
	v.head.Objects = v.tabRow()
	switch {
	case v.tab == tabTelephony && v.telephony != nil:
		v.telephony.fill()
		v.page.Objects = []fyne.CanvasObject{v.telephony.box}
	case v.tab == tabAccounts && v.accounts != nil:
		v.accounts.fill()
		v.page.Objects = []fyne.CanvasObject{v.accounts.box}
	case v.tab == tabSchool && v.school != nil:
		v.school.fill()
		v.page.Objects = []fyne.CanvasObject{v.school.box}
	case v.tab == tabAudit && v.audit != nil:
		v.audit.fill()
		v.page.Objects = []fyne.CanvasObject{v.audit.box}
	case v.tab == tabProgram:
		v.page.Objects = append([]fyne.CanvasObject{v.programBox()}, v.own.boxes()...)
	default:
		v.page.Objects = nil
	}
	v.settle()
}

// settle lays the page out after a part of it has grown or shrunk.
func (v *View) settle() { v.body.Refresh() }

func (v *View) tabRow() []fyne.CanvasObject {
	tabs := v.tabs()
	if len(tabs) < 2 {
		return nil
	}
	var buttons []fyne.CanvasObject
	for _, t := range tabs {
		kind := widgets.Plain
		if t == v.tab {
			kind = widgets.Soft
		}
		buttons = append(buttons, widgets.NewButton(v.host.Text().T("set.tab_"+string(t)), kind, func() { v.choose(t) }))
	}
	row := container.New(narrow{}, widgets.Pad(0, theme.Side, panelGap, theme.Side, widgets.Row(theme.Gap, nil, buttons...)))
	return []fyne.CanvasObject{row}
}

// Apply takes in what the stream tells of an integration: *client.Integration or
// *client.Deleted. What is being typed stays.
func (v *View) Apply(data any) {
	if v.telephony == nil {
		return
	}
	switch it := data.(type) {
	case *client.Integration:
		v.telephony.take(*it)
	case *client.Deleted:
		v.telephony.gone(it.ID)
	}
	v.draw()
}

// Sync follows the model: who is on the phone, and the call of a bell test.
func (v *View) Sync() {
	if v.school != nil {
		v.school.follow()
	}
	if v.telephony == nil {
		return
	}
	people := v.host.Model().People()
	if !samePeople(people, v.people) {
		v.people = people
		v.telephony.peopleChanged()
	}
	v.telephony.heard()
}

// Tick moves «две минуты назад» on.
func (v *View) Tick() {
	if v.telephony != nil && v.tab == tabTelephony {
		v.telephony.tick()
	}
}
