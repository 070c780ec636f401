package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"dozvon/app/desktop/session"
	"dozvon/app/drill"
	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/app/server/pgtest"
	"dozvon/client"
	"dozvon/client/sandbox"
)

// brisk is a pace for tests.
var brisk = drill.Pace{Pause: 20 * time.Millisecond, Ring: 60 * time.Millisecond, NoAnswer: 60 * time.Millisecond, Talk: 60 * time.Millisecond}

// still is one whose first call rings for as long as a test looks.
var still = drill.Pace{Pause: time.Millisecond, Ring: time.Hour, NoAnswer: time.Hour, Talk: time.Hour}

// practices makes schools to practise in, in a folder that can be looked at.
func practices(t testing.TB, pace drill.Pace) drill.Opener {
	t.Helper()
	return drill.Opener{Folder: filepath.Join(t.TempDir(), "practice"), Version: "test", Pace: pace}
}

// left is what stands in the folder of practices.
func left(t testing.TB, o drill.Opener) []string {
	t.Helper()
	entries, err := os.ReadDir(o.Folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// overheard is what a stream told.
type overheard struct {
	mu     sync.Mutex
	events []client.StreamEvent
}

func (h *overheard) note(e client.StreamEvent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
}

// some tells whether any event is like that.
func (h *overheard) some(like func(client.StreamEvent) bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.ContainsFunc(h.events, like)
}

// listen follows the stream of an API until the test ends, from its hello on.
func listen(t *testing.T, api *client.API) *overheard {
	t.Helper()
	h := &overheard{}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { api.Stream(ctx, client.StreamConfig{Handle: h.note}) })
	t.Cleanup(func() { cancel(); running.Wait() })
	eventually(t, "the hello of a stream", func() bool {
		return h.some(func(e client.StreamEvent) bool { return e.Type == "hello" })
	})
	return h
}

func practise(t *testing.T, api *client.API) *sandbox.Sandbox {
	t.Helper()
	p, err := sandbox.Begin(t.Context(), api)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// step waits for a step of a practice.
func step(t *testing.T, p *sandbox.Sandbox, want string) {
	t.Helper()
	eventually(t, "the step "+want, func() bool {
		state, err := p.State(t.Context())
		return err == nil && state.Step == want
	})
}

// reaches is all that a school shows that calls could have reached, in a form to compare.
func (s *school) reaches(t *testing.T, api *client.API) string {
	t.Helper()
	ctx := t.Context()
	var out strings.Builder
	note := func(what string, got any, err error) {
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		raw, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s: %s\n", what, raw)
	}
	feed, err := api.Feed(ctx, client.FeedQuery{Limit: 500})
	note("feed", len(feed.Items), err)
	active, err := api.ActiveCalls(ctx)
	note("calls", len(active), err)
	missed, err := api.Missed(ctx, "")
	note("missed", len(missed.Items), err)
	tasks, err := api.Tasks(ctx)
	note("tasks", len(tasks), err)
	clients, err := api.Clients(ctx, "", "")
	note("clients", len(clients.Items), err)
	contracts, err := api.Contracts(ctx, "", "")
	note("contracts", len(contracts.Items), err)
	report, err := api.CallReport(ctx, client.ReportQuery{From: time.Now().Add(-24 * time.Hour), To: time.Now().Add(time.Hour), Group: "day"})
	note("report", report.Total, err)
	for _, number := range []string{"+79000000001", "+79000000002", "+79000000003"} {
		found, err := api.Lookup(ctx, number)
		note("lookup "+number, len(found), err)
	}
	people, err := api.Employees(ctx)
	for _, e := range people {
		note("presence", e.Presence == client.PresenceTalking || e.Presence == client.PresenceRinging, err)
	}
	export, err := api.Export(ctx, "feed", "csv", nil)
	if err == nil {
		raw, rerr := io.ReadAll(export)
		export.Close()
		note("export", len(strings.Split(strings.TrimSpace(string(raw)), "\n")), rerr)
	} else {
		note("export", nil, err)
	}
	return out.String()
}

// TestPractice_goesThroughAllStepsAndReachesNothingOfTheSchool: known caller, unknown one, missed one and call-back, with a
// note, a task and a new client on the way; every call and entry says what it is, and the school is as before.
func TestPractice_goesThroughAllStepsAndReachesNothingOfTheSchool(t *testing.T) {
	t.Parallel()
	opener := practices(t, brisk)
	s, _ := withPBXOf(t, server.Config{Practice: opener}, practice.Config{})
	s.ring(1, "79145550148", "101", false) // something real stands there
	admin := s.api("105")
	before, real := s.reaches(t, admin), listen(t, admin)
	colleague := listen(t, s.api("102"))

	p := practise(t, s.api("101"))
	inside := listen(t, p.API)
	me, err := p.Me(t.Context())
	if err != nil || me.Name != s.staff["101"].Name || me.Extension != "101" || me.ID == s.staff["101"].ID {
		t.Fatalf("who practises is %+v, %v", me, err)
	}
	step(t, p, sandbox.CallBack)
	eventually(t, "the missed caller", func() bool {
		missed, err := p.Missed(t.Context(), "")
		return err == nil && len(missed.Items) == 1
	})
	feed, err := p.Feed(t.Context(), client.FeedQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{}
	for _, e := range feed.Items {
		name := ""
		if e.Subject != nil {
			name = e.Subject.Name
		}
		if kinds[e.Phone+" "+string(e.Type)] = name; !e.Practice {
			t.Errorf("an entry does not say that it is practice: %+v", e)
		}
	}
	for key, want := range map[string]string{
		"+79000000001 call_in": "Учебный Иван Иванович", "+79000000002 call_in": "", "+79000000003 call_missed": "Пробная Мария Петровна",
	} {
		if got, ok := kinds[key]; !ok || got != want {
			t.Errorf("%s is of %q (%v), want %q; the feed has %v", key, got, ok, want, kinds)
		}
	}
	missed, err := p.Missed(t.Context(), "")
	if err != nil || len(missed.Items) != 1 {
		t.Fatalf("missed in the practice: %+v, %v", missed.Items, err)
	}
	lead, phones := "Новая Анна", []string{"+79000000002"}
	made, err := p.CreateClient(t.Context(), client.ClientInput{Name: &lead, Phones: &phones})
	if err != nil {
		t.Fatal(err)
	}
	bound, err := p.Feed(t.Context(), client.FeedQuery{Phone: "+79000000002", Limit: 10})
	if err != nil || len(bound.Items) == 0 || bound.Items[0].Subject == nil || bound.Items[0].Subject.ID != made.ID {
		t.Errorf("the call of the new client's number is %+v, %v", bound.Items, err)
	}
	call, err := p.Dial(t.Context(), client.Dial{Phone: "+79000000003"})
	if err != nil || !call.Practice {
		t.Fatalf("the call-back is %+v, %v", call, err)
	}
	if _, err := p.NoteCall(t.Context(), call.ID, client.CallNote{Text: "учусь"}); err != nil {
		t.Error(err)
	}
	step(t, p, sandbox.Done)
	eventually(t, "the call-back to end", func() bool {
		got, err := p.Call(t.Context(), call.ID)
		return err == nil && got.Practice && got.Result == client.Answered
	})
	for _, kind := range []string{"call", "feed", "presence", "client"} {
		if !inside.some(func(e client.StreamEvent) bool { return e.Type == kind }) {
			t.Errorf("the practice's stream told of no %s", kind)
		}
	}
	if inside.some(func(e client.StreamEvent) bool {
		c, call := e.Data.(*client.Call)
		f, entry := e.Data.(*client.FeedEntry)
		return call && !c.Practice || entry && !f.Practice
	}) {
		t.Error("an event of the practice does not say so")
	}

	for who, stream := range map[string]*overheard{"the administrator": real, "a colleague": colleague} {
		if stream.some(func(e client.StreamEvent) bool { return e.Type != "hello" && e.Type != "presence" && e.Type != "reset" }) {
			t.Errorf("%s heard of the practice: %+v", who, stream.events)
		}
	}
	if after := s.reaches(t, admin); after != before {
		t.Errorf("the school was\n%s\nand is after the practice\n%s", before, after)
	}
	p.Close()
	eventually(t, "nothing left of the practice", func() bool { return len(left(t, opener)) == 0 })
	if after := s.reaches(t, admin); after != before {
		t.Errorf("the school was\n%s\nand is after its end\n%s", before, after)
	}
}

// TestPractice_twoAtOnceDoNotMeet, not even where both have the same extension.
func TestPractice_twoAtOnceDoNotMeet(t *testing.T) {
	t.Parallel()
	opener := practices(t, still)
	s := openSchoolWith(t, server.Config{Practice: opener}, "")
	one, other, again := practise(t, s.api("101")), practise(t, s.api("102")), practise(t, s.api("101"))
	name := "Чужая Нина"
	if _, err := one.CreateClient(t.Context(), client.ClientInput{Name: &name}); err != nil {
		t.Fatal(err)
	}
	for what, p := range map[string]*sandbox.Sandbox{"another's": other, "one's own other": again} {
		found, err := p.Clients(t.Context(), name, "")
		if err != nil || len(found.Items) != 0 {
			t.Errorf("%s practice has %+v, %v", what, found.Items, err)
		}
		eventually(t, what+" call", func() bool {
			active, err := p.ActiveCalls(t.Context())
			return err == nil && len(active) == 1 && active[0].Practice && active[0].Phone == "+79000000001"
		})
	}
	one.Close()
	eventually(t, "one practice less", func() bool { return len(left(t, opener)) == 2 })
	if _, err := other.State(t.Context()); err != nil {
		t.Errorf("the other practice ended with it: %v", err)
	}
	if _, err := one.State(t.Context()); err == nil {
		t.Error("a practice that was closed answers")
	}
}

// TestPractice_vanishesWithWhatItHangsOn: an app that was killed, a sign-out, a server that stops, its time.
func TestPractice_vanishesWithWhatItHangsOn(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(s *school, api *client.API, p *sandbox.Sandbox){
		"the app is killed":     func(_ *school, _ *client.API, p *sandbox.Sandbox) { p.Close() },
		"signed out":            func(s *school, api *client.API, _ *sandbox.Sandbox) { api.SignOut(s.t.Context()) },
		"the server stops":      func(s *school, _ *client.API, _ *sandbox.Sandbox) { s.parts.API.CloseStreams() },
		"its time has passed":   nil,
		"the role is another's": func(s *school, _ *client.API, _ *sandbox.Sandbox) { s.promote("101") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opener := practices(t, still)
			var glass hourglass
			if end == nil {
				end = func(*school, *client.API, *sandbox.Sandbox) { glass.pass() }
			}
			s := openSchoolWith(t, server.Config{Practice: opener, PracticeEnds: glass.start}, "")
			api := s.api("101")
			p := practise(t, api)
			if n := len(left(t, opener)); n != 1 {
				t.Fatalf("%d folders while one practises", n)
			}
			end(s, api, p)
			select {
			case <-p.Over():
			case <-time.After(patience):
				t.Fatal("the app does not hear of the end")
			}
			eventually(t, "nothing left", func() bool { return len(left(t, opener)) == 0 })
			if _, err := p.State(t.Context()); err == nil {
				t.Error("the practice goes on")
			}
		})
	}
}

// hourglass is the clock of the practice that began last.
type hourglass struct{ running atomic.Pointer[running] }

type running struct {
	cancel context.CancelFunc
	lasts  time.Duration
}

func (g *hourglass) start(ctx context.Context, lasts time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	g.running.Store(&running{cancel, lasts})
	return ctx, cancel
}

// pass lets the time of the practice pass, if it is given some.
func (g *hourglass) pass() {
	if r := g.running.Load(); r.lasts == 30*time.Minute {
		r.cancel()
	}
}

// promote gives an employee another role.
func (s *school) promote(ext string) {
	s.t.Helper()
	role := client.RoleManager
	if _, err := s.parts.Staff.SaveEmployee(s.t.Context(), s.staff[ext].ID, client.EmployeeInput{Role: &role}); err != nil {
		s.t.Error(err)
	}
}

// TestPractice_leftByAKilledServerIsTakenAway as the next one starts.
func TestPractice_leftByAKilledServerIsTakenAway(t *testing.T) {
	t.Parallel()
	opener := practices(t, still)
	dir := filepath.Join(opener.Folder, "practice-1")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "dozvon.db"), []byte("somebody's practice"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := newListener()
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := server.Run(ctx, server.Config{Listen: address, Data: t.TempDir(), Version: "test", PasswordCost: quickPasswords, Practice: opener}); err != nil {
			t.Error(err)
		}
	})
	defer running.Wait()
	defer stop()
	eventually(t, "a server that serves", func() bool {
		resp, err := http.Get("http://" + address + "/healthz")
		if err == nil {
			resp.Body.Close()
		}
		return err == nil
	})
	if names := left(t, opener); len(names) != 0 {
		t.Errorf("there still is %v", names)
	}
}

