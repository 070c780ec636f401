package server_test

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/practice"
	practised "dozvon/app/practice/beeline"
	"dozvon/app/practice/beeline/routing"
	"dozvon/app/server"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// practisedBeeline is a school with the practice PBX of Beeline, which tells its events over real HTTP.
type practisedBeeline struct {
	*school
	pbx   *practised.PBX
	ahead *atomic.Int64 // by how much the server's clock is ahead, for what waits until nothing changes
	line  *waylaid
}

// waylaid is the way of the PBX's events to the server, on which a test may keep them back.
type waylaid struct {
	mu    sync.Mutex // guards what follows
	keeps bool
	kept  []keptEvent
}

type keptEvent struct {
	path string
	body []byte
	told beeline.Event
}

// keep takes a request off the way, if it shall.
func (l *waylaid) keep(t testing.TB, r *http.Request) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.keeps || r.Method != http.MethodPost {
		return false
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	told, _, err := beeline.Decode(body)
	if err != nil {
		t.Error(err)
	}
	if len(told.Calls) > 0 { // the others tell of receivers
		l.kept = append(l.kept, keptEvent{r.URL.Path, body, told})
	}
	return true
}

// waylay keeps back what the PBX tells while a scenario is played.
func (s practisedBeeline) waylay(scenario, number string) []keptEvent {
	s.t.Helper()
	keep := func(keeps bool) []keptEvent {
		s.line.mu.Lock()
		defer s.line.mu.Unlock()
		kept := s.line.kept
		s.line.keeps, s.line.kept = keeps, nil
		return kept
	}
	keep(true)
	s.play(scenario, number)
	if err := s.pbx.Drain(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	return keep(false)
}

// quickTimes keep telephones apart and are short enough to play all scenarios.
var quickTimes = practice.Timing{
	IVR: 5 * time.Millisecond, Ring: 20 * time.Millisecond, NoAnswer: 60 * time.Millisecond, Outside: 20 * time.Millisecond,
	Talk: 40 * time.Millisecond, Join: 5 * time.Millisecond, RecordingDelay: 5 * time.Millisecond,
	Hold: 20 * time.Millisecond, Consult: 20 * time.Millisecond,
}

func openPractisedBeeline(t testing.TB, cfg practised.Config, beside ...pbx.Kind) practisedBeeline {
	t.Helper()
	return openPractisedBeelineAt(t, 0, cfg, beside...)
}

// openPractisedBeelineAt is openPractisedBeeline with a server whose clock is wrong.
func openPractisedBeelineAt(t testing.TB, wrong time.Duration, cfg practised.Config, beside ...pbx.Kind) practisedBeeline {
	t.Helper()
	// Our address must be known before the server is there.
	var handler atomic.Pointer[http.Handler]
	line := &waylaid{}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !line.keep(t, r) {
			(*handler.Load()).ServeHTTP(w, r)
		}
	}))
	t.Cleanup(front.Close)
	cfg.Token, cfg.Timing, cfg.AgentRing = beelineToken, quickTimes, 40*time.Millisecond
	cfg.FirstExtension = 201
	p := practised.New(cfg)
	t.Cleanup(p.Close)
	portal := httptest.NewServer(p.Handler())
	t.Cleanup(portal.Close)

	ahead := &atomic.Int64{}
	ahead.Store(int64(wrong))
	clock := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	kind := quickBeeline
	kind.Grace = 300 * time.Millisecond // longer than any gap of these times
	kind.FindAfter = []time.Duration{10 * time.Millisecond, 100 * time.Millisecond, time.Second, 5 * time.Second, time.Minute}
	s := startSchool(t, server.Config{Data: t.TempDir(), Now: clock, Kinds: append([]pbx.Kind{kind}, beside...), PublicURL: front.URL, AllowLocalPBX: true})
	all := s.parts.API.Handler()
	handler.Store(&all)
	s.hire("u105", client.RoleAdmin)
	var err error
	s.pbx, err = s.api("105").CreateIntegration(t.Context(), client.IntegrationInput{
		Kind: ptr("beeline"), Active: ptr(true), APIURL: ptr(portal.URL + "/apis/portal/"), Credentials: map[string]string{"api_key": beelineToken},
	})
	if err != nil {
		t.Fatal(err)
	}
	for ext := 201; ext <= 205; ext++ {
		e := strconv.Itoa(ext)
		s.staff[e], err = s.parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{
			Name: ptr("Сотрудник " + e), Login: ptr("u" + e), Password: ptr(password), Role: ptr(client.RoleOperator), Extension: ptr(e),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	s.pbx = s.step(s.pbx.ID)
	if n := len(p.Subscriptions()); n != 1 || s.pbx.Subscription.State != client.SubscriptionOK {
		t.Fatalf("%d subscriptions, %+v", n, s.pbx.Subscription)
	}
	return practisedBeeline{s, p, ahead, line}
}

// play plays a scenario to its end.
func (s practisedBeeline) play(scenario, client string) {
	s.t.Helper()
	request := practice.CallRequest{Scenario: scenario, From: client}
	if strings.HasPrefix(scenario, "outbound") {
		request.From, request.To = "", client
	}
	if strings.HasPrefix(scenario, "internal") || scenario == "anonymous" {
		request.From = ""
	}
	id, err := s.pbx.Call(request)
	if err != nil {
		s.t.Fatalf("%s: %v", scenario, err)
	}
	s.ended(id)
}

func (s practisedBeeline) ended(id string) {
	s.t.Helper()
	over, err := s.pbx.Ended(id)
	if err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-over:
	case <-time.After(time.Minute):
		s.t.Fatalf("%s does not end", id)
	}
}

