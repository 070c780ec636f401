// Package program draws the part of the settings about the program and one's own account: language,
// colours, quiet, the password, where one is signed in, and what the program is. The choices are the program's to keep.
package program

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/config"
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
}

// New is the part with what was being typed on it.
func New(host ui.Base, program Program, page panel.Surface, state *State) *View {
	v := &View{host: host, program: program, page: page, state: state}
	v.own = newOwn(v)
	return v
}

// Load reads anew where one is signed in.
func (v *View) Load() { v.own.sessions.Load() }

// OpenPassword opens the form for a new password of one's own.
func (v *View) OpenPassword() { v.own.open() }

// Objects is the part as it stands now.
func (v *View) Objects() []fyne.CanvasObject {
	return append(append([]fyne.CanvasObject{v.choices()}, v.own.boxes()...), v.about())
}
