package mango

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"dozvon/app/mango"
	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
)

const (
	// maxNumber is the longest number the PBX takes: E.164 has 15 digits.
	maxNumber = 15
	// maxLatin and maxCyrillic are the longest messages: four parts of 153 or 67 characters
	// (Mango VPBX API, section 3.2.4).
	maxLatin    = 612
	maxCyrillic = 268
)

// commander orders what people click.
type commander struct {
	api       *client
	directory *directory
	noResume  atomic.Bool // the PBX has answered that it has no such command
}

// Dial rings the employee's telephone and then the number.
func (m *commander) Dial(ctx context.Context, o pbx.DialOrder) (string, error) {
	if err := m.valid(o.Extension, o.Number); err != nil {
		return "", err
	}
	return "", m.callback(ctx, o.Command, o.Extension, o.Number.Digits())
}

// CallsColleague is true for every extension: a callback's to_number goes the way of a number that is dialled on a
// telephone (Mango VPBX API, sections 3.2.1 and 9.11).
func (m *commander) CallsColleague(extension string) bool { return isExtension(extension) }

// DialColleague rings the employee's telephone and then the colleague's.
func (m *commander) DialColleague(ctx context.Context, o pbx.DialOrder) (string, error) {
	if !isExtension(o.Extension) || !isExtension(o.Colleague) {
		return "", pbx.ErrNotDialable
	}
	return "", m.callback(ctx, o.Command, o.Extension, o.Colleague)
}

func (m *commander) callback(ctx context.Context, command, from, to string) error {
	return m.api.do(ctx, request{path: mango.PathCallback, limit: m.api.limits.callback, in: mango.CallbackRequest{
		CommandID: mango.Text(command), From: mango.Endpoint{Extension: mango.Text(from)}, ToNumber: mango.Text(to),
	}})
}

// DialGroup rings a group and then the number. The line is required; it is the school's first.
func (m *commander) DialGroup(ctx context.Context, o pbx.DialOrder, group string) (string, error) {
	if err := m.valid(group, o.Number); err != nil {
		return "", err
	}
	lines, err := m.directory.Lines(ctx)
	if err != nil {
		return "", err
	}
	line := ""
	for _, l := range lines {
		if l.Number != "" && !mango.IsSIP(l.Number) {
			line = mango.Digits(l.Number)
			break
		}
	}
	return "", m.api.do(ctx, request{path: mango.PathCallbackGroup, limit: m.api.limits.callback, in: mango.GroupCallbackRequest{
		CommandID: mango.Text(o.Command), From: mango.Text(group), To: mango.Text(o.Number.Digits()), LineNumber: mango.Text(line),
	}})
}

// HasGroup asks whether the PBX has a group of this extension. One that it has not is never dialled:
// its second wrong request within two minutes blocks the whole account (section 12).
func (m *commander) HasGroup(ctx context.Context, group string) (bool, error) {
	if !isExtension(group) {
		return false, nil
	}
	return m.directory.hasGroup(ctx, group)
}

// valid refuses here what the PBX would refuse, and count.
func (m *commander) valid(extension string, number phone.Number) error {
	if !isExtension(extension) || !isDialable(number) {
		return pbx.ErrNotDialable
	}
	return nil
}

func isExtension(s string) bool {
	return s != "" && len(s) <= maxNumber && strings.Trim(s, "0123456789") == ""
}

func isDialable(n phone.Number) bool { return isExtension(n.Digits()) }

// Hangup ends a leg.
func (m *commander) Hangup(ctx context.Context, leg, command string) error {
	return m.api.do(ctx, request{
		path: mango.PathHangup, limit: m.api.limits.hangup, harmless: true,
		in: mango.HangupRequest{CommandID: mango.Text(command), CallID: mango.Text(leg)},
	})
}

// Hold puts the client on hold.
func (m *commander) Hold(ctx context.Context, o pbx.LegOrder) error {
	return m.hold(ctx, mango.PathHold, o)
}

