package mango_test

import (
	"strings"
	"testing"
	"time"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
)

// talking starts a call that 101 has answered and that lasts until a command ends it.
func talking(t *testing.T, config practice.Config) (*server, mango.Text) {
	t.Helper()
	config.NoLimits = true
	if config.Timing == (practice.Timing{}) {
		config.Timing = slow(func(t *practice.Timing) { t.Talk, t.Consult, t.Hold = patience, patience, patience })
	}
	s := start(t, config)
	s.call(practice.CallRequest{From: "79000000101"})
	return s, mango.Text(s.untilLeg(mango.StateConnected, "101"))
}

// must sends a command and wants its result.
func (s *server) must(path string, id string, body any, want int) {
	s.t.Helper()
	if status, answer := s.command(path, body); status != 200 {
		s.t.Fatalf("%s %s: %d %s", path, id, status, answer)
	}
	if got := s.untilResult(id); got != want {
		s.t.Fatalf("%s %s: result %d, want %d", path, id, got, want)
	}
}

// untilState waits for the seq-th event of a leg and wants its state.
func (s *server) untilState(leg mango.Text, seq mango.Int, want mango.Text) mango.CallEvent {
	s.t.Helper()
	var found mango.CallEvent
	s.until("seq", func(e any) bool {
		c, ok := e.(mango.CallEvent)
		found = c
		return ok && c.CallID == leg && c.Seq == seq
	})
	if found.State != want {
		s.t.Fatalf("event %d of the leg is %s, want %s", seq, found.State, want)
	}
	return found
}

func hold(id string, leg, initiator mango.Text) mango.HoldRequest {
	return mango.HoldRequest{CommandID: mango.Text(id), CallID: leg, Initiator: initiator}
}

func consult(id string, leg mango.Text, to string) mango.TransferRequest {
	return mango.TransferRequest{
		CommandID: mango.Text(id), CallID: leg, Method: mango.TransferHold, ToNumber: mango.Text(to), Initiator: "101",
	}
}

func TestHold_lastsUntilTheEmployeeTakesTheClientBack(t *testing.T) {
	t.Parallel()
	s, leg := talking(t, practice.Config{})
	s.must(mango.PathHold, "a", hold("a", leg, "79000000101"), 4100) // the client cannot
	s.must(mango.PathHold, "b", hold("b", leg, "102"), 4100)         // a stranger cannot
	s.must(mango.PathHold, "c", hold("c", leg, "101"), 1000)
	if e := s.untilState(leg, 3, mango.StateOnHold); !e.To.HoldInitiator || e.From.HoldInitiator {
		t.Errorf("hold_initiator is not the employee's: %+v", e)
	}
	s.must(mango.PathHold, "d", hold("d", leg, "101"), 4100) // it is on hold already
	s.must(mango.PathTransfer, "e", consult("e", leg, "102"), 4100)
	if err := s.pbx.Resume(s.pbx.Calls()[0].EntryID); err != nil {
		t.Fatal(err)
	}
	s.untilState(leg, 4, mango.StateConnected)
	s.must(mango.PathHangup, "f", mango.HangupRequest{CommandID: "f", CallID: leg}, 1000)
	s.untilState(leg, 5, mango.StateDisconnected)
}

func TestHold_endsByItselfAfterAWhile(t *testing.T) {
	t.Parallel()
	s, leg := talking(t, practice.Config{Timing: slow(func(t *practice.Timing) { t.Talk = patience })})
	s.must(mango.PathHold, "a", hold("a", leg, mango.Text("sip:user101@vpbx400045678.mangosip.ru")), 1000)
	s.untilState(leg, 4, mango.StateConnected)
}

// The document has no hold/off; that a PBX might know it is inferred.
func TestHoldOff_isUnknownUnlessAskedFor_inferred(t *testing.T) {
	t.Parallel()
	s, leg := talking(t, practice.Config{})
	if status, body := s.command(mango.PathUnhold, hold("a", leg, "101")); status != 420 || body != `{"code":4001}` {
		t.Errorf("got %d %s", status, body)
	}
	s, leg = talking(t, practice.Config{HoldOff: true})
	s.must(mango.PathUnhold, "a", hold("a", leg, "101"), 4100)
	s.must(mango.PathHold, "b", hold("b", leg, "101"), 1000)
	s.must(mango.PathUnhold, "c", hold("c", leg, "101"), 1000)
	s.untilState(leg, 4, mango.StateConnected)
}

