package firststart

import (
	"time"

	"dozvon/app/desktop/model"
	"dozvon/client"
)

type stepNumber int

const (
	stepAccount stepNumber = iota
	stepPBX
	stepCall
)

// State is what outlasts the page's widgets: which step is open, and what was typed and told.
type State struct {
	step stepNumber

	server, code, name, login, password string
	me                                  client.Employee // once there is the account
	renaming                            bool

	kinds     []client.PBXKind
	chosen    int               // of what is offered
	fields    map[string]string // what was typed, by credential
	extension string
	made      client.Integration // once it is connected; its id is empty before
	former    []string           // connected before another kind was chosen

	since  time.Time  // since when, by this computer's clock, the first call is waited for
	mark   model.Mark // where the stream stood then
	event  bool       // the PBX has told something since
	call   bool       // the server knew a call
	seen   bool       // it stood on this screen
	checks []client.Check
}

// NewState begins with the account; the server's address may be known.
func NewState(server string) *State {
	return &State{server: server, fields: map[string]string{}}
}

// Begun goes on with the PBX, as somebody who now has the first account.
func (s *State) Begun(me client.Employee) {
	s.me, s.step, s.code, s.password = me, stepPBX, "", ""
}

// Of tells whether it is this person who sets the school up.
func (s *State) Of(me client.Employee) bool { return s.me.ID == me.ID }

// HasAccount tells that the first step is done, so that nobody signed in means the end of this page.
func (s *State) HasAccount() bool { return s.step > stepAccount }
