package pbx

import (
	"context"

	"dozvon/app/phone"
	"dozvon/app/server/call"
)

// Dialler rings an employee and then connects an outside number.
type Dialler interface {
	// Dial returns the PBX's own key of the new call, or an empty one where the PBX tells none: then
	// the call's events carry o.Command, or the adapter tells how to find it by Matcher. An event of the
	// call may come before Dial returns.
	Dial(ctx context.Context, o DialOrder) (key string, err error)
}

// Matcher is a PBX whose click-to-call names neither its key nor our command: the next outbound call
// of the employee to the number, begun within this many seconds after the order, is the ordered one.
type Matcher interface {
	MatchSeconds() int
}

// GroupDialler rings a group of employees and then connects an outside number.
type GroupDialler interface {
	// HasGroup asks whether the PBX has a group of this extension.
	HasGroup(ctx context.Context, group string) (bool, error)
	DialGroup(ctx context.Context, o DialOrder, group string) (key string, err error)
}

// ColleagueDialler rings an employee and then connects a colleague.
type ColleagueDialler interface {
	// CallsColleague reports whether the telephone at an extension can be called so.
	CallsColleague(extension string) bool
	// DialColleague connects o.Colleague instead of a number, else as Dialler's Dial. ErrNotDialable.
	DialColleague(ctx context.Context, o DialOrder) (key string, err error)
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

// Consulter rings a colleague while the client waits, to hand the call over after asking.
type Consulter interface {
	// Consult puts the client on hold and rings the colleague.
	Consult(ctx context.Context, o TransferOrder) error
	// Return gives the consultation up.
	Return(ctx context.Context, command string, c call.Consultation) error
}

// Connecter joins the client with the colleague who was asked.
type Connecter interface {
	Connect(ctx context.Context, command string, c call.Consultation) error
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

// DialOrder is a click-to-call. Command is our id; the legs that it makes carry it where the PBX can.
type DialOrder struct {
	Command   string
	Extension string
	Number    phone.Number
	Colleague string // the extension that is called instead of a number
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
