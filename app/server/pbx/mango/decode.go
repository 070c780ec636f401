// Package mango makes Mango Office a PBX of ours: it turns Mango's webhooks into
// call events and our orders into Mango's commands. Mango's words stay inside this
// package and app/mango. It keeps nothing and decides nothing about calls.
package mango

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"dozvon/app/mango"
	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
)

// Decode verifies the form and reads its events.
func (p *Provider) Decode(r pbx.Request) (pbx.Delivery, error) {
	_, probe, err := accountOf(r)
	if err != nil || probe {
		return pbx.Delivery{Probe: probe}, err
	}
	fields, err := form(r)
	if err != nil {
		return pbx.Delivery{}, err
	}
	f := mango.ParseForm(fields)
	if err := f.Verify(p.cfg.Key, p.cfg.Salt); err != nil {
		return pbx.Delivery{}, fmt.Errorf("%w: %v", pbx.ErrForged, err)
	}
	d := pbx.Delivery{Payload: []byte(f.JSON)}
	path := strings.Trim(r.Path, "/")
	if isPing(path) {
		d.Probe = true
		return d, nil
	}
	decoded, err := mango.Decode(path, d.Payload)
	// It is signed, so it is the PBX's: what cannot be read today is kept for a reader of tomorrow.
	if errors.Is(err, mango.ErrUnfit) || errors.Is(err, mango.ErrMalformed) {
		d.Unfit = fmt.Errorf("%w: %w", pbx.ErrUnreadable, err)
		return d, nil
	}
	if err != nil {
		return pbx.Delivery{}, fmt.Errorf("%w: %w", pbx.ErrUnreadable, err)
	}
	if e, ok := p.event(decoded); ok {
		if d.Unfit = p.untimely(e); d.Unfit != nil {
			return d, nil
		}
		d.Events = append(d.Events, e)
	}
	switch m := decoded.(type) {
	case mango.Result:
		if m.CommandID != "" && m.Code != 0 {
			d.Outcomes = append(d.Outcomes, pbx.Outcome{Command: string(m.CommandID), Cause: cause(m.Code)})
		}
	case mango.SMSStatus:
		d.Receipts = append(d.Receipts, pbx.Receipt{Command: string(m.CommandID), Cause: cause(m.Reason), At: seconds(m.Timestamp)})
	}
	return d, nil
}

// ahead is how far an event may be in the future before it is not believed: more than any time
// zone is wrong by, less than what would stand on top of the feed for weeks.
const ahead = 25 * time.Hour

// untimely says why an event cannot have happened when it says.
func (p *Provider) untimely(e call.Event) error {
	if e.At.Unix() == 0 {
		return fmt.Errorf("%w: it has no time stamp", pbx.ErrUnreadable)
	}
	if limit := p.Clock().Add(ahead); e.At.After(limit) || e.Began.After(limit) {
		return fmt.Errorf("%w: it tells of %s, which is still to come", pbx.ErrUnreadable, e.At.Format(time.RFC3339))
	}
	return nil
}

func (p *Provider) event(decoded any) (call.Event, bool) {
	switch m := decoded.(type) {
	case mango.CallEvent:
		return legEvent(m), true
	case mango.Summary:
		return summary(m), true
	case mango.RecordingEvent:
		return recording(m)
	case mango.RecordAdded:
		return call.Event{
			Kind: call.KindRecording, Key: string(m.EntryID), At: seconds(m.Timestamp),
			Recording: string(m.RecordingID), RecordingState: call.RecordingReady,
		}, true
	case mango.DTMF:
		return call.Event{
			Kind: call.KindDigits, Key: string(m.EntryID), At: seconds(m.Timestamp), Leg: string(m.CallID),
			Seq: int64(m.Seq), Digits: string(m.Digits),
		}, true
	case mango.Result:
		return p.result(m)
	}
	return call.Event{}, false
}

// cause is 0 for what was done.
func cause(code mango.Int) int {
	if mango.Done(int(code)) {
		return 0
	}
	return int(code)
}

// result tells only of failures: that a command succeeded is told by the legs it makes.
func (p *Provider) result(m mango.Result) (call.Event, bool) {
	command := strings.Trim(m.Command, "/")
	if m.CommandID == "" || m.Code == 0 || cause(m.Code) == 0 || (command != "callback" && command != "callback_group") {
		return call.Event{}, false
	}
	return call.Event{
		Kind: call.KindRefused, Command: string(m.CommandID), At: p.now().UTC().Truncate(time.Second),
		Cause: int(m.Code), End: call.EndFailed,
	}, true
}

func recording(m mango.RecordingEvent) (call.Event, bool) {
	e := call.Event{
		Kind: call.KindRecording, Key: string(m.EntryID), At: seconds(m.Timestamp), Leg: string(m.CallID),
		Seq: int64(m.Seq), Recording: string(m.RecordingID), RecordingState: call.RecordingStarted,
		To: call.Party{Extension: string(m.Extension)},
	}
	if m.State == mango.RecordingCompleted {
		e.RecordingState = call.RecordingCompleted
		// 0: the document requires the code, live events have been seen without it.
		kept := m.CompletionCode == 0 || cause(m.CompletionCode) == 0
		// By mail only: it cannot be downloaded (section 4.3).
		if !kept || m.Recipient == "Mail" {
			e.RecordingState, e.Cause = call.RecordingDropped, int(m.CompletionCode)
		}
	}
	return e, true
}

var legStates = map[string]call.LegState{
	"appeared": call.LegRinging, "connected": call.LegTalking, "onhold": call.LegHeld, "disconnected": call.LegEnded,
}

