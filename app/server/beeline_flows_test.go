package server_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/beeline/spelling"
	"dozvon/app/server"
	"dozvon/app/server/pbx"
	pbxbeeline "dozvon/app/server/pbx/beeline"
	"dozvon/app/server/store"
	"dozvon/client"
)

const (
	beelineSamples = "../beeline/testdata/samples/"
	beelineToken   = "00000000-0000-4000-8000-000000000001"
	beelineSub     = "5b260736-0000-4000-8000-95f38d8e0001"
)

// quickBeeline is Beeline with requests that do not wait for each other.
var quickBeeline = func() pbx.Kind {
	kind := pbxbeeline.Kind
	kind.New = func(a pbx.Account) pbx.Provider {
		cfg := pbxbeeline.ConfigOf(a)
		cfg.Every = time.Millisecond
		return pbxbeeline.New(cfg)
	}
	return kind
}()

// beelineAnswers is a portal that answers as the samples' commands do. It tells no time: the samples'
// calls are moved to the test's clock.
func beelineAnswers(t testing.TB, names ...string) *httptest.Server {
	t.Helper()
	srv, _ := beelineAsked(t, names...)
	return srv
}

// beelineAsked is beelineAnswers and tells what it was asked for: "POST abonents/…/callTransfer?callId=…".
func beelineAsked(t testing.TB, names ...string) (*httptest.Server, func() []string) {
	t.Helper()
	mux := http.NewServeMux()
	var mu sync.Mutex // guards asked
	var asked []string
	for _, name := range names {
		var s struct {
			Request  struct{ Method, Path string }
			Response struct {
				Status int
				JSON   json.RawMessage
			}
		}
		raw, err := os.ReadFile(beelineSamples + "commands/" + name + ".json")
		if err == nil {
			err = json.Unmarshal(raw, &s)
		}
		if err != nil {
			t.Fatal(err)
		}
		mux.HandleFunc(s.Request.Method+" "+s.Request.Path, func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Date"] = nil
			w.WriteHeader(s.Response.Status)
			w.Write(s.Response.JSON)
		})
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.Method+" "+strings.TrimPrefix(r.URL.RequestURI(), "/apis/portal/"))
		mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(asked)
	}
}

