package server_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server"
	"dozvon/client"
)

// raw counts the webhooks that are kept as they came.
func (s *school) raw() int {
	s.t.Helper()
	n, err := s.parts.Store.CountRawEvents(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// tokenOf signs the employee at an extension in, for requests that client.API does not make.
func (s *school) tokenOf(ext string) string {
	s.t.Helper()
	in, err := client.New(s.http.URL, "").SignIn(s.t.Context(), client.SignIn{Login: "u" + ext, Password: password, Device: "test"})
	if err != nil {
		s.t.Fatal(err)
	}
	return in.Token
}

// calls are all calls that are known.
func (s *school) calls() []client.Call {
	s.t.Helper()
	page, err := s.parts.Store.Calls(s.t.Context(), storeStart, 500)
	if err != nil {
		s.t.Fatal(err)
	}
	var all []client.Call
	for _, rec := range page {
		all = append(all, rec.View)
	}
	return all
}

// TestWebhook_capturedBodyAtAnotherPathChangesNothing replays every body of a living call at every
// path: the call goes on, and what came is kept.
func TestWebhook_capturedBodyAtAnotherPathChangesNothing(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		s.leg(1, 1, "Appeared", "79000000501", "101")
		s.leg(1, 2, "Connected", "79000000501", "101")
		before := asJSON(t, s.calls())
		body := fmt.Sprintf(`{"entry_id":"e1","call_id":"c1","timestamp":%d,"seq":2,"call_state":"Connected","location":"abonent","from":{"number":"79000000501"},"to":{"extension":"101","line_number":"74951234567"}}`, s.recent+2)
		kept := s.raw()
		for _, path := range []string{"events/summary", "events/recording", "events/record/added", "events/record/tagged", "events/dtmf", "events/sms", "events/recognized/offline", "result/callback", "result/call/hangup"} {
			if code := s.deliver(path, body); code != http.StatusBadRequest {
				t.Errorf("%s answered %d, want 400", path, code)
			}
			if kept++; s.raw() != kept {
				t.Errorf("%s: the body was not kept", path)
			}
		}
		s.deliver("events/call", body) // a repeat at its own path
		if after := asJSON(t, s.calls()); after != before {
			t.Errorf("the call was\n%s\nand is\n%s", before, after)
		}
	})
}

// TestWebhook_implausibleTimesAreKeptAndNotBelieved: no call of 1970 or of the next year.
func TestWebhook_implausibleTimesAreKeptAndNotBelieved(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	for _, at := range []string{"0", "1", "null", `""`, "253402300800", "4102444800", fmt.Sprint(time.Now().Add(48 * time.Hour).Unix())} {
		kept := s.raw()
		code := s.deliver("events/call", `{"entry_id":"x","call_id":"y","seq":1,"call_state":"Appeared","timestamp":`+at+`,"from":{"number":"79000000501"},"to":{"extension":"101"}}`)
		if code != http.StatusBadRequest || s.raw() != kept+1 {
			t.Errorf("%s: answered %d, %d kept", at, code, s.raw()-kept)
		}
	}
	if all := s.calls(); len(all) != 0 {
		t.Errorf("calls came of it: %+v", all)
	}
	if code := s.deliver("events/call", fmt.Sprintf(`{"entry_id":"x","call_id":"y","seq":1,"call_state":"Appeared","timestamp":%d,"from":{"number":"79000000501"},"to":{"extension":"101"}}`, time.Now().UnixMilli())); code != 200 {
		t.Errorf("milliseconds answered %d", code)
	}
	if all := s.calls(); len(all) != 1 || time.Since(all[0].StartedAt).Abs() > time.Minute {
		t.Errorf("a call told in milliseconds: %+v", all)
	}
}