func legEvent(m mango.CallEvent) call.Event {
	e := call.Event{
		Kind: call.KindLeg, Key: string(m.EntryID), At: seconds(m.Timestamp),
		Leg: string(m.CallID), Seq: int64(m.Seq), State: legStates[strings.ToLower(string(m.State))],
		After: string(m.From.TakenFromCallID), Command: string(m.CommandID),
		Line: lineOf(string(m.To.LineNumber), string(m.From.LineNumber)), Group: string(m.To.ACDGroup),
		From: party(m.From, ""), To: called(m.From, m.To, string(m.To.LineNumber)),
	}
	e.Place = place(string(m.Location), e)
	if e.Place != call.PlaceEmployee {
		e.To = call.Party{}
	}
	// The first leg of a callback looks inbound; ACP tells it by the initiator, the campaign's
	// task, or a command without a leg before it (Mango VPBX API reference, section 9.9).
	e.Callback = m.CallbackInitiator != "" || m.TaskID != 0 ||
		(m.CommandID != "" && m.From.TakenFromCallID == "" && m.Transfer == "")
	if e.State == call.LegEnded {
		e.Cause, e.End = int(m.DisconnectReason), endOf(int(m.DisconnectReason), e.Place)
		if m.From.WasTransferred || m.To.WasTransferred {
			e.End = call.EndMoved
		}
	}
	return e
}

// place reads location, which old payloads lack; a leg with no employee at either end is then
// the menu's.
func place(location string, e call.Event) call.Place {
	switch {
	case strings.HasPrefix(location, "ivr"):
		return call.PlaceMenu
	case location == "queue":
		return call.PlaceQueue
	case location == "" && e.From.Outside() && e.To.Outside():
		return call.PlaceMenu
	}
	return call.PlaceEmployee
}

// party keeps an employee's extension and puts the number behind it aside as his device: a mobile
// that rings for an employee is no client. A SIP address is a device or a line, never a client either.
func party(m mango.Party, line string) call.Party {
	if m.Extension != "" {
		return call.Party{Extension: string(m.Extension), Device: string(m.Number)}
	}
	if string(m.Number) == line {
		return call.Party{}
	}
	return call.Party{Number: number(string(m.Number))}
}

// shortest is how many digits an outside number has at least; extensions have fewer.
const shortest = 10

// called is the called party. Where an employee called an outside number, that number is kept
// beside the extension of the colleague whose it is: whether it was his telephone in an internal
// call or the number that was dialled, only the whole call tells (section 9.11).
func called(from, to mango.Party, line string) call.Party {
	p := party(to, line)
	if n := number(string(to.Number)); from.Extension != "" && to.Extension != "" && len(n.Digits()) >= shortest {
		p.Number = n
	}
	return p
}

// longestNumber is more digits than any number has, with the prefixes that people dial before it.
const longestNumber = 20

// number is E.164 where the text can be parsed, else the digits as they came: a caller with a
// short service number still must be shown. What is longer than any number is none.
func number(text string) phone.Number {
	if text == "" || mango.IsSIP(text) {
		return ""
	}
	digits := mango.Digits(text)
	if len(digits) > longestNumber {
		return ""
	}
	if n, err := phone.Parse("+" + digits); err == nil {
		return n
	}
	// A PBX whose line adds no country sends ten digits.
	if n, err := phone.Parse(digits); err == nil {
		return n
	}
	return phone.Number(digits)
}

func lineOf(candidates ...string) string {
	for _, c := range candidates {
		if c == "" {
			continue
		}
		if mango.IsSIP(c) {
			return c
		}
		return string(number(c))
	}
	return ""
}

func summary(m mango.Summary) call.Event {
	e := call.Event{
		Kind: call.KindSummary, Key: string(m.EntryID), At: seconds(m.EndTime), Began: seconds(m.CreateTime),
		From: party(m.From, ""), To: called(m.From, m.To, ""), Line: lineOf(string(m.LineNumber)),
		Cause: int(m.DisconnectReason), End: endOf(int(m.DisconnectReason), call.PlaceEmployee),
	}
	switch m.Direction {
	case mango.DirectionInbound:
		e.Direction = call.In
	case mango.DirectionOutbound:
		e.Direction = call.Out
	case mango.DirectionInternal:
		e.Direction = call.Internal
	}
	// entry_result is unreliable (section 4.2), the moment of the answer is not.
	if m.TalkTime > 0 {
		e.Answered = seconds(m.TalkTime)
	}
	return e
}

func seconds(t mango.Int) time.Time { return time.Unix(int64(t), 0).UTC() }

// endOf translates a code of section 10 by its class.
func endOf(code int, at call.Place) call.End {
	switch c := mango.Class(code); {
	case c == mango.CodeDone, c == mango.CodePickedUp, c == 1183:
		return call.EndMoved
	case c == mango.CodeEnded && at != call.PlaceEmployee:
		return call.EndMoved
	case c == mango.CodeEndedByCaller, c == 1180, c == mango.CodeEndedByAPI:
		return call.EndByCaller
	case c == mango.CodeEndedByCalled, c == 1170, c == 1171:
		return call.EndByCalled
	case c == mango.CodeBusy, c == 1193:
		return call.EndBusy
	case c >= 1122 && c <= 1124:
		return call.EndDeclined
	case c == mango.CodeEnded, c == mango.CodeNoAnswer, c >= 1160 && c <= 1164:
		return call.EndNoAnswer
	case c >= 1130 && c < 1160, c >= 1190 && c < 1200, c >= 2000 && c < 6000:
		return call.EndFailed
	}
	return call.EndNoAnswer
}
