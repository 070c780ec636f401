package mango_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
)

func TestAPI_refusesAWrongRequest(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path string
		form       mango.Form
		want       int
	}{
		{"wrong sign", mango.PathUsers, mango.Form{Key: key, Sign: "0", JSON: "{}"}, 3102},
		{"wrong salt", mango.PathUsers, mango.NewForm(key, "pepper", "{}"), 3102},
		{"wrong key", mango.PathUsers, mango.NewForm("who", salt, "{}"), 3105},
		{"no json", mango.PathUsers, mango.NewForm(key, salt, ""), 3400},
		{"callback without employee", mango.PathCallback, mango.NewForm(key, salt, `{"to_number":"79000000101"}`), 3103},
		{"callback to a word", mango.PathCallback, mango.NewForm(key, salt, `{"from":{"extension":"101"},"to_number":"home"}`), 3136},
		{"callback with a list", mango.PathCallback, mango.NewForm(key, salt, `{"from":[]}`), 3104},
		{"hangup of nothing", mango.PathHangup, mango.NewForm(key, salt, `{}`), 3103},
		{"route nowhere", mango.PathRoute, mango.NewForm(key, salt, `{"call_id":"x"}`), 3103},
		{
			"transfer by magic", mango.PathTransfer,
			mango.NewForm(key, salt, `{"call_id":"x","to_number":"101","initiator":"102","method":"magic"}`), 3104,
		},
		{"unknown recording", mango.PathRecordingPost, mango.NewForm(key, salt, `{"recording_id":"x","action":"play"}`), 3320},
		{"unknown command", "commands/dance", mango.NewForm(key, salt, `{}`), 4001},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, practice.Config{})
			status, body := s.form(tt.path, tt.form)
			if want := fmt.Sprintf(`{"code":%d}`, tt.want); status != 420 || body != want {
				t.Errorf("got %d %s, want 420 %s", status, body, want)
			}
		})
	}
}

func TestAPI_blocksAfterTheSecondWrongRequest(t *testing.T) {
	t.Parallel()
	now := time.Unix(1760000000, 0)
	clock := make(chan time.Time, 1)
	clock <- now
	read := func() time.Time { n := <-clock; clock <- n; return n }
	s := start(t, practice.Config{Now: read})
	bad, good := mango.NewForm(key, "pepper", "{}"), mango.NewForm(key, salt, "{}")
	steps := []struct {
		form  mango.Form
		later time.Duration
		want  int
	}{
		{good, 0, 200},
		{bad, 0, 420},
		{good, 10 * time.Second, 200},
		{bad, 0, 420},
		{good, time.Second, 401},
		{good, 2 * time.Minute, 200},
	}
	for i, step := range steps {
		<-clock
		now = now.Add(step.later)
		clock <- now
		if status, body := s.form(mango.PathLines, step.form); status != step.want {
			t.Errorf("step %d: got %d %s, want %d", i+1, status, body, step.want)
		}
	}
}

func TestAPI_limitsTheRateOfRoutes(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{Now: func() time.Time { return time.Unix(1760000000, 0) }})
	request := mango.RouteRequest{CommandID: "r", CallID: "nobody", ToNumber: "101"}
	if status, body := s.command(mango.PathRoute, request); status != 200 {
		t.Errorf("first: %d %s", status, body)
	}
	status, body := s.command(mango.PathRoute, request)
	if status != 429 || body != `{"code":0,"message":"Rate limit exceeded.","name":"Service Unavailable","status":429}` {
		t.Errorf("second: %d %s", status, body)
	}
	for i := range 5 {
		status, _ = s.command(mango.PathHangup, mango.HangupRequest{CallID: "nobody"})
		if want := map[bool]int{true: 200, false: 429}[i < 4]; status != want {
			t.Errorf("hang-up %d: %d, want %d", i+1, status, want)
		}
	}
}

