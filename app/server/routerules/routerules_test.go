package routerules_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// The rules follow the cards, the staff and the switch; those of others stay.
func TestRules_followWhatDecidesThem(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, url string, nodes int) {
		p := newRuling(foreignRule)
		s := open(t, url, p, nodes)
		s.card(client.KindClient, "anna", "101", "0001", "0002")
		s.expect("not forwarded", p, "0999→900")
		s.forwarding(true)
		s.expect("forwarded", p, "0001→101 0002→101 0999→900")
		// Of a number of several cards the contract's responsible gets the call.
		s.card(client.KindContract, "boris", "102", "0002", "0666")
		s.expect("a contract", p, "0001→101 0002→102 0999→900")
		if told := s.told(); told.Ours != 2 || told.Foreign != 1 || told.Refused != 1 || told.Waiting != 0 || told.At == nil || told.Error != "" {
			t.Errorf("told as %+v", told)
		}
		s.card(client.KindClient, "anna", "101", "0003")
		s.expect("another number", p, "0002→102 0003→101 0999→900")
		s.employee(s.staff["101"].ID, client.EmployeeInput{Extension: ptr("103")})
		s.expect("another telephone", p, "0002→102 0003→103 0999→900")
		s.employee(s.staff["101"].ID, client.EmployeeInput{Active: ptr(false)})
		s.expect("the responsible was switched off", p, "0002→102 0999→900")
		had := p.count()
		s.expect("nothing changed", p, "0002→102 0999→900")
		if n := p.count(); n != had {
			t.Errorf("compared %d times more though nothing changed", n-had)
		}
		s.forwarding(false)
		s.expect("switched off", p, "0999→900")
		s.forwarding(true)
		s.expect("and on", p, "0002→102 0999→900")
		s.change(client.IntegrationInput{Active: ptr(false)})
		s.expect("the integration is switched off", p, "0999→900")
		s.change(client.IntegrationInput{Active: ptr(true)})
		s.expect("and on again", p, "0002→102 0999→900")
		if err := s.nodes[0].dir.DeleteIntegration(t.Context(), client.Employee{}, s.pbx); err != nil {
			t.Fatal(err)
		}
		s.expect("disconnected", p, "0999→900")
		if left, err := s.nodes[0].st.SharedNames(t.Context(), "route rules"); err != nil || len(left) != 0 {
			t.Errorf("what is still kept: %v, %v", left, err)
		}
	})
}

// What changes one after the other is waited for, but not for ever.
func TestRules_changesAreWaitedForUntilTheyEnd(t *testing.T) {
	t.Parallel()
	p := newRuling()
	s := open(t, "", p, 1)
	s.forwarding(true)
	s.follow()
	n := s.nodes[0]
	step := func() {
		t.Helper()
		s.hear(n)
		if err := n.rules.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.card(client.KindClient, "anna", "101", "0001")
	step()
	if got := p.shown(); got != "" {
		t.Errorf("at once: %s", got)
	}
	for range 7 { // somebody changes something every two seconds
		s.later(2 * time.Second)
		s.card(client.KindClient, "boris", "101", "0002")
		step()
	}
	if got := p.shown(); got != "" {
		t.Errorf("after 14 seconds: %s", got)
	}
	s.later(2 * time.Second)
	s.card(client.KindClient, "boris", "101", "0003")
	step()
	if got := p.shown(); got != "0001→101 0003→101" {
		t.Errorf("after 16 seconds: %s", got)
	}
}

// Rules of others are compared, too: what somebody else has taken for a number stays, whatever we want, and
// what somebody took away of ours comes back at night.
func TestRules_areComparedWithWhatLiesThere(t *testing.T) {
	t.Parallel()
	theirs := pbx.Rule{Number: "+79145550002", Extension: "900"}
	p := newRuling(foreignRule, theirs)
	s := open(t, "", p, 1)
	s.card(client.KindClient, "anna", "101", "0001", "0002")
	s.forwarding(true)
	s.expect("a number of theirs", p, "0001→101 0002→900 0999→900")
	if told := s.told(); told.Ours != 1 || told.Foreign != 2 || told.Refused != 1 {
		t.Errorf("told as %+v", told)
	}
	p.set(func() { delete(p.there, pbx.Rule{Number: "+79145550001", Extension: "101"}); delete(p.there, theirs) })
	s.expect("taken away by day", p, "0999→900")
	s.later(16 * time.Hour)
	s.expect("after the night", p, "0001→101 0002→101 0999→900")
	had := p.count()
	s.follow()
	if n := p.count() - had; n != 0 {
		t.Errorf("compared %d times more in the same night", n)
	}
	s.forwarding(false)
	s.expect("switched off", p, "0999→900")
}

// Where only so many rules fit, those who called last get theirs.
func TestRules_thoseWhoCalledLastComeFirst(t *testing.T) {
	t.Parallel()
	p := newRuling(foreignRule)
	p.most = 2
	s := open(t, "", p, 1)
	s.card(client.KindClient, "anna", "101", "0001", "0002", "0003")
	for id, at := range map[string]time.Duration{"0003": -time.Hour, "0002": -time.Minute} {
		call := store.CallRecord{ID: id, IntegrationID: s.pbx, Key: id, View: client.Call{ID: id, Phone: "+7914555" + id, StartedAt: s.now().Add(at)}}
		if err := s.nodes[0].st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveCall(call) }); err != nil {
			t.Fatal(err)
		}
	}
	s.forwarding(true)
	s.expect("two fit", p, "0002→101 0003→101 0999→900")
	if told := s.told(); told.Waiting != 1 || told.Ours != 2 {
		t.Errorf("told as %+v", told)
	}
	s.forwarding(false)
	s.expect("switched off", p, "0999→900")
	if told := s.told(); told.Waiting != 0 || told.Ours != 0 {
		t.Errorf("told as %+v after it was switched off", told)
	}
}

