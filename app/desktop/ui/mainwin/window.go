// Package mainwin draws the frame of the main window: the rail with its pages and the
// person at its foot, the head of the page, the banner while the server is away, and the
// card at the right. The pages themselves are other packages'.
package mainwin

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui/hovercard"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/signin"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Page is one place of the rail; Name is its key in the words and in commands.
type Page struct {
	Name   string
	Object fyne.CanvasObject
	Shown  func() // called whenever the page comes to the front; may be nil
	Action fyne.CanvasObject
	// Card tells that an open card stands beside the page; the others need the whole width.
	Card bool
	// Filled tells that the page has a filled button of its own; then the head's is none.
	Filled bool
}

// Frame is the main window's content. All methods belong on Fyne's goroutine.
type Frame struct {
	widget.BaseWidget
	text  *i18n.Text
	pages []Page
	page  string
	// awaited is the page whose rows get the keyboard as they come; empty: none.
	awaited string
	card    bool // a card is open; only some pages show it
	dial    func()
	// dialler opens the dialler; where a title needs the room, it says so shortly.
	dialler *widgets.Button
	nav     map[string]*navItem
	places  *widgets.Bar // the rail's, for the keyboard
	title   *widgets.Label
	center  *fyne.Container
	side    *fyne.Container
	banner  *fyne.Container
	strip   *fyne.Container
	head    *fyne.Container
	calm    *fyne.Container // one quiet line over the page
	words   string          // of the strip
	told    *widgets.Paragraph
	toldAt  *fyne.Container
	// offered is the button of the offer that stands at toldAt; nil when a plain sentence does.
	offered *widgets.Button
	action  *fyne.Container
	// Menu is what the sign at the head of the rail offers; EndPractice is pressed in the band of a practice. Both
	// are asked for when they are needed.
	Menu        func() []numbermenu.Item
	EndPractice func()
	practice    practiceBand
	person      *personView
	// OnPerson is for a click on who is signed in.
	OnPerson func()
	body     fyne.CanvasObject
	hovers   *hovercard.Layer
}

// New is a frame with these pages; dial opens the dialler.
func New(text *i18n.Text, pages []Page, dial func()) *Frame {
	f := &Frame{text: text, pages: pages, dial: dial, nav: map[string]*navItem{}}
	f.ExtendBaseWidget(f)
	f.title = widgets.NewBold("", theme.Title, widgets.InkNormal)
	f.center, f.side = container.NewStack(), container.NewStack()
	f.action = container.NewStack()
	f.banner, f.strip, f.toldAt = container.NewStack(), container.NewStack(), container.NewStack()
	f.person = newPerson()
	f.told = widgets.NewParagraph("", theme.Body, 560, 3, widgets.InkNormal)
	f.dialler = widgets.NewButton(text.T("call.button"), widgets.Primary, dial)
	f.head, f.calm = widgets.Pad(16, theme.Side, 12, theme.Side, widgets.Row(theme.Gap, []float32{widgets.Wide}, f.title, f.action, f.dialler)), container.NewStack()
	f.side.Hide()
	f.hovers = hovercard.New()
	f.body = widgets.Stack(widgets.NewBox(widgets.Ground, 0),
		inOrder(f.center, f.toldAt, f.side, f.rail(), widgets.Column(0, f.banner, f.strip, f.head, f.calm)), f.hovers)
	for _, page := range pages {
		if rows, ok := page.Object.(listed); ok {
			rows.OnRows(f.rowsCame)
		}
	}
	if len(pages) > 0 {
		f.Go(pages[0].Name)
	}
	return f
}

// CreateRenderer is Fyne's.
func (f *Frame) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(f.body) }

func (f *Frame) rail() fyne.CanvasObject {
	logo := widgets.Row(theme.Gap, []float32{28, widgets.Wide}, signin.Logo(),
		widgets.NewBold(f.text.T("app.name"), theme.Body, widgets.InkNormal))
	items := []fyne.CanvasObject{widgets.Pad(0, 8, 14, 8, logo)}
	var places []widgets.Pressed
	for _, page := range f.pages {
		item := newNav(page.Name, f.text.T("page."+page.Name), func() { f.Go(page.Name) })
		f.nav[page.Name] = item
		items, places = append(items, item), append(places, item)
	}
	f.places = widgets.NewDownBar(widgets.Column(2, items...), places...)
	foot := widgets.Column(12, widgets.Rule(), widgets.Stack(widgets.Pad(0, 8, 0, 8, f.person), widgets.NewPick(func() {
		if f.OnPerson != nil {
			f.OnPerson()
		}
	})))
	inner := widgets.Pad(16, 12, 16, 12, widgets.Fill(f.places, widgets.Space(0, 0), foot))
	edge := widgets.Columns(0, []float32{widgets.Wide, 1}, widgets.Space(0, 0), widgets.NewBox(widgets.Line, 0))
	// Laid over the rest: the keyboard comes to it behind the pages.
	menu := container.NewBorder(widgets.Pad(14, 12, 0, 0, widgets.Row(0, []float32{widgets.Wide, 0}, widgets.Space(0, 0), f.menu())), nil, nil, nil)
	return widgets.Stack(widgets.NewBox(widgets.Surface, 0), edge, inner, menu)
}

