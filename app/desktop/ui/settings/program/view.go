// Package program draws the part of the settings about the program and one's own account: language,
// colours, quiet, how it lives in the system, the password, where one is signed in, and what the program is. The
// choices are the program's to keep.
package program

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/config"
	"dozvon/app/desktop/links"
	"dozvon/app/desktop/release"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
)

// Program is what the part may change of the program itself.
type Program interface {
	Config() config.Config
	SetConfig(config.Config)
	State() session.State
	SignOut()
	System
}

// System is how the program lives in the operating system. A change runs beside Fyne's goroutine, and then
// done on it.
type System interface {
	// Autostart tells whether the system starts the program at log-on.
	Autostart() (bool, error)
	SetAutostart(on bool, done func(error))
	// Links tells what the system knows of the program and links; links.ErrBundle where it asks nobody.
	Links() (links.State, error)
	SetLinks(on bool, done func(error))
	// ChooseLinks makes the program the one that opens the links, or opens the system's settings for it.
	ChooseLinks(done func(error))
	// Release is what is known of versions.
	Release() release.Release
	// OpenRelease opens the page of a newer version.
	OpenRelease()
	// HotkeyRefused tells why the combination of keys of a setting, such as config.Hotkey, is not heard; nil when
	// it is, or none is chosen.
	HotkeyRefused(setting string) error
}

// State is what is being typed for a new password.
type State struct {
	Changing bool // the form is open
	Old, New string
}

// View is the part.
type View struct {
	host    ui.Base
	program Program
	page    panel.Surface
	state   *State
	own     *own
	system  *system
}

// New is the part with what was being typed on it.
func New(host ui.Base, program Program, page panel.Surface, state *State) *View {
	v := &View{host: host, program: program, page: page, state: state}
	v.own, v.system = newOwn(v), &system{v: v}
	return v
}

// Load reads anew where one is signed in, and what the system's own settings may have changed.
func (v *View) Load() {
	v.own.sessions.Load()
	v.system.load()
}

// OpenPassword opens the form for a new password of one's own.
func (v *View) OpenPassword() { v.own.open() }

// Objects is the part as it stands now.
func (v *View) Objects() []fyne.CanvasObject {
	return append(append([]fyne.CanvasObject{v.choices(), v.system.box()}, v.own.boxes()...), v.about())
}
