// Package firststart draws the page of a school's first administrator: their account by the server's
// one-time code, the PBX, the first call. One step is open; those before it stand in one line, those
// after it tell what comes. What is kept is the server's; what is typed lives in a state.
package firststart

import (
	"image/color"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Sizes of the page, as designed.
const (
	width  float32 = 556
	number float32 = 28
	gap    float32 = 16
	inner          = width - number - gap
)

// Host is what the page asks of the program.
type Host interface {
	ui.Base
	After(wait time.Duration, do func())
	Copy(text string)
	// Greet asks a server whose it is.
	Greet(server string, done func(client.Welcome, error))
	// Begin makes the first account at a server and signs in. When that worked the page is made anew, with
	// the next step open; done hears of what went wrong.
	Begin(server string, in client.FirstAccount, done func(error))
	// HaveLogin leads back to the page for those who have an account.
	HaveLogin()
	// Finish leads to the program.
	Finish()
}

// step is one of the three.
type step interface {
	title() string
	// done is what stands of a step that is behind, and what leads back to it, if anything does.
	done() (what fyne.CanvasObject, change *widgets.Button)
	// ahead tells what the step will be about.
	ahead() string
	// open is what the step asks for.
	open() fyne.CanvasObject
}

// View is the page. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	host    Host
	state   *State
	steps   []step
	account *account
	pbx     *pbx
	call    *firstCall
	rows    *fyne.Container
	scroll  *container.Scroll
	content fyne.CanvasObject
}

// New is the page as the state tells.
func New(host Host, state *State) *View {
	v := &View{host: host, state: state, rows: widgets.Column(0)}
	v.ExtendBaseWidget(v)
	v.account, v.pbx, v.call = newAccount(v), newPBX(v), newFirstCall(v)
	v.steps = []step{v.account, v.pbx, v.call}
	text := host.Text()
	head := widgets.Column(0, widgets.NewBold(text.T("first.title"), theme.Title, widgets.InkNormal),
		widgets.NewParagraph(text.T("first.lead"), theme.Body, width, 2, widgets.InkMuted))
	later := widgets.NewLabel(text.T("first.later"), theme.Caption, widgets.InkMuted)
	foot := widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, later, v.away())
	page := widgets.Sized(widgets.Column(gap, head, v.rows, foot), width, 0)
	v.scroll = container.NewVScroll(widgets.Middle(widgets.Pad(24, 24, 24, 24, widgets.Stack(
		widgets.NewBox(widgets.Surface, theme.RadiusPanel).Outlined(widgets.Line), widgets.Pad(40, 64, 24, 64, page)))))
	v.content = widgets.Stack(widgets.NewBox(widgets.Ground, 0), v.scroll)
	v.draw()
	switch state.step {
	case stepAccount:
		v.account.greeting.Ask()
	case stepPBX:
		v.pbx.load()
	case stepCall:
		v.call.wait()
	}
	return v
}

// away leaves the page.
func (v *View) away() *widgets.Button {
	if v.state.step == stepAccount {
		return widgets.NewButton(v.host.Text().T("first.have_login"), widgets.Link, v.host.HaveLogin)
	}
	return widgets.NewButton(v.host.Text().T("first.to_program"), widgets.Link, v.host.Finish)
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.content) }

// draw draws the steps anew.
func (v *View) draw() {
	v.rows.Objects = nil
	for n, s := range v.steps {
		if n > 0 {
			v.rows.Objects = append(v.rows.Objects, widgets.Rule())
		}
		v.rows.Objects = append(v.rows.Objects, widgets.Pad(gap, 0, gap, 0, v.row(n, s)))
	}
	v.settle()
}

// settle lays the page out after a part of it has grown or shrunk.
func (v *View) settle() {
	v.rows.Refresh()
	v.scroll.Refresh()
}

// reveal scrolls until a field that got the keyboard is seen.
func (v *View) reveal(field fyne.CanvasObject) {
	if v.scroll == nil {
		return
	}
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(field).Y - driver.AbsolutePositionForObject(v.scroll.Content).Y
	bottom := top + field.Size().Height
	at := v.scroll.Offset.Y
	at = max(at, bottom+gap-v.scroll.Size().Height)
	at = min(at, max(0, top-gap))
	if at != v.scroll.Offset.Y {
		v.scroll.ScrollToOffset(fyne.NewPos(0, at))
	}
}

func (v *View) row(n int, s step) fyne.CanvasObject {
	bold := func() fyne.CanvasObject { return widgets.NewBold(s.title(), theme.Heading, widgets.InkNormal) }
	muted := func(words string, size float32) fyne.CanvasObject {
		return widgets.NewParagraph(words, size, inner, 0, widgets.InkMuted)
	}
	row := func(sign fyne.CanvasObject, objects ...fyne.CanvasObject) fyne.CanvasObject {
		return widgets.TopRow(gap, []float32{number, widgets.Wide}, sign, widgets.Column(4, objects...))
	}
	switch {
	case stepNumber(n) < v.state.step:
		what, change := s.done()
		line := widgets.Column(0, bold(), what)
		if change == nil {
			return widgets.Row(gap, []float32{number, widgets.Wide}, widgets.NewAvatar("✓", theme.ToneRing, number), line)
		}
		return widgets.Row(gap, []float32{number, widgets.Wide, 0}, widgets.NewAvatar("✓", theme.ToneRing, number), line, change)
	case stepNumber(n) > v.state.step:
		return row(widgets.NewAvatar(strconv.Itoa(n+1), theme.ToneMuted, number), bold(), muted(s.ahead(), theme.Body))
	}
	sign := widgets.Sized(widgets.Stack(widgets.NewBox(func(p theme.Palette) color.NRGBA { return p.Primary }, number/2),
		widgets.NewBold(strconv.Itoa(n+1), theme.Small, func(p theme.Palette) color.NRGBA { return p.OnAccent }).Aligned(fyne.TextAlignCenter)), number, number)
	return row(sign, bold(), s.open())
}

// First is what gets the keyboard; nil when nothing is typed.
func (v *View) First() fyne.Focusable {
	if v.state.step == stepAccount {
		return v.account.first()
	}
	return nil
}

// Tick looks whether the first call came.
func (v *View) Tick() { v.call.tick() }