func TestConsult_isJoinedByCommand(t *testing.T) {
	t.Parallel()
	s, held := talking(t, practice.Config{})
	s.must(mango.PathTransfer, "t", consult("t", held, "102"), 1000)
	second := mango.Text(s.untilLeg(mango.StateConnected, "102"))
	connect := func(id string, change func(*mango.ConnectRequest)) mango.ConnectRequest {
		r := mango.ConnectRequest{
			CommandID: mango.Text(id), HeldCallID: held, TransferredCallID: second,
			InitiatorNumber: "sip:user101@vpbx400045678.mangosip.ru",
		}
		change(&r)
		return r
	}
	s.must(mango.PathConnect, "a", connect("a", func(r *mango.ConnectRequest) { r.InitiatorNumber = "101" }), 4100)
	s.must(mango.PathConnect, "b", connect("b", func(r *mango.ConnectRequest) { r.TransferredCallID = held }), 4100)
	s.must(mango.PathConnect, "c", connect("c", func(*mango.ConnectRequest) {}), 1000)
	e := s.untilState(second, 3, mango.StateConnected)
	if e.From.Number != "79000000101" || e.From.TakenFromCallID != held || e.Transfer != "blind" || e.CommandID != "t" {
		t.Errorf("the joined leg is %+v", e)
	}
	if e := s.untilState(held, 4, mango.StateDisconnected); !e.From.WasTransferred {
		t.Errorf("the first leg is %+v", e)
	}
	if r := s.untilPath("/result/calls_connect/"); r.path != "/result/calls_connect/" {
		t.Errorf("the result went to %s", r.path)
	}
	s.must(mango.PathHangup, "h", mango.HangupRequest{CommandID: "h", CallID: second}, 1000)
	if got := s.ended(); strings.Join(got.Talked, " ") != "101 102" {
		t.Errorf("talked: %v", got.Talked)
	}
}

func TestConsult_comesBack(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		rule   practice.Rule
		when   mango.Text // the state of the consultant's leg in which the command comes
		path   string
		body   func(held, second mango.Text) any
		reason mango.Int
	}{
		{"cancelled while he rings", practice.Rule{Outcome: practice.NoAnswer}, mango.StateAppeared, mango.PathTransferCancel, func(held, _ mango.Text) any {
			return mango.TransferCancelRequest{CommandID: "x", CallID: held}
		}, 1181},
		{"cancelled while they talk", practice.Rule{Outcome: practice.Answers}, mango.StateConnected, mango.PathTransferCancel, func(held, _ mango.Text) any {
			return mango.TransferCancelRequest{CommandID: "x", CallID: held}
		}, 1181},
		{"the new leg hung up while he rings", practice.Rule{Outcome: practice.NoAnswer}, mango.StateAppeared, mango.PathHangup, func(_, second mango.Text) any {
			return mango.HangupRequest{CommandID: "x", CallID: second}
		}, 1181},
		{"the new leg hung up while they talk", practice.Rule{Outcome: practice.Answers}, mango.StateConnected, mango.PathHangup, func(_, second mango.Text) any {
			return mango.HangupRequest{CommandID: "x", CallID: second}
		}, 1181},
		{"he declines", practice.Rule{Outcome: practice.Declines}, "", "", nil, 1122},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			long := slow(func(t *practice.Timing) { t.Talk, t.Consult, t.NoAnswer = patience, patience, patience })
			s, held := talking(t, practice.Config{Timing: long})
			if err := s.pbx.SetPhone("102", tt.rule); err != nil {
				t.Fatal(err)
			}
			s.must(mango.PathTransfer, "t", consult("t", held, "102"), 1000)
			second := mango.Text(s.untilLeg(mango.StateAppeared, "102"))
			if tt.path != "" {
				s.untilLeg(tt.when, "102")
				s.must(tt.path, "x", tt.body(held, second), 1000)
			}
			s.untilState(held, 4, mango.StateConnected)
			gone := false
			for _, w := range s.received() {
				if e, ok := w.event.(mango.CallEvent); ok && e.CallID == second && e.State == mango.StateDisconnected {
					gone = e.DisconnectReason == tt.reason
				}
			}
			if !gone {
				t.Errorf("the consultant's leg did not end with %d", tt.reason)
			}
			s.must(mango.PathHangup, "h", mango.HangupRequest{CommandID: "h", CallID: held}, 1000)
		})
	}
}

// Section 3.2.3: a hang-up never joins the held party with the consultant.
func TestConsult_hangupOfTheHeldLegEndsBoth(t *testing.T) {
	t.Parallel()
	s, held := talking(t, practice.Config{})
	s.must(mango.PathTransfer, "t", consult("t", held, "102"), 1000)
	second := mango.Text(s.untilLeg(mango.StateConnected, "102"))
	s.must(mango.PathTransferCancel, "a", mango.TransferCancelRequest{CommandID: "a", CallID: second}, 4100)
	s.must(mango.PathHangup, "h", mango.HangupRequest{CommandID: "h", CallID: held}, 1000)
	s.untilState(second, 3, mango.StateDisconnected)
	s.untilState(held, 4, mango.StateDisconnected)
	s.untilSummary()
}