// TestPractice_worksOverTwoNodesBehindAProxy that sends every request to the next one: a practice is one
// connection, so all of it stays where it began.
func TestPractice_worksOverTwoNodesBehindAProxy(t *testing.T) {
	t.Parallel()
	db := pgtest.URL(t)
	here, there := practices(t, still), practices(t, still)
	s := openSchoolWith(t, server.Config{Database: db, Practice: here}, "")
	other := s.another(server.Config{Database: db, Practice: there})
	var nodes []*url.URL
	for _, address := range []string{s.http.URL, other.http.URL} {
		to, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		nodes = append(nodes, to)
	}
	var turn atomic.Int64
	proxy := &httputil.ReverseProxy{FlushInterval: -1, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(nodes[turn.Add(1)%2]) }}
	front := httptestServer(t, proxy)
	var practising []*sandbox.Sandbox
	for _, ext := range []string{"101", "102", "103", "104"} {
		api := client.New(front, s.token(ext))
		p := practise(t, api)
		practising = append(practising, p)
		eventually(t, "the first call of "+ext, func() bool {
			active, err := p.ActiveCalls(t.Context())
			return err == nil && len(active) == 1
		})
	}
	if len(left(t, here)) != 2 || len(left(t, there)) != 2 {
		t.Errorf("%d practise here, %d there", len(left(t, here)), len(left(t, there)))
	}
	for _, p := range practising {
		p.Close()
	}
	eventually(t, "nothing left on either node", func() bool { return len(left(t, here))+len(left(t, there)) == 0 })
}

