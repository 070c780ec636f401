package shell

import (
	"context"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/sms"
	"dozvon/app/desktop/ui/theme"
	"dozvon/client"
)

func statePath() string { return filepath.Join(platform.StateDir(), "desktop-state.json") }

// Text is the words in use.
func (a *App) Text() *i18n.Text { return a.text }

// Now is the local time.
func (a *App) Now() time.Time { return time.Now() }

// Model is what is known now.
func (a *App) Model() *model.Model { return a.model.Load() }

// Work runs work off Fyne's goroutine and done on it.
func (a *App) Work(work func(ctx context.Context, api *client.API) error, done func(error)) {
	api := a.session.API()
	go func() {
		err := ui.ErrSignedOut
		if api != nil {
			err = work(a.ctx, api)
		}
		if done != nil {
			fyne.Do(func() { done(err) })
		}
	}()
}

// SMS opens the sheet for a message.
func (a *App) SMS(number string, subject *client.Subject) {
	if a.frame != nil {
		a.Show()
		sms.Open(a, a.window.Canvas(), number, subject)
	}
}

// OpenURL hands an address to the system, e.g. to the browser.
func (a *App) OpenURL(address string) {
	to, err := url.Parse(address)
	if err == nil {
		err = a.fyne.OpenURL(to)
	}
	if err != nil {
		slog.Warn("address not opened", "error", err)
		a.Show()
		a.Tell(a.text.T("err.not_opened", "address", address))
	}
}

// Copy puts words on the clipboard.
func (a *App) Copy(words string) { a.fyne.Clipboard().SetContent(words) }

// Tell shows a sentence at the foot of the main window.
func (a *App) Tell(sentence string) {
	a.lastError = sentence
	if a.frame != nil {
		a.frame.Tell(sentence)
		return
	}
	a.untold = strings.TrimSpace(a.untold + " " + sentence)
}

// Show brings the main window to the front.
func (a *App) Show() {
	a.window.Show()
	placingOf(a).settle(!a.visible)
	if a.visible {
		a.window.RequestFocus()
		return
	}
	a.visible = true
	a.dawn.Come()
}

// Hide puts the main window away; the program goes on.
func (a *App) Hide() {
	placingOf(a).follow(true)
	a.places.aim = nil
	a.window.Hide()
	a.visible = false
}

// SetConfig takes a person's choices into use and keeps them.
func (a *App) SetConfig(cfg config.Config) {
	before := a.cfg
	a.cfg = cfg
	if cfg.Theme != before.Theme {
		theme.Use(a.fyne, theme.Choice(cfg.Theme))
	}
	if cfg.Language != before.Language {
		a.text = i18n.New(language(cfg.Language))
		a.session.SetLanguage(string(a.text.Lang()))
	}
	// Pages are made anew: what they have drawn keeps the colours and words of its making.
	if cfg.Language != before.Language || cfg.Theme != before.Theme {
		a.rebuild()
		a.manual.Redraw(a.text)
	}
	livingOf(a).listen()
	a.refresh()
	go func() {
		if err := config.Save(platform.ConfigDir(), cfg); err != nil {
			slog.Warn("settings not kept", "error", err)
		}
	}()
}

// Config is the person's choices.
func (a *App) Config() config.Config { return a.cfg }

func (a *App) setDoNotDisturb(on bool) {
	cfg := a.cfg
	cfg.DoNotDisturb = on
	a.SetConfig(cfg)
}

// After runs do on Fyne's goroutine when a while has passed, unless the program ends before.
func (a *App) After(wait time.Duration, do func()) {
	time.AfterFunc(wait, func() {
		if a.ctx.Err() == nil {
			fyne.Do(do)
		}
	})
}

// State is who is signed in, for the settings.
func (a *App) State() session.State { return a.state }

// SignOut ends the session.
func (a *App) SignOut() {
	go func() {
		if err := a.session.SignOut(a.ctx); err != nil {
			slog.Warn("sign-out not complete", "error", err)
		}
	}()
}
