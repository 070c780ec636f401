package theme_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/theme"
)

// moving counts the animations that are started.
type moving struct {
	fyne.App
	driver countingDriver
}

type countingDriver struct {
	fyne.Driver
	started *int
}

func (d countingDriver) StartAnimation(*fyne.Animation) { *d.started++ }

func (m moving) Driver() fyne.Driver { return m.driver }

// TestStill_aFieldWithTheKeyboardMovesNothing and shows its cursor nevertheless.
func TestStill_aFieldWithTheKeyboardMovesNothing(t *testing.T) {
	app := test.NewTempApp(t)
	started := 0
	watched := moving{app, countingDriver{app.Driver(), &started}}
	fyne.SetCurrentApp(watched)
	t.Cleanup(func() { fyne.SetCurrentApp(app) })
	begins := func() int {
		started = 0
		entry := widget.NewEntry()
		w := test.NewTempWindow(t, entry)
		w.Canvas().Focus(entry)
		return started
	}
	if begins() == 0 {
		t.Fatal("no cursor was animated, so this test sees none")
	}
	theme.Still(watched)
	if n := begins(); n != 0 {
		t.Errorf("%d animations started", n)
	}
}