// What a PBX refused is not told any more when nothing is wanted.
func TestRules_refusalsAreForgottenWhenNothingIsWanted(t *testing.T) {
	t.Parallel()
	p := newRuling()
	s := open(t, "", p, 1)
	s.card(client.KindClient, "anna", "101", "0666")
	s.forwarding(true)
	s.expect("refused", p, "")
	if told := s.told(); told.Refused != 1 {
		t.Errorf("told as %+v", told)
	}
	s.forwarding(false)
	s.follow()
	if told := s.told(); told.Refused != 0 {
		t.Errorf("told as %+v after it was switched off", told)
	}
}

// The PBX took the rules, and nobody heard of it: they are ours all the same.
func TestRules_lostAnswerLeavesNoRuleOfNobody(t *testing.T) {
	t.Parallel()
	p := newRuling(foreignRule)
	s := open(t, "", p, 1)
	s.card(client.KindClient, "anna", "101", "0001")
	p.fail = pbx.ErrUnreachable
	s.forwarding(true)
	s.expect("without an answer", p, "0001→101 0999→900")
	if told := s.told(); told.Error == "" || told.ErrorEN == "" {
		t.Errorf("told as %+v", told)
	}
	p.set(func() { p.fail = nil })
	s.forwarding(false)
	s.expect("after it was switched off", p, "0999→900")
}

// A node that died while the PBX was told leaves no rule of nobody: a new one knows what may lie there.
func TestRules_aNodeThatDiesLeavesNoRuleOfNobody(t *testing.T) {
	t.Parallel()
	p := newRuling(foreignRule)
	s := open(t, "", p, 1)
	s.card(client.KindClient, "anna", "101", "0001")
	s.forwarding(true)
	p.slow = func() { // it told the PBX, and then nothing more
		p.set(func() { p.there[pbx.Rule{Number: "+79145550001", Extension: "101"}] = true })
		panic("died")
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("it did not come to the PBX")
			}
		}()
		s.follow()
	}()
	s.later(12 * time.Minute)
	s.nodes = nil
	s.node()
	s.card(client.KindClient, "anna", "101", "0002")
	s.expect("on another node", p, "0002→101 0999→900")
}