func TestCommands_resultsComeLater(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{NoLimits: true, Timing: slow(func(t *practice.Timing) { t.Talk = patience })})
	s.call(practice.CallRequest{From: "79000000101"})
	menu, leg := s.untilLeg(mango.StateDisconnected, "ivr"), s.untilLeg(mango.StateConnected, "101")
	blind := func(id, initiator, to string) mango.TransferRequest {
		return mango.TransferRequest{
			CommandID: mango.Text(id), CallID: mango.Text(leg), Method: "blind", Initiator: mango.Text(initiator), ToNumber: mango.Text(to),
		}
	}
	tests := []struct {
		id, path string
		body     any
		want     int
	}{
		{"a", mango.PathHangup, mango.HangupRequest{CommandID: "a", CallID: "nobody"}, 3310},
		{"b", mango.PathHangup, mango.HangupRequest{CommandID: "b", CallID: mango.Text(menu)}, 4101},
		{"c", mango.PathRoute, mango.RouteRequest{CommandID: "c", CallID: mango.Text(leg), ToNumber: "102"}, 4100},
		{"d", mango.PathTransfer, blind("d", "105", "103"), 4100},
		{"e", mango.PathTransfer, blind("e", "101", "777"), 3330},
		{"f", mango.PathCallback, mango.CallbackRequest{CommandID: "f", From: mango.Endpoint{Extension: "777"}, ToNumber: "79000000101"}, 3330},
		{"g", mango.PathHangup, mango.HangupRequest{CommandID: "g", CallID: mango.Text(leg)}, 1000},
	}
	for _, tt := range tests {
		if status, body := s.command(tt.path, tt.body); status != 200 || body != `{"result":1000}` {
			t.Errorf("%s: %d %s", tt.id, status, body)
		}
		if got := s.untilResult(tt.id); got != tt.want {
			t.Errorf("%s: result %d, want %d", tt.id, got, tt.want)
		}
	}
	events := s.untilSummary()
	if e := events[len(events)-1].event.(mango.Summary); e.DisconnectReason != mango.CodeEndedByAPI || !e.Answered() {
		t.Errorf("summary %+v", e)
	}
	s.command(mango.PathHangup, mango.HangupRequest{CommandID: "h", CallID: mango.Text(leg)})
	if got := s.untilResult("h"); got != 4101 {
		t.Errorf("hang-up of an ended call: %d", got)
	}
}

func TestRoute_inTheMenuShowsTheNameAndRingsTheChosen(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{Timing: slow(func(t *practice.Timing) { t.IVR = patience })})
	s.call(practice.CallRequest{From: "79000000101"})
	s.command(mango.PathRoute, mango.RouteRequest{
		CommandID: "r", CallID: mango.Text(s.untilLeg(mango.StateAppeared, "ivr")), ToNumber: "103",
		SIPHeaders: map[string]string{mango.HeaderDisplayName: "Иванов Иван"},
	})
	s.untilLeg(mango.StateConnected, "103")
	if shown := s.pbx.Calls()[0].Legs[1].ShownName; shown != "Иванов Иван" {
		t.Errorf("the telephone shows %q", shown)
	}
}

func TestTransfer_comesBackWhenTheTargetDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{})
	if err := s.pbx.SetPhone("103", practice.Rule{Outcome: practice.Declines}); err != nil {
		t.Fatal(err)
	}
	s.call(practice.CallRequest{From: "79000000101", Scenario: "transfer-blind"})
	flow := strings.Join(normalise(s.untilSummary(), true), "\n")
	for _, want := range []string{
		`to "103" device line - group "" was false hold false reason 1122 transfer "blind"`,
		`tf 3 was false hold false to "101" device line - group "" was false hold false reason 0 transfer "return_blind"`,
	} {
		if !strings.Contains(flow, want) {
			t.Errorf("no %s in\n%s", want, flow)
		}
	}
}

func TestRecording_downloadsOnceAndByRange(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{NoLimits: true})
	s.call(practice.CallRequest{From: "79000000101"})
	events := s.until("record/added", func(e any) bool { _, ok := e.(mango.RecordAdded); return ok })
	id := events[len(events)-1].event.(mango.RecordAdded).RecordingID
	get := func(path, byteRange string) (int, http.Header, []byte) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.api.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if byteRange != "" {
			request.Header.Set("Range", byteRange)
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, response.Header, body
	}
	link := func() string {
		status, location := s.command(mango.PathRecordingPost, mango.RecordingRequest{RecordingID: id, Action: "download"})
		if status != http.StatusFound {
			t.Fatalf("link: %d %s", status, location)
		}
		return location
	}
	once := link()
	status, header, whole := get(once, "")
	if status != 200 || header.Get("Content-Type") != "audio/mpeg" || !bytes.HasPrefix(whole, []byte{0xff, 0xe3}) {
		t.Fatalf("got %d %v % x, want MPEG-2.5 layer III", status, header, whole[:min(4, len(whole))])
	}
	if status, _, _ = get(once, ""); status != 404 {
		t.Errorf("the one-time link worked twice: %d", status)
	}
	status, header, part := get(link(), "bytes=100-199")
	if status != http.StatusPartialContent || !bytes.Equal(part, whole[100:200]) {
		t.Errorf("range: %d %v, %d bytes", status, header, len(part))
	}

	expires := fmt.Sprint(time.Now().Add(time.Hour).Unix())
	path := "/vpbx/" + strings.Join([]string{mango.PathRecordingLink, url.PathEscape(string(id)), "play", key, expires}, "/") + "/"
	status, header, _ = get(path+mango.LinkSign(key, expires, string(id), salt), "")
	if status != http.StatusFound || !strings.HasPrefix(header.Get("Location"), "/files/") {
		t.Errorf("signed link: %d %v", status, header)
	}
	if status, _, body := get(path+"0", ""); status != 420 || !bytes.Contains(body, []byte("3102")) {
		t.Errorf("link with a wrong sign: %d %s", status, body)
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{NoLimits: true})
	for path, want := range map[string]string{
		mango.PathUsers: "Киреева Анна Сергеевна", mango.PathUsers + "/": `"extension":"105"`,
		mango.PathLines: "74957654321", mango.PathBalance: `"currency":"RUB"`,
	} {
		if status, body := s.command(path, struct{}{}); status != 200 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if _, body := s.command(mango.PathUsers, mango.UsersRequest{Extension: "999"}); body != `{"users":[]}` {
		t.Errorf("unknown employee: %s", body)
	}
}