// settle waits until all events are delivered and every call has ended.
func (s practisedBeeline) settle() {
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

// differences compares what the API tells with what the PBX knows to be true.
func (s practisedBeeline) differences() []string {
	s.t.Helper()
	var all []string
	truths := s.pbx.List()
	for _, truth := range truths {
		got, err := s.callOfKey(truth.EntryID)
		if err != nil {
			all = append(all, fmt.Sprintf("%s of %s: %v", truth.EntryID, truth.Client, err))
			continue
		}
		if wrong := s.differs(got, truth); len(wrong) > 0 {
			all = append(all, fmt.Sprintf("%s of %s: %s", truth.EntryID, truth.Client, strings.Join(wrong, "; ")))
		}
	}
	if n := len(s.calls()); n != len(truths) {
		all = append(all, fmt.Sprintf("%d calls, there were %d", n, len(truths)))
	}
	return all
}

func (s practisedBeeline) differs(got client.Call, truth practice.CallTruth) []string {
	var wrong []string
	check := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	directions := map[int]client.Direction{practice.Inbound: client.In, practice.Outbound: client.Out, practice.Internal: client.Internal}
	check(got.Direction == directions[truth.Direction], "direction %s", got.Direction)
	check(strings.TrimPrefix(got.Phone, "+") == truth.Client, "phone %q", got.Phone)
	check((got.Result == client.Answered) == truth.Answered, "result %s, answered %v", got.Result, truth.Answered)
	talk := int64(0)
	if got.TalkSeconds != nil {
		talk = int64(*got.TalkSeconds)
	}
	check(talk >= truth.TalkSeconds-1 && talk <= truth.TalkSeconds+1, "talked for %d s, not %d", talk, truth.TalkSeconds)
	var rang []string
	for _, id := range got.Rang {
		rang = append(rang, s.extensionOf(id))
	}
	slices.Sort(rang)
	check(slices.Equal(rang, slices.Sorted(slices.Values(truth.Rang))), "rang %v, not %v", rang, truth.Rang)
	if truth.Answered && len(truth.With) > 0 {
		check(got.Employee != nil && slices.Contains(truth.With, s.extensionOf(got.Employee.ID)), "talked: %+v, not %v", got.Employee, truth.With)
	}
	check(!got.Unconfirmed && !got.Restored, "unconfirmed %v, restored %v", got.Unconfirmed, got.Restored)
	return wrong
}

// TestBeelinePractice_everyScenarioIsItsCall: in each way that the PBX may be, what is told in the end
// is what happened.
func TestBeelinePractice_everyScenarioIsItsCall(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]practised.Config{
		"as today": {AppendNull: true, CheckURL: http.MethodGet, Details: true},
		"as before": {
			IDs: practised.IDsPair, Domains: practised.DomainsOld, Events: practised.EventsPlain, SIPAddresses: true, CheckURL: http.MethodHead,
		},
		"doubled, in disorder, with lost answers": {Parallel: true, Faults: practised.Faults{Seed: 3, Duplicate: 0.5, Reorder: 0.4, LoseAnswered: 0.5}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openPractisedBeeline(t, cfg)
			played := map[string]string{}
			for n, scenario := range practised.Scenarios() {
				if scenario.Name == "forwarded-mobile" {
					continue // no event tells of a mobile outside
				}
				number := fmt.Sprintf("790000003%02d", n)
				played[number] = scenario.Name
				if strings.HasPrefix(scenario.Name, "internal") || strings.HasPrefix(scenario.Name, "transfer-consult") {
					// As long as nobody tells that an earlier client's hold is over, a colleague is asked about
					// that client. Between two calls of a telephone are seconds, and here no time at all.
					if err := s.pbx.Drain(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				s.play(scenario.Name, number)
			}
			s.settle()
			for _, line := range s.differences() {
				t.Errorf("%s (%v)", line, played)
			}
			for _, c := range s.calls() {
				s.checkCourse(c.Phone, c)
			}
		})
	}
}

// TestBeelinePractice_basicEventsAreEnough: a tariff without the extended ones.
func TestBeelinePractice_basicEventsAreEnough(t *testing.T) {
	t.Parallel()
	s := openPractisedBeeline(t, practised.Config{BasicOnly: true})
	if s.school.pbx.Subscription.Level != "BASIC_CALL" {
		t.Fatalf("subscribed: %+v", s.school.pbx.Subscription)
	}
	for n, scenario := range []string{"answered", "missed", "declined", "group", "queue-missed", "ivr-answered", "hold", "outbound", "outbound-busy", "internal"} {
		s.play(scenario, fmt.Sprintf("790000003%02d", n))
	}
	s.settle()
	for _, line := range s.differences() {
		t.Error(line)
	}
}

// TestBeelinePractice_clickToCall: in both versions, with the events before the answer, and whatever
// becomes of it; one call each.
func TestBeelinePractice_clickToCall(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]practised.Config{
		"v2": {ClientInOriginating: true}, "v1": {NoV2Call: true, IDs: practised.IDsPair}, "events before the answer": {Faults: practised.Faults{CallAnswerMS: 300}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openPractisedBeeline(t, cfg)
			tests := []struct {
				number   string
				operator practice.Rule // of 201
				outside  practice.Rule
				want     client.Result
			}{
				{"79000000401", practice.Rule{Outcome: practice.Answers}, practice.Rule{Outcome: practice.Answers}, client.Answered},
				{"79000000402", practice.Rule{Outcome: practice.Answers}, practice.Rule{Outcome: practice.NoAnswer}, client.NoAnswer},
				{"79000000403", practice.Rule{Outcome: practice.Answers}, practice.Rule{Outcome: practice.Busy}, client.Busy},
				{"79000000404", practice.Rule{Outcome: practice.NoAnswer}, practice.Rule{Outcome: practice.Answers}, client.NotStarted},
				{"79000000405", practice.Rule{Outcome: practice.Declines}, practice.Rule{Outcome: practice.Answers}, client.NotStarted},
			}
			for _, tt := range tests {
				if err := s.pbx.SetPhone("201", tt.operator); err != nil {
					t.Fatal(err)
				}
				if err := s.pbx.SetPhone(tt.number, tt.outside); err != nil {
					t.Fatal(err)
				}
				ordered, err := s.api("201").Dial(t.Context(), client.Dial{Phone: "+" + tt.number})
				if err != nil {
					t.Fatalf("%s: %v", tt.number, err)
				}
				truths := s.pbx.Calls()
				s.ended(truths[len(truths)-1].EntryID)
				s.settle()
				got, err := s.api("105").Call(t.Context(), ordered.ID)
				if err != nil || got.Result != tt.want || got.Phone != "+"+tt.number || got.Direction != client.Out || got.Employee == nil || s.extensionOf(got.Employee.ID) != "201" {
					t.Errorf("%s: %s %s of %s by %+v, %v", tt.number, got.Direction, got.Result, got.Phone, got.Employee, err)
				}
			}
			if n := len(s.calls()); n != len(tests) {
				t.Errorf("%d calls of %d orders", n, len(tests))
			}
		})
	}
}

