package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/beeline/spelling"
	"dozvon/app/server"
	"dozvon/client"
)

const (
	annas     = "9600000101@mpbx.sip.beeline.ru"
	boriss    = "9600000102@mpbx.sip.beeline.ru"
	theSystem = "MPBX_SYS_700@mpbx.sip.beeline.ru"
)

// twoClients are the events of an employee who has one client on hold, answers another one, asks a colleague
// about that one, and hands that one over.
type twoClients struct {
	a, b    string // their numbers
	first   []beeline.Event
	second  []beeline.Event // until its client is put on hold
	held    beeline.Event   // the second client
	asked   []beeline.Event
	handed  beeline.Event
	back    beeline.Event // the first client
	endings []beeline.Event
}

func tellTwoClients(n int, t0 time.Time) twoClients {
	out := twoClients{a: fmt.Sprintf("+79061%06d", n), b: fmt.Sprintf("+79062%06d", n)}
	at := func(s int) time.Time { return t0.Add(time.Duration(s) * time.Second) }
	half := func(no int, key, remote, kind string, p beeline.Personality, start int) beeline.Call {
		return beeline.Call{
			ID: fmt.Sprintf("callhalf-%d:%d", n, no), Tracking: fmt.Sprintf("%s%d:1", key, n), Personality: p, Start: at(start),
			Remote: beeline.Party{Address: "tel:" + remote, CallType: kind},
		}
	}
	a, b := half(1, "5", out.a, beeline.Network, beeline.Terminator, 0), half(2, "6", out.b, beeline.Network, beeline.Terminator, 20)
	asks, asked := half(3, "7", "102", beeline.Group, beeline.Originator, 42), half(4, "7", "101", beeline.Group, beeline.Terminator, 42)
	tell := func(kind beeline.EventType, target string, state beeline.State, changes ...*beeline.Call) beeline.Event {
		e := beeline.Event{ID: "e", SubscriptionID: beelineSub, Target: target, Type: kind}
		for _, c := range changes {
			c.State = state
			e.Calls = append(e.Calls, *c)
		}
		return e
	}
	out.first = append(out.first, tell(beeline.CallReceived, annas, beeline.Alerting, &a))
	a.Answer = at(5)
	out.first = append(out.first, tell(beeline.CallAnswered, annas, beeline.Active, &a))
	a.HeldAt = at(20)
	out.first = append(out.first, tell(beeline.CallHeld, annas, beeline.Held, &a))
	a.HeldAt = time.Time{}
	out.second = append(out.second, tell(beeline.CallReceived, annas, beeline.Alerting, &b))
	b.Answer = at(24)
	out.second = append(out.second, tell(beeline.CallAnswered, annas, beeline.Active, &b))
	b.HeldAt = at(40)
	out.held = tell(beeline.CallHeld, annas, beeline.Held, &b)
	b.HeldAt = time.Time{}
	out.asked = append(out.asked, tell(beeline.CallOriginated, annas, beeline.Alerting, &asks), tell(beeline.CallReceived, boriss, beeline.Alerting, &asked))
	asks.Answer, asked.Answer = at(46), at(46)
	out.asked = append(out.asked, tell(beeline.CallAnswered, annas, beeline.Active, &asks), tell(beeline.CallAnswered, boriss, beeline.Active, &asked))
	b.DetachedAt, asks.DetachedAt = at(60), at(60)
	out.handed = tell(beeline.CallRedirected, annas, beeline.Detached, &b, &asks)
	a.TotalHeld, a.HasTotalHeld = 42*time.Second, true
	out.back = tell(beeline.CallRetrieved, annas, beeline.Active, &a)
	a.Release, a.Releasing = at(80), beeline.RemoteRelease
	asked.Remote = b.Remote
	out.endings = append(out.endings, tell(beeline.CallTransferred, boriss, beeline.Active, &asked), tell(beeline.CallReleased, annas, beeline.Released, &a))
	asked.Release, asked.Releasing = at(90), beeline.RemoteRelease
	out.endings = append(out.endings, tell(beeline.CallReleased, boriss, beeline.Released, &asked))
	return out
}

