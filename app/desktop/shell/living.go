package shell

import (
	"errors"
	"log/slog"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/autostart"
	"dozvon/app/desktop/config"
	"dozvon/app/desktop/hotkey"
	"dozvon/app/desktop/links"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/release"
	"dozvon/client"
)

// living is how the program lives in the operating system, see program.System.
type living struct{ a *App }

func livingOf(a *App) living { return living{a} }

// settingsHost is what the page of settings asks of the program.
type settingsHost struct {
	*App
	living
}

// begin sees to what the system knows of the program, as it starts.
func (l living) begin() {
	l.listen()
	if combination, refused := l.hotkey(config.Hotkey); errors.Is(refused, hotkey.ErrTaken) {
		l.a.Tell(l.a.text.T("sys.hotkey_taken", "keys", combination))
	}
	platform.RestartAfterUpdates("--" + autostart.Flag)
	go func() {
		entry, err := autostart.System()
		if err == nil {
			err = autostart.Repair(entry)
		}
		if err != nil {
			slog.Warn("autostart not looked after", "error", err)
		}
		handler, err := links.System()
		if err == nil {
			err = links.Repair(handler)
		}
		if err != nil {
			slog.Info("links not looked after", "error", err)
		}
	}()
}

// listen takes the chosen combinations of keys into use. One that another program has is asked for anew at every
// change of the settings.
func (l living) listen() {
	on := func(setting string, do func()) hotkey.Wanted {
		combination, _ := l.hotkey(setting)
		return hotkey.Wanted{For: setting, Combination: combination, Pressed: func() {
			fyne.Do(do)
			l.a.rest.Rouse()
		}}
	}
	l.a.hotkeys.Hear(on(config.Hotkey, callsOf(l.a).clipboard), on(config.CardHotkey, l.toCards))
	for _, setting := range []string{config.Hotkey, config.CardHotkey} {
		if combination, refused := l.hotkey(setting); refused != nil {
			slog.Warn("combination of keys not heard", "setting", setting, "combination", combination, "error", refused)
		}
	}
}

// toCards gives the keyboard to the call cards; without any, to the main window.
func (l living) toCards() {
	if l.a.cards == nil || !l.a.cards.TakeKeys() {
		l.a.Show()
	}
}

// hotkey is the combination of a setting, and why it is not heard.
func (l living) hotkey(setting string) (combination string, refused error) {
	combination = l.a.cfg.Hotkey
	if setting == config.CardHotkey {
		combination = l.a.cfg.CardHotkey
	}
	return combination, l.a.hotkeys.Refused(setting)
}

// HotkeyRefused tells why a chosen combination is not heard.
func (l living) HotkeyRefused(setting string) error { return l.a.hotkeys.Refused(setting) }

// Autostart tells whether the system starts the program at log-on.
func (l living) Autostart() (bool, error) {
	entry, err := autostart.System()
	if err != nil {
		return false, err
	}
	return entry.On()
}

// SetAutostart has the system start the program at log-on, or not any more.
func (l living) SetAutostart(on bool, done func(error)) {
	l.run(func() error {
		entry, err := autostart.System()
		if err != nil {
			return err
		}
		return entry.Set(on)
	}, done)
}

// Links tells what the system knows of the program and links.
func (l living) Links() (links.State, error) {
	handler, err := links.System()
	if err != nil {
		return links.State{}, err
	}
	return handler.State()
}

// SetLinks makes the program known for links, or undoes it.
func (l living) SetLinks(on bool, done func(error)) {
	l.run(func() error {
		handler, err := links.System()
		if err != nil {
			return err
		}
		return handler.Set(on)
	}, done)
}

// ChooseLinks makes the program the one that opens the links, or opens the system's settings for it.
func (l living) ChooseLinks(done func(error)) { l.run(links.Choose, done) }

// Release is what is known of versions.
func (l living) Release() release.Release {
	out := l.a.release
	out.Own = l.a.opts.Version
	return out
}

// OpenRelease opens the page of a newer version.
func (l living) OpenRelease() { l.a.OpenURL(l.Release().Link()) }

// released follows what the server tells of itself, and says once of each version that it is out.
func (l living) released(hello client.Hello) {
	before := l.a.release
	l.a.release = release.Release{Server: hello.ServerVersion, URL: hello.AppURL}
	now := l.Release()
	if !now.Newer() || before.Server == now.Server || l.a.frame == nil {
		return
	}
	if now.Link() != "" {
		l.a.frame.Offer(l.a.text.T("release.newer", "version", now.Server), l.a.text.T("release.get"), l.OpenRelease)
		return
	}
	l.a.Tell(l.a.text.T("release.ask", "version", now.Server))
}

// run does what may take the system a while off Fyne's goroutine, and tells on it.
func (l living) run(do func() error, done func(error)) {
	go func() {
		err := do()
		if err != nil && !errors.Is(err, links.ErrBundle) {
			slog.Warn("system's settings not changed", "error", err)
		}
		fyne.Do(func() { done(err) })
	}()
}