// TestBeelinePractice_offersWhatThePBXCan: no button for what it cannot.
func TestBeelinePractice_offersWhatThePBXCan(t *testing.T) {
	t.Parallel()
	s := openPractisedBeeline(t, practised.Config{})
	if err := s.pbx.SetPhone("201", practice.Rule{Outcome: practice.Answers}); err != nil {
		t.Fatal(err)
	}
	id, err := s.pbx.Call(practice.CallRequest{From: "79000000501", Scenario: "answered", TalkMS: 60_000})
	if err != nil {
		t.Fatal(err)
	}
	var got client.Call
	eventually(t, "the talk", func() bool {
		got, err = s.callOfKey(id)
		return err == nil && got.State == client.StateTalking
	})
	if !slices.Equal(got.Can, []client.Ability{client.CanTransfer}) {
		t.Errorf("it can %v", got.Can)
	}
	if err := s.pbx.SetPhone("204", practice.Rule{Outcome: practice.Answers}); err != nil {
		t.Fatal(err)
	}
	if err := s.api("201").Transfer(t.Context(), got.ID, client.Transfer{Extension: "204"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the talk with 204", func() bool {
		got, err = s.callOfKey(id)
		return err == nil && got.State == client.StateTalking && got.Employee != nil && s.extensionOf(got.Employee.ID) == "204"
	})
	if err := s.api("204").Hangup(t.Context(), got.ID); err == nil {
		t.Error("it hung up")
	}
}

