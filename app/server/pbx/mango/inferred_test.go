package mango

import (
	"testing"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/call"
)

// TestInferred_ holds what the reference marks as inferred: nobody has seen the real PBX do it.
// Where it turns out otherwise, the line that fails says what to change.

func TestInferred_endsByCode(t *testing.T) {
	t.Parallel()
	tests := []struct {
		code  int
		place call.Place
		want  call.End
	}{
		{1000, call.PlaceEmployee, call.EndMoved}, // the first leg of a callback
		{1100, call.PlaceMenu, call.EndMoved},
		{1100, call.PlaceEmployee, call.EndNoAnswer}, // the losing legs of a group
		{1110, call.PlaceEmployee, call.EndByCaller},
		{1111, call.PlaceEmployee, call.EndNoAnswer},
		{1119, call.PlaceEmployee, call.EndByCaller}, // unknown: as 1110
		{1120, call.PlaceEmployee, call.EndByCalled},
		{1121, call.PlaceEmployee, call.EndBusy},
		{1122, call.PlaceEmployee, call.EndDeclined},
		{1123, call.PlaceEmployee, call.EndDeclined},
		{1131, call.PlaceEmployee, call.EndFailed},
		{1163, call.PlaceQueue, call.EndNoAnswer},
		{1181, call.PlaceEmployee, call.EndByCaller}, // by our own hang-up
		{1182, call.PlaceEmployee, call.EndMoved},
		{1193, call.PlaceEmployee, call.EndBusy},
		{2240, call.PlaceEmployee, call.EndFailed},
		{5003, call.PlaceEmployee, call.EndFailed},
		{9999, call.PlaceEmployee, call.EndNoAnswer},
	}
	for _, tt := range tests {
		if got := endOf(tt.code, tt.place); got != tt.want {
			t.Errorf("%d in %s ends as %s, want %s", tt.code, tt.place, got, tt.want)
		}
	}
}

func TestInferred_callbackIsToldByItsMarks(t *testing.T) {
	t.Parallel()
	leg := mango.CallEvent{
		EntryID: "e", CallID: "c", State: mango.StateAppeared, Location: mango.LocationAbonent,
		From: mango.Party{Number: "79000000101"}, To: mango.Party{Extension: "101", Number: "sip:u@x.mangosip.ru"},
	}
	tests := []struct {
		name   string
		change func(*mango.CallEvent)
		want   bool
	}{
		{"nothing", func(*mango.CallEvent) {}, false},
		{"the initiator", func(e *mango.CallEvent) { e.CallbackInitiator = "API" }, true},
		{"the initiator in Cyrillic", func(e *mango.CallEvent) { e.CallbackInitiator = "СallbackWidget" }, true},
		{"a campaign's task", func(e *mango.CallEvent) { e.TaskID = 7 }, true},
		{"a command without a leg before", func(e *mango.CallEvent) { e.CommandID = "c1" }, true},
		{"a routed leg has one before", func(e *mango.CallEvent) { e.CommandID, e.From.TakenFromCallID = "c1", "menu" }, false},
		{"a transferred leg", func(e *mango.CallEvent) { e.CommandID, e.Transfer = "c1", "blind" }, false},
	}
	for _, tt := range tests {
		e := leg
		tt.change(&e)
		if got := legEvent(e).Callback; got != tt.want {
			t.Errorf("%s: callback %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestInferred_recordingsThatCannotBeDownloadedAreNone(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]mango.RecordingEvent{
		"too short": {State: mango.RecordingCompleted, CompletionCode: 4002},
		"no money":  {State: mango.RecordingCompleted, CompletionCode: 2240},
		"by mail":   {State: mango.RecordingCompleted, CompletionCode: 1000, Recipient: "Mail"},
	} {
		m.RecordingID, m.EntryID = "r", "e"
		if e, _ := recording(m); e.RecordingState != call.RecordingDropped {
			t.Errorf("%s: %s", name, e.RecordingState)
		}
	}
	m := mango.RecordingEvent{RecordingID: "r", EntryID: "e", State: mango.RecordingCompleted, CompletionCode: 1000, Recipient: "CloudAndMail"}
	if e, _ := recording(m); e.RecordingState != call.RecordingCompleted {
		t.Errorf("kept: %s", e.RecordingState)
	}
}

// TestInferred_consultationThatOutlivedTheClientsLegWasATransfer: the statistics has one row for the
// leg to the colleague and does not say that the client was joined there.
func TestInferred_consultationThatOutlivedTheClientsLegWasATransfer(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return time.Unix(1760000000+int64(s), 0).UTC() }
	client := call.Party{Number: "+79000000101"}
	first := call.Event{
		Kind: call.KindHistoryLeg, Leg: "a", Place: call.PlaceEmployee, From: client, To: call.Party{Extension: "101"},
		Began: at(0), Answered: at(5), At: at(40),
	}
	asked := call.Event{
		Kind: call.KindHistoryLeg, Leg: "b", Place: call.PlaceEmployee, From: call.Party{Extension: "101"}, To: call.Party{Extension: "102"},
		Began: at(20), Answered: at(25), At: at(90),
	}
	got := joined([]call.Event{first, asked})
	if len(got) != 1 || got[0].Leg != "b" || got[0].From != client || !got[0].Answered.Equal(at(40)) {
		t.Errorf("joined %+v", got)
	}
	asked.At = at(35) // the colleague hung up first: the client was taken back
	if got := joined([]call.Event{first, asked}); len(got) != 0 {
		t.Errorf("a consultation that was given up: %+v", got)
	}
}
