// Package signin draws the first page of who has an account: server, login, password, and in words,
// under the field that it is about, what went wrong. Whether the words are right is the session's business.
package signin

import (
	"errors"
	"image/color"
	"net"
	"net/http"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/asked"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

type ink = color.NRGBA

// width of the form.
const width float32 = 320

// Host is what the form asks of the program.
type Host interface {
	Text() *i18n.Text
	// Greet asks a server whose it is, and tells done on Fyne's goroutine.
	Greet(server string, done func(client.Welcome, error))
	// After runs do on Fyne's goroutine when a while has passed.
	After(wait time.Duration, do func())
	// SignIn tries to sign in; what goes wrong comes by View.Fail.
	SignIn(server, login, password string)
	// SetUp leads to the page of a school's first administrator.
	SetUp(server string)
}

// View is the form. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	host                    Host
	text                    *i18n.Text
	server, login, password *asked.Field
	Greeting                *Greeting
	exposed                 *widgets.Paragraph // that others can listen in
	button                  *widgets.Button
	content                 *fyne.Container
}

// New is a form with what is remembered filled in.
func New(host Host, server, login string) *View {
	text := host.Text()
	v := &View{host: host, text: text}
	v.ExtendBaseWidget(v)
	field := func(key string, entry *widgets.Entry, filled string) *asked.Field {
		entry.SetText(filled)
		entry.OnSubmitted = func(string) { v.try() }
		return asked.New(text.T(key), entry, width)
	}
	v.server = field("sign.server", widgets.NewEntry("phone.school.ru"), server)
	v.login = field("sign.login", widgets.NewEntry(""), login)
	v.password = field("sign.password", widgets.NewPassword(""), "")
	v.exposed = widgets.NewParagraph("", theme.Small, width, 6, widgets.ToneInk(theme.ToneHold))
	v.Greeting = NewGreeting(host, v.server, v.settle)
	v.server.OnChanged = func(string) { v.Greeting.Typed(); v.warn() }
	v.login.OnChanged = func(string) { v.password.Say(theme.ToneMiss, ""); v.settle() }
	v.password.OnChanged = v.login.OnChanged
	v.button = widgets.NewButton(text.T("act.sign_in"), widgets.Primary, v.try)
	setUp := widgets.NewButton(text.T("sign.administrator"), widgets.Link, func() { v.host.SetUp(v.server.Text) })
	form := widgets.Column(12,
		widgets.Row(0, nil, widgets.Sized(BigLogo(), 48, 48)),
		widgets.Column(0, widgets.Pad(8, 0, 0, 0, widgets.NewBold(text.T("sign.title"), theme.Title, widgets.InkNormal)),
			widgets.NewParagraph(text.T("sign.lead"), theme.Body, width, 3, widgets.InkMuted)),
		widgets.Pad(8, 0, 0, 0, v.server.Object), v.exposed, v.login.Object, v.password.Object,
		widgets.Pad(8, 0, 0, 0, widgets.Sized(v.button, width, 40)), setUp)
	v.content = widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Middle(widgets.Stack(
		widgets.NewBox(widgets.Surface, theme.RadiusPanel).Outlined(widgets.Line),
		widgets.Pad(32, 76, 24, 76, widgets.Sized(form, width, 0)))))
	v.warn()
	v.Greeting.Ask()
	return v
}

// settle lays the form out after a sentence came or went.
func (v *View) settle() { v.content.Refresh() }

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
	v.settle()
}

// Logo is the program's mark.
func Logo() fyne.CanvasObject { return logo(28, theme.Heading, theme.RadiusButton) }

// BigLogo is the mark of the first page.
func BigLogo() fyne.CanvasObject { return logo(48, 24, 12) }

func logo(side, size, radius float32) fyne.CanvasObject {
	letter := widgets.NewBold("Д", size, func(p theme.Palette) ink { return p.OnAccent })
	return widgets.Stack(widgets.NewBox(func(p theme.Palette) ink { return p.Primary }, radius),
		widgets.Sized(letter.Aligned(fyne.TextAlignCenter), side, side))
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.content) }

func (v *View) try() {
	lacks := false
	for _, field := range []*asked.Field{v.server, v.login, v.password} {
		if strings.TrimSpace(field.Text) == "" {
			field.Say(theme.ToneMiss, v.text.T("sign.empty"))
			lacks = true
		}
	}
	v.settle()
	if lacks || !v.button.Enabled() {
		return
	}
	v.Tell("")
	v.button.SetLabel(v.text.T("sign.busy"))
	v.button.SetEnabled(false)
	v.host.SignIn(v.server.Text, strings.TrimSpace(v.login.Text), v.password.Text)
}

// Tell shows what is wrong with the account or its password, and lets the person try again.
func (v *View) Tell(problem string) {
	v.password.Say(theme.ToneMiss, problem)
	v.again()
}

// Fail shows under its field why nobody was signed in, and lets the person try again.
func (v *View) Fail(err error) {
	if AboutServer(err) {
		v.server.Say(theme.ToneMiss, Explain(err, v.text))
		v.again()
		return
	}
	v.Tell(ui.Explain(err, v.text))
}

func (v *View) again() {
	v.button.SetLabel(v.text.T("act.sign_in"))
	v.button.SetEnabled(true)
	v.settle()
}

// AboutServer tells whether the server's address, or the way to it, is what was wrong: then there was
// no answer of ours.
func AboutServer(err error) bool {
	var problem *client.Problem
	return err != nil && !errors.As(err, &problem)
}

// Older tells whether the server does not know what it was asked, as one of before 0.6.0.
func Older(err error) bool {
	var foreign *client.ForeignAnswer
	return errors.As(err, &foreign) && foreign.Status == http.StatusNotFound
}

// Explain puts in words why a server does not answer.
func Explain(err error, text *i18n.Text) string {
	var unknown *net.DNSError
	if errors.As(err, &unknown) && unknown.IsNotFound {
		return text.T("sign.no_such_address")
	}
	return ui.Explain(err, text)
}

// First is what gets the keyboard: the first empty field.
func (v *View) First() fyne.Focusable {
	switch {
	case v.server.Text == "":
		return v.server.Entry
	case v.login.Text == "":
		return v.login.Entry
	}
	return v.password.Entry
}

// EndedWords tells why the server ended the session, in its own words where it gave any.
func EndedWords(why error, text *i18n.Text) string {
	var problem *client.Problem
	if errors.As(why, &problem) && problem.Detail != "" {
		return problem.Detail
	}
	return text.T("sign.expired")
}
