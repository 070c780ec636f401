// Package pbx holds what any PBX is to us: the small interfaces that an adapter
// fills, and the refusals that cross them. What a PBX cannot do, its adapter does not
// implement, and callers ask by type assertion. It knows no PBX by name and does no I/O.
package pbx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"

	"dozvon/app/phone"
	"dozvon/app/server/call"
)

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

// Dialler rings an employee and then connects an outside number.
type Dialler interface {
	Dial(ctx context.Context, o DialOrder) error
}

// Hanger ends a leg.
type Hanger interface {
	Hangup(ctx context.Context, leg, command string) error
}

// Transferrer hands a talking leg from one extension to another, without asking the latter.
type Transferrer interface {
	Transfer(ctx context.Context, o TransferOrder) error
}

// Recorder lets recordings be fetched.
type Recorder interface {
	// Recording opens a recording's MP3 from its beginning. size is -1 when unknown.
	Recording(ctx context.Context, id string) (body io.ReadCloser, size int64, err error)
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

// TransferOrder is a blind transfer of the leg on which From talks.
type TransferOrder struct {
	Command, Leg, From, To string
}

// Delivery is one decoded request of the PBX.
type Delivery struct {
	Events  []call.Event
	Payload []byte // as it came, for the raw log
	Probe   bool   // the cabinet only asked whether we are here
}

// Words are one sentence in both languages of the program.
type Words struct{ RU, EN string }

// Refused is the PBX's refusal of a command.
type Refused struct {
	Code  int
	Words Words
}

func (r *Refused) Error() string {
	return fmt.Sprintf("the PBX refused with %d: %s", r.Code, r.Words.EN)
}

var (
	// ErrForged says that a request was not signed with the integration's key and salt.
	ErrForged = errors.New("the signature is wrong")
	// ErrUnreadable says that a request was signed but is not of the documented shape.
	ErrUnreadable = errors.New("the payload cannot be read")
	// ErrUnreachable says that the PBX did not answer.
	ErrUnreachable = errors.New("the PBX does not answer")
	// ErrNoRecording says that the PBX does not have the recording, or not any more.
	ErrNoRecording = errors.New("the PBX does not have the recording")
)