// TestBeelinePractice_consults: a colleague who is asked while the client waits is part of the client's
// call, though the PBX counts two and never joins them when the employee goes back to the client.
func TestBeelinePractice_consults(t *testing.T) {
	t.Parallel()
	s := openPractisedBeeline(t, practised.Config{})
	s.play("transfer-consult-cancelled", "79000000601")
	s.settle()
	for _, line := range s.differences() {
		t.Error(line)
	}
	truth := s.pbx.List()[0]
	call, err := s.callOfKey(truth.EntryID)
	if err != nil || call.Result != client.Answered || call.Phone != "+79000000601" || call.Employee == nil || s.extensionOf(call.Employee.ID) != "201" {
		t.Errorf("the client's: %+v, %v", call, err)
	}
	if len(truth.Aliases) != 1 || len(s.calls()) != 1 {
		t.Errorf("%d calls of %+v", len(s.calls()), truth)
	}
}

// TestBeelinePractice_consultsInAnyOrder: whichever is told first, the client's hold or the call to the
// colleague, and if that was over before the other was told, they are one call.
func TestBeelinePractice_consultsInAnyOrder(t *testing.T) {
	t.Parallel()
	held := func(e keptEvent) bool { return e.told.Type == beeline.CallHeld }
	released := func(e keptEvent) bool { return e.told.Type == beeline.CallReleased }
	back := func(e keptEvent) bool { return e.told.Type == beeline.CallRetrieved }
	first := func(which func(keptEvent) bool) func([]keptEvent, *rand.Rand) []keptEvent {
		return func(all []keptEvent, _ *rand.Rand) []keptEvent {
			slices.SortStableFunc(all, func(a, b keptEvent) int { return cmp.Compare(rankOf(which(b)), rankOf(which(a))) })
			return all
		}
	}
	last := func(which func(keptEvent) bool) func([]keptEvent, *rand.Rand) []keptEvent {
		return first(func(e keptEvent) bool { return !which(e) })
	}
	without := func(which func(keptEvent) bool) func([]keptEvent, *rand.Rand) []keptEvent {
		return func(all []keptEvent, r *rand.Rand) []keptEvent {
			return shuffled(slices.DeleteFunc(all, which), r)
		}
	}
	for name, order := range map[string]func([]keptEvent, *rand.Rand) []keptEvent{
		"as it happened":                 first(func(keptEvent) bool { return true }),
		"the consultation first":         first(isInside),
		"the consultation last":          last(isInside),
		"the hold last":                  last(held),
		"the ends first":                 first(released),
		"the ends last":                  last(released),
		"the end of the hold first":      first(back),
		"in disorder":                    without(func(keptEvent) bool { return false }),
		"the beginning of the hold lost": without(held),
		"the end of the hold lost":       without(back),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openPractisedBeeline(t, practised.Config{})
			disorder := rand.New(rand.NewPCG(1, 2))
			for n := range 8 {
				all := order(s.waylay("transfer-consult-cancelled", fmt.Sprintf("790000009%02d", n)), disorder)
				var told []string
				for _, e := range all {
					told = append(told, fmt.Sprintf("%s of %s", e.told.Type, e.told.Target))
					s.tell(e)
				}
				s.settle()
				for _, line := range s.differences() {
					t.Errorf("%d: %s (%s)", n, line, strings.Join(told, ", "))
				}
				if t.Failed() {
					return
				}
			}
		})
	}
}

