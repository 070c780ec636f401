package server_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/practice"
	practisedbeeline "dozvon/app/practice/beeline"
	practised "dozvon/app/practice/itoolabs"
	"dozvon/app/server"
	"dozvon/app/server/pbx"
	pbxitoolabs "dozvon/app/server/pbx/itoolabs"
	"dozvon/client"
)

// quickITooLabs waits as long as its practice PBX's calls last, and reads listings without a pause.
func quickITooLabs() pbx.Kind {
	kind := pbxitoolabs.Kind
	kind.Grace = 500 * time.Millisecond
	kind.New = func(a pbx.Account) pbx.Provider {
		cfg := pbxitoolabs.ConfigOf(a)
		cfg.HistoryEvery = time.Millisecond
		return pbxitoolabs.New(cfg)
	}
	return kind
}

// practisedITooLabs is a practice PBX of the kind, connected to a school.
type practisedITooLabs struct {
	*school // whose pbx is the integration
	pbx     *practised.PBX
}

// openPractisedITooLabs is a school with the practice PBX, whose employees are ours.
func openPractisedITooLabs(t testing.TB, cfg practised.Config, kinds ...pbx.Kind) practisedITooLabs {
	t.Helper()
	s := startSchool(t, server.Config{Data: t.TempDir(), Kinds: append([]pbx.Kind{quickITooLabs()}, kinds...), AllowLocalPBX: true})
	s.hire("u105", client.RoleAdmin)
	return connectPractisedITooLabs(t, s, cfg)
}