func TestDelivery_survivesARestartOfTheServer(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{})
	s.mu.Lock()
	s.refuse = 5
	s.mu.Unlock()
	s.call(practice.CallRequest{From: "79000000101", Scenario: "direct"})
	if got, want := normalise(s.untilSummary(), false)[0], "call leg 1 seq 1 Appeared"; !strings.HasPrefix(got, want) {
		t.Errorf("first event %q, want %q", got, want)
	}
}

func TestControl(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{})
	tests := []struct {
		method, path, body string
		status             int
		contains           string
	}{
		{"GET", "/control/healthz", "", 200, "ok"},
		{"GET", "/control/scenarios", "", 200, "ivr-abandoned"},
		{"GET", "/control/calls", "", 200, "[]"},
		{"PUT", "/control/phones/101", `{"outcome":"busy"}`, 204, ""},
		{"PUT", "/control/phones/101", `{"outcome":"dances"}`, 400, "unknown outcome"},
		{"PUT", "/control/phones/777", `{"outcome":"busy"}`, 400, "unknown number"},
		{"POST", "/control/calls", `{"from":"79000000101","scenario":"none"}`, 400, "unknown scenario"},
		{"POST", "/control/calls", `{"from":"79000000101","colour":"red"}`, 400, "colour"},
		{"POST", "/control/calls", `{"from":"79000000101","ring_ms":1,"talk_ms":1}`, 201, "entry_id"},
		{"GET", "/control/calls/none/ended", "", 404, "unknown call"},
		{"POST", "/control/traffic", `{"every_ms":0}`, 400, "positive"},
		{"POST", "/control/traffic", `{"every_ms":1,"count":3}`, 202, ""},
	}
	for _, tt := range tests {
		request, err := http.NewRequestWithContext(t.Context(), tt.method, s.api.URL+tt.path, strings.NewReader(tt.body))
		if err != nil {
			t.Fatal(err)
		}
		response, err := s.api.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != tt.status || !strings.Contains(string(body), tt.contains) {
			t.Errorf("%s %s %s: got %d %s, want %d %s", tt.method, tt.path, tt.body, response.StatusCode, body, tt.status, tt.contains)
		}
	}
	s.untilSummary()
}

func TestClose_endsRunningCallsAndRefusesNewOnes(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{Timing: slow(func(t *practice.Timing) { t.Talk = time.Hour })})
	s.call(practice.CallRequest{From: "79000000101"})
	s.untilLeg(mango.StateConnected, "101")
	s.pbx.Close()
	if _, err := s.pbx.Call(practice.CallRequest{From: "79000000101"}); err == nil {
		t.Error("a closed PBX took a call")
	}
}

// A client that posts multipart/form-data is as welcome as one that urlencodes.
func TestAPI_takesMultipart(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{NoLimits: true})
	post := func(form mango.Form) int {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		for name, values := range form.Values() {
			if err := w.WriteField(name, values[0]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		response, err := s.api.Client().Post(s.api.URL+"/vpbx/"+mango.PathUsers, w.FormDataContentType(), &body)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode
	}
	if got := post(mango.NewForm(key, salt, "{}")); got != 200 {
		t.Errorf("rightly signed: %d", got)
	}
	if got := post(mango.NewForm(key, "pepper", "{}")); got != 420 {
		t.Errorf("wrongly signed: %d", got)
	}
}

func TestConfiguration_ofOddStaff(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{NoLimits: true, Odd: true, Operators: 8})
	if got := len(s.pbx.Employees()); got != 9 {
		t.Errorf("%d employees, want 8 and the odd one", got)
	}
	_, body := s.command(mango.PathUsers, mango.UsersRequest{
		Extension: "0511", ExtFields: []string{"general.user_id", "general.mobile", "general.login", "general.sips", "groups", "telephony.line_id"},
	})
	for _, want := range []string{
		`"extension":"0511"`, `"email":null`, `"user_id":300040511`, `"mobile":"79000000511"`, `"login":"e0511"`,
		`"sips":[{"number":"user0511@`, `"groups":[]`, `"line_id":300024487`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	s.call(practice.CallRequest{From: "79000000101", To: "0511"})
	if got := s.ended(); len(got.Talked) != 1 || got.Talked[0] != "0511" {
		t.Errorf("talked: %v", got.Talked)
	}
}
