package uitest

import (
	"testing"
	"time"

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

// Queue keeps what goroutines hand to Fyne's until next runs it, one after another, on the test's.
func Queue(t *testing.T) (next func()) {
	t.Helper()
	app, due := fyne.CurrentApp(), make(chan func(), 1000)
	fyne.SetCurrentApp(holding{app, queueingDriver{app.Driver(), due}})
	t.Cleanup(func() { fyne.SetCurrentApp(app) })
	return func() {
		t.Helper()
		select {
		case do := <-due:
			do()
		case <-time.After(60 * time.Second):
			t.Fatal("nothing more is done")
		}
	}
}

type queueingDriver struct {
	fyne.Driver
	due chan func()
}

// DoFromGoroutine is Fyne's.
func (d queueingDriver) DoFromGoroutine(do func(), _ bool) { d.due <- do }

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