func TestRecordingStart(t *testing.T) {
	t.Parallel()
	ask := func(id string, leg, party mango.Text) mango.RecordingStartRequest {
		return mango.RecordingStartRequest{CommandID: mango.Text(id), CallID: leg, PartyNumber: party}
	}
	s, leg := talking(t, practice.Config{Recordings: practice.RecordOnCommand})
	s.must(mango.PathRecordingStart, "a", ask("a", leg, "777"), 3330)
	s.must(mango.PathRecordingStart, "b", ask("b", leg, "102"), 3330) // an employee, but of another call
	s.must(mango.PathRecordingStart, "c", ask("c", leg, "101"), 1000)
	s.until("Started", func(e any) bool {
		r, ok := e.(mango.RecordingEvent)
		return ok && r.State == mango.RecordingStarted && r.CommandID == "c" && r.Extension == "101"
	})
	s.must(mango.PathRecordingStart, "d", ask("d", leg, "101"), 4102)
	s, leg = talking(t, practice.Config{})
	s.must(mango.PathRecordingStart, "e", ask("e", leg, "101"), 4102) // everything is recorded anyway
	s, leg = talking(t, practice.Config{Recordings: practice.RecordNone})
	s.must(mango.PathRecordingStart, "f", ask("f", leg, "101"), 4100)
	s.must(mango.PathHangup, "h", mango.HangupRequest{CommandID: "h", CallID: leg}, 1000)
	for _, w := range s.untilSummary() {
		if _, ok := w.event.(mango.RecordingEvent); ok {
			t.Error("recorded although nothing is")
		}
	}
}

func TestPlayStart_onlyInTheMenuOrAQueue(t *testing.T) {
	t.Parallel()
	play := func(id string, leg mango.Text, file string) mango.PlayStartRequest {
		return mango.PlayStartRequest{CommandID: mango.Text(id), CallID: leg, InternalID: mango.Text(file)}
	}
	s := start(t, practice.Config{NoLimits: true, Timing: slow(func(t *practice.Timing) { t.IVR = patience })})
	s.call(practice.CallRequest{From: "79000000101"})
	menu := mango.Text(s.untilLeg(mango.StateAppeared, mango.LocationIVR))
	s.must(mango.PathPlayStart, "a", play("a", menu, "9"), 3340)
	s.must(mango.PathPlayStart, "b", play("b", menu, "1001"), 1000)
	s.must(mango.PathPlayStart, "c", play("c", menu, ""), 1000) // but a pause
	s, leg := talking(t, practice.Config{})
	s.must(mango.PathPlayStart, "d", play("d", leg, "1001"), 4100)
	s = start(t, practice.Config{NoLimits: true, Timing: slow(func(t *practice.Timing) { t.NoAnswer = patience })})
	s.call(practice.CallRequest{From: "79000000101", Scenario: "queue-answered"})
	queue := mango.Text(s.untilLeg(mango.StateAppeared, mango.LocationQueue))
	s.untilLeg(mango.StateAppeared, "101")
	s.must(mango.PathPlayStart, "e", play("e", queue, "1002"), 1000)
	s.must(mango.PathHangup, "f", mango.HangupRequest{CommandID: "f", CallID: queue}, 4100)
}

// The order of the two sides is the document's (section 3.2.2); what their legs look like is inferred.
func TestGroupCallback_ringsInTheOrderOfItsNumbers_inferred(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, from, to string
		first          func(mango.CallEvent) bool
	}{
		{"client first", "79000000114", "900", func(e mango.CallEvent) bool { return e.To.Number == "79000000114" }},
		{"group first", "900", "79000000114", func(e mango.CallEvent) bool { return e.To.ACDGroup == "900" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, practice.Config{})
			s.must(mango.PathCallbackGroup, "g", mango.GroupCallbackRequest{
				CommandID: "g", From: mango.Text(tt.from), To: mango.Text(tt.to), LineNumber: "74950000010",
			}, 1000)
			events := s.untilSummary()
			for _, w := range events {
				e, ok := w.event.(mango.CallEvent)
				if !ok {
					continue
				}
				if !tt.first(e) || e.CommandID != "g" || e.Initiator() != "API" || e.State != mango.StateAppeared {
					t.Errorf("the first event is %+v", e)
				}
				break
			}
			if got := s.ended(); !got.Answered || got.Client != "79000000114" || got.Direction != 2 || len(got.Talked) != 1 {
				t.Errorf("the PBX's account: %+v", got)
			}
		})
	}
}

func TestSMS_isDeliveredLaterOrNot(t *testing.T) {
	t.Parallel()
	for reason, faults := range map[mango.Int]practice.Faults{1000: {}, 4300: {SMSFailed: 1}} {
		s := start(t, practice.Config{Faults: faults, SMSDelay: time.Millisecond})
		s.must(mango.PathSMSSend, "m", mango.SMSRequest{
			CommandID: "m", Text: "Ваше занятие завтра в 9:00", FromExtension: "101", ToNumber: "79000000101",
		}, 1000)
		s.until("events/sms", func(e any) bool {
			status, ok := e.(mango.SMSStatus)
			return ok && status.CommandID == "m" && status.Reason == reason
		})
	}
}