// TestPractice_refusesInWords where there is none, no room, or no connection of one's own.
func TestPractice_refusesInWords(t *testing.T) {
	t.Parallel()
	refused := func(what string, err error, code string) {
		t.Helper()
		var p *client.Problem
		if !errors.As(err, &p) || p.Code != code || p.Detail == "" {
			t.Errorf("%s: %v, want the problem %s", what, err, code)
		}
	}
	without := openSchool(t, "", "")
	_, err := sandbox.Begin(t.Context(), without.api("101"))
	refused("a server without practices", err, "practice_off")
	opener := practices(t, still)
	s := openSchoolWith(t, server.Config{Practice: opener}, "")
	_, err = sandbox.Begin(t.Context(), client.New(s.http.URL, "nobody's"))
	refused("nobody", err, "unauthorized")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.http.URL+"/api/v1/practice", nil)
	if err != nil {
		t.Fatal(err)
	}
	token := s.token("101")
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("a plain request is answered with %s", resp.Status)
	}
	// A proxy that takes the upgrade off leaves a plain request.
	stripping := httptestServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Upgrade")
		r.Header.Del("Connection")
		s.parts.API.Handler().ServeHTTP(w, r)
	}))
	_, err = sandbox.Begin(t.Context(), client.New(stripping, token))
	refused("a proxy without upgrades", err, "practice_upgrade")
	if n := len(left(t, opener)); n != 0 {
		t.Errorf("%d schools were made for nobody", n)
	}
	for range 12 {
		practise(t, s.api("101"))
	}
	_, err = sandbox.Begin(t.Context(), s.api("102"))
	refused("one more than there is room for", err, "practice_full")
}