// openBeeline is a school with Beeline's PBX, connected through the API, whose 101 to 104 are
// operators. 105 is an admin.
func openBeeline(t testing.TB, cfg server.Config, portal string) *school {
	t.Helper()
	cfg.Data, cfg.Kinds = t.TempDir(), []pbx.Kind{quickBeeline}
	cfg.PublicURL, cfg.AllowLocalPBX = cmp.Or(cfg.PublicURL, "http://dozvon.test"), true
	s := startSchool(t, cfg)
	s.hire("u105", client.RoleAdmin)
	var err error
	s.pbx, err = s.api("105").CreateIntegration(t.Context(), client.IntegrationInput{
		Kind: ptr("beeline"), Active: ptr(true), APIURL: ptr(portal), Credentials: map[string]string{"api_key": beelineToken},
	})
	if err != nil {
		t.Fatal(err)
	}
	for ext := 101; ext <= 104; ext++ {
		e := strconv.Itoa(ext)
		s.staff[e], err = s.parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{
			Name: ptr("Сотрудник " + e), Login: ptr("u" + e), Password: ptr(password), Role: ptr(client.RoleOperator), Extension: ptr(e),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	s.pbx = s.step(s.pbx.ID)
	if s.pbx.Subscription == nil || s.pbx.Subscription.State != client.SubscriptionOK {
		t.Fatalf("the subscription is %+v", s.pbx.Subscription)
	}
	return s
}

// postBeeline posts an event as the portal does, with the segment that it may append.
func (s *school) postBeeline(body []byte) int {
	s.t.Helper()
	resp, err := http.Post(s.http.URL+hookPathOf(s.t, s.pbx)+"/null", "application/xml; charset=UTF-8", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

type beelineFlow struct {
	name   string
	bodies [][]byte
	expect struct {
		EntryID     string `json:"entry_id"`
		Direction   *string
		Phone       *string
		Result      *string
		Rang        []string
		Talked      *string
		TalkSeconds *int     `json:"talk_seconds"`
		ResultAny   []string `json:"result_any"`
		TalkedAll   []string `json:"talked_all"`
	}
}

func beelineFlows(t testing.TB) []beelineFlow {
	t.Helper()
	dirs, err := filepath.Glob(beelineSamples + "flows/*")
	if err != nil || len(dirs) != 18 {
		t.Fatalf("%d flows: %v", len(dirs), err)
	}
	var all []beelineFlow
	for _, dir := range dirs {
		f := beelineFlow{name: filepath.Base(dir)}
		raw, err := os.ReadFile(dir + "/expect.json")
		if err == nil {
			err = json.Unmarshal(raw, &f.expect)
		}
		if err != nil {
			t.Fatal(err)
		}
		files, _ := filepath.Glob(dir + "/*.xml")
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			f.bodies = append(f.bodies, raw)
		}
		all = append(all, f)
	}
	return all
}

var (
	beelineTime = regexp.MustCompile(`\b17600\d{8}\b`)
	beelineID   = regexp.MustCompile(`\b(callhalf-77|48)(\d+:\d)\b`)
)

// moved puts a flow's end at a moment, and its ids apart from those of the same flow elsewhere.
func (f beelineFlow) moved(end time.Time, run string) (bodies [][]byte, key string) {
	var last int64
	for _, b := range f.bodies {
		for _, m := range beelineTime.FindAll(b, -1) {
			n, _ := strconv.ParseInt(string(m), 10, 64)
			last = max(last, n)
		}
	}
	id := func(text string) string { return beelineID.ReplaceAllString(text, "${1}"+run+"${2}") }
	for _, b := range f.bodies {
		text := beelineTime.ReplaceAllStringFunc(string(b), func(m string) string {
			n, _ := strconv.ParseInt(m, 10, 64)
			return strconv.FormatInt(n-last+end.UnixMilli(), 10)
		})
		bodies = append(bodies, []byte(id(text)))
	}
	return bodies, id(f.expect.EntryID)
}

// TestBeeline_everyFlowThroughHTTPIsItsCall: as sent, doubled and shuffled, and in the other spelling; what the API tells of it in the end is what the samples expect.
func TestBeeline_everyFlowThroughHTTPIsItsCall(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		c := startClock()
		portal := beelineAnswers(t, "abonents", "numbers", "subscription-create", "subscription-get")
		s := openBeeline(t, server.Config{Database: database, Now: c.now}, portal.URL+"/apis/portal/")
		random := rand.New(rand.NewPCG(7, 7))
		want := map[string]beelineFlow{}
		for run, change := range []func([][]byte) [][]byte{
			func(b [][]byte) [][]byte { return b },
			func(b [][]byte) [][]byte {
				b = slices.Concat(b, b)
				random.Shuffle(len(b), func(i, j int) { b[i], b[j] = b[j], b[i] })
				return b
			},
			func(b [][]byte) [][]byte { return respelt(t, b) },
		} {
			for _, f := range beelineFlows(t) {
				// One employee has one telephone: a call to a colleague at the time of a hold would be a consultation.
				c.pass(4 * time.Minute)
				bodies, key := f.moved(c.now(), strconv.Itoa(run+1))
				want[key] = f
				for _, b := range change(bodies) {
					if status := s.postBeeline(b); status != http.StatusOK {
						t.Fatalf("%s: answered %d", f.name, status)
					}
				}
			}
		}
		c.pass(time.Minute)
		if err := s.parts.Calls.CloseForgotten(t.Context()); err != nil {
			t.Fatal(err)
		}
		for key, f := range want {
			if err := s.compareBeeline(key, f); err != nil {
				t.Errorf("%s (%s): %v", f.name, key, err)
			}
		}
		if n := len(s.calls()); n != len(want) {
			t.Errorf("%d calls of %d flows", n, len(want))
		}
	})
}

// respelt is the same events in the other spelling that was seen.
func respelt(t testing.TB, bodies [][]byte) [][]byte {
	t.Helper()
	var all [][]byte
	for _, b := range bodies {
		e, _, err := beeline.Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, spelling.Encode(e, spelling.Flat))
	}
	return all
}

// callOfKey is what the API tells of the call that the PBX calls so.
func (s *school) callOfKey(key string) (client.Call, error) {
	s.t.Helper()
	var id string
	err := s.parts.Store.Write(s.t.Context(), func(tx *store.Tx) error {
		rec, err := tx.CallOf(s.pbx.ID, key, "")
		id = rec.ID
		return err
	})
	if err != nil {
		return client.Call{}, err
	}
	return s.api("105").Call(s.t.Context(), id)
}

