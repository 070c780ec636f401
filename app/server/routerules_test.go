package server_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// ruling is plain with rules that lie in it, also somebody else's.
type ruling struct {
	*plain
	most  int
	ahead *atomic.Int64 // of the server's clock

	mu    sync.Mutex // guards what follows
	there map[pbx.Rule]bool
	syncs int
	fail  error // after all was done, without saying what
	away  error // before anything was done
}

func (r *ruling) MaxRules() int { return r.most }

func (r *ruling) SyncRules(_ context.Context, ours, want []pbx.Rule) (pbx.RuleReport, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.syncs++
	if r.away != nil {
		return pbx.RuleReport{}, r.away
	}
	for _, rule := range ours {
		if !slices.Contains(want, rule) {
			delete(r.there, rule)
		}
	}
	report := pbx.RuleReport{Ours: []pbx.Rule{}}
	for _, rule := range want {
		if rule.Number == "+79145550666" {
			report.Refused = append(report.Refused, pbx.RefusedRule{Rule: rule, Said: "no"})
			continue
		}
		r.there[rule] = true
		report.Ours = append(report.Ours, rule)
	}
	report.Foreign = len(r.there) - len(report.Ours)
	if r.fail != nil {
		return pbx.RuleReport{}, r.fail
	}
	return report, nil
}

func (r *ruling) shown() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []string
	for rule := range r.there {
		all = append(all, strings.TrimPrefix(string(rule.Number), "+7914555")+"→"+rule.Extension)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func (r *ruling) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.syncs
}

var foreignRule = pbx.Rule{Number: "+79145550999", Extension: "900"}

// openRuling is a school whose PBX keeps rules, and what lets its rules follow now.
func openRuling(t *testing.T, url string, most int) (*school, *ruling, func()) {
	t.Helper()
	p := &ruling{plain: &plain{}, most: most, there: map[pbx.Rule]bool{foreignRule: true}}
	return openRulingOf(t, url, p, plainKind(p, nil))
}

