package api_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dozvon/app/mango"
	"dozvon/app/practice"
	"dozvon/app/practice/mango/api"
	"dozvon/app/practice/mango/cast"
	"dozvon/app/practice/recordings"
)

// exchange notes what the API hands on.
type exchange struct {
	commands  []api.Command
	callbacks []api.Callback
	results   []mango.Int
}

func (e *exchange) Command(c api.Command)                { e.commands = append(e.commands, c) }
func (e *exchange) CallBack(c api.Callback)              { e.callbacks = append(e.callbacks, c) }
func (e *exchange) Result(_ api.Command, code mango.Int) { e.results = append(e.results, code) }
func (e *exchange) Post(string, any)                     {}

type asked struct {
	exchange
	handler http.Handler
	now     time.Time
}

func start(t *testing.T) *asked {
	t.Helper()
	a := &asked{now: time.Unix(1760000000, 0)}
	life := practice.NewLife()
	t.Cleanup(life.Close)
	clock := func() time.Time { return a.now }
	a.handler = api.New(api.Config{
		Key: "k", Salt: "s", Now: clock, Stamp: func() mango.Int { return mango.Int(a.now.Unix()) },
		Staff: cast.Staff(nil, 0, false), Recordings: recordings.New(clock), Life: life, Log: slog.New(slog.DiscardHandler),
		SMSFails: func() bool { return false }, AcceptedZero: func() bool { return false },
	}, a).Handler(nil)
	return a
}

func (a *asked) ask(path, body, salt string) int {
	form := mango.NewForm("k", salt, body).Values().Encode()
	request := httptest.NewRequest(http.MethodPost, "/vpbx/"+path, strings.NewReader(form))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	a.handler.ServeHTTP(answer, request)
	return answer.Code
}

func TestServer_handsCommandsOn(t *testing.T) {
	t.Parallel()
	a := start(t)
	for path, body := range map[string]string{
		mango.PathHangup:         `{"command_id":"1","call_id":"leg"}`,
		mango.PathCallback:       `{"command_id":"2","from":{"extension":"101"},"to_number":"79000000101"}`,
		mango.PathCallback + "/": `{"command_id":"3","from":{"extension":"999"},"to_number":"79000000101"}`,
	} {
		if status := a.ask(path, body, "s"); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
	if len(a.commands) != 1 || a.commands[0].Kind != api.KindHangup || a.commands[0].Leg != "leg" {
		t.Errorf("commands %+v", a.commands)
	}
	if len(a.callbacks) != 1 || a.callbacks[0].Operator != "101" || a.callbacks[0].Client != "79000000101" {
		t.Errorf("callbacks %+v", a.callbacks)
	}
	if len(a.results) != 1 || a.results[0] != mango.CodeNumberNotFound {
		t.Errorf("results %v, want that 999 is nobody", a.results)
	}
}

func TestServer_blocksAfterTheSecondWrongRequest(t *testing.T) {
	t.Parallel()
	a := start(t)
	for i, want := range []int{420, 420, http.StatusUnauthorized} {
		if status := a.ask(mango.PathUsers, `{}`, "wrong"); status != want {
			t.Errorf("request %d: %d, want %d", i+1, status, want)
		}
	}
	a.now = a.now.Add(2*time.Minute + time.Second)
	if status := a.ask(mango.PathUsers, `{}`, "s"); status != http.StatusOK {
		t.Errorf("after the block: %d", status)
	}
	if status := a.ask(mango.PathUsers, `{}`, "s"); status != http.StatusTooManyRequests {
		t.Errorf("twice at once: %d", status)
	}
}