// connectPractisedITooLabs starts the PBX and connects it: its address must be known for the one and its
// target for the other.
func connectPractisedITooLabs(t testing.TB, s *school, cfg practised.Config) practisedITooLabs {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var handler atomic.Pointer[http.Handler]
	site := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*handler.Load()).ServeHTTP(w, r) })}}
	address := "http://" + listener.Addr().String()
	early := http.Handler(http.NotFoundHandler())
	handler.Store(&early)
	site.Start()
	t.Cleanup(site.Close)
	api := s.api("105")
	i, err := api.CreateIntegration(t.Context(), client.IntegrationInput{
		Kind: ptr(pbxitoolabs.Kind.Name), Active: ptr(true), APIURL: ptr(address + "/"), Forwarding: ptr(true),
		Credentials: map[string]string{"api_key": "pbx-key", "api_salt": itoolabsToken},
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Key, cfg.Token, cfg.Address, cfg.Target = "pbx-key", itoolabsToken, address, s.http.URL+hookPathOf(t, i)
	if cfg.Timing == (practice.Timing{}) {
		cfg.Timing = quickTimes
	}
	p := practised.New(cfg)
	t.Cleanup(p.Close)
	real := p.Handler()
	handler.Store(&real)
	found, err := api.PBXExtensions(t.Context(), i.ID)
	if err != nil || len(found) != 5 {
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
	own := *s
	own.pbx = i
	return practisedITooLabs{&own, p}
}

// play plays a scenario to its end.
func (s practisedITooLabs) play(scenario, number string) string {
	s.t.Helper()
	return s.playFor(0, scenario, number)
}

// playFor plays a scenario in which they talk for so long; 0 is as usual.
func (s practisedITooLabs) playFor(talk time.Duration, scenario, number string) string {
	s.t.Helper()
	request := practice.CallRequest{Scenario: scenario, From: number, TalkMS: talk.Milliseconds()}
	if strings.HasPrefix(scenario, "internal") {
		request.From = ""
	}
	id, err := s.pbx.Call(request)
	if err != nil {
		s.t.Fatalf("%s: %v", scenario, err)
	}
	s.ended(id)
	return id
}

func (s practisedITooLabs) ended(id string) {
	s.t.Helper()
	over, err := s.pbx.Ended(id)
	if err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-over:
	case <-time.After(patience):
		s.t.Fatalf("%s does not end", id)
	}
}

// settle waits until all is delivered and every call has ended.
func (s practisedITooLabs) settle() {
	s.t.Helper()
	if err := s.pbx.Drain(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	eventually(s.t, "the end of all calls", func() bool {
		if err := s.parts.Calls.CloseForgotten(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
		return !slices.ContainsFunc(s.calls(), func(c client.Call) bool { return c.State != client.StateEnded })
	})
}

// differences compares what is told with what the PBX knows to be true, call by call.
func (s practisedITooLabs) differences() []string {
	s.t.Helper()
	var all []string
	truths := s.pbx.List()
	for _, truth := range truths {
		got, err := s.callOfKey(truth.EntryID)
		if err != nil {
			all = append(all, fmt.Sprintf("%s of %q: %v", truth.EntryID, truth.Client, err))
			continue
		}
		if wrong := s.differs(got, truth); len(wrong) > 0 {
			all = append(all, fmt.Sprintf("%s of %q: %s", truth.EntryID, truth.Client, strings.Join(wrong, "; ")))
		}
	}
	if n := len(s.calls()); n != len(truths) {
		all = append(all, fmt.Sprintf("%d calls, there were %d", n, len(truths)))
	}
	return all
}

func directionOf(truth practice.CallTruth) client.Direction {
	return map[int]client.Direction{practice.Inbound: client.In, practice.Outbound: client.Out, practice.Internal: client.Internal}[truth.Direction]
}

func (s practisedITooLabs) differs(got client.Call, truth practice.CallTruth) []string {
	var wrong []string
	check := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	check(got.Direction == directionOf(truth), "direction %s", got.Direction)
	check(strings.TrimPrefix(got.Phone, "+") == truth.Client, "phone %q", got.Phone)
	check((got.Result == client.Answered) == truth.Answered, "result %s, answered %v", got.Result, truth.Answered)
	var rang []string
	for _, id := range got.Rang {
		rang = append(rang, s.extensionOf(id))
	}
	slices.Sort(rang)
	check(slices.Equal(rang, slices.Sorted(slices.Values(truth.Rang))), "rang %v, not %v", rang, truth.Rang)
	if truth.Answered {
		check(got.Employee != nil && slices.Contains(truth.With, s.extensionOf(got.Employee.ID)), "talked: %+v, not %v", got.Employee, truth.With)
		check(got.TalkSeconds != nil && int64(*got.TalkSeconds)-truth.TalkSeconds <= 1, "talked for %v s, not %d", got.TalkSeconds, truth.TalkSeconds)
		check(len(got.Recordings) == len(truth.Recordings), "%d recordings, not %d", len(got.Recordings), len(truth.Recordings))
	}
	check(!got.Unconfirmed && !got.Restored, "unconfirmed %v, restored %v", got.Unconfirmed, got.Restored)
	return wrong
}

// TestITooLabsPractice_everyScenarioIsItsCall, in each way that the PBX may be.
func TestITooLabsPractice_everyScenarioIsItsCall(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]practised.Config{
		"the new API":                           {API: practised.APINew},
		"an old brand":                          {API: practised.APIOld, NoDirection: true, NoExt: true, NoWait: true, Numbers: practised.NumbersEight},
		"JSON, history first":                   {JSON: true, Numbers: practised.NumbersPlus, Faults: practised.Faults{Seed: 2, HistoryEarly: 1}},
		"side by side, doubled and in disorder": {Parallel: true, Faults: practised.Faults{Seed: 3, Duplicate: 0.5, Reorder: 0.4, HistoryTwice: 0.5}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openPractisedITooLabs(t, cfg)
			played := map[string]string{}
			for n, scenario := range practised.Scenarios() {
				played[s.play(scenario.Name, fmt.Sprintf("790000003%02d", n))] = scenario.Name
			}
			s.settle()
			for _, line := range s.differences() {
				key, _, _ := strings.Cut(line, " ")
				t.Errorf("%s: %s", played[key], line)
			}
			for _, c := range s.calls() {
				s.checkCourse(c.Phone, c)
			}
		})
	}
}

// TestITooLabsPractice_whatWasLostComesFromTheListing: of calls of which nothing was told, and of calls
// whose history was; none doubles.
func TestITooLabsPractice_whatWasLostComesFromTheListing(t *testing.T) {
	t.Parallel()
	for _, api := range []string{practised.APIOld, practised.APINew} {
		t.Run(api, func(t *testing.T) {
			t.Parallel()
			s := openPractisedITooLabs(t, practised.Config{API: api, NoContact: true, Faults: practised.Faults{HistoryLost: 1}})
			s.play("answered", "79000000301")
			s.play("missed", "79000000302")
			s.settle()
			if err := s.pbx.SetFaults(practised.Faults{}); err != nil {
				t.Fatal(err)
			}
			s.play("direct", "79000000306")
			s.play("transfer", "79000000307")
			s.settle()
			if err := s.pbx.SetFaults(practised.Faults{Drop: 1}); err != nil {
				t.Fatal(err)
			}
			// Of less than a second the old listing does not tell whether somebody talked.
			s.playFor(1200*time.Millisecond, "group", "79000000303")
			s.play("missed", "79000000304")
			s.playFor(1200*time.Millisecond, "outbound", "79000000305")
			for range 2 { // whatever was read once is not new
				if err := s.parts.Reconciler.Reconcile(t.Context(), s.school.pbx.ID); err != nil {
					t.Fatal(err)
				}
			}
			calls := map[string]client.Call{}
			for _, c := range s.calls() {
				if _, twice := calls[c.Phone]; twice {
					t.Errorf("two calls of %s", c.Phone)
				}
				calls[c.Phone] = c
			}
			for number, want := range map[string]struct {
				result   client.Result
				restored bool
				ext      string
			}{
				"+79000000301": {client.Answered, false, "701"}, "+79000000302": {client.Missed, false, "702"},
				"+79000000303": {client.Answered, true, "703"}, "+79000000304": {client.Missed, true, ""}, "+79000000305": {client.Answered, true, "702"},
				"+79000000306": {client.Answered, false, "702"}, "+79000000307": {client.Answered, false, "702"},
			} {
				c := calls[number]
				ext := ""
				if c.Employee != nil {
					ext = s.extensionOf(c.Employee.ID)
				}
				if c.State != client.StateEnded || c.Result != want.result || ext != want.ext || want.restored && !c.Restored {
					t.Errorf("%s: %s %s by %q, restored %v", number, c.State, c.Result, ext, c.Restored)
				}
				recordings := map[string]int{"+79000000302": 0, "+79000000304": 0, "+79000000307": 2} // of the others one
				if n, special := recordings[number]; len(c.Recordings) != 1 && !special || special && len(c.Recordings) != n {
					t.Errorf("%s: %d recordings", number, len(c.Recordings))
				}
				// Of the first two no history was told.
				if !want.restored && c.Restored && number > "+79000000302" {
					t.Errorf("%s: restored", number)
				}
			}
			if len(calls) != 7 {
				t.Errorf("%d calls", len(calls))
			}
		})
	}
}

// TestITooLabsPractice_clickToCall: with every answer, before and after the events; one call each.
func TestITooLabsPractice_clickToCall(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]practised.Config{
		"the id as text": {API: practised.APIOld}, "an object": {API: practised.APIOld, Answer: practised.AnswerObject}, "NULL": {API: practised.APIOld, Answer: practised.AnswerNull},
		"the new API": {API: practised.APINew}, "events before the answer": {Faults: practised.Faults{CallAnswerMS: 300}},
		"events before an answer without the id": {Answer: practised.AnswerObject, Faults: practised.Faults{CallAnswerMS: 300}}, "told late": {OutgoingLate: true, Answer: practised.AnswerNull},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openPractisedITooLabs(t, cfg)
			for n, tt := range []struct {
				client practice.Rule
				want   client.Result
			}{{practice.Rule{Outcome: practice.Answers}, client.Answered}, {practice.Rule{Outcome: practice.Busy}, client.Busy}} {
				number := fmt.Sprintf("7900000040%d", n)
				if err := s.pbx.SetPhone(number, tt.client); err != nil {
					t.Fatal(err)
				}
				ordered, err := s.api("701").Dial(t.Context(), client.Dial{Phone: "+" + number})
				if err != nil {
					t.Fatalf("%s: %v", number, err)
				}
				var played practice.CallView
				eventually(t, "the order", func() bool {
					all := s.pbx.Calls()
					if len(all) == n+1 {
						played = all[n]
					}
					return len(all) == n+1
				})
				s.ended(played.EntryID)
				s.settle()
				got, err := s.api("105").Call(t.Context(), ordered.ID)
				if err != nil || got.Result != tt.want || got.Phone != "+"+number || got.Direction != client.Out || got.Employee == nil || s.extensionOf(got.Employee.ID) != "701" {
					t.Errorf("%s: %s %s of %s by %+v, %v", number, got.Direction, got.Result, got.Phone, got.Employee, err)
				}
			}
			if n := len(s.calls()); n != 2 {
				t.Errorf("%d calls of two orders", n)
			}
		})
	}
}