func openRulingOf(t *testing.T, url string, p *ruling, kind pbx.Kind) (*school, *ruling, func()) {
	t.Helper()
	var ahead atomic.Int64
	p.ahead = &ahead
	clock := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	s := openPlainAt(t, server.Config{Database: url, Now: clock}, kind)
	nodes := []*school{s}
	if url != "" {
		nodes = append(nodes, s.another(server.Config{Database: url, Now: clock, Kinds: []pbx.Kind{kind}}))
	}
	return s, p, func() {
		t.Helper()
		ahead.Add(int64(time.Minute)) // nothing has changed for so long
		for _, n := range nodes {
			if err := n.parts.Hub.CatchUp(t.Context()); err != nil { // what other nodes wrote
				t.Fatal(err)
			}
			if err := n.parts.Directory.Reload(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := n.parts.Rules.Step(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (s *school) forwarding(t *testing.T, on bool) {
	t.Helper()
	if _, err := s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, s.pbx.ID, client.IntegrationInput{Forwarding: &on}); err != nil {
		t.Fatal(err)
	}
}

// The rules follow the cards, the staff and the switch; those of others stay.
func TestRules_followWhatDecidesThem(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, p, follow := openRuling(t, url, 0)
		api := s.api("102")
		expect := func(what, want string) {
			t.Helper()
			follow()
			if got := p.shown(); got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		who, err := api.CreateClient(t.Context(), client.ClientInput{Kind: ptr("client"), Name: ptr("Анна"), Phones: &[]string{"+79145550001", "+79145550002"}, ResponsibleID: ptr(s.staff["101"].ID)})
		if err != nil {
			t.Fatal(err)
		}
		expect("not forwarded", "0999→900")
		s.forwarding(t, true)
		expect("forwarded", "0001→101 0002→101 0999→900")
		// Of a number of several cards the contract's responsible gets the call.
		if _, err := api.CreateContract(t.Context(), client.ContractInput{Number: ptr("1"), Name: ptr("Борис"), Phones: &[]string{"+79145550002", "+79145550666"}, ResponsibleID: ptr(s.staff["102"].ID)}); err != nil {
			t.Fatal(err)
		}
		expect("a contract", "0001→101 0002→102 0999→900")
		all, err := api.Integrations(t.Context())
		if err != nil || all[0].Rules == nil || all[0].Rules.Ours != 2 || all[0].Rules.Foreign != 1 || all[0].Rules.Refused != 1 || all[0].Rules.At == nil {
			t.Errorf("told as %+v, %v", all[0].Rules, err)
		}
		if _, err := api.UpdateClient(t.Context(), who.ID, client.ClientInput{Phones: &[]string{"+79145550003"}}); err != nil {
			t.Fatal(err)
		}
		expect("another number", "0002→102 0003→101 0999→900")
		if _, err := s.parts.Staff.SaveEmployee(t.Context(), s.staff["101"].ID, client.EmployeeInput{Active: ptr(false)}); err != nil {
			t.Fatal(err)
		}
		expect("the responsible was switched off", "0002→102 0999→900")
		had := p.count()
		expect("nothing changed", "0002→102 0999→900")
		if n := p.count(); n != had {
			t.Errorf("compared %d times more though nothing changed", n-had)
		}
		s.forwarding(t, false)
		expect("switched off", "0999→900")
		s.forwarding(t, true)
		expect("and on", "0002→102 0999→900")
		if err := s.parts.Directory.DeleteIntegration(t.Context(), client.Employee{}, s.pbx.ID); err != nil {
			t.Fatal(err)
		}
		expect("disconnected", "0999→900")
	})
}

// Where only so many rules fit, those who called last get theirs.
func TestRules_thoseWhoCalledLastComeFirst(t *testing.T) {
	t.Parallel()
	s, p, follow := openRuling(t, "", 2)
	api := s.api("102")
	if _, err := api.CreateClient(t.Context(), client.ClientInput{Kind: ptr("client"), Name: ptr("Анна"), Phones: &[]string{"+79145550001", "+79145550002", "+79145550003"}, ResponsibleID: ptr(s.staff["101"].ID)}); err != nil {
		t.Fatal(err)
	}
	s.tellEvents(inbound("a", "101", "+79145550003", now().Add(-time.Hour)).answered(call.EndByCaller)...)
	s.tellEvents(inbound("b", "101", "+79145550002", now().Add(-time.Minute)).answered(call.EndByCaller)...)
	s.forwarding(t, true)
	follow()
	if got := p.shown(); got != "0002→101 0003→101 0999→900" {
		t.Errorf("got %s", got)
	}
	if all, err := api.Integrations(t.Context()); err != nil || all[0].Rules.Waiting != 1 {
		t.Errorf("told as %+v, %v", all[0].Rules, err)
	}
}

// The PBX took the rules, and nobody heard of it: they are ours all the same.
func TestRules_lostAnswerLeavesNoRuleOfNobody(t *testing.T) {
	t.Parallel()
	s, p, follow := openRuling(t, "", 0)
	if _, err := s.api("102").CreateClient(t.Context(), client.ClientInput{Kind: ptr("client"), Name: ptr("Анна"), Phones: &[]string{"+79145550001"}, ResponsibleID: ptr(s.staff["101"].ID)}); err != nil {
		t.Fatal(err)
	}
	p.fail = pbx.ErrUnreachable
	s.forwarding(t, true)
	follow()
	if all, err := s.api("102").Integrations(t.Context()); err != nil || all[0].Rules.Error == "" || p.shown() != "0001→101 0999→900" {
		t.Errorf("told as %+v, %v; there are %s", all[0].Rules, err, p.shown())
	}
	p.mu.Lock()
	p.fail = nil
	p.mu.Unlock()
	s.forwarding(t, false)
	follow()
	if got := p.shown(); got != "0999→900" {
		t.Errorf("after it was switched off there are %s", got)
	}
}

// set changes how the PBX answers.
func (r *ruling) set(change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
}

// What is wanted again is what was compared last, but something else was tried in between and may lie there.
func TestRules_aFailureInBetweenIsComparedThoughTheSameIsWanted(t *testing.T) {
	t.Parallel()
	s, p, follow := openRuling(t, "", 0)
	api := s.api("102")
	who, err := api.CreateClient(t.Context(), client.ClientInput{Kind: ptr("client"), Name: ptr("Анна"), Phones: &[]string{"+79145550001"}, ResponsibleID: ptr(s.staff["101"].ID)})
	if err != nil {
		t.Fatal(err)
	}
	s.forwarding(t, true)
	follow()
	numbers := func(n string) {
		t.Helper()
		if _, err := api.UpdateClient(t.Context(), who.ID, client.ClientInput{Phones: &[]string{n}}); err != nil {
			t.Fatal(err)
		}
	}
	p.set(func() { p.fail = pbx.ErrUnreachable })
	numbers("+79145550002")
	follow()
	p.set(func() { p.fail = nil })
	numbers("+79145550001")
	follow()
	follow() // the pause after the failure is over by now
	if got := p.shown(); got != "0001→101 0999→900" {
		t.Errorf("there are %s", got)
	}
	if all, err := api.Integrations(t.Context()); err != nil || all[0].Rules.Error != "" {
		t.Errorf("told as %+v, %v", all[0].Rules, err)
	}
}

// A change whose comparison could not even begin is not forgotten.
func TestRules_aChangeOutlivesAFailedLook(t *testing.T) {
	t.Parallel()
	s, p, follow := openRuling(t, "", 0)
	s.forwarding(t, true)
	follow()
	if _, err := s.api("102").CreateClient(t.Context(), client.ClientInput{Kind: ptr("client"), Name: ptr("Анна"), Phones: &[]string{"+79145550001"}, ResponsibleID: ptr(s.staff["101"].ID)}); err != nil {
		t.Fatal(err)
	}
	if err := s.parts.Hub.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	broken, cancel := context.WithCancel(t.Context())
	cancel()
	p.set(func() { p.ahead.Add(int64(time.Minute)) })
	if err := s.parts.Rules.Step(broken); err == nil {
		t.Fatal("a look without a database succeeded")
	}
	follow()
	if got := p.shown(); got != "0001→101 0999→900" {
		t.Errorf("there are %s", got)
	}
}

// The rules in the PBX of a former account are taken out, also when it was away at first.
func TestRules_ofAFormerAccountAreTakenOutOnceItAnswers(t *testing.T) {
	t.Parallel()
	former := &ruling{plain: &plain{}, there: map[pbx.Rule]bool{foreignRule: true}}
	next := &ruling{plain: &plain{}, there: map[pbx.Rule]bool{}}
	kind := plainKind(former, func(k *pbx.Kind) {
		k.New = func(a pbx.Account) pbx.Provider {
			if a.Credentials[pbx.KeyField] == key {
				return former
			}
			return next
		}
	})
	s, _, follow := openRulingOf(t, "", former, kind)
	if _, err := s.api("102").CreateClient(t.Context(), client.ClientInput{Kind: ptr("client"), Name: ptr("Анна"), Phones: &[]string{"+79145550001"}, ResponsibleID: ptr(s.staff["101"].ID)}); err != nil {
		t.Fatal(err)
	}
	s.forwarding(t, true)
	follow()
	former.set(func() { former.away = pbx.ErrUnreachable })
	if _, err := s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, s.pbx.ID, client.IntegrationInput{APIKey: ptr("another-key")}); err != nil {
		t.Fatal(err)
	}
	follow()
	if got := next.shown(); got != "0001→101" {
		t.Errorf("the new PBX has %s", got)
	}
	former.set(func() { former.away = nil })
	follow()
	follow()
	if got := former.shown(); got != "0999→900" {
		t.Errorf("the former PBX still has %s", got)
	}
	if got := next.shown(); got != "0001→101" {
		t.Errorf("the new PBX has %s afterwards", got)
	}
}