// Resume takes the client back. The command is inferred, the document has none; a PBX without
// it answers 4001, whose advice is to do it on the telephone.
func (m *commander) Resume(ctx context.Context, o pbx.LegOrder) error {
	err := m.hold(ctx, mango.PathUnhold, o)
	var refused *pbx.Refused
	if errors.As(err, &refused) && refused.Code == mango.CodeNotSupported {
		m.noResume.Store(true)
	}
	return err
}

// Resumes is false once the PBX has answered that it has no such command.
func (m *commander) Resumes() bool { return !m.noResume.Load() }

func (m *commander) hold(ctx context.Context, path string, o pbx.LegOrder) error {
	return m.api.do(ctx, request{path: path, limit: m.api.limits.hangup, harmless: true, in: mango.HoldRequest{
		CommandID: mango.Text(o.Command), CallID: mango.Text(o.Leg), Initiator: mango.Text(o.Extension),
	}})
}

// Transfer hands a talking leg on without asking (blind transfer).
func (m *commander) Transfer(ctx context.Context, o pbx.TransferOrder) error {
	return m.transfer(ctx, mango.TransferBlind, o)
}

// Consult puts the client on hold and rings the colleague.
func (m *commander) Consult(ctx context.Context, o pbx.TransferOrder) error {
	return m.transfer(ctx, mango.TransferHold, o)
}

func (m *commander) transfer(ctx context.Context, method mango.Text, o pbx.TransferOrder) error {
	if !isExtension(o.To) || !isExtension(o.From) {
		return m.api.refused(mango.CodeBadNumber)
	}
	return m.api.do(ctx, request{path: mango.PathTransfer, limit: m.api.limits.transfer, in: mango.TransferRequest{
		CommandID: mango.Text(o.Command), CallID: mango.Text(o.Leg), Method: method,
		ToNumber: mango.Text(o.To), Initiator: mango.Text(o.From),
	}})
}

// Connect joins the client with the colleague who was asked.
func (m *commander) Connect(ctx context.Context, command string, c call.Consultation) error {
	return m.api.do(ctx, request{path: mango.PathConnect, limit: m.api.limits.transfer, in: mango.ConnectRequest{
		CommandID: mango.Text(command), HeldCallID: mango.Text(c.HeldLeg),
		InitiatorNumber: mango.Text(c.Device), TransferredCallID: mango.Text(c.Leg),
	}})
}

// Return gives the consultation up: the client is talked with again.
func (m *commander) Return(ctx context.Context, command string, c call.Consultation) error {
	return m.api.do(ctx, request{path: mango.PathTransferCancel, limit: m.api.limits.transfer, harmless: true, in: mango.TransferCancelRequest{
		CommandID: mango.Text(command), CallID: mango.Text(c.HeldLeg),
	}})
}

// StartRecording begins to record a talk; whether it is recorded already the PBX tells with 4102.
func (m *commander) StartRecording(ctx context.Context, o pbx.LegOrder) error {
	return m.api.do(ctx, request{path: mango.PathRecordingStart, limit: m.api.limits.record, harmless: true, in: mango.RecordingStartRequest{
		CommandID: mango.Text(o.Command), CallID: mango.Text(o.Leg), PartyNumber: mango.Text(o.Extension),
	}})
}

// Text sends a message in an employee's name.
func (m *commander) Text(ctx context.Context, o pbx.TextOrder) error {
	if err := m.valid(o.Extension, o.Number); err != nil {
		return err
	}
	if have, limit := utf8.RuneCountInString(o.Text), textLimit(o.Text); have > limit {
		return &pbx.TooLong{Have: have, Limit: limit}
	}
	return m.api.do(ctx, request{path: mango.PathSMSSend, in: mango.SMSRequest{
		CommandID: mango.Text(o.Command), Text: mango.Text(o.Text), FromExtension: mango.Text(o.Extension), ToNumber: mango.Text(o.Number.Digits()),
	}})
}

// textLimit is the shorter one as soon as one character is not of the Latin alphabet.
func textLimit(text string) int {
	if strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) {
		return maxCyrillic
	}
	return maxLatin
}
