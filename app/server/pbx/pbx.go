// Package pbx holds what any PBX is to us: the small interfaces that an adapter
// fills, and the refusals that cross them. What a PBX cannot do, its adapter does not
// implement, and callers ask by type assertion. It knows no PBX by name and does no I/O.
package pbx

import (
	"context"
	"io"
	"net/url"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/outbound"
)

// Kind is one make of PBX: what the settings need to know before there is an account.
type Kind struct {
	Name       string // "mango", as the API writes it
	Title      string // what a new integration is called
	DefaultURL string // where its commands go unless told otherwise
	// New makes the adapter of one account.
	New func(Account) Provider
}

// Account is what an adapter needs of an integration.
type Account struct {
	Key, Salt, URL string
	Now            func() time.Time
	// Shared is what several nodes that use the account know together; nil: there is one alone.
	Shared Shared
	// Outbound says which addresses the adapter may connect to.
	Outbound outbound.Policy
}

// Shared keeps what the nodes that use one account must agree on. Safe for concurrent use.
type Shared interface {
	// Read returns what was written last under a name; nil when nothing was.
	Read(ctx context.Context, name string) ([]byte, error)
	// Change makes of the present value the next one, at once for all nodes. change may run more than once.
	Change(ctx context.Context, name string, change func([]byte) []byte) error
}

// Provider is what every PBX can do: turn its requests to us into events.
type Provider interface {
	// Decode checks who sent the form and reads its events. path follows the address that the
	// cabinet stores. ErrForged, ErrUnreadable.
	Decode(path string, form url.Values) (Delivery, error)
	// Explain gives the PBX's own code in words.
	Explain(code int) Words
	// SourceName is how the feed names the PBX: «Виртуальная АТС от Mango Office».
	SourceName() string
}

// Overer tells which of its codes mean that the call a command was about is over.
type Overer interface {
	Over(code int) bool
}

// Adviser says what to do about a code.
type Adviser interface {
	Advise(code int) Words
}

// Dialler rings an employee and then connects an outside number.
type Dialler interface {
	Dial(ctx context.Context, o DialOrder) error
}

// GroupDialler rings a group of employees and then connects an outside number.
type GroupDialler interface {
	DialGroup(ctx context.Context, o DialOrder, group string) error
}

// Hanger ends a leg.
type Hanger interface {
	Hangup(ctx context.Context, leg, command string) error
}

// Holder puts the other party of an employee's leg on hold and takes it back.
type Holder interface {
	Hold(ctx context.Context, o LegOrder) error
	Resume(ctx context.Context, o LegOrder) error
	// Resumes is false once the PBX has said that it has no such command.
	Resumes() bool
}

// Transferrer hands a talking leg from one extension to another, without asking the latter.
type Transferrer interface {
	Transfer(ctx context.Context, o TransferOrder) error
}

// Consulter hands a talking leg over after asking the colleague, while the client waits.
type Consulter interface {
	// Consult puts the client on hold and rings the colleague.
	Consult(ctx context.Context, o TransferOrder) error
	// Connect joins the client with the colleague.
	Connect(ctx context.Context, command string, c call.Consultation) error
	// Return gives the consultation up.
	Return(ctx context.Context, command string, c call.Consultation) error
}

// RecordStarter begins to record a talking leg.
type RecordStarter interface {
	StartRecording(ctx context.Context, o LegOrder) error
}

// Texter sends text messages.
type Texter interface {
	// Text sends a message; the outcome comes as a Receipt. *TooLong before anything is sent.
	Text(ctx context.Context, o TextOrder) error
}

// Recorder lets recordings be fetched.
type Recorder interface {
	// Recording opens a recording's MP3 from byte offset on; the PBX may begin earlier.
	// ErrNoRecording, also when the PBX is not ready with it yet.
	Recording(ctx context.Context, id string, offset int64) (Sound, error)
}

// Sound is a recording on its way.
type Sound struct {
	Body io.ReadCloser
	From int64 // the offset at which Body begins
	Size int64 // of the whole recording in bytes; -1 when unknown
}

// Historian tells from the PBX's own statistics what calls there were.
type Historian interface {
	// History gives the events of every ended call that began in [from, to), call by call.
	// They are the same events however often they are asked for.
	History(ctx context.Context, from, to time.Time, take func([]call.Event) error) error
}

// Directory tells what the PBX itself knows of employees and lines.
type Directory interface {
	Extensions(ctx context.Context) ([]Extension, error)
	Lines(ctx context.Context) ([]Line, error)
}

// Extension is an employee in the PBX's own list.
type Extension struct{ Number, Name string }

// Line is a trunk line in the PBX's own list.
type Line struct{ Number, Name string }

// DialOrder is a click-to-call. Command is our id; the legs that it makes carry it.
type DialOrder struct {
	Command   string
	Extension string
	Number    phone.Number
}

// LegOrder is about the leg on which the employee at Extension talks.
type LegOrder struct {
	Command, Leg, Extension string
}

// TransferOrder is a transfer of the leg on which From talks.
type TransferOrder struct {
	Command, Leg, From, To string
}

// TextOrder is a message in the name of the employee at Extension.
type TextOrder struct {
	Command, Extension, Text string
	Number                   phone.Number
}

// Delivery is one decoded request of the PBX.
type Delivery struct {
	Events   []call.Event
	Outcomes []Outcome
	Receipts []Receipt
	Payload  []byte // as it came, for the raw log
	Probe    bool   // the cabinet only asked whether we are here
	// Unfit says why a request that is the PBX's own tells nothing: it is not of its path, or of a
	// time that cannot be. It wraps ErrUnreadable. The payload is kept and nothing else is done.
	Unfit error
}

// Clocked is a PBX whose own time is known: its events are dated by that.
type Clocked interface {
	Clock() time.Time
}

// Outcome is what became of a command of ours. Cause is 0 when it was carried out.
type Outcome struct {
	Command string
	Cause   int
}

// Receipt is what became of a message of ours. Cause is 0 when it arrived.
type Receipt struct {
	Command string
	Cause   int
	At      time.Time
}

// Words are one sentence in both languages of the program.
type Words struct{ RU, EN string }
