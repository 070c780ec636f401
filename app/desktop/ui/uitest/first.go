package uitest

import (
	"time"

	"dozvon/client"
)

// First is what the pages before the first sign-in ask of the program; it notes what they asked for.
type First struct {
	*Host
	Answer      client.Welcome // of the server at every address
	Err         error
	Asked       []string // addresses
	SignedIn    []string
	SettingUp   string
	Begun       []client.FirstAccount
	Refuse      error // of Begin
	Left, Ended bool
	OnBegin     func()
}

// Greet answers at once.
func (f *First) Greet(server string, done func(client.Welcome, error)) {
	f.Asked = append(f.Asked, server)
	done(f.Answer, f.Err)
}

// After keeps what is to be done later.
func (f *First) After(_ time.Duration, do func()) { f.Later = append(f.Later, do) }

// SignIn notes who tried.
func (f *First) SignIn(server, login, password string) {
	f.SignedIn = append(f.SignedIn, server+" "+login+" "+password)
}

// SetUp notes for which server.
func (f *First) SetUp(server string) { f.SettingUp = server }

// Begin answers at once.
func (f *First) Begin(_ string, in client.FirstAccount, done func(error)) {
	f.Begun = append(f.Begun, in)
	if f.Refuse == nil && f.OnBegin != nil {
		f.OnBegin()
	}
	done(f.Refuse)
}

// HaveLogin notes that the page was left for the sign-in.
func (f *First) HaveLogin() { f.Left = true }

// Finish notes that the page was left for the program.
func (f *First) Finish() { f.Ended = true }
