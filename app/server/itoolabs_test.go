package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/server"
	"dozvon/app/server/pbx"
	pbxitoolabs "dozvon/app/server/pbx/itoolabs"
	"dozvon/app/server/pgtest"
	"dozvon/client"
)

const itoolabsSamples = "../itoolabs/testdata/samples/"

// itoolabsToken is what the samples' PBX proves itself with.
const itoolabsToken = "crm-token-of-the-practice-pbx"

// openITooLabs is a school whose PBX is the samples': it knows the employees of accounts.json, each of
// whom is one of ours, and Мария of the first flow is Анна's client.
func openITooLabs(t testing.TB, database string) (*school, client.Integration) {
	t.Helper()
	return openITooLabsWith(t, server.Config{Database: database})
}

func openITooLabsWith(t testing.TB, cfg server.Config) (*school, client.Integration) {
	t.Helper()
	var accounts struct {
		Response struct {
			JSON json.RawMessage `json:"json"`
		} `json:"response"`
	}
	readJSON(t, itoolabsSamples+"commands/accounts.json", &accounts)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/"+itoolabs.PathOld || r.FormValue("cmd") != itoolabs.OldAccounts {
			http.NotFound(w, r)
			return
		}
		w.Write(accounts.Response.JSON)
	}))
	t.Cleanup(site.Close)
	cfg.Data, cfg.Kinds = t.TempDir(), []pbx.Kind{quickKind, pbxitoolabs.Kind}
	s := startSchool(t, cfg)
	s.hire("u105", client.RoleAdmin)
	api := s.api("105")
	i, err := api.CreateIntegration(t.Context(), client.IntegrationInput{
		Kind: ptr(pbxitoolabs.Kind.Name), Active: ptr(true), APIURL: ptr(site.URL + "/sys/crm_api.wcgp"), Forwarding: ptr(true),
		Credentials: map[string]string{"api_key": "pbx-key-of-the-practice-pbx", "api_salt": itoolabsToken},
	})
	if err != nil {
		t.Fatal(err)
	}
	found, err := api.PBXExtensions(t.Context(), i.ID)
	if err != nil || len(found) != 3 {
		t.Fatalf("%+v, %v", found, err)
	}
	var rows []client.ExtensionRow
	for _, e := range found {
		s.staff[e.Extension] = s.hire("u"+e.Extension, client.RoleOperator)
		rows = append(rows, client.ExtensionRow{EmployeeID: s.staff[e.Extension].ID, Extension: e.Extension})
	}
	if _, err := api.SetExtensions(t.Context(), i.ID, rows); err != nil {
		t.Fatal(err)
	}
	if _, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Клиентова Мария"), Phones: &[]string{"+79000000401"}, ResponsibleID: ptr(s.staff["701"].ID)}); err != nil {
		t.Fatal(err)
	}
	return s, i
}

// itoolabsRequest is one request of a flow, and what must be answered.
type itoolabsRequest struct {
	Form   itoolabs.Fields `json:"form"`
	Answer *struct {
		JSON json.RawMessage `json:"json"`
	} `json:"answer"`
}

// itoolabsFlow reads a flow and moves its times to a few minutes ago.
func itoolabsFlow(t testing.TB, dir string) (requests []itoolabsRequest, want itoolabsExpectation) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "[0-9]*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no requests in %s: %v", dir, err)
	}
	slices.Sort(files)
	var first time.Time
	for _, file := range files {
		var r itoolabsRequest
		readJSON(t, file, &r)
		if start, ok := itoolabs.ReadMoment(r.Form["start"]); ok {
			if first.IsZero() {
				first = start
			}
			r.Form["start"] = time.Now().Add(start.Sub(first) - 3*time.Minute).UTC().Format(itoolabs.Moment)
		}
		requests = append(requests, r)
	}
	readJSON(t, filepath.Join(dir, "expect.json"), &want)
	return requests, want
}

type itoolabsExpectation struct {
	expectation
	TalkedAll []string `json:"talked_all"`
}

// TestITooLabs_flowsGiveTheCallThatTheReferenceTells delivers every sample flow to the integration's own
// address: as sent, then doubled and shuffled, as forms and as JSON.
func TestITooLabs_flowsGiveTheCallThatTheReferenceTells(t *testing.T) {
	t.Parallel()
	dirs, _ := filepath.Glob(itoolabsSamples + "flows/*")
	if len(dirs) != 8 {
		t.Fatalf("%d flows found", len(dirs))
	}
	databases(t, func(t *testing.T, url string) {
		for round := range 3 {
			s, i := openITooLabs(t, url)
			if url != "" {
				url = pgtest.URL(t)
			}
			for _, dir := range dirs {
				name := fmt.Sprintf("%s, round %d", filepath.Base(dir), round)
				requests, want := itoolabsFlow(t, dir)
				if round > 0 {
					requests = append(requests, requests...)
					r := rand.New(rand.NewPCG(uint64(round), 7))
					r.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
				}
				for n, r := range requests {
					s.tellITooLabs(name, i, r, n%2 == round%2)
				}
				s.check(t, name, want.expectation)
				s.checkAll(name, want)
			}
		}
	})
}

// tellITooLabs posts a request and compares the answer.
func (s *school) tellITooLabs(name string, i client.Integration, r itoolabsRequest, asForm bool) {
	s.t.Helper()
	body, head := string(r.Form.Canonical()), http.Header{"Content-Type": {"application/json"}}
	if asForm {
		body, head = r.Form.Form(), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	}
	want := "{}"
	if r.Answer != nil {
		var compact bytes.Buffer
		if err := json.Compact(&compact, r.Answer.JSON); err != nil {
			s.t.Fatal(err)
		}
		want = compact.String()
	}
	status, answer, _ := s.send(http.MethodPost, hookPathOf(s.t, i), body, head)
	if status != http.StatusOK || answer != want {
		s.t.Fatalf("%s: %s answered %d %s, want %s", name, r.Form["cmd"], status, answer, want)
	}
}