// menu is the sign of what the program offers beside its pages.
func (f *Frame) menu() *widgets.Button {
	return numbermenu.New(func() []numbermenu.Item {
		if f.Menu == nil {
			return nil
		}
		return f.Menu()
	})
}

// Go brings a page to the front; an unknown one is left out.
func (f *Frame) Go(name string) bool {
	for n, page := range f.pages {
		if page.Name != name {
			continue
		}
		if f.page != name {
			f.Calm("", "")
			f.leave()
		}
		f.page = name
		f.hovers.Leave()
		f.places.Turn(n)
		f.head.Show()
		f.title.Set(f.text.T("page." + name))
		for other, item := range f.nav {
			item.setOn(other == name)
		}
		f.center.Objects = []fyne.CanvasObject{page.Object}
		f.center.Refresh()
		f.action.Objects = nil
		if page.Action != nil {
			f.action.Objects = []fyne.CanvasObject{page.Action}
		}
		f.action.Refresh()
		f.dialler.SetKind(widgets.Primary)
		if page.Filled {
			f.dialler.SetKind(widgets.Plain)
		}
		f.showSide()
		if page.Shown != nil {
			page.Shown()
		}
		f.Refresh()
		return true
	}
	return false
}

// HoverLayer is where words are shown whole that were cut.
func (f *Frame) HoverLayer() *hovercard.Layer { return f.hovers }

// Page is the name of the page in front.
func (f *Frame) Page() string { return f.page }

// SetSide shows a card at the right, or none.
func (f *Frame) SetSide(object fyne.CanvasObject) {
	f.card = object != nil
	if f.card {
		edge := widgets.Columns(0, []float32{1, widgets.Wide}, widgets.NewBox(widgets.Line, 0), widgets.Space(0, 0))
		f.side.Objects = []fyne.CanvasObject{widgets.NewBox(widgets.Surface, 0), edge, object}
	}
	f.showSide()
	f.side.Refresh()
	f.body.Refresh()
}

// headRoom is how wide the head must be for a title, a page's own buttons and the whole dialler's.
const headRoom float32 = 520

// headLeast is how wide the head is taken to be before the window has a size.
const headLeast float32 = 420

// Resize is Fyne's.
func (f *Frame) Resize(size fyne.Size) {
	f.BaseWidget.Resize(size)
	f.fitHead()
}

// room is how wide the head is.
func (f *Frame) room() float32 {
	room := f.Size().Width - theme.Rail
	if f.side.Visible() {
		room -= theme.Panel
	}
	return max(room, headLeast)
}

// fitHead lets the dialler's button give way to the title.
func (f *Frame) fitHead() {
	room := f.room()
	if f.practice.fit(room) {
		f.body.Refresh()
	}
	words := f.text.T("call.button")
	if room < headRoom {
		words = f.text.T("act.call")
	}
	if f.dialler.Label != words {
		f.dialler.SetLabel(words)
		f.body.Refresh()
	}
}

// showSide shows the open card beside the pages that have room for it.
func (f *Frame) showSide() {
	f.side.Hide()
	for _, page := range f.pages {
		if f.card && page.Name == f.page && page.Card {
			f.side.Show()
		}
	}
	f.fitHead()
}

// SetCount shows how much waits on a page.
func (f *Frame) SetCount(page string, n int) {
	if item := f.nav[page]; item != nil {
		item.setCount(n)
	}
}

// SetState shows the person and the connection.
func (f *Frame) SetState(state session.State) {
	f.person.show(state, f.text)
	f.banner.Objects = nil
	words := ""
	switch state.Connection {
	case session.Lost:
		words = f.text.T("conn.banner", "clock", f.text.Clock(state.Since.Local()))
		var foreign *client.ForeignAnswer
		if errors.As(state.Err, &foreign) && !foreign.Away() {
			words = f.text.T("conn.foreign", "clock", f.text.Clock(state.Since.Local()), "code", foreign.Status)
		}
	case session.Connecting:
		words = f.text.T("conn.banner_now")
	}
	var rows []fyne.CanvasObject
	if state.Practice != "" {
		rows = append(rows, f.practice.show(f, state.Practice))
	}
	if words != "" {
		rows = append(rows, widgets.Stack(widgets.NewBox(widgets.ToneSoft(theme.ToneHold), 0),
			widgets.Pad(8, theme.Side, 8, theme.Side, widgets.NewLabel(words, theme.Small, widgets.ToneInk(theme.ToneHold)))))
	}
	if len(rows) > 0 {
		f.banner.Objects = []fyne.CanvasObject{widgets.Column(1, rows...)}
	}
	f.banner.Refresh()
	f.body.Refresh()
}