// TestITooLabsPractice_theAnswerNamesAndRoutes: the name stands on the telephone, and the responsible rings.
func TestITooLabsPractice_theAnswerNamesAndRoutes(t *testing.T) {
	t.Parallel()
	s := openPractisedITooLabs(t, practised.Config{})
	if _, err := s.api("105").CreateClient(t.Context(), client.ClientInput{Name: ptr("Седова <b>Мария</b>"), Phones: &[]string{"+79000000501"}, ResponsibleID: ptr(s.staff["703"].ID)}); err != nil {
		t.Fatal(err)
	}
	s.play("answered", "79000000501")
	s.play("answered", "79000000502")
	s.settle()
	known, stranger := s.pbx.Calls()[0].Legs[0], s.pbx.Calls()[1].Legs[0]
	if known.Extension != "703" || known.ShownName != "Седова Мария" || stranger.Extension != "701" || stranger.ShownName != "" {
		t.Errorf("rung %+v and %+v", known, stranger)
	}
	for _, line := range s.differences() {
		t.Error(line)
	}
}

// TestITooLabsPractice_offersWhatThePBXCan: no button for what it cannot.
func TestITooLabsPractice_offersWhatThePBXCan(t *testing.T) {
	t.Parallel()
	s := openPractisedITooLabs(t, practised.Config{})
	id, err := s.pbx.Call(practice.CallRequest{From: "79000000501", TalkMS: 60_000})
	if err != nil {
		t.Fatal(err)
	}
	var got client.Call
	eventually(t, "the talk", func() bool {
		all := s.calls()
		if len(all) == 1 {
			got = all[0]
		}
		return got.State == client.StateTalking
	})
	if shown, err := s.api("701").Call(t.Context(), got.ID); err != nil || len(shown.Can) != 0 {
		t.Errorf("%s: it can %v, %v", id, shown.Can, err)
	}
	if err := s.api("701").Hangup(t.Context(), got.ID); err == nil {
		t.Error("it hung up")
	}
}

