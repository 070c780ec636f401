// Package control is how a person's own programs speak with their running Dozvon: what can be asked of
// it (Commands), the one instance that answers (Instance), and whoever asks (Client).
//
// The channel is HTTP with JSON over a Unix socket, or over a named pipe on Windows, in reach of this
// person alone. A slow, silent, huge or foreign caller is cut off and delays nobody else. The package
// knows no screen and no server.
package control

import (
	"context"
	"errors"
)

// ErrNotRunning says that no Dozvon of this person answers.
var ErrNotRunning = errors.New("dozvon is not running")

// ErrRunning says that another Dozvon of this person is the instance.
var ErrRunning = errors.New("dozvon is running already")

// ErrUnsafe says that the folder, or the other end of the channel, may be somebody else's.
var ErrUnsafe = errors.New("the control channel cannot be trusted")

// Commands is what the running program can be asked for. Each runs on a goroutine of its own. An error's
// text is for the person who asked.
type Commands interface {
	// Status tells what the program shows now.
	Status(context.Context) (Status, error)
	// Start is what a second start wants.
	Start(context.Context, Start) error
	// Dial calls a number, without asking again.
	Dial(context.Context, Dial) error
	// SignIn goes on as somebody.
	SignIn(context.Context, SignIn) error
	// Restore signs in with what another process has put into the keyring.
	Restore(context.Context) error
	// Do carries out what a person's click would.
	Do(context.Context, Action) error
	// Quit ends the program.
	Quit(context.Context) error
}

// Start brings the main window to the front.
type Start struct {
	// Call is a number or a tel: link to be called after asking; empty for none.
	Call string `json:"call,omitempty"`
	// Background tells that nobody asked for the window: the system started the program.
	Background bool `json:"background,omitempty"`
	// Clipboard tells to ask about the number on the clipboard.
	Clipboard bool `json:"clipboard,omitempty"`
	// Cards tells to give the keyboard to the call cards.
	Cards bool `json:"cards,omitempty"`
}

// Dial names a number, as people write it.
type Dial struct {
	Number string `json:"number"`
}

// SignIn is the server's address and who signs in there.
type SignIn struct {
	Server   string `json:"server"`
	Login    string `json:"login"`
	Password string `json:"password"`
}

// Action is one of a tour's or a test's clicks.
type Action struct {
	Name string   `json:"name"`
	Args []string `json:"args,omitempty"`
}
