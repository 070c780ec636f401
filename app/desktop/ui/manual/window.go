// Package manual draws the help in a window of its own, so that what it tells of can be done beside it: the
// places at the left, and the steps of one of them. What it says is the help's.
package manual

import (
	"log/slog"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/help"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// size of the window at first, and of the contents at its left.
var size = fyne.NewSize(780, 640)

const contents float32 = 232

// Manual is the one window of help, which is there while it is open. All methods belong on Fyne's goroutine.
type Manual struct {
	app    fyne.App
	window fyne.Window
	view   *View
}

// New is a manual that is not open.
func New(app fyne.App) *Manual { return &Manual{app: app} }

// Open shows the help of a place, in the window that is there or in a new one.
func (m *Manual) Open(place help.Place, text *i18n.Text) {
	if m.window == nil {
		w := m.app.NewWindow("")
		w.SetPadded(false)
		w.SetOnClosed(func() { m.window, m.view = nil, nil })
		m.window = w
		w.Canvas().SetOnTypedKey(m.key)
		w.Resize(size)
		w.CenterOnScreen()
	}
	m.window.SetTitle(text.T("help.title"))
	m.view = NewView(text)
	m.view.Turn(place)
	m.window.SetContent(m.view)
	m.window.Show()
	m.window.RequestFocus()
}

// Redraw draws an open manual anew, in other words or colours.
func (m *Manual) Redraw(text *i18n.Text) {
	if m.window != nil {
		m.Open(m.view.Place(), text)
	}
}

// IsOpen tells whether it is open: then the program is seen.
func (m *Manual) IsOpen() bool { return m.window != nil }

// Close puts it away.
func (m *Manual) Close() {
	if m.window != nil {
		m.window.Close()
	}
}

func (m *Manual) key(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyEscape, fyne.KeyF1:
		m.Close()
	case fyne.KeyUp:
		m.view.Step(-1)
	case fyne.KeyDown:
		m.view.Step(1)
	}
}

// View is what the window shows. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	text   *i18n.Text
	place  help.Place
	list   *fyne.Container
	title  *widgets.Label
	words  *fyne.Container
	scroll *container.Scroll
	body   fyne.CanvasObject
}

// NewView is an empty page beside the contents.
func NewView(text *i18n.Text) *View {
	v := &View{text: text}
	v.ExtendBaseWidget(v)
	v.list = widgets.Column(2)
	v.title = widgets.NewBold("", theme.Title, widgets.InkNormal)
	v.words = container.New(&prose{})
	v.scroll = container.NewVScroll(v.words)
	places := container.NewVScroll(widgets.Pad(16, 8, 16, 8, v.list))
	page := widgets.Fill(widgets.Pad(20, theme.Side, 8, theme.Side, v.title), widgets.Pad(0, 4, 12, theme.Side, v.scroll), nil)
	v.body = widgets.Stack(widgets.NewBox(widgets.Ground, 0),
		widgets.Columns(0, []float32{contents, widgets.Wide}, places, widgets.Stack(widgets.NewBox(widgets.Surface, 0), page)))
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.body) }

// Place is the one that is told of.
func (v *View) Place() help.Place { return v.place }

// Step goes on by so many places, and stops at the ends.
func (v *View) Step(by int) {
	at := slices.Index(help.Places, v.place) + by
	v.Turn(help.Places[min(max(at, 0), len(help.Places)-1)])
}

// Turn turns to a place.
func (v *View) Turn(place help.Place) {
	page, err := help.Read(place, v.text)
	if err != nil {
		// The pages are embedded, so this is a broken build.
		slog.Error("help not read", "place", place, "error", err)
		return
	}
	v.place = place
	v.title.Set(page.Title)
	v.words.Objects = paragraphs(page.Body)
	v.list.Objects = nil
	for _, one := range help.Places {
		v.list.Add(v.entry(one))
	}
	v.scroll.ScrollToTop()
	v.body.Refresh()
}

// entry is a place in the contents.
func (v *View) entry(place help.Place) fyne.CanvasObject {
	page, err := help.Read(place, v.text)
	if err != nil {
		slog.Error("help not read", "place", place, "error", err)
	}
	ground, ink := widgets.NewBox(widgets.Nothing, theme.RadiusButton), widgets.InkMuted
	if place == v.place {
		ground, ink = widgets.NewBox(widgets.ToneSoft(theme.ToneAccent), theme.RadiusButton), widgets.InkAccent
	}
	return widgets.Stack(ground, widgets.Sized(widgets.Pad(0, 10, 0, 12, widgets.NewBold(page.Title, theme.Body, ink)), 0, 32),
		widgets.NewPick(func() { v.Turn(place) }))
}