func (s *school) compareBeeline(key string, f beelineFlow) error {
	got, err := s.callOfKey(key)
	if err != nil {
		return err
	}
	var wrong []string
	check := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	e := f.expect
	check(got.State == client.StateEnded && !got.Unconfirmed && got.Source == "beeline", "%s, unconfirmed %v, of %s", got.State, got.Unconfirmed, got.Source)
	check(e.Direction == nil || *e.Direction == string(got.Direction), "direction %s", got.Direction)
	check(e.Phone == nil || *e.Phone == got.Phone, "phone %s", got.Phone)
	check(e.Result == nil || *e.Result == string(got.Result), "result %s", got.Result)
	check(len(e.ResultAny) == 0 || slices.Contains(e.ResultAny, string(got.Result)), "result %s", got.Result)
	talk := 0
	if got.TalkSeconds != nil {
		talk = *got.TalkSeconds
	}
	check(e.TalkSeconds == nil || *e.TalkSeconds == talk, "talked for %d s", talk)
	rang := []string{}
	for _, id := range got.Rang {
		rang = append(rang, s.extensionOf(id))
	}
	slices.Sort(rang)
	check(e.Rang == nil || slices.Equal(e.Rang, rang), "rang %v", rang)
	check(e.Talked == nil || *e.Talked == "" || got.Employee != nil && s.extensionOf(got.Employee.ID) == *e.Talked, "talked: %+v", got.Employee)
	for _, ext := range e.TalkedAll {
		check(slices.ContainsFunc(got.Path, func(p client.PathStep) bool {
			return p.Employee != nil && s.extensionOf(p.Employee.ID) == ext && p.State == client.StateTalking
		}), "%s did not talk: %+v", ext, got.Path)
	}
	s.checkCourse(f.name, got)
	if len(wrong) > 0 {
		return fmt.Errorf("%s", strings.Join(wrong, "; "))
	}
	return nil
}

func (s *school) extensionOf(employee string) string {
	for ext, e := range s.staff {
		if e.ID == employee {
			return ext
		}
	}
	return employee
}

// TestBeeline_aStrangerIsToldNothingAndChangesNothing: an event is unsigned, so what does not come by a
// subscription of ours is as if it had not come.
func TestBeeline_aStrangerIsToldNothingAndChangesNothing(t *testing.T) {
	t.Parallel()
	c := startClock()
	portal := beelineAnswers(t, "abonents", "numbers", "subscription-create", "subscription-get")
	s := openBeeline(t, server.Config{Now: c.now}, portal.URL+"/apis/portal/")
	bodies, _ := beelineFlows(t)[4].moved(c.now(), "1")
	foreign := func(b []byte) []byte {
		return bytes.ReplaceAll(b, []byte(beelineSub), []byte("5b260736-0000-4000-8000-95f38d8e0666"))
	}
	ours := s.postBeeline(bodies[0])
	before := len(s.calls())
	odd := map[string][]byte{
		"another subscription": foreign(bodies[1]), "none": bytes.ReplaceAll(bodies[1], []byte("subscriptionId"), []byte("subscription")),
		"half":   bodies[1][:len(bodies[1])/2],
		"bomb":   []byte(`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cccc">]><Event>&b;</Event>`),
		"deep":   []byte(strings.Repeat("<a>", 10_000) + strings.Repeat("</a>", 10_000)),
		"large":  []byte("<Event>" + strings.Repeat("<a/>", 30_000) + "</Event>"),
		"binary": {0xff, 0xfe, 0x00, 0x01}, "nothing": {},
	}
	for _, file := range []string{"doctype", "markup-in-name", "unknown-abonent", "unknown-event", "hook-off", "subscription-terminated", "subscription-started", "recording-failed"} {
		raw, err := os.ReadFile(beelineSamples + "odd/" + file + ".xml")
		if err != nil {
			t.Fatal(err)
		}
		odd[file+" of another"] = foreign(raw)
	}
	for name, body := range odd {
		if status := s.postBeeline(body); status >= 500 || status == http.StatusRequestTimeout {
			t.Errorf("%s: answered %d", name, status)
		}
	}
	if status := s.postBeeline(foreign(bodies[1])); status != ours {
		t.Errorf("a stranger is answered %d, the PBX %d", status, ours)
	}
	after := s.step(s.pbx.ID)
	if n := len(s.calls()); n != before || after.Subscription.State != client.SubscriptionOK || !after.Subscription.Began.Equal(*s.pbx.Subscription.Began) {
		t.Errorf("%d calls before, %d after; the subscription is %+v", before, n, after.Subscription)
	}
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		req, _ := http.NewRequestWithContext(context.Background(), method, s.http.URL+hookPathOf(t, s.pbx)+"/null", nil)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("the portal's look by %s is answered %d", method, resp.StatusCode)
		}
	}
}

