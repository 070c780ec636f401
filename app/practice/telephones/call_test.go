//go:build linux

package telephones_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	protocol "dozvon/app/mango"
	"dozvon/app/practice"
	"dozvon/app/practice/mango"
	"dozvon/app/practice/mango/api"
	"dozvon/app/practice/staff"
	"dozvon/app/practice/telephones"
	"dozvon/app/practice/telephones/baresip"
)

const client = "79645550190"

// pbx is a practice PBX with real telephones, and the events that it sends.
type pbx struct {
	*mango.PBX
	mu     sync.Mutex
	events []protocol.CallEvent
}

func openPBX(t *testing.T, s *telephones.Server) *pbx {
	t.Helper()
	p := &pbx{}
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "{}")
		if !strings.HasSuffix(r.URL.Path, protocol.PathCall) {
			return
		}
		var e protocol.CallEvent
		if err := json.Unmarshal([]byte(r.FormValue("json")), &e); err != nil {
			t.Error(err)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.events = append(p.events, e)
	}))
	t.Cleanup(hook.Close)
	p.PBX = mango.New(mango.Config{
		Key: "key", Salt: "salt", Target: hook.URL, NoLimits: true, Telephones: s,
		Timing: mango.Timing{
			IVR: time.Millisecond, Ring: 200 * time.Millisecond, NoAnswer: limit, Outside: time.Millisecond, Talk: limit,
			Join: time.Millisecond, RecordingDelay: time.Millisecond,
		},
	})
	t.Cleanup(p.Close)
	return p
}

// call begins a call.
func (p *pbx) call(t *testing.T, r mango.CallRequest) string {
	t.Helper()
	id, err := p.Call(r)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// truth waits for a call's end.
func (p *pbx) truth(ctx context.Context, t *testing.T, id string) mango.CallTruth {
	t.Helper()
	ended, err := p.Ended(id)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-ctx.Done():
		t.Fatal("the call does not end")
	}
	if err := p.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	for _, c := range p.List() {
		if c.EntryID == id {
			return c
		}
	}
	t.Fatal("the call is not in the list")
	return mango.CallTruth{}
}

// states are what the server was told of an extension's legs, in order.
func (p *pbx) states(extension string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []string
	for _, e := range p.events {
		if string(e.To.Extension) == extension {
			list = append(list, string(e.State))
		}
	}
	return strings.Join(list, " ")
}

func (p *pbx) untilStates(ctx context.Context, t *testing.T, extension, want string) {
	t.Helper()
	until(ctx, t, want+" of "+extension, func() bool { return p.states(extension) == want })
}

func begin(t *testing.T) (context.Context, *telephones.Server, *pbx) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	s := open(t)
	return ctx, s, openPBX(t, s)
}

func TestCall_isDeclinedOnTheTelephone(t *testing.T) {
	t.Parallel()
	ctx, s, p := begin(t)
	own := phone(ctx, t, s, "101")
	id := p.call(t, mango.CallRequest{From: client, To: "101", Scenario: "direct"})
	event(ctx, t, own, "CALL_INCOMING")
	// What is refused before it rings is busy. A person takes longer than a test.
	until(ctx, t, "the telephone's ringing", func() bool { return strings.Contains(own.Log(), "SIP/2.0 180") })
	do(t, own, "hangup")
	got := p.truth(ctx, t, id)
	if got.Answered || got.Reason != protocol.CodeRejected || p.states("101") != "Appeared Disconnected" {
		t.Errorf("%+v, told %s", got, p.states("101"))
	}
}

// TestCall_holdsAndTransfersAsTheTelephoneDoes: re-INVITE and REFER of one softphone become the events of a hold and
// of a transfer to another softphone.
func TestCall_holdsAndTransfersAsTheTelephoneDoes(t *testing.T) {
	t.Parallel()
	ctx, s, p := begin(t)
	first, second := phone(ctx, t, s, "101"), phone(ctx, t, s, "102")
	id := p.call(t, mango.CallRequest{From: client, To: "101", Scenario: "direct"})
	event(ctx, t, first, "CALL_INCOMING")
	do(t, first, "accept")
	p.untilStates(ctx, t, "101", "Appeared Connected")
	do(t, first, "hold")
	p.untilStates(ctx, t, "101", "Appeared Connected OnHold")
	do(t, first, "resume")
	p.untilStates(ctx, t, "101", "Appeared Connected OnHold Connected")
	do(t, first, "transfer", "102")
	if e := event(ctx, t, second, "CALL_INCOMING"); !strings.Contains(e.Peer, client) {
		t.Errorf("the second telephone shows %+v", e)
	}
	event(ctx, t, first, "CALL_CLOSED")
	do(t, second, "accept")
	p.untilStates(ctx, t, "102", "Appeared Connected")
	do(t, second, "hangup")
	got := p.truth(ctx, t, id)
	if !got.Answered || !slices.Equal(got.Talked, []string{"101", "102"}) || got.Reason != protocol.CodeEndedByCalled || len(got.Recordings) != 1 {
		t.Errorf("%+v", got)
	}
}

// TestCall_ringsTheGroupUntilOneAnswers: all devices of all extensions ring; those that lose show no missed call.
func TestCall_ringsTheGroupUntilOneAnswers(t *testing.T) {
	t.Parallel()
	ctx, s, p := begin(t)
	winner, twin, other := phone(ctx, t, s, "101"), phone(ctx, t, s, "101"), phone(ctx, t, s, "102")
	id := p.call(t, mango.CallRequest{From: client, To: mango.GroupExtension, Scenario: "group"})
	event(ctx, t, winner, "CALL_INCOMING")
	event(ctx, t, twin, "CALL_INCOMING")
	do(t, winner, "accept")
	for _, loser := range []*baresip.Phone{twin, other} {
		event(ctx, t, loser, "CALL_CLOSED")
		until(ctx, t, "the reason in the losing telephone's log", func() bool {
			return strings.Contains(loser.Log(), `Reason: SIP;cause=200;text="Call completed elsewhere"`)
		})
	}
	do(t, winner, "hangup")
	if got := p.truth(ctx, t, id); !got.Answered || !slices.Equal(got.Talked, []string{"101"}) {
		t.Errorf("%+v", got)
	}
}

// TestCallback_ringsTheOperatorFirst: click-to-call rings the softphone, then the client is played on it.
func TestCallback_ringsTheOperatorFirst(t *testing.T) {
	t.Parallel()
	ctx, s, p := begin(t)
	own := phone(ctx, t, s, "101")
	p.CallBack(api.Callback{
		Command: api.Command{Kind: api.KindCallback, ID: "1"}, Operator: "101", Client: client, To: staff.Destination{Outside: client},
	})
	if e := event(ctx, t, own, "CALL_INCOMING"); !strings.Contains(e.Peer, client) {
		t.Errorf("the telephone shows %+v", e)
	}
	do(t, own, "accept")
	calls := p.Calls()
	until(ctx, t, "the client's answer", func() bool {
		calls = p.Calls()
		return len(calls[0].Legs) == 2 && calls[0].Legs[1].State == "Connected"
	})
	do(t, own, "hangup")
	got := p.truth(ctx, t, calls[0].EntryID)
	if !got.Answered || got.Direction != practice.Outbound || got.Reason != protocol.CodeEndedByCaller || len(got.Recordings) != 1 {
		t.Errorf("%+v", got)
	}
}