// TestWebhook_tooOldIsEnteredAndNeverRings: after an outage the PBX tells of calls that nobody can
// answer any more. Their end, told as late, completes them; what happens now brings them back.
func TestWebhook_tooOldIsEnteredAndNeverRings(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("105")
		tell := func(at int64, seq int, state, more string) {
			s.mustDeliver("events/call", fmt.Sprintf(`{"entry_id":"old","call_id":"c1","timestamp":%d,"seq":%d,"call_state":%q,"location":"abonent","from":{"number":"79000000777"},"to":{"extension":"101"}%s}`, at, seq, state, more))
		}
		began := time.Now().Add(-2 * time.Hour).Unix()
		tell(began, 1, "Appeared", "")
		tell(began+10, 2, "Connected", "")
		active, err := api.ActiveCalls(t.Context())
		if err != nil || len(active) != 0 {
			t.Errorf("%d calls go on, %v; want none", len(active), err)
		}
		people, err := api.Employees(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range people {
			if e.Extension == "101" && e.Presence != client.PresenceOffline {
				t.Errorf("101 is %s", e.Presence)
			}
		}
		all := s.calls()
		if len(all) != 1 || all[0].State != client.StateEnded || !all[0].Unconfirmed || all[0].StartedAt.Unix() != began {
			t.Fatalf("entered as %+v", all)
		}
		tell(time.Now().Unix(), 3, "OnHold", "") // it does go on
		if active, err = api.ActiveCalls(t.Context()); err != nil || len(active) != 1 || active[0].State != client.StateHeld {
			t.Errorf("brought back as %+v, %v", active, err)
		}
		tell(began+100, 4, "Disconnected", `,"disconnect_reason":1110`)
		s.mustDeliver("events/summary", fmt.Sprintf(`{"entry_id":"old","call_direction":1,"from":{"number":"79000000777"},"to":{"extension":"101"},"create_time":%d,"forward_time":%d,"talk_time":%d,"end_time":%d,"entry_result":1,"disconnect_reason":1110}`,
			began, began, began+10, began+100))
		if c := s.calls()[0]; c.State != client.StateEnded || c.Unconfirmed || *c.TalkSeconds != 90 || c.Result != client.Answered {
			t.Errorf("completed as %+v", c)
		}
	})
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func packed(body string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, body)
	z.Close()
	return b.String()
}

func multi(t *testing.T, form url.Values, files bool) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range form {
		create := w.CreateFormField
		if files {
			create = func(name string) (io.Writer, error) { return w.CreateFormFile(name, name) }
		}
		part, err := create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(part, values[0])
	}
	w.Close()
	return b.String(), w.FormDataContentType()
}