// TestBeeline_oddEventsOfOurs: they come by our subscription and are shown as they are.
func TestBeeline_oddEventsOfOurs(t *testing.T) {
	t.Parallel()
	c := startClock()
	portal := beelineAnswers(t, "abonents", "numbers", "subscription-create", "subscription-get")
	s := openBeeline(t, server.Config{Now: c.now}, portal.URL+"/apis/portal/")
	for file, want := range map[string]int{
		"doctype": http.StatusBadRequest, "markup-in-name": http.StatusOK, "unknown-abonent": http.StatusOK, "unknown-event": http.StatusOK,
		"hook-off": http.StatusOK, "subscription-started": http.StatusOK, "recording-failed": http.StatusOK,
	} {
		raw, err := os.ReadFile(beelineSamples + "odd/" + file + ".xml")
		if err != nil {
			t.Fatal(err)
		}
		body := beelineTime.ReplaceAllFunc(raw, func([]byte) []byte { return strconv.AppendInt(nil, c.now().UnixMilli(), 10) })
		if status := s.postBeeline(body); status != want {
			t.Errorf("%s: answered %d", file, status)
		}
	}
	numbers := s.knownNumbers()
	if want := []string{"", "+79000000297", "+79000000298", "+79000000299"}; !slices.Equal(numbers, want) {
		t.Errorf("calls of %q", numbers)
	}
	unknown, err := s.callOfKey("489997:1")
	if err != nil || unknown.State != client.StateRinging {
		t.Errorf("an abonent whom nobody knows: %+v, %v", unknown, err)
	}
}

// TestBeeline_connectsTheClientWithTheColleague: the consultation has a key of its own until the PBX
// joins it; here it is the client's call from its first event on, in whatever order the events come.
func TestBeeline_connectsTheClientWithTheColleague(t *testing.T) {
	t.Parallel()
	all := beelineFlows(t)
	flow := all[slices.IndexFunc(all, func(f beelineFlow) bool { return f.name == "transfer-consultative" })]
	for name, order := range map[string][]int{"as sent": {0, 1, 2, 3, 4, 5, 6}, "the colleague's half first": {0, 1, 2, 4, 6, 3, 5}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startClock()
			portal, asked := beelineAsked(t, "abonents", "numbers", "subscription-create", "subscription-get", "transfer-consult")
			s := openBeeline(t, server.Config{Now: c.now}, portal.URL+"/apis/portal/")
			bodies, key := flow.moved(c.now(), "1")
			for _, i := range order {
				s.postBeeline(bodies[i])
			}
			got, err := s.callOfKey(key)
			if err != nil || !slices.Equal(got.Can, []client.Ability{client.CanConnect}) || got.Consulting == nil || got.Phone != "+79000000216" {
				t.Fatalf("it can %v, asking %+v: %v", got.Can, got.Consulting, err)
			}
			if err := s.api("101").ConnectTransfer(t.Context(), got.ID); err != nil {
				t.Fatal(err)
			}
			if last := asked(); last[len(last)-1] != "POST abonents/9600000101@mpbx.sip.beeline.ru/callTransferConsult?callId=callhalf-77110161%3A0&callIdConsult=callhalf-77110162%3A0" {
				t.Errorf("asked %s", last[len(last)-1])
			}
			for _, b := range bodies {
				s.postBeeline(b)
			}
			if n := len(s.calls()); n != 1 {
				t.Errorf("%d calls", n)
			}
			if err := s.compareBeeline(key, flow); err != nil {
				t.Error(err)
			}
		})
	}
}