// tell lets an event that was kept back go on.
func (s practisedBeeline) tell(e keptEvent) {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, e.path, bytes.NewReader(e.body))
	r.Header.Set("Content-Type", "application/xml")
	w := httptest.NewRecorder()
	s.parts.API.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		s.t.Fatalf("%s: %d %s", e.told.Type, w.Code, w.Body)
	}
}

// isInside reports whether an event is of a call between colleagues.
func isInside(e keptEvent) bool { return e.told.Calls[0].Remote.CallType == beeline.Group }

func rankOf(first bool) int {
	if first {
		return 1
	}
	return 0
}

func shuffled(all []keptEvent, r *rand.Rand) []keptEvent {
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// TestBeelinePractice_recordings: nothing announces one; it is looked for, found and played, of everybody
// who talked.
func TestBeelinePractice_recordings(t *testing.T) {
	t.Parallel()
	s := openPractisedBeeline(t, practised.Config{})
	s.play("answered", "79000000701")
	s.play("transfer-blind", "79000000702")
	s.play("missed", "79000000703")
	s.settle()
	recorded := func() (all [][]string) {
		if err := s.parts.Finder.Find(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, truth := range s.pbx.List() {
			got, err := s.callOfKey(truth.EntryID)
			if err != nil {
				t.Fatal(err)
			}
			var of []string
			for _, r := range got.Recordings {
				if r.Ready {
					of = append(of, r.Extension)
				}
			}
			slices.Sort(of)
			all = append(all, of)
		}
		return all
	}
	want := [][]string{{"201"}, {"201", "204"}, nil}
	eventually(t, "the recordings", func() bool { return slices.EqualFunc(recorded(), want, slices.Equal) })
	first, err := s.callOfKey(s.pbx.List()[0].EntryID)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.api("201").Recording(t.Context(), first.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	sound, err := io.ReadAll(resp.Body)
	if err != nil || len(sound) < 100 || resp.Header.Get("Content-Type") != "audio/mpeg" {
		t.Errorf("%d bytes of %s, %v", len(sound), resp.Header.Get("Content-Type"), err)
	}
}

// reconcile compares our calls with the PBX's statistics, as the server does every ten minutes.
func (s practisedBeeline) reconcile() {
	s.t.Helper()
	if err := s.parts.Reconciler.Reconcile(s.t.Context(), s.school.pbx.ID); err != nil {
		s.t.Fatal(err)
	}
}

// listed reports whether all recordings that there are are known to be ready.
func (s practisedBeeline) listed() bool {
	ready := 0
	for _, c := range s.calls() {
		for _, r := range c.Recordings {
			if r.Ready {
				ready++
			}
		}
	}
	want := 0
	for _, truth := range s.pbx.List() {
		want += len(truth.Recordings)
	}
	return ready == want
}

// byNumber is what is told of each client's calls: "in answered 3s by 201".
func (s practisedBeeline) byNumber() map[string][]string {
	s.t.Helper()
	all := map[string][]string{}
	for _, c := range s.calls() {
		talk := 0
		if c.TalkSeconds != nil {
			talk = *c.TalkSeconds
		}
		who := ""
		if c.Employee != nil {
			who = s.extensionOf(c.Employee.ID)
		}
		all[c.Phone] = append(all[c.Phone], fmt.Sprintf("%s %s %ds by %s", c.Direction, c.Result, talk, who))
	}
	for _, lines := range all {
		slices.Sort(lines)
	}
	return all
}

// TestBeelinePractice_theStatisticsChangesNothingThatWasTold: its rows name no call, and find theirs.
func TestBeelinePractice_theStatisticsChangesNothingThatWasTold(t *testing.T) {
	t.Parallel()
	s := openPractisedBeeline(t, practised.Config{IDs: practised.IDsPair})
	for n, scenario := range practised.Scenarios() {
		s.play(scenario.Name, fmt.Sprintf("790000008%02d", n))
	}
	s.settle()
	before := s.byNumber()
	for range 2 {
		s.reconcile()
		if after := s.byNumber(); !reflect.DeepEqual(before, after) {
			for number := range after {
				if !slices.Equal(before[number], after[number]) {
					t.Errorf("%s: %q became %q", number, before[number], after[number])
				}
			}
			for number := range before {
				if after[number] == nil {
					t.Errorf("%s: %q is gone", number, before[number])
				}
			}
		}
	}
	for _, c := range s.calls() {
		if c.Restored {
			t.Errorf("%s %s of %s is told to be restored", c.Direction, c.Result, c.Phone)
		}
	}
}

// TestBeelinePractice_whatNoEventToldIsRestored: by the recordings with the PBX's own key, by the rows with
// a made-up one; once, however often it is compared, and a late event finds it.
func TestBeelinePractice_whatNoEventToldIsRestored(t *testing.T) {
	t.Parallel()
	s := openPractisedBeeline(t, practised.Config{Faults: practised.Faults{Seed: 1, Drop: 1}})
	played := map[string]string{
		"79000000901": "answered", "79000000902": "missed", "79000000903": "group", "79000000904": "group-missed",
		"79000000905": "outbound", "79000000906": "outbound-missed", "79000000907": "hold",
	}
	for _, number := range slices.Sorted(maps.Keys(played)) {
		s.play(played[number], number)
	}
	if err := s.pbx.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(s.calls()); n != 0 {
		t.Fatalf("%d calls though no event came", n)
	}
	for round := range 2 {
		// What lasts a moment only ends within the second that is asked for; a recording comes later still.
		eventually(t, "the list of recordings", func() bool { s.reconcile(); return s.listed() })
		for _, truth := range s.pbx.List() {
			var of []client.Call
			for _, c := range s.calls() {
				if c.Phone == "+"+truth.Client {
					of = append(of, c)
				}
			}
			if len(of) != 1 {
				t.Errorf("%s, %d: %d calls", played[truth.Client], round, len(of))
				continue
			}
			c := of[0]
			talk := int64(0)
			if c.TalkSeconds != nil {
				talk = int64(*c.TalkSeconds)
			}
			if (c.Result == client.Answered) != truth.Answered || talk < truth.TalkSeconds-1 || talk > truth.TalkSeconds+1 || !c.Restored || c.State != client.StateEnded {
				t.Errorf("%s, %d: %s after %d s, restored %v; truly answered %v after %d s", played[truth.Client], round, c.Result, talk, c.Restored, truth.Answered, truth.TalkSeconds)
			}
			if truth.Answered && len(truth.Recordings) > 0 && (len(c.Recordings) == 0 || !c.Recordings[0].Ready) {
				t.Errorf("%s: its recording is missing: %+v", played[truth.Client], c.Recordings)
			}
		}
	}
}

// follow lets the rules in the PBX follow what was changed.
func (s practisedBeeline) follow() {
	s.t.Helper()
	s.ahead.Add(int64(time.Minute))
	if err := s.parts.Directory.Reload(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if err := s.parts.Rules.Step(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (s practisedBeeline) rules() string {
	var all []string
	for _, r := range s.pbx.Rules() {
		all = append(all, r.Number+">"+r.Extension)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// forwarding lets calls go to the responsible employee, or not.
func (s practisedBeeline) forwarding(on bool) {
	s.t.Helper()
	if _, err := s.parts.Directory.SaveIntegration(s.t.Context(), client.Employee{}, s.school.pbx.ID, client.IntegrationInput{Forwarding: &on}); err != nil {
		s.t.Fatal(err)
	}
}

// TestBeelinePractice_routesToTheResponsible: whichever verb replaces the list, the rules of others stay,
// and ours go with the switch.
func TestBeelinePractice_routesToTheResponsible(t *testing.T) {
	t.Parallel()
	for _, replaces := range []string{http.MethodPost, http.MethodPut} {
		t.Run(replaces+" replaces", func(t *testing.T) {
			t.Parallel()
			s := openPractisedBeeline(t, practised.Config{ICRReplaces: replaces, Rules: []routing.Rule{{Number: "9000000555", Extension: "205"}}})
			who, err := s.api("105").CreateClient(t.Context(), client.ClientInput{
				Kind: ptr("client"), Name: ptr("Анна"), Phones: &[]string{"+79000000551", "+79000000552"}, ResponsibleID: ptr(s.staff["201"].ID),
			})
			if err != nil {
				t.Fatal(err)
			}
			expect := func(what, want string) {
				t.Helper()
				s.follow()
				if got := s.rules(); got != want {
					t.Errorf("%s: %q, want %q", what, got, want)
				}
			}
			expect("off", "9000000555>205")
			s.forwarding(true)
			expect("on", "9000000551>201 9000000552>201 9000000555>205")
			if _, err := s.api("105").UpdateClient(t.Context(), who.ID, client.ClientInput{ResponsibleID: ptr(s.staff["202"].ID), Phones: &[]string{"+79000000552"}}); err != nil {
				t.Fatal(err)
			}
			expect("another responsible and fewer numbers", "9000000552>202 9000000555>205")
			s.forwarding(false)
			expect("off again", "9000000555>205")
		})
	}
}

// TestBeelinePractice_subscriptionsThatEnd: told so, or vanished without a word, another is made, and
// what comes by it counts.
func TestBeelinePractice_subscriptionsThatEnd(t *testing.T) {
	t.Parallel()
	s := openPractisedBeeline(t, practised.Config{})
	ends := []func(string) bool{s.pbx.EndSubscription, s.pbx.VanishSubscription}
	for n, end := range ends {
		old := s.pbx.Subscriptions()[0].ID
		if !end(old) {
			t.Fatal("it cannot be ended")
		}
		eventually(t, "another subscription", func() bool {
			s.ahead.Add(int64(time.Minute)) // so that it is looked whether it lives
			s.step(s.school.pbx.ID)
			all := s.pbx.Subscriptions()
			return len(all) == 1 && all[0].ID != old
		})
		s.play("answered", fmt.Sprintf("7900000056%d", n))
	}
	s.settle()
	for _, line := range s.differences() {
		t.Error(line)
	}
}

// TestBeelinePractice_check: «Проверить» on a PBX that is well.
func TestBeelinePractice_check(t *testing.T) {
	t.Parallel()
	s := openPractisedBeeline(t, practised.Config{})
	s.play("answered", "79000000571")
	s.settle()
	all, err := s.parts.Directory.Check(t.Context(), s.school.pbx.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"api", "keys", "subscription", "webhook", "clock", "extensions", "lines", "recordings"} {
		at := slices.IndexFunc(all, func(c client.Check) bool { return c.ID == id })
		if at < 0 || all[at].State != client.CheckOK {
			t.Errorf("%s: %+v", id, all)
		}
	}
}

// TestBeelinePractice_lostEventsAreMadeUpFor: of four events of ten nothing is heard, others come twice or
// in disorder; after the comparison each call is there once, has ended, and was answered or not.
func TestBeelinePractice_lostEventsAreMadeUpFor(t *testing.T) {
	t.Parallel()
	s := openPractisedBeeline(t, practised.Config{Faults: practised.Faults{Seed: 3, Drop: 0.4, Reorder: 0.2, Duplicate: 0.2}})
	played := map[string]string{}
	for n, scenario := range []string{
		"answered", "missed", "declined", "group", "group-missed", "queue-answered", "queue-missed", "ivr-answered", "hold", "outbound",
		"outbound-missed", "outbound-busy", "transfer-blind", "forwarded",
	} {
		number := fmt.Sprintf("790000006%02d", n)
		played[number] = scenario
		s.play(scenario, number)
	}
	if err := s.pbx.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the list of recordings", func() bool { s.reconcile(); return s.listed() })
	s.settle()
	for _, truth := range s.pbx.List() {
		var of []client.Call
		for _, c := range s.calls() {
			if c.Phone == "+"+truth.Client {
				of = append(of, c)
			}
		}
		if len(of) != 1 {
			t.Errorf("%s: %d calls", played[truth.Client], len(of))
			continue
		}
		if (of[0].Result == client.Answered) != truth.Answered || of[0].Direction == client.Internal {
			t.Errorf("%s: %s %s, truly answered %v", played[truth.Client], of[0].Direction, of[0].Result, truth.Answered)
		}
	}
}