// Tell shows a sentence at the foot; an empty one takes it away.
func (f *Frame) Tell(sentence string) {
	f.toldAt.Objects, f.offered = nil, nil
	if sentence != "" {
		f.told.Set(sentence)
		close := widgets.NewButton("×", widgets.Quiet, func() { f.Tell("") })
		f.toldAt.Objects = []fyne.CanvasObject{widgets.Pad(8, theme.Side, 12, theme.Side, widgets.Stack(
			widgets.NewBox(widgets.Raised, theme.RadiusPanel).Outlined(widgets.Line),
			widgets.Pad(8, 8, 8, theme.Inset, widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, f.told, close))))}
	}
	f.toldAt.Refresh()
	f.body.Refresh()
}

// Told is how to take away what stands at the foot now; it answers false when that has gone or changed.
func (f *Frame) Told() (withdraw func() bool) {
	shown := f.toldAt.Objects
	return func() bool {
		if len(shown) == 0 || len(f.toldAt.Objects) == 0 || f.toldAt.Objects[0] != shown[0] {
			return false
		}
		f.Tell("")
		return true
	}
}

// Offer shows a sentence at the foot with one thing to do about it; the returned function takes it
// away, if it still stands there.
func (f *Frame) Offer(sentence, act string, do func()) (withdraw func()) {
	offer := widgets.NewButton(act, widgets.Soft, nil)
	words := widgets.NewLabel(sentence, theme.Body, widgets.InkNormal)
	f.told.Set("")
	shown := []fyne.CanvasObject{widgets.Pad(8, theme.Side, 12, theme.Side, widgets.Stack(
		widgets.NewBox(widgets.Raised, theme.RadiusPanel).Outlined(widgets.Line),
		widgets.Pad(8, 8, 8, theme.Inset, widgets.Row(theme.Gap, []float32{widgets.Wide, 0, 0}, words, offer,
			widgets.NewButton("×", widgets.Quiet, func() { f.Tell("") })))))}
	f.toldAt.Objects = shown
	away := f.Told()
	withdraw = func() { away() }
	offer.OnTap = func() { withdraw(); do() }
	f.offered = offer
	f.toldAt.Refresh()
	f.body.Refresh()
	return withdraw
}

// PressOffer presses what Offer shows, if anything stands there.
func (f *Frame) PressOffer() bool {
	if f.offered == nil || len(f.toldAt.Objects) == 0 {
		return false
	}
	f.offered.Tapped(nil)
	return true
}

// personView is who is signed in, at the foot of the rail.
type personView struct {
	widget.BaseWidget
	face    *widgets.Avatar
	name    *widgets.Label
	state   *widgets.Label
	dot     *widgets.Dot
	content fyne.CanvasObject
}

func newPerson() *personView {
	p := &personView{
		face: widgets.NewAvatar("", theme.ToneAccent, 32), name: widgets.NewBold("", theme.Body, widgets.InkNormal),
		state: widgets.NewLabel("", theme.Caption, widgets.InkMuted), dot: widgets.NewDot(theme.ToneMuted, false),
	}
	p.ExtendBaseWidget(p)
	words := widgets.Column(0, p.name, widgets.Row(5, []float32{0, widgets.Wide}, p.dot, p.state))
	p.content = widgets.Row(theme.Gap, []float32{32, widgets.Wide}, p.face, hovercard.Over(words))
	return p
}

// CreateRenderer is Fyne's.
func (p *personView) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.content) }

func (p *personView) show(state session.State, text *i18n.Text) {
	p.face.Set(present.Initials(state.Me.Name), theme.ToneAccent)
	p.name.Set(present.ShortName(state.Me.Name))
	tone := theme.ToneHold
	if state.Connection == session.Live {
		tone = theme.ToneRing
	}
	words := text.T("conn." + string(state.Connection))
	if state.Connection == session.Live && state.Me.Extension != "" {
		words += " · " + text.T("conn.ext", "ext", state.Me.Extension)
	}
	p.dot.Set(tone)
	p.state.Ink = widgets.ToneInk(tone)
	p.state.Text = words
	p.state.Refresh()
}