// TestPractice_givesWayToARealCall: the app goes back to the school, whose call it shows then.
func TestPractice_givesWayToARealCall(t *testing.T) {
	keyring.MockInit()
	opener := practices(t, still)
	timing := quickTiming()
	timing.Ring, timing.NoAnswer = time.Hour, time.Hour
	s, pbx := withPBXOf(t, server.Config{Practice: opener}, practice.Config{Timing: timing})
	in := session.New(filepath.Join(t.TempDir(), "state.json"), nil)
	defer in.Stop()
	calls := make(chan client.Call, 64)
	in.Run(t.Context(), func(client.Employee) {}, func(_ context.Context, e client.StreamEvent) {
		if c, ok := e.Data.(*client.Call); ok {
			calls <- *c
		}
	})
	if err := in.SignIn(t.Context(), s.http.URL, "u101", password); err != nil {
		t.Fatal(err)
	}
	ended := make(chan session.PracticeEnd, 4)
	begin := func() {
		t.Helper()
		if err := in.Practise(t.Context(), func(why session.PracticeEnd) { ended <- why }); err != nil {
			t.Fatal(err)
		}
		if state := in.State(); state.Practice != sandbox.Known || state.Me.ID == s.staff["101"].ID {
			t.Fatalf("while one practises the session is %+v", state)
		}
		if c := <-calls; !c.Practice {
			t.Errorf("a call of the school came: %+v", c)
		}
	}
	begin()
	if err := in.Practise(t.Context(), nil); !errors.Is(err, session.ErrPractising) {
		t.Errorf("a practice in a practice: %v", err)
	}
	// A call of somebody else is none of one's own.
	if _, err := pbx.Call(practice.CallRequest{From: "79145550149", To: "102", Scenario: "direct"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the other's call", func() bool {
		active, err := s.api("105").ActiveCalls(t.Context())
		return err == nil && len(active) == 1
	})
	if in.State().Practice == "" {
		t.Fatal("somebody else's call ends the practice")
	}
	if _, err := pbx.Call(practice.CallRequest{From: "79145550148", To: "101", Scenario: "direct"}); err != nil {
		t.Fatal(err)
	}
	if why := <-ended; why != session.PracticeEndedByCall {
		t.Errorf("it ended by %q", why)
	}
	eventually(t, "the school again", func() bool {
		state := in.State()
		return state.Practice == "" && state.Connection == session.Live && state.Me.ID == s.staff["101"].ID
	})
	active, err := in.API().ActiveCalls(t.Context())
	if err != nil || len(active) != 1 || active[0].Practice || active[0].Phone != "+79145550148" {
		t.Errorf("the real call is %+v, %v", active, err)
	}
	eventually(t, "nothing left", func() bool { return len(left(t, opener)) == 0 })
	if err := in.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestPractice_signOutIsOfTheSchool: whoever signs out while practising is signed out, there too.
func TestPractice_signOutIsOfTheSchool(t *testing.T) {
	keyring.MockInit()
	opener := practices(t, still)
	s := openSchoolWith(t, server.Config{Practice: opener}, "")
	in := session.New(filepath.Join(t.TempDir(), "state.json"), nil)
	defer in.Stop()
	in.Run(t.Context(), func(client.Employee) {}, func(context.Context, client.StreamEvent) {})
	if err := in.SignIn(t.Context(), s.http.URL, "u101", password); err != nil {
		t.Fatal(err)
	}
	outside := in.API()
	if err := in.Practise(t.Context(), func(session.PracticeEnd) { t.Error("one's own end is told") }); err != nil {
		t.Fatal(err)
	}
	if err := in.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	if state := in.State(); state.Connection != session.SignedOut || state.Practice != "" || state.Server != s.http.URL {
		t.Errorf("signed out the session is %+v", state)
	}
	if _, err := outside.Me(t.Context()); err == nil {
		t.Error("the school's token lives")
	}
	eventually(t, "nothing left", func() bool { return len(left(t, opener)) == 0 })
}

// httptestServer is the address of a server that a handler answers.
func httptestServer(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL
}