// TestBeeline_twoClientsOfOneEmployeeStayTwoCalls: which one a colleague was asked about the PBX says in the
// end; before, and whatever comes late or never, no client's call becomes another one's.
func TestBeeline_twoClientsOfOneEmployeeStayTwoCalls(t *testing.T) {
	t.Parallel()
	type order func(twoClients) []beeline.Event
	all := func(c twoClients) []beeline.Event {
		return slices.Concat(c.first, c.second, []beeline.Event{c.held}, c.asked, []beeline.Event{c.handed, c.back}, c.endings)
	}
	without := func(events []beeline.Event, kind beeline.EventType) []beeline.Event {
		return slices.DeleteFunc(events, func(e beeline.Event) bool { return e.Type == kind })
	}
	orders := map[string]order{
		"as it happened": all,
		"the hold of the second late": func(c twoClients) []beeline.Event {
			return slices.Concat(c.first, c.second, c.asked, []beeline.Event{c.held, c.handed, c.back}, c.endings)
		},
		"the hold of the second lost": func(c twoClients) []beeline.Event {
			return slices.Concat(c.first, c.second, c.asked, []beeline.Event{c.handed, c.back}, c.endings)
		},
		"the hold of the second lost, the first one's end early": func(c twoClients) []beeline.Event {
			return slices.Concat(c.first, c.second, c.asked, []beeline.Event{c.back, c.endings[1], c.handed}, c.endings)
		},
		"the second after the question": func(c twoClients) []beeline.Event {
			return slices.Concat(c.first, c.asked, c.second, []beeline.Event{c.held, c.handed, c.back}, c.endings)
		},
		"the second first told by its end": func(c twoClients) []beeline.Event {
			return slices.Concat(c.first, c.asked, []beeline.Event{c.handed, c.back}, c.endings, c.second, []beeline.Event{c.held})
		},
		"all holds lost": func(c twoClients) []beeline.Event { return without(all(c), beeline.CallHeld) },
		"what comes back lost": func(c twoClients) []beeline.Event {
			return without(all(c), beeline.CallRetrieved)
		},
		"the redirect lost": func(c twoClients) []beeline.Event {
			return without(all(c), beeline.CallRedirected)
		},
		"doubled": func(c twoClients) []beeline.Event { return slices.Concat(all(c), all(c)) },
	}
	for n := range 12 {
		orders[fmt.Sprintf("in disorder %d", n)] = func(c twoClients) []beeline.Event {
			events := slices.Concat(all(c), all(c))
			random := rand.New(rand.NewPCG(5, uint64(n))) // of its own: both databases are tried at once
			random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
			return events
		}
	}
	databases(t, func(t *testing.T, database string) {
		c := startClock()
		portal := beelineAnswers(t, "abonents", "numbers", "subscription-create", "subscription-get")
		s := openBeeline(t, server.Config{Database: database, Now: c.now}, portal.URL+"/apis/portal/")
		n := 0
		for name, order := range orders {
			n++
			c.pass(4 * time.Minute)
			told := tellTwoClients(n, c.now().Add(-100*time.Second).Truncate(time.Second))
			for _, e := range order(told) {
				if status := s.postBeeline(spelling.Encode(e, spelling.XSI)); status != http.StatusOK {
					t.Fatalf("%s: answered %d", name, status)
				}
			}
			c.pass(time.Minute)
			if err := s.parts.Calls.CloseForgotten(t.Context()); err != nil {
				t.Fatal(err)
			}
			whole := name != "the redirect lost"
			s.wantClient(name, told.a, whole, "101")
			s.wantClient(name, told.b, whole, "101", "102")
		}
	})
}

// wantClient checks the one call of a client, and, where all was told, who talked with them.
func (s *school) wantClient(name, number string, whole bool, talked ...string) {
	s.t.Helper()
	var got []client.Call
	for _, c := range s.calls() {
		if c.Phone == number {
			got = append(got, c)
		}
	}
	// The end of a leg that was handed over is told by the redirect alone.
	if len(got) != 1 || whole && (got[0].State != client.StateEnded || got[0].Result != client.Answered) {
		s.t.Errorf("%s: the calls of %s are %+v", name, number, got)
		return
	}
	var who []string
	for _, step := range got[0].Path {
		if step.State == client.StateTalking && !slices.Contains(who, step.Extension) {
			who = append(who, step.Extension)
		}
	}
	if slices.Sort(who); whole && !slices.Equal(who, talked) {
		s.t.Errorf("%s: %v talked with %s, want %v: %+v", name, who, number, talked, got[0].Path)
	}
}

// TestBeeline_oneRedirectOfTwoClientsLeavesTwoCalls: a queue that is closed sends away all who wait in it.
func TestBeeline_oneRedirectOfTwoClientsLeavesTwoCalls(t *testing.T) {
	t.Parallel()
	c := startClock()
	portal := beelineAnswers(t, "abonents", "numbers", "subscription-create", "subscription-get")
	s := openBeeline(t, server.Config{Now: c.now}, portal.URL+"/apis/portal/")
	for n, tt := range []struct {
		target string
		p      beeline.Personality // of the second client
		same   bool                // both call by one number
	}{{theSystem, beeline.Terminator, false}, {annas, beeline.Terminator, false}, {annas, beeline.Terminator, true}, {annas, beeline.Originator, false}} {
		for round, late := range []bool{false, true} { // late: the redirect is all that is told
			var calls []beeline.Call
			var numbers []string
			for i, p := range []beeline.Personality{beeline.Terminator, tt.p} {
				number := fmt.Sprintf("+7906300%d%d%d0", n, round, i)
				if tt.same && i > 0 {
					number = numbers[0]
				}
				numbers = append(numbers, number)
				calls = append(calls, beeline.Call{
					ID: fmt.Sprintf("callhalf-9%d%d:%d", n, round, i), Tracking: fmt.Sprintf("8%d%d:%d", n, round, i), Personality: p, State: beeline.Alerting,
					Start: c.now().Truncate(time.Second).Add(time.Duration(i-20) * time.Second), Remote: beeline.Party{Address: "tel:" + numbers[i], CallType: beeline.Network},
				})
			}
			tell := func(kind beeline.EventType, calls ...beeline.Call) {
				e := beeline.Event{ID: "e", SubscriptionID: beelineSub, Target: tt.target, Type: kind, Calls: calls}
				if status := s.postBeeline(spelling.Encode(e, spelling.XSI)); status != http.StatusOK {
					t.Fatalf("answered %d", status)
				}
			}
			for _, one := range calls {
				if !late {
					tell(beeline.CallUpdated, one)
				}
			}
			for i := range calls {
				calls[i].State, calls[i].DetachedAt = beeline.Detached, c.now().Truncate(time.Second)
			}
			before := 0
			if late {
				before = len(s.calls())
			}
			tell(beeline.CallRedirected, calls...)
			if late && len(s.calls()) != before+2 {
				t.Errorf("%+v: %d calls after a redirect of two", tt, len(s.calls())-before)
			}
			for i, number := range numbers {
				if got, err := s.callOfKey(calls[i].Tracking); err != nil || got.Phone != number {
					t.Errorf("%+v, late %v: the call of %s: %+v, %v", tt, late, number, got, err)
				}
			}
			c.pass(4 * time.Minute)
		}
	}
}