// What is wanted again is what was compared last, but something else was tried in between and may lie there.
func TestRules_aFailureInBetweenIsComparedThoughTheSameIsWanted(t *testing.T) {
	t.Parallel()
	p := newRuling(foreignRule)
	s := open(t, "", p, 1)
	s.card(client.KindClient, "anna", "101", "0001")
	s.forwarding(true)
	s.follow()
	p.set(func() { p.fail = pbx.ErrUnreachable })
	s.card(client.KindClient, "anna", "101", "0002")
	s.follow()
	p.set(func() { p.fail = nil })
	s.card(client.KindClient, "anna", "101", "0001")
	s.follow()
	s.expect("after the pause", p, "0001→101 0999→900")
	if told := s.told(); told.Error != "" {
		t.Errorf("told as %+v", told)
	}
}

// A change whose comparison could not even begin is not forgotten.
func TestRules_aChangeOutlivesAFailedLook(t *testing.T) {
	t.Parallel()
	p := newRuling(foreignRule)
	s := open(t, "", p, 1)
	s.forwarding(true)
	s.follow()
	s.card(client.KindClient, "anna", "101", "0001")
	s.hear(s.nodes[0])
	s.later(time.Minute)
	broken, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.nodes[0].rules.Step(broken); err == nil {
		t.Fatal("a look without a database succeeded")
	}
	s.expect("afterwards", p, "0001→101 0999→900")
}

// A server that is stopped while the PBX is told says no failure of the PBX, and the next one goes on at once.
func TestRules_aStopIsNoFailureOfThePBX(t *testing.T) {
	t.Parallel()
	p := newRuling(foreignRule)
	s := open(t, "", p, 1)
	s.card(client.KindClient, "anna", "101", "0001")
	s.forwarding(true)
	stopped, stop := context.WithCancel(t.Context())
	p.slow = stop
	s.hear(s.nodes[0])
	s.later(time.Minute)
	if err := s.nodes[0].rules.Step(stopped); err == nil {
		t.Error("the look succeeded though it was stopped")
	}
	if told := s.told(); told.Error != "" {
		t.Errorf("told as %+v", told)
	}
	s.nodes = nil
	n := s.node()
	if err := n.rules.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := p.shown(); got != "0001→101 0999→900" {
		t.Errorf("after the start there are %s", got)
	}
}

// As long as nobody tells of a change, and nothing is wanted, the cards are not read again and again.
func TestRules_cardsAreNotReadWhileNothingChanges(t *testing.T) {
	t.Parallel()
	p := newRuling()
	s := open(t, "", p, 1)
	s.forwarding(true)
	s.follow()
	unheard := s.cardOf(client.KindClient, "anna", "101", "0001")
	s.save(unheard, false)
	s.expect("nobody told of it", p, "")
	s.later(20 * time.Hour)
	s.expect("nor by night", p, "")
	s.save(unheard, true)
	s.expect("told of", p, "0001→101")
}

// who slept while the PBX was told, for longer than its turn, overwrites nothing of who compared meanwhile.
func TestRules_whoSleptLeavesNoRuleOfNobody(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, url string, _ int) {
		p := newRuling(foreignRule)
		s := open(t, url, p, 2)
		slow, quick := s.nodes[0], s.nodes[1]
		s.card(client.KindClient, "anna", "101", "0001")
		s.forwarding(true)
		p.slow = func() {
			s.card(client.KindClient, "anna", "101", "0002")
			s.later(12 * time.Minute)
			s.hear(quick)
			s.later(time.Minute)
			if err := quick.rules.Step(t.Context()); err != nil {
				t.Error(err)
			}
		}
		s.hear(slow)
		s.later(time.Minute)
		if err := slow.rules.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := p.shown(); !strings.Contains(got, "0001→101") || !strings.Contains(got, "0002→101") {
			t.Fatalf("both told the PBX, and there are %s", got)
		}
		s.expect("compared once more", p, "0002→101 0999→900")
		s.forwarding(false)
		s.expect("switched off", p, "0999→900")
	})
}