// TestWebhook_whateverItsWrappingIsStoredOrRefused: a signed body that got 200 and was forgotten is
// a call that nobody hears of.
func TestWebhook_whateverItsWrappingIsStoredOrRefused(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	event := func(i int) url.Values {
		return mango.NewForm(key, salt, fmt.Sprintf(`{"entry_id":"w%d","call_id":"w%d","timestamp":%d,"seq":1,"call_state":"Appeared","from":{"number":"79000000501"},"to":{"extension":"101", "x":"a b+c"}}`, i, i, justNow())).Values()
	}
	form := "application/x-www-form-urlencoded"
	twice := event(12).Encode() + "&json=%7B%7D"
	asParts, kind := multi(t, event(5), false)
	asFiles, fileKind := multi(t, event(6), true)
	bomb := packed("json=" + strings.Repeat("a", 3<<20))
	tests := []struct {
		name, body, kind, encoding string
		want                       int
	}{
		{"form", event(1).Encode(), form, "", 200},
		{"form with a charset", event(2).Encode(), form + "; charset=UTF-8", "", 200},
		{"no type", event(3).Encode(), "", "", 200},
		{"text", event(4).Encode(), "text/plain", "", 200},
		{"multipart", asParts, kind, "", 200},
		{"multipart files", asFiles, fileKind, "", 200},
		{"multipart without its boundary", asParts, "multipart/form-data", "", 415},
		{"multipart cut off", asParts[:len(asParts)/2], kind, "", 415},
		{"JSON type", event(7).Encode(), "application/json", "", 200},
		{"gzip", packed(event(8).Encode()), form, "gzip", 200},
		{"gzip that is none", event(9).Encode(), form, "gzip", 400},
		{"a bomb", bomb, form, "gzip", 413},
		{"brotli", "xx", form, "br", 415},
		{"blanks as %20", strings.ReplaceAll(event(10).Encode(), "+", "%20"), form, "", 200},
		{"a byte order mark and a line end", "\ufeff" + event(11).Encode() + "\r\n", form, "", 200},
		{"a field twice", twice, form, "", 400},
		{"bare JSON", `{"entry_id":"e"}`, "application/json", "", 415},
		{"garbage", "\x00\x01\x02", "application/octet-stream", "", 415},
		{"bad escapes", "json=%zz&sign=1", form, "", 415},
		{"cut short", "vpbx_api_key=" + key + "&sign=0123456789abcdef0123456789abcdef0123456789", form, "", 400},
		{"the cabinet's check", "vpbx_api_key=" + key, form, "", 200},
		{"nothing", "", form, "", 200},
	}
	for _, tt := range tests {
		kept := s.raw()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.http.URL+"/mango/events/call", strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", tt.kind)
		if tt.encoding != "" {
			req.Header.Set("Content-Encoding", tt.encoding)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		stored := 0
		if tt.want == 200 && len(tt.body) > 50 {
			stored = 1
		}
		if resp.StatusCode != tt.want || s.raw()-kept != stored {
			t.Errorf("%s: answered %d, want %d; %d stored, want %d", tt.name, resp.StatusCode, tt.want, s.raw()-kept, stored)
		}
	}
}

// TestWebhook_whereverThePBXPutsItsSlashes: they come from two fields that people and Mango join.
func TestWebhook_whereverThePBXPutsItsSlashes(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	body := mango.NewForm(key, salt, ringing()).Values().Encode()
	for _, path := range []string{"/mango/events/call", "/mango//events/call", "/mango/events/call/", "/mango///events//call//", "/mangoevents/call", "//mango/events/call", "///mango//events/call"} {
		resp, err := http.Post(s.http.URL+path, "application/x-www-form-urlencoded", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 200 || resp.Request.Method != http.MethodPost || resp.Request.URL.Path != path {
			t.Errorf("%s answered %d after %s", path, resp.StatusCode, resp.Request.URL.Path)
		}
	}
	resp, err := http.Post(s.http.URL+"/mango/events/call?"+body, "application/x-www-form-urlencoded", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 400 {
		t.Errorf("a form in the address answered %d", resp.StatusCode)
	}
}

// silent opens a connection, sends a head that promises a body, and a part of that.
func silent(t *testing.T, address, path, head, part string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n%s", path, head, part)
	return c
}

// gone waits until the server has closed the connection, and returns the status it answered.
func gone(t *testing.T, c net.Conn) int {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(c)
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		if err, ok := err.(net.Error); ok && err.Timeout() {
			t.Error("the connection stayed")
		}
		return 0
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	if _, err := r.ReadByte(); err == nil {
		t.Error("more than an answer came")
	} else if err, ok := err.(net.Error); ok && err.Timeout() {
		t.Error("the connection stayed after its answer")
	}
	return resp.StatusCode
}

func TestBodies_thatStandStillAreCut(t *testing.T) {
	t.Parallel()
	s := openSchoolWith(t, server.Config{BodyIdle: 300 * time.Millisecond}, "")
	address := strings.TrimPrefix(s.http.URL, "http://")
	token := s.tokenOf("105")
	bearer := "Authorization: Bearer " + token + "\r\n"
	kinds := []struct{ path, head, part string }{
		{"/mango/events/call", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000", "json=%7B"},
		{"/mango/events/call", "Transfer-Encoding: chunked", "5\r\njson"},
		{"/mango/events/call", "Content-Encoding: gzip\r\nContent-Length: 1000", "\x1f\x8b"},
		{"/api/v1/sessions", "Content-Type: application/json\r\nContent-Length: 1000", `{"login":`},
		{"/api/v1/imports?kind=clients", "Content-Length: 1000", "Имя"}, // nobody signed in, nobody reads it
		{"/api/v1/imports?kind=clients", bearer + "Content-Length: 100000", "Имя;Телефон\n"},
		{"/api/v1/calls", bearer + "Content-Type: application/json\r\nContent-Length: 50", ""},
	}
	var all []net.Conn
	for i := range 210 {
		k := kinds[i%len(kinds)]
		all = append(all, silent(t, address, k.path, k.head, k.part))
	}
	for i, c := range all {
		if code := gone(t, c); code == http.StatusOK || code >= 500 {
			t.Errorf("%s answered %d", kinds[i%len(kinds)].path, code)
		}
	}
	if n := s.raw(); n != 0 {
		t.Errorf("%d webhooks were stored of half a body", n)
	}
}

// TestBodies_thatMoveOnAreNotCut sends a webhook in pieces over several idle times, while a stream
// stands open for longer.
func TestBodies_thatMoveOnAreNotCut(t *testing.T) {
	t.Parallel()
	const idle = time.Second
	s := openSchoolWith(t, server.Config{BodyIdle: idle}, "")
	stream, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.http.URL+"/api/v1/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	stream.Header.Set("Authorization", "Bearer "+s.tokenOf("105"))
	open, err := http.DefaultClient.Do(stream)
	if err != nil {
		t.Fatal(err)
	}
	defer open.Body.Close()
	frames := bufio.NewReader(open.Body)
	body := mango.NewForm(key, salt, ringing()).Values().Encode()
	pieces, in := 4, make(chan time.Time)
	go func() {
		tick := time.NewTicker(idle * 6 / 10)
		defer tick.Stop()
		for range pieces {
			in <- <-tick.C
		}
		close(in)
	}()
	r, w := io.Pipe()
	go func() {
		at := 0
		for range in {
			to := at + len(body)/pieces
			if len(body)-to < pieces {
				to = len(body)
			}
			io.WriteString(w, body[at:to])
			at = to
		}
		w.Close()
	}()
	resp, err := http.Post(s.http.URL+"/mango/events/call", "application/x-www-form-urlencoded", r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 || s.raw() != 1 {
		t.Errorf("answered %d, %d stored", resp.StatusCode, s.raw())
	}
	for {
		line, err := frames.ReadString('\n')
		if err != nil {
			t.Fatalf("the stream ended: %v", err)
		}
		if strings.HasPrefix(line, "event: call") {
			return
		}
	}
}

// TestAnswers_thatNobodyReadsAreCut: a recording of some megabytes to a reader who never reads.
func TestAnswers_thatNobodyReadsAreCut(t *testing.T) {
	t.Parallel()
	s := openSchoolWith(t, server.Config{BodyIdle: 300 * time.Millisecond}, "")
	cut := make(chan error, 1)
	handler := s.parts.API.Timed(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		piece := make([]byte, 64<<10)
		for {
			if _, err := w.Write(piece); err != nil {
				cut <- err
				return
			}
		}
	}))
	srv := &http.Server{Handler: handler}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go srv.Serve(l)
	t.Cleanup(func() { srv.Close() })
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	select {
	case <-cut:
	case <-time.After(patience):
		t.Error("the answer is still being written")
	}
}

// TestWebhook_twiceAtOnceIsOnce delivers whole flows many times in parallel, in the wrappings of
// several programs.
func TestWebhook_twiceAtOnceIsOnce(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	dir := "../mango/testdata/samples/flows/inbound-group-answered"
	events, want := readFlow(t, dir)
	var wg sync.WaitGroup
	for range 4 {
		for _, e := range events {
			wg.Go(func() {
				if code := s.deliver(e.Path, string(e.JSON)); code != 200 {
					t.Errorf("%s answered %d", e.Path, code)
				}
			})
		}
	}
	wg.Wait()
	s.check(t, filepath.Base(dir), want)
	if all := s.calls(); len(all) != 1 {
		t.Errorf("%d calls", len(all))
	}
}