// checkAll compares who talked, one after the other, where several did.
func (s *school) checkAll(name string, want itoolabsExpectation) {
	s.t.Helper()
	if want.TalkedAll == nil {
		return
	}
	for _, c := range s.calls() {
		if c.Phone != want.Phone {
			continue
		}
		var talked []string
		for _, step := range c.Path {
			if step.State == client.StateTalking {
				talked = append(talked, step.Extension)
			}
		}
		slices.Sort(talked)
		if !slices.Equal(talked, want.TalkedAll) {
			s.t.Errorf("%s: %v talked, want %v", name, talked, want.TalkedAll)
		}
	}
}

// TestITooLabs_oddRequestsAreAnsweredAsTheReferenceAsks and change nothing; no token is kept.
func TestITooLabs_oddRequestsAreAnsweredAsTheReferenceAsks(t *testing.T) {
	t.Parallel()
	s, i := openITooLabs(t, "")
	word, proof := hookPathOf(t, i), "&crm_token="+itoolabsToken
	event := "cmd=event&type=INCOMING&callid=c1&direction=in&user=anna&phone=79000000501"
	for name, tt := range map[string]struct {
		body string
		want int
	}{
		"a wrong token": {event + "&crm_token=x", 401}, "no token": {event, 401}, "no command": {"callid=c1" + proof, 400}, "nothing": {"", 400}, "half an object": {`{"cmd":"event"`, 400},
		"a page": {"<html></html>", 400}, "too much": {event + proof + "&x=" + strings.Repeat("x", 1<<20), 413},
		"a command of tomorrow": {"cmd=park&callid=c1" + proof, 200}, "a type of tomorrow": {"cmd=event&type=PARKED&callid=c1&user=anna" + proof, 200}, "no callid": {"cmd=event&type=INCOMING&user=anna" + proof, 200},
		"a group rings": {"cmd=event&type=INCOMING&callid=c1&user=g_1@demo.example&phone=79000000501" + proof, 200}, "a mark": {"cmd=rating&callid=c1&rating=5" + proof, 200},
		"asked of nobody": {"cmd=contact&callid=c1&phone=anonymous" + proof, 200},
	} {
		status, answer, _ := s.send(http.MethodPost, word, tt.body, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
		if status != tt.want || tt.want == 200 && answer != "{}" {
			t.Errorf("%s: %d %s, want %d", name, status, answer, tt.want)
		}
	}
	if all := s.calls(); len(all) != 0 {
		t.Errorf("calls came of it: %+v", all)
	}
	if status, _, _ := s.send(http.MethodPost, word, event+"&ext=701&groupRealName=%3Cscript%3E"+proof, nil); status != 200 {
		t.Errorf("an event: %d", status)
	}
	if all := s.calls(); len(all) != 1 || all[0].State != client.StateRinging || strings.Contains(asJSON(t, all), "<script>") {
		t.Errorf("the call is %+v", all)
	}
	for _, raw := range s.rawPayloads() {
		if strings.Contains(raw, itoolabsToken) {
			t.Errorf("the token is kept: %s", raw)
		}
	}
	resp, err := http.Get(s.http.URL + word)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if raw, err := io.ReadAll(resp.Body); resp.StatusCode != 200 || err != nil || len(raw) > 0 {
		t.Errorf("the cabinet's look: %d %q, %v", resp.StatusCode, raw, err)
	}
}

// TestITooLabs_aCallThatWasSilentRingsAgain: the queue tries the next employee when nothing was heard of the
// call for so long that it was taken for over.
func TestITooLabs_aCallThatWasSilentRingsAgain(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		c := startClock()
		s, i := openITooLabsWith(t, server.Config{Database: url, Now: c.now})
		const number = "79000000444"
		tell := func(event, login, ext string) {
			s.tellITooLabs(event, i, itoolabsRequest{Form: itoolabs.Fields{
				"cmd": "event", "type": event, "callid": "silent", "phone": number, "user": login, "ext": ext, "direction": "in",
				"diversion": "74950000030", "crm_token": itoolabsToken,
			}}, true)
		}
		silence := func() {
			c.pass(61 * time.Second)
			if err := s.parts.Calls.CloseForgotten(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		state := func(when string, want client.CallState, result client.Result) {
			t.Helper()
			all := s.calls()
			if len(all) != 1 || all[0].State != want || all[0].Result != result {
				t.Fatalf("%s: want one call, %s %s: %+v", when, want, result, all)
			}
		}
		for _, next := range []string{"702", "703"} { // every time, not the first alone
			tell("INCOMING", "anna", "701")
			tell("CANCELLED", "anna", "701")
			silence()
			state("silent before "+next, client.StateEnded, client.Missed)
			c.pass(time.Second)
			tell("INCOMING", map[string]string{"702": "boris", "703": "vera"}[next], next)
			state(next+" rings", client.StateRinging, "")
			tell("CANCELLED", map[string]string{"702": "boris", "703": "vera"}[next], next)
			silence()
			state("silent after "+next, client.StateEnded, client.Missed)
		}
		c.pass(time.Second)
		tell("ACCEPTED", "vera", "703")
		state("answered", client.StateTalking, "")
		c.pass(20 * time.Second)
		tell("COMPLETED", "vera", "703")
		silence()
		state("at the end", client.StateEnded, client.Answered)
	})
}
