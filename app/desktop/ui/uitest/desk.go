package uitest

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/settings"
	choices "dozvon/app/desktop/ui/settings/program"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Tall is a window in which the whole of the telephony page is seen.
var Tall = fyne.NewSize(980, 1900)

func LightApp(t *testing.T) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.LightChoice))
}

// Clock stands in for the program and runs what it was asked to do later when told so.
type Clock struct {
	Program
	Later *[]func()
}

func (c Clock) After(_ time.Duration, do func()) { *c.Later = append(*c.Later, do) }

// SettingsHost is what the settings ask: of the made-up school, and of a program with its clock.
type SettingsHost struct {
	*Host
	Chooser
}

type Chooser interface {
	choices.Program
	After(wait time.Duration, do func())
}

// After is the program's: both have a clock.
func (s SettingsHost) After(wait time.Duration, do func()) { s.Chooser.After(wait, do) }

// Settings is what the settings ask, of a program that keeps nothing.
func Settings(h *Host) SettingsHost { return SettingsHost{h, Program{}} }

// Desk is the settings of somebody at a made-up school.
type Desk struct {
	*Host
	T     *testing.T
	View  *settings.View
	State settings.State
	Later []func()
	// Living is what the system says, for those who ask.
	Living Living
}

func NewDesk(t *testing.T, me client.Employee) *Desk {
	t.Helper()
	LightApp(t)
	d := &Desk{Host: NewHostFor(t, i18n.Russian, me), T: t}
	d.View = d.Made()
	test.NewTempWindow(t, d.View).Resize(Tall)
	return d
}

// Made is the page with the state that it had.
func (d *Desk) Made() *settings.View {
	return settings.New(SettingsHost{d.Host, Clock{Program{&d.Living}, &d.Later}}, &d.State)
}

// Press taps the button with these words.
func (d *Desk) Press(words string) {
	d.T.Helper()
	b := Buttons(d.View, map[string]*widgets.Button{})[words]
	if b == nil {
		d.T.Fatalf("no button %q among %q", words, d.Says())
	}
	test.Tap(b)
}

// Pick presses the row that begins with these words.
func (d *Desk) Pick(words string) {
	d.T.Helper()
	PickRow(d.T, d.View, words)
}

// PickRow presses the row under whose area these words stand.
func PickRow(t *testing.T, object fyne.CanvasObject, words string) {
	t.Helper()
	driver := fyne.CurrentApp().Driver()
	var named []fyne.CanvasObject
	for _, l := range All[*widgets.Label](object) {
		if l.Text == words {
			named = append(named, l)
		}
	}
	for _, p := range All[*widgets.Paragraph](object) {
		if p.Text == words {
			named = append(named, p)
		}
	}
	for _, name := range named {
		at := driver.AbsolutePositionForObject(name)
		for _, row := range All[*widgets.Pick](object) {
			from := driver.AbsolutePositionForObject(row)
			if to := from.Add(row.Size()); at.X >= from.X && at.Y >= from.Y && at.X < to.X && at.Y < to.Y {
				row.Tapped(nil)
				return
			}
		}
	}
	t.Fatalf("no row %q in\n%s", words, Readable(object))
}

// All finds every object of a kind under the view, in its order on the page.
func All[T fyne.CanvasObject](object fyne.CanvasObject) []T {
	var out []T
	if !object.Visible() {
		return nil
	}
	if found, ok := object.(T); ok {
		out = append(out, found)
	}
	switch o := object.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			out = append(out, All[T](child)...)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			out = append(out, All[T](child)...)
		}
	}
	return out
}

// Readable is everything that can be read, for looking for a sentence.
func Readable(object fyne.CanvasObject) string {
	var out []string
	for _, l := range All[*widgets.Label](object) {
		out = append(out, l.Text)
	}
	for _, p := range All[*widgets.Paragraph](object) {
		out = append(out, p.Text)
	}
	for _, b := range All[*widgets.Button](object) {
		out = append(out, b.Label)
	}
	return strings.Join(out, "\n")
}

func (d *Desk) Says() string { return Readable(d.View) }

func (d *Desk) Wants(words ...string) {
	d.T.Helper()
	for _, one := range words {
		if !strings.Contains(d.Says(), one) {
			d.T.Errorf("the page does not say %q; it says\n%s", one, d.Says())
		}
	}
}

// Toggle finds a switch by its place on the page.
func (d *Desk) Toggle(n int) *widgets.Toggle { return All[*widgets.Toggle](d.View)[n] }

func (d *Desk) Entry(n int) *widgets.Entry { return All[*widgets.Entry](d.View)[n] }

// LastTold is the last change that the server heard of.
func (d *Desk) LastTold() string {
	if len(d.School.Told) == 0 {
		return ""
	}
	return d.School.Told[len(d.School.Told)-1]
}

func (d *Desk) WantsTold(want string) {
	d.T.Helper()
	if got := d.LastTold(); got != want {
		d.T.Errorf("the server heard\n%s, want\n%s", got, want)
	}
}
