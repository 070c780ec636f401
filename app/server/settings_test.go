package server_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/client"
)

func ringing() string {
	return `{"entry_id":"e1","call_id":"c1","timestamp":` + strconv.FormatInt(justNow(), 10) + `,"seq":1,"call_state":"Appeared","location":"abonent","from":{"number":"79000000101"},"to":{"extension":"101"}}`
}

// postTo posts a signed webhook to a path below the server and returns the status.
func (s *school) postTo(path, payload string, header http.Header) int {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.http.URL+path, strings.NewReader(mango.NewForm(key, salt, payload).Values().Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header = header.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func (s *school) change(in client.IntegrationInput) client.Integration {
	s.t.Helper()
	i, err := s.api("105").UpdateIntegration(s.t.Context(), s.pbx.ID, in)
	if err != nil {
		s.t.Fatal(err)
	}
	return i
}

func TestHook_addressMayHoldASecretWord(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	if got := s.postTo("/mango/events/call", ringing(), nil); got != 200 {
		t.Errorf("without a secret: %d", got)
	}
	i := s.change(client.IntegrationInput{HookSecret: ptr(true)})
	_, word, ok := strings.Cut(i.HookURL, "/mango")
	if !ok || !i.HookSecret || len(word) < 20 {
		t.Fatalf("the address is %s", i.HookURL)
	}
	// The word's last letter made another one, whatever it is.
	other := "a"
	if strings.HasSuffix(word, other) {
		other = "b"
	}
	for path, want := range map[string]int{
		"/mango/events/call":                                   401,
		"/mango" + word + "/events/call":                       200,
		"/mango" + word + "events/call":                        200, // the PBX joins the two as they are
		"/mango" + word[:len(word)-1] + other + "/events/call": 401,
		"/mango/k-" + strings.Repeat("a", 26) + "/events/call": 401,
	} {
		if got := s.postTo(path, ringing(), nil); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	if again := s.change(client.IntegrationInput{HookSecret: ptr(true), Name: ptr("Основная")}); again.HookURL != i.HookURL {
		t.Errorf("saving changed the address to %s", again.HookURL)
	}
	if i = s.change(client.IntegrationInput{HookSecret: ptr(false)}); strings.Contains(i.HookURL, "/k-") {
		t.Errorf("the secret stayed: %s", i.HookURL)
	}
}

func TestHook_addressWithoutASlashAtItsEndWorks(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	for _, path := range []string{"/mangoevents/call", "/mango//events/call", "/mango/events/call/"} {
		if got := s.postTo(path, ringing(), nil); got != 200 {
			t.Errorf("%s: %d", path, got)
		}
	}
	for _, path := range []string{"/mango", "/mango/", "/mango/ping", "/mangoping", "/mango/events/ping"} {
		resp, err := http.PostForm(s.http.URL+path, map[string][]string{"vpbx_api_key": {key}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 200 {
			t.Errorf("«Проверить подключение» at %s: %d", path, resp.StatusCode)
		}
	}
}

func TestHook_takesOnlyAllowedSources(t *testing.T) {
	t.Parallel()
	from := func(addr string) http.Header { return http.Header{"X-Forwarded-For": {addr}} }
	tests := []struct {
		name    string
		sources []string
		proxies []string
		header  http.Header
		want    int
	}{
		{"a listed peer", []string{"127.0.0.0/8"}, nil, nil, 200},
		{"another peer", []string{"81.88.80.132"}, nil, nil, 403},
		{"a listed source behind our proxy", []string{"81.88.80.132"}, []string{"127.0.0.1"}, from("81.88.80.132"), 200},
		{"another source behind our proxy", []string{"81.88.80.132"}, []string{"127.0.0.1"}, from("81.88.80.133"), 403},
		{"a proxy that is not ours is not believed", []string{"81.88.80.132"}, nil, from("81.88.80.132"), 403},
		{"what the source itself claimed is not believed", []string{"81.88.80.132"}, []string{"127.0.0.1"}, from("81.88.80.132, 6.6.6.6"), 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := openSchoolWith(t, server.Config{HookSources: tt.sources, Proxies: tt.proxies}, "")
			if got := s.postTo("/mango/events/call", ringing(), tt.header); got != tt.want {
				t.Errorf("answered %d, want %d", got, tt.want)
			}
		})
	}
}

func TestIntegration_switchedOffTakesNothingAndSaysSo(t *testing.T) {
	t.Parallel()
	s, pbx := withPBX(t, "")
	i := s.change(client.IntegrationInput{Active: ptr(false)})
	if i.UpdatedBy == nil || i.UpdatedBy.ID != s.staff["105"].ID {
		t.Errorf("changed by %+v", i.UpdatedBy)
	}
	if got := s.deliver("events/call", ringing()); got != 403 {
		t.Errorf("an event was answered %d", got)
	}
	checks, err := s.api("105").CheckIntegration(t.Context(), s.pbx.ID)
	if err != nil || checks[0].State != client.CheckFailed || !strings.Contains(checks[0].Text, "Выключена") || checks[0].TextEN == "" {
		t.Errorf("checked %+v, %v", checks, err)
	}
	if n, err := s.parts.Store.CountRawEvents(t.Context()); n != 0 || err != nil {
		t.Errorf("%d events were kept, %v", n, err)
	}
	_ = pbx
}

// TestIntegrations_twoAccountsWorkSideBySide: each has its own key, table and calls.
func TestIntegrations_twoAccountsWorkSideBySide(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	second, err := s.api("105").CreateIntegration(t.Context(), client.IntegrationInput{
		Name: ptr("Филиал"), Active: ptr(true), APIKey: ptr("second-key"), APISalt: ptr("second-salt"), APIURL: ptr("http://127.0.0.1:1/vpbx/"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.api("105").SetExtensions(t.Context(), second.ID, []client.ExtensionRow{{EmployeeID: s.staff["103"].ID, Extension: "101"}}); err != nil {
		t.Fatal(err)
	}
	if got := s.deliver("events/call", ringing()); got != 200 {
		t.Fatalf("the first account: %d", got)
	}
	resp, err := http.PostForm(s.http.URL+"/mango/events/call", mango.NewForm("second-key", "second-salt", strings.ReplaceAll(ringing(), "79000000101", "79000000102")).Values())
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 {
		t.Fatalf("the second account: %d", resp.StatusCode)
	}
	for number, ext := range map[string]string{"79000000101": "101", "79000000102": "103"} {
		c := s.until(number, "ring", func(c client.Call) bool { return len(c.Ringing) > 0 })
		if c.Ringing[0] != s.staff[ext].ID {
			t.Errorf("%s rings %v, want the employee of %s", number, c.Ringing, ext)
		}
	}
	if _, err := s.api("105").CreateIntegration(t.Context(), client.IntegrationInput{APIKey: ptr(key), APISalt: ptr("x")}); err == nil {
		t.Error("one account was connected twice")
	}
}

func TestCheck_saysInWordsWhatWorks(t *testing.T) {
	t.Parallel()
	s, pbx := withPBX(t, "")
	if _, err := pbx.Call(practice.CallRequest{From: "79000000101", To: "101", Scenario: "answered"}); err != nil {
		t.Fatal(err)
	}
	s.until("79000000101", "have a recording", func(c client.Call) bool { return c.Recording != nil && c.Recording.Ready })
	if _, err := s.api("105").SetExtensions(t.Context(), s.pbx.ID, []client.ExtensionRow{
		{EmployeeID: s.staff["101"].ID, Extension: "101"}, {EmployeeID: s.staff["102"].ID, Extension: "555"},
	}); err != nil {
		t.Fatal(err)
	}
	checks, err := s.api("105").CheckIntegration(t.Context(), s.pbx.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		state client.CheckState
		words string
	}{
		"active": {client.CheckOK, ""}, "api": {client.CheckOK, ""}, "keys": {client.CheckOK, "приняла подпись"},
		"webhook": {client.CheckOK, "задержка"}, "clock": {client.CheckOK, ""},
		"extensions": {client.CheckWarning, "В АТС нет номеров: 555 (Сотрудник 102)"},
		"lines":      {client.CheckOK, "+7 495 123-45-67"}, "recordings": {client.CheckOK, "1 из 1"},
		"routing": {client.CheckUnknown, "Ещё не пробовали"}, "balance": {client.CheckOK, "₽"},
	}
	for _, c := range checks {
		w, ok := want[c.ID]
		if !ok || c.State != w.state || !strings.Contains(c.Text, w.words) || c.TextEN == "" || c.NameEN == "" {
			t.Errorf("%+v, want %s %q", c, w.state, w.words)
		}
		delete(want, c.ID)
	}
	for id := range want {
		t.Errorf("nothing was said of %s", id)
	}
}

func TestCheck_wrongKeyTellsWhatToCopy(t *testing.T) {
	t.Parallel()
	s, _ := withPBX(t, "")
	s.change(client.IntegrationInput{APISalt: ptr("another-salt")})
	checks, err := s.api("105").CheckIntegration(t.Context(), s.pbx.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.ID == "keys" && (c.State != client.CheckFailed || !strings.Contains(c.Text, "3102") || !strings.Contains(c.Text, "API коннектор")) {
			t.Errorf("said %+v", c)
		}
	}
}

// TestHealth_restsBeforeThePBXBlocksTheAccount: one wrong request makes us careful, and the
// account is never blocked by what we send by ourselves.
func TestHealth_restsBeforeThePBXBlocksTheAccount(t *testing.T) {
	t.Parallel()
	s, _ := withPBX(t, "")
	api := s.api("105")
	s.change(client.IntegrationInput{APISalt: ptr("another-salt")})
	if _, err := api.PBXExtensions(t.Context(), s.pbx.ID); err == nil {
		t.Fatal("a wrong signature was taken")
	}
	all, err := api.Integrations(t.Context())
	if err != nil || all[0].Health.State != client.HealthCareful || all[0].Health.Code != 3102 || all[0].Health.Until == nil || all[0].Health.TextEN == "" {
		t.Fatalf("after one refusal: %+v, %v", all[0].Health, err)
	}
	if err := s.parts.Reconciler.Reconcile(t.Context(), s.pbx.ID); err == nil {
		t.Error("the statistics was asked for although a second refusal would close the API")
	}
	if _, err := api.PBXExtensions(t.Context(), s.pbx.ID); err == nil {
		t.Fatal("a wrong signature was taken")
	}
	all, err = api.Integrations(t.Context())
	if err != nil || all[0].Health.State != client.HealthBlocked {
		t.Fatalf("after two refusals: %+v, %v", all[0].Health, err)
	}
	var p *client.Problem
	if _, err := s.api("101").Dial(t.Context(), client.Dial{Phone: "+79145550148"}); !asProblem(err, &p) || p.Code != "pbx_blocked" || p.Status != 503 {
		t.Errorf("a call while it rests: %v", err)
	}
}

func TestPBXExtensions_suggestWhoseNameItIs(t *testing.T) {
	t.Parallel()
	s, _ := withPBX(t, "")
	api := s.api("105")
	e, err := api.CreateEmployee(t.Context(), client.EmployeeInput{Name: ptr("Миронова Дарья")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.SetExtensions(t.Context(), s.pbx.ID, []client.ExtensionRow{{EmployeeID: s.staff["101"].ID, Extension: "101"}}); err != nil {
		t.Fatal(err)
	}
	listed, err := api.PBXExtensions(t.Context(), s.pbx.ID)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]client.PBXExtension{}
	for _, x := range listed {
		got[x.Extension] = x
	}
	if got["101"].EmployeeID != s.staff["101"].ID || got["105"].Suggested != e.ID || got["102"].Suggested != "" || got["102"].Name == "" {
		t.Errorf("listed %+v", listed)
	}
}

func TestConnectivity_turnsEveryStageGreen(t *testing.T) {
	t.Parallel()
	s, pbx := withPBX(t, "")
	if err := pbx.SetPhone("105", practice.Rule{Outcome: practice.NoAnswer, AfterMS: 60_000}); err != nil {
		t.Fatal(err)
	}
	test, err := s.api("105").BellTest(t.Context(), s.pbx.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(test.Hops) != 4 || test.CallID == "" {
		t.Fatalf("got %+v", test)
	}
	for _, h := range test.Hops {
		if h.State != client.CheckOK || h.MS == nil || *h.MS < 0 {
			t.Errorf("hop %+v", h)
		}
	}
	eventually(t, "the test to hang up", func() bool {
		c, err := s.api("105").Call(t.Context(), test.CallID)
		return err == nil && c.State == client.StateEnded && c.Test
	})
	if page, err := s.api("105").Feed(t.Context(), client.FeedQuery{}); err != nil || len(page.Items) != 0 {
		t.Errorf("the test stands in the feed: %+v, %v", page.Items, err)
	}
	if legs := pbx.Calls()[0].Legs; len(legs) != 1 {
		t.Errorf("the test rang somebody else as well: %+v", legs)
	}
}

func TestConnectivity_saysWhichStageIsDark(t *testing.T) {
	t.Parallel()
	s, _ := withPBXOf(t, server.Config{}, practice.Config{Faults: practice.Faults{Seed: 1, Drop: 1}})
	test, err := s.api("105").BellTest(t.Context(), s.pbx.ID)
	if err != nil {
		t.Fatal(err)
	}
	if test.Hops[0].State != client.CheckOK || test.Hops[1].State != client.CheckUnknown || !strings.Contains(test.Hops[1].Text, "«Адрес внешней системы»") {
		t.Errorf("got %+v", test.Hops)
	}
}