// TestITooLabsPractice_playsRecordings, also those that only the key opens.
func TestITooLabsPractice_playsRecordings(t *testing.T) {
	t.Parallel()
	for _, keyed := range []bool{false, true} {
		s := openPractisedITooLabs(t, practised.Config{KeyedRecordings: keyed})
		s.play("answered", "79000000501")
		s.settle()
		var status int
		var body string
		eventually(t, "the recording", func() bool {
			status, body, _ = s.send(http.MethodGet, "/api/v1/calls/"+s.calls()[0].ID+"/recording", "", http.Header{"Authorization": {"Bearer " + s.token("701")}})
			return status == 200
		})
		if len(body) < 1000 {
			t.Errorf("keyed %v: %d bytes", keyed, len(body))
		}
	}
}

// TestTwoKinds_atOnce: a school with a PBX of Beeline and one of this family. Calls go through both at the
// same time, each is told by its own, and a click goes by the PBX of whoever clicks.
func TestTwoKinds_atOnce(t *testing.T) {
	t.Parallel()
	beeline := openPractisedBeeline(t, practisedbeeline.Config{}, quickITooLabs())
	family := connectPractisedITooLabs(t, beeline.school, practised.Config{})
	for n, scenario := range []string{"answered", "missed", "group", "ivr-answered", "outbound", "busy"} {
		one, err := beeline.pbx.Call(practice.CallRequest{Scenario: scenario, From: fmt.Sprintf("790000003%02d", n)})
		if err != nil {
			t.Fatal(err)
		}
		other, err := family.pbx.Call(practice.CallRequest{Scenario: scenario, From: fmt.Sprintf("790000004%02d", n)})
		if err != nil {
			t.Fatal(err)
		}
		beeline.ended(one)
		family.ended(other)
	}
	for ext, number := range map[string]string{"201": "+79000000501", "701": "+79000000502"} {
		if _, err := beeline.api(ext).Dial(t.Context(), client.Dial{Phone: number}); err != nil {
			t.Fatalf("%s: %v", ext, err)
		}
	}
	beeline.ended(beeline.pbx.Calls()[6].EntryID)
	family.ended(family.pbx.Calls()[6].EntryID)
	family.settle()
	beeline.settle()
	for source, told := range map[string]struct {
		truths []practice.CallTruth
		view   *school
		differ func(client.Call, practice.CallTruth) []string
	}{
		"beeline": {beeline.pbx.List(), beeline.school, beeline.differs}, "itoolabs": {family.pbx.List(), family.school, family.differs},
	} {
		if len(told.truths) != 7 {
			t.Errorf("%s: %d calls", source, len(told.truths))
		}
		for _, truth := range told.truths {
			got, err := told.view.callOfKey(truth.EntryID)
			if err != nil || got.Source != source {
				t.Errorf("%s, %s of %s: told by %q, %v", source, truth.EntryID, truth.Client, got.Source, err)
				continue
			}
			if wrong := told.differ(got, truth); len(wrong) > 0 {
				t.Errorf("%s, %s of %s: %s", source, truth.EntryID, truth.Client, strings.Join(wrong, "; "))
			}
		}
	}
	if n := len(beeline.calls()); n != 14 {
		t.Errorf("%d calls, there were 14", n)
	}
}
