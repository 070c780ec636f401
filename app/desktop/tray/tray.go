package tray

import (
	"fmt"
	"log/slog"
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/systray"

	"dozvon/app/desktop/i18n"
)

// Actions are what the menu can do.
type Actions struct {
	Open, Dial, Missed, Quit func()
	DoNotDisturb             func(on bool)
	// Practice begins practice calls or ends them; Help opens the help.
	Practice, Help func()
}

// Menu is what the menu says.
type Menu struct {
	Missed int
	// Quiet tells that nobody is to be disturbed, Practising that practice calls go on.
	Quiet, Practising bool
}

// Tray is the icon with its menu. All methods belong on Fyne's goroutine.
type Tray struct {
	app     desktop.App
	actions Actions
	menu    *fyne.Menu
	items   []*fyne.MenuItem
	state   State
	missed  int
	words   string
}

// New puts the icon up, or returns nil where the driver has no tray. It must be called
// before the app runs.
func New(app fyne.App, text *i18n.Text, actions Actions) *Tray {
	host, ok := app.(desktop.App)
	if !ok {
		slog.Warn("no tray icon: the driver has none")
		return nil
	}
	t := &Tray{app: host, actions: actions}
	t.items = []*fyne.MenuItem{
		fyne.NewMenuItem("", actions.Open), fyne.NewMenuItem("", actions.Dial), fyne.NewMenuItem("", actions.Missed),
		fyne.NewMenuItem("", nil), fyne.NewMenuItemSeparator(), fyne.NewMenuItem("", actions.Practice), fyne.NewMenuItem("", actions.Help),
		fyne.NewMenuItemSeparator(), fyne.NewMenuItem("", actions.Quit),
	}
	t.items[3].Action = func() { actions.DoNotDisturb(!t.items[3].Checked) }
	// Without IsQuit Fyne adds a second entry of its own.
	t.items[quit].IsQuit = true
	t.menu = fyne.NewMenu("Dozvon", t.items...)
	t.label(text, Menu{})
	if runtime.GOOS != "windows" {
		// There the icon exists only after the menu was set; until Show draws a state it is the program's own.
		host.SetSystemTrayIcon(resource(Offline, 0))
	}
	host.SetSystemTrayMenu(t.menu)
	systray.SetOnTapped(func() { fyne.Do(actions.Open) })
	return t
}

func resource(state State, missed int) fyne.Resource {
	return fyne.NewStaticResource(fmt.Sprintf("tray-%s-%d.png", state, min(missed, 10)), Draw(state, missed))
}

// The items that are named below; the separators are not.
const (
	practice = 5
	help     = 6
	quit     = 8
)

func (t *Tray) label(text *i18n.Text, menu Menu) {
	t.items[0].Label, t.items[1].Label = text.T("tray.open"), text.T("tray.dial")
	t.items[2].Label = text.T("tray.missed", "n", menu.Missed)
	t.items[3].Label, t.items[3].Checked = text.T("tray.dnd"), menu.Quiet
	t.items[practice].Label = text.T("practice.begin")
	if menu.Practising {
		t.items[practice].Label = text.T("practice.end")
	}
	t.items[help].Label, t.items[quit].Label = text.T("help.open"), text.T("tray.quit")
}

// Show draws a state; nothing happens when it is shown already, as each change of the
// menu makes the panel read all of it anew.
func (t *Tray) Show(state State, menu Menu, tooltip string, text *i18n.Text) {
	if state != t.state || menu.Missed != t.missed {
		t.app.SetSystemTrayIcon(resource(state, menu.Missed))
		systray.SetTooltip(tooltip)
	}
	words := fmt.Sprint(text.Lang(), menu)
	if words != t.words {
		t.label(text, menu)
		t.menu.Refresh()
	}
	t.state, t.missed, t.words = state, menu.Missed, words
}
