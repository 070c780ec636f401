// Package signin draws the sign-in window: server, login, password, and in words what
// went wrong. Whether the words are right is the session's business.
package signin

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

type ink = color.NRGBA

// width of the form.
const width float32 = 340

// View is the form. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	text                    *i18n.Text
	server, login, password *widgets.Entry
	problem                 *widgets.Paragraph
	exposed                 *widgets.Paragraph // that others can listen in
	button                  *widgets.Button
	submit                  func(server, login, password string)
	content                 fyne.CanvasObject
}

// New is a form with what is remembered filled in.
func New(text *i18n.Text, server, login string, submit func(server, login, password string)) *View {
	v := &View{text: text, submit: submit}
	v.ExtendBaseWidget(v)
	v.server, v.login = widgets.NewEntry("https://phone.school.ru"), widgets.NewEntry("")
	v.password = widgets.NewPassword("")
	v.server.SetText(server)
	v.login.SetText(login)
	v.problem = widgets.NewParagraph("", theme.Small, width, 6, widgets.ToneInk(theme.ToneMiss))
	v.exposed = widgets.NewParagraph("", theme.Small, width, 6, widgets.ToneInk(theme.ToneHold))
	v.server.OnChanged = func(string) { v.warn() }
	v.button = widgets.NewButton(text.T("act.sign_in"), widgets.Primary, v.try)
	for _, entry := range []*widgets.Entry{v.server, v.login, v.password} {
		entry.OnSubmitted = func(string) { v.try() }
	}
	field := func(key string, entry *widgets.Entry) fyne.CanvasObject {
		return widgets.Column(4, widgets.NewLabel(text.T(key), theme.Caption, widgets.InkMuted), widgets.Field(entry))
	}
	logo := widgets.Row(10, []float32{28, widgets.Wide}, Logo(), widgets.NewBold(text.T("sign.title"), theme.Title, widgets.InkNormal))
	form := widgets.Column(12, logo,
		widgets.NewParagraph(text.T("sign.lead"), theme.Body, width, 3, widgets.InkMuted),
		field("sign.server", v.server), v.exposed, field("sign.login", v.login), field("sign.password", v.password),
		v.problem, v.button)
	v.content = widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Middle(widgets.Stack(
		widgets.NewBox(widgets.Surface, theme.RadiusPanel).Outlined(widgets.Line),
		widgets.Pad(24, 24, 24, 24, widgets.Sized(form, width, 0)))))
	v.warn()
	return v
}

// warn says so when the password would go over the network for all to read.
func (v *View) warn() {
	words := ""
	if session.Exposed(v.server.Text) {
		words = v.text.T("sign.exposed")
	}
	v.exposed.Set(words)
	if words == "" {
		v.exposed.Hide()
	} else {
		v.exposed.Show()
	}
	v.Refresh()
}

// Logo is the program's mark.
func Logo() fyne.CanvasObject {
	letter := widgets.NewBold("Д", theme.Heading, func(p theme.Palette) ink { return p.OnAccent })
	return widgets.Stack(widgets.NewBox(func(p theme.Palette) ink { return p.Primary }, theme.RadiusButton),
		widgets.Sized(letter.Aligned(fyne.TextAlignCenter), 28, 28))
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.content) }

func (v *View) try() {
	if v.server.Text == "" || v.login.Text == "" || v.password.Text == "" {
		v.Tell(v.text.T("sign.need"))
		return
	}
	v.Tell("")
	v.button.SetLabel(v.text.T("sign.busy"))
	v.button.SetEnabled(false)
	v.submit(v.server.Text, v.login.Text, v.password.Text)
}

// Tell shows what went wrong and lets the person try again.
func (v *View) Tell(problem string) {
	v.problem.Set(problem)
	v.button.SetLabel(v.text.T("act.sign_in"))
	v.button.SetEnabled(true)
	v.Refresh()
}

// First is what gets the keyboard: the first empty field.
func (v *View) First() fyne.Focusable {
	switch {
	case v.server.Text == "":
		return v.server
	case v.login.Text == "":
		return v.login
	}
	return v.password
}