// A node that has not heard yet of an integration does not take its rules for those of a former one.
func TestRules_ofAnIntegrationThatOneNodeHasNotHeardOf(t *testing.T) {
	t.Parallel()
	p := newRuling(foreignRule)
	s := open(t, "", p, 1)
	late := s.node()
	if err := s.nodes[0].dir.DeleteIntegration(t.Context(), client.Employee{}, s.pbx); err != nil {
		t.Fatal(err)
	}
	s.hear(late)
	i, err := s.nodes[0].dir.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{
		Active: ptr(true), APIKey: ptr("key"), Forwarding: ptr(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.pbx = i.ID
	s.employee(s.staff["101"].ID, client.EmployeeInput{Extension: ptr("101")})
	s.card(client.KindClient, "anna", "101", "0001")
	s.later(time.Minute)
	s.hear(s.nodes[0])
	if err := s.nodes[0].rules.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := late.rules.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := p.shown(); got != "0001→101 0999→900" {
		t.Errorf("there are %s", got)
	}
}

// The rules in the PBX of a former account are taken out, also when it was away at first.
func TestRules_ofAFormerAccountAreTakenOutOnceItAnswers(t *testing.T) {
	t.Parallel()
	former, next := newRuling(foreignRule), newRuling()
	s := open(t, "", former, 1)
	s.pbxs["another"] = next
	s.card(client.KindClient, "anna", "101", "0001")
	s.forwarding(true)
	s.follow()
	former.set(func() { former.away = pbx.ErrUnreachable })
	s.change(client.IntegrationInput{APIKey: ptr("another")})
	s.expect("the new PBX", next, "0001→101")
	former.set(func() { former.away = nil })
	s.follow()
	s.expect("the former PBX", former, "0999→900")
	s.expect("the new one afterwards", next, "0001→101")
}

// An account that fails until it gets a new key: the rules in its PBX stay ours, and follow at once.
func TestRules_stayOursUnderANewKey(t *testing.T) {
	t.Parallel()
	p, expired := newRuling(foreignRule), newRuling()
	s := open(t, "", p, 1)
	s.card(client.KindClient, "anna", "101", "0001")
	s.forwarding(true)
	s.follow()
	// The key is not good any more, and that is tried often.
	s.pbxs["key"] = expired
	s.nodes = nil
	s.node()
	expired.set(func() { expired.away = pbx.ErrUnreachable })
	s.card(client.KindClient, "anna", "102", "0001")
	for range 8 {
		s.later(2 * time.Hour)
		s.follow()
	}
	if told := s.told(); told.Error == "" {
		t.Fatalf("told as %+v", told)
	}
	s.pbxs["new key"] = p
	s.change(client.IntegrationInput{APIKey: ptr("new key")})
	s.expect("with the new key", p, "0001→102 0999→900")
	if told := s.told(); told.Error != "" {
		t.Errorf("told as %+v", told)
	}
	for range 8 { // in the end the former key is given up
		s.later(2 * time.Hour)
		s.follow()
	}
	s.expect("when the former key was given up", p, "0001→102 0999→900")
	s.forwarding(false)
	s.expect("switched off", p, "0999→900")
}

// A key that was mistyped and put right: the rules stay ours and where they are, though the first account is
// still to be cleared out.
func TestRules_ofAnAccountThatComesBack(t *testing.T) {
	t.Parallel()
	p, wrong := newRuling(foreignRule), newRuling()
	s := open(t, "", p, 1)
	s.pbxs["mistyped"] = wrong
	s.card(client.KindClient, "anna", "101", "0001")
	s.forwarding(true)
	s.follow()
	p.set(func() { p.away = pbx.ErrUnreachable })
	s.change(client.IntegrationInput{APIKey: ptr("mistyped")})
	s.follow()
	p.set(func() { p.away = nil })
	s.change(client.IntegrationInput{APIKey: ptr("key")})
	s.follow()
	s.follow()
	s.expect("put right", p, "0001→101 0999→900")
	if told := s.told(); told.Ours != 1 || told.Foreign != 1 || told.Refused != 0 {
		t.Errorf("told as %+v", told)
	}
	s.forwarding(false)
	s.expect("switched off", p, "0999→900")
	if got := wrong.shown(); got != "" {
		t.Errorf("in the PBX of the mistyped key there are %s", got)
	}
}

// One PBX that is gone and does not answer keeps no other one from being cleared out.
func TestRules_ofSeveralThatAreGone(t *testing.T) {
	t.Parallel()
	dead, good := newRuling(), newRuling()
	s := open(t, "", dead, 1)
	s.pbxs["good"] = good
	i, err := s.nodes[0].dir.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{Active: ptr(true), APIKey: ptr("good"), Forwarding: ptr(true)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.nodes[0].dir.SetExtensions(t.Context(), client.Employee{}, i.ID, []client.ExtensionRow{{EmployeeID: s.staff["101"].ID, Extension: "501"}}); err != nil {
		t.Fatal(err)
	}
	s.card(client.KindClient, "anna", "101", "0001")
	s.forwarding(true)
	s.follow()
	if dead.shown() != "0001→101" || good.shown() != "0001→501" {
		t.Fatalf("there are %s and %s", dead.shown(), good.shown())
	}
	dead.set(func() { dead.away = pbx.ErrUnreachable })
	for _, id := range []string{s.pbx, i.ID} {
		if err := s.nodes[0].dir.DeleteIntegration(t.Context(), client.Employee{}, id); err != nil {
			t.Fatal(err)
		}
	}
	held, err := s.nodes[0].st.Claim(t.Context(), "route rules of "+s.pbx, "another node", time.Hour, false)
	if err != nil || !held {
		t.Fatal(held, err)
	}
	s.expect("while another node has the first", good, "")
	if err := s.nodes[0].st.Release(t.Context(), "route rules of "+s.pbx, "another node", 0); err != nil {
		t.Fatal(err)
	}
	s.follow()
	dead.set(func() { dead.away = nil })
	for range 2 {
		s.later(2 * time.Hour)
		s.follow()
	}
	if got := dead.shown(); got != "" {
		t.Errorf("in the PBX that was away there are %s", got)
	}
}

// A node that was killed while the PBX was told holds the others up for seconds only.
func TestRules_aKilledNodesTurnIsTakenOver(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, url string, _ int) {
		p := newRuling(foreignRule)
		s := open(t, url, p, 1)
		s.card(client.KindClient, "anna", "101", "0001")
		s.forwarding(true)
		killed := s.node()
		s.hear(killed)
		s.later(time.Minute)
		at, end, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
		p.slow = func() { close(at); <-end }
		go func() {
			defer close(ended)
			_ = killed.rules.Step(t.Context()) // nobody hears what it says
		}()
		defer func() { close(end); <-ended }()
		<-at
		killed.st.Close()
		s.nodes = s.nodes[:1]
		s.later(-time.Minute) // which follow waits
		s.expect("at once", p, "0999→900")
		s.later(store.LeaseTerm - time.Minute)
		s.expect("after its term", p, "0001→101 0999→900")
	})
}

// Others' rules that a change took away, and nobody heard of it, are kept until they lie there again: after
// a failure, a death, and also where nothing of ours shall lie there any more.
func TestRules_ofOthersOutliveALostAnswer(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		dies, leaves bool
		after        string
	}{
		"the answer is lost": {after: "0001→101 0999→900"}, "the node dies": {dies: true, after: "0001→101 0999→900"},
		"and the integration is deleted": {leaves: true, after: "0999→900"}, "dies, and it is deleted": {true, true, "0999→900"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			everywhere(t, func(t *testing.T, url string, _ int) {
				p := newRuling(foreignRule)
				p.takes = true
				s := open(t, url, p, 1)
				s.card(client.KindClient, "anna", "101", "0001")
				s.forwarding(true)
				other := s.node()
				s.nodes = s.nodes[:1]
				if tt.dies {
					p.dies = func() { s.nodes[0].st.Close() }
					s.hear(s.nodes[0])
					s.later(time.Minute)
					_ = s.nodes[0].rules.Step(t.Context()) // nobody hears what it says
					s.nodes[0] = other
				} else {
					s.follow()
				}
				if got := p.shown(); got != "0001→101" {
					t.Fatalf("there lie %s", got)
				}
				if tt.leaves {
					if err := s.nodes[0].dir.DeleteIntegration(t.Context(), client.Employee{}, s.pbx); err != nil {
						t.Fatal(err)
					}
				}
				s.later(2 * time.Minute)
				s.expect("in the end", p, tt.after)
				p.set(func() { delete(p.there, foreignRule) })
				s.later(20 * time.Hour)
				s.expect("deleted by its owner", p, strings.TrimSpace(strings.TrimSuffix(tt.after, "0999→900")))
			})
		})
	}
}
