package mango

import (
	"testing"

	"dozvon/app/mango"
	"dozvon/app/server/call"
)

var staff = newRoster([]mango.User{
	{General: mango.UserGeneral{UserID: 11}, Telephony: mango.UserTelephony{Extension: "101"}},
	{General: mango.UserGeneral{UserID: 12}, Telephony: mango.UserTelephony{Extension: "102"}},
})

const began = 1760000000

func user(id mango.Int, leg mango.Text, from, answer, to mango.Int) mango.StatsLeg {
	return mango.StatsLeg{Type: "user", AbonentID: id, CallID: leg, Start: began + from, Answer: began + answer, End: began + to, EndReason: 1110}
}

// shown is what a call known from statistics alone looks like.
func shown(t *testing.T, rows []mango.StatsRow, calls []mango.StatsCall) call.View {
	t.Helper()
	all := join(rows, calls, staff)
	if len(all) != 1 {
		t.Fatalf("%d calls", len(all))
	}
	return call.FoldAll(all[0].events()).View()
}

// TestHistory_consultationThatWasGivenUpCreditsWhoTalked: the colleague was asked, and never spoke
// with the client, whichever statistics tells of it.
func TestHistory_consultationThatWasGivenUpCreditsWhoTalked(t *testing.T) {
	t.Parallel()
	row := func(from, fromNumber, to string, start, answer, finish int64, reason int) mango.StatsRow {
		return mango.StatsRow{EntryID: "e", Start: began + start, Answer: began + answer, Finish: began + finish, FromExtension: from, FromNumber: fromNumber, ToExtension: to, Location: "abonent", Reason: reason}
	}
	consult := func(from, answer, to mango.Int) mango.StatsLeg {
		l := user(12, "b", from, answer, to)
		l.Consult = true
		return l
	}
	in := mango.StatsCall{EntryID: "e", Type: mango.ContextIn, Status: 1, CallerNumber: "79000000101", CalledNumber: "74951234567", Start: began, Duration: 90, Talk: 85}
	out := mango.StatsCall{EntryID: "e", Type: mango.ContextOut, Status: 1, CallerID: 11, CallerNumber: "101", CalledNumber: "79000000101", Start: began, Duration: 90, Talk: 85}
	tests := []struct {
		name  string
		rows  []mango.StatsRow
		calls *mango.StatsCall
		legs  []mango.StatsLeg
	}{
		{"both", []mango.StatsRow{row("", "79000000101", "101", 0, 5, 90, 1110), row("101", "", "102", 20, 25, 35, 1110)}, &in, []mango.StatsLeg{user(11, "a", 0, 5, 90), consult(20, 25, 35)}},
		{"legs alone", nil, &in, []mango.StatsLeg{user(11, "a", 0, 5, 90), consult(20, 25, 35)}},
		{"rows alone", []mango.StatsRow{row("", "79000000101", "101", 0, 5, 90, 1110), row("101", "", "102", 20, 25, 35, 1110)}, nil, nil},
		{"the client hung up while they talked", []mango.StatsRow{row("", "79000000101", "101", 0, 5, 90, 1110), row("101", "", "102", 20, 25, 95, 1120)}, nil, nil},
		{"legs alone, outbound", nil, &out, []mango.StatsLeg{{Type: "number", AbonentNumber: "79000000101", CallID: "a", Start: began, Answer: began + 5, End: began + 90, EndReason: 1120}, consult(20, 25, 35)}},
	}
	for _, tt := range tests {
		var calls []mango.StatsCall
		if tt.calls != nil {
			c := *tt.calls
			c.Legs = tt.legs
			calls = append(calls, c)
		}
		v := shown(t, tt.rows, calls)
		if v.Extension != "101" || v.Phone != "+79000000101" || v.Result != call.Answered {
			t.Errorf("%s: %s talked with %s, %s", tt.name, v.Extension, v.Phone, v.Result)
		}
	}
}

func TestHistory_callToAColleaguesMobileKeepsNumberAndEmployee(t *testing.T) {
	t.Parallel()
	rows := []mango.StatsRow{{EntryID: "e", Start: began, Answer: began + 5, Finish: began + 60, FromExtension: "101", FromNumber: "sip:u101@x", ToExtension: "102", ToNumber: "79145550102", Location: "abonent", Reason: 1120}}
	whole := mango.StatsCall{EntryID: "e", Type: mango.ContextOut, Status: 1, CallerID: 11, CallerNumber: "101", CalledNumber: "79145550102", Start: began, Duration: 60, Talk: 55}
	legs := whole
	legs.Legs = []mango.StatsLeg{user(12, "a", 0, 5, 60)}
	for name, v := range map[string]call.View{
		"both": shown(t, rows, []mango.StatsCall{legs}), "rows alone": shown(t, rows, nil), "legs alone": shown(t, nil, []mango.StatsCall{legs}),
	} {
		if v.Direction != call.Out || v.Phone != "+79145550102" || v.Extension != "101" || v.Result != call.Answered || v.Talk.Seconds() != 55 {
			t.Errorf("%s: %s %s by %s, %s, %s", name, v.Direction, v.Phone, v.Extension, v.Result, v.Talk)
		}
	}
}

// TestDecode_callToAColleaguesMobile: the events themselves, through the adapter.
func TestDecode_callToAColleaguesMobile(t *testing.T) {
	t.Parallel()
	leg := mango.CallEvent{
		EntryID: "e", CallID: "a", Timestamp: began, Seq: 1, State: mango.StateAppeared, Location: "abonent",
		From: mango.Party{Extension: "101", Number: "sip:u101@x"}, To: mango.Party{Extension: "102", Number: "79145550102"},
	}
	talk := leg
	talk.Seq, talk.State, talk.Timestamp = 2, mango.StateConnected, began+5
	end := summary(mango.Summary{EntryID: "e", Direction: mango.DirectionOutbound, From: leg.From, To: leg.To, LineNumber: "74951234567", CreateTime: began, TalkTime: began + 5, EndTime: began + 60, DisconnectReason: 1120})
	for _, events := range [][]call.Event{{legEvent(leg), legEvent(talk)}, {end}, {legEvent(leg), legEvent(talk), end}} {
		if v := call.FoldAll(events).View(); v.Direction != call.Out || v.Phone != "+79145550102" || v.Extension != "101" {
			t.Errorf("%d events: %s %s by %s", len(events), v.Direction, v.Phone, v.Extension)
		}
	}
	mobile := leg // a client's call that rings the employee's mobile
	mobile.From = mango.Party{Number: "79000000101"}
	if v := call.FoldAll([]call.Event{legEvent(mobile)}).View(); v.Direction != call.In || v.Phone != "+79000000101" || v.Extension != "102" {
		t.Errorf("inbound to a mobile: %s %s by %s", v.Direction, v.Phone, v.Extension)
	}
}
