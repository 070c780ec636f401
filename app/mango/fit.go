package mango

import (
	"encoding/json"
	"fmt"
	"slices"
)

// fields are what tells the payload of one path from those of the others. A signature proves who
// made a payload, not for which path: whoever catches one may send it to another.
type fields struct {
	// own must be there; of any, one; foreign must not: they are of a payload that looks alike.
	own, any, foreign []string
}

// What the payload of each path cannot be without (Mango VPBX API, sections 3.1 and 3.2). It is
// less than the document calls required: what live events have been seen without is not asked for.
var (
	callFields       = fields{own: []string{"entry_id", "call_id", "call_state"}}
	summaryFields    = fields{own: []string{"entry_id", "call_direction", "create_time", "end_time"}}
	recordingFields  = fields{own: []string{"entry_id", "recording_id", "recording_state"}}
	addedFields      = fields{own: []string{"entry_id", "recording_id", "product_id"}, foreign: []string{"recording_state"}}
	dtmfFields       = fields{own: []string{"entry_id", "call_id", "dtmf"}}
	smsFields        = fields{own: []string{"command_id", "reason"}}
	recognizedFields = fields{own: []string{"recognized", "result"}}
	resultFields     = fields{any: []string{"result", "key"}, foreign: []string{"recognized"}}
)

func (f fields) check(given map[string]json.RawMessage) error {
	for _, name := range f.own {
		if _, there := given[name]; !there {
			return fmt.Errorf("%s is missing", name)
		}
	}
	if len(f.any) > 0 && !slices.ContainsFunc(f.any, func(name string) bool { _, there := given[name]; return there }) {
		return fmt.Errorf("one of %v is missing", f.any)
	}
	for _, name := range f.foreign {
		if _, there := given[name]; there {
			return fmt.Errorf("%s is of another path", name)
		}
	}
	return nil
}

func (e CallEvent) check() (CallEvent, error) {
	if err := ids("entry_id", e.EntryID, "call_id", e.CallID, "call_state", e.State); err != nil {
		return e, err
	}
	if !e.State.isOneOf(StateAppeared, StateConnected, StateOnHold, StateDisconnected) {
		return e, fmt.Errorf("call_state %q is not known", clip(string(e.State)))
	}
	return e, stamped(&e.Timestamp)
}

func (e RecordingEvent) check() (RecordingEvent, error) {
	if err := ids("entry_id", e.EntryID, "recording_id", e.RecordingID); err != nil {
		return e, err
	}
	if !e.State.isOneOf(RecordingStarted, RecordingContinued, RecordingCompleted) {
		return e, fmt.Errorf("recording_state %q is not known", clip(string(e.State)))
	}
	return e, stamped(&e.Timestamp)
}

func (e RecordAdded) check() (RecordAdded, error) {
	if err := ids("entry_id", e.EntryID, "recording_id", e.RecordingID); err != nil {
		return e, err
	}
	return e, stamped(&e.Timestamp)
}

func (e DTMF) check() (DTMF, error) {
	if err := ids("entry_id", e.EntryID, "call_id", e.CallID); err != nil {
		return e, err
	}
	return e, stamped(&e.Timestamp)
}

func (e SMSStatus) check() (SMSStatus, error) {
	if err := ids("command_id", e.CommandID); err != nil {
		return e, err
	}
	if e.Reason <= 0 {
		return e, fmt.Errorf("reason %d is no code", e.Reason)
	}
	return e, stamped(&e.Timestamp)
}

// clockStep is by how much the times of one summary may contradict each other: a PBX of several
// machines writes down whole seconds of several clocks.
const clockStep = 2

func (e Summary) check() (Summary, error) {
	if err := ids("entry_id", e.EntryID); err != nil {
		return e, err
	}
	if e.Direction != DirectionInternal && e.Direction != DirectionInbound && e.Direction != DirectionOutbound {
		return e, fmt.Errorf("call_direction %d is not known", e.Direction)
	}
	if err := moments("create_time", &e.CreateTime, "end_time", &e.EndTime); err != nil {
		return e, err
	}
	if e.EndTime < e.CreateTime-clockStep {
		return e, fmt.Errorf("end_time %d is before create_time %d", e.EndTime, e.CreateTime)
	}
	if e.TalkTime == 0 {
		return e, nil
	}
	if err := moments("talk_time", &e.TalkTime); err != nil {
		return e, err
	}
	if e.TalkTime < e.CreateTime-clockStep || e.TalkTime > e.EndTime+clockStep {
		return e, fmt.Errorf("talk_time %d is not within the call", e.TalkTime)
	}
	return e, nil
}

const (
	// firstMoment and lastMoment bound a time in Unix seconds: 2000, before Mango had a PBX, and
	// 2100. Whether a time is ahead of today only a clock can tell, and this package has none.
	firstMoment = 946_684_800
	lastMoment  = 4_102_444_800
)

// moments takes name, *Int pairs of Unix seconds. Milliseconds, which no moment in seconds can be
// mistaken for, are turned into seconds: one field of the protocol is in them already.
func moments(pairs ...any) error {
	for i := 0; i < len(pairs); i += 2 {
		at := pairs[i+1].(*Int)
		if *at >= firstMoment*1000 && *at < lastMoment*1000 {
			*at /= 1000
		}
		if *at < firstMoment || *at >= lastMoment {
			return fmt.Errorf("%s %d is not a plausible time", pairs[i], *at)
		}
	}
	return nil
}

// stamped is moments for a time stamp, which may be missing: of an event of several, an integration
// may know by the others when it was. Who needs it must look whether it is there.
func stamped(at *Int) error {
	if *at == 0 {
		return nil
	}
	return moments("timestamp", at)
}

// ids takes name, value pairs that must be there and of a sane length.
func ids(pairs ...Text) error {
	for i := 0; i < len(pairs); i += 2 {
		name, value := pairs[i], pairs[i+1]
		if value == "" {
			return fmt.Errorf("%s is missing", name)
		}
		if len(value) > MaxID {
			return fmt.Errorf("%w: %s has %d bytes", ErrTooLarge, name, len(value))
		}
	}
	return nil
}
