package uitest

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Hold makes keys count as held down beside those that are typed, until the function it returns is called.
func Hold(t *testing.T, held fyne.KeyModifier) (release func()) {
	t.Helper()
	app := fyne.CurrentApp()
	fyne.SetCurrentApp(holding{app, heldDriver{app.Driver(), held}})
	release = func() { fyne.SetCurrentApp(app) }
	t.Cleanup(release)
	return release
}

type holding struct {
	fyne.App
	driver fyne.Driver
}

// Driver is Fyne's.
func (h holding) Driver() fyne.Driver { return h.driver }

type heldDriver struct {
	fyne.Driver
	held fyne.KeyModifier
}

var _ desktop.Driver = heldDriver{}

// CreateSplashWindow is Fyne's.
func (heldDriver) CreateSplashWindow() fyne.Window { return nil }

// CurrentKeyModifiers is Fyne's.
func (d heldDriver) CurrentKeyModifiers() fyne.KeyModifier { return d.held }
