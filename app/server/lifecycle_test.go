package server_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pgtest"
	"dozvon/client"
)

// toyAt is a school with a toy PBX, whose clock the test sets.
func toyAt(t *testing.T, database string) (*school, *toySite, client.Integration, *clock) {
	t.Helper()
	c := startClock()
	s, site := openToy(t, server.Config{Database: database, Now: c.now})
	return s, site, s.connectToy(site, nil), c
}

// step does what is due, and returns how the integration stands then.
func (s *school) step(id string) client.Integration {
	s.t.Helper()
	s.parts.Lifecycle.Step(s.t.Context())
	i, err := s.parts.Directory.Integration(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return i
}

// toyRings delivers the first event of a call.
func (s *school) toyRings(i client.Integration, sub, call, from string) int {
	s.t.Helper()
	status, _, _ := s.send(http.MethodPost, hookPathOf(s.t, i)+"/null", toyBody(toyEvent{
		Sub: sub, What: "ring", Call: call, From: from, Who: "u-ann", At: s.parts.Calls.Now().UnixMilli(),
	}), nil)
	return status
}

// knownNumbers are the numbers of all calls that are known.
func (s *school) knownNumbers() (numbers []string) {
	s.t.Helper()
	for _, c := range s.calls() {
		numbers = append(numbers, c.Phone)
	}
	slices.Sort(numbers)
	return numbers
}

func subscriptionCheck(t *testing.T, s *school, id string) client.Check {
	t.Helper()
	all, err := s.parts.Directory.Check(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(all, func(c client.Check) bool { return c.ID == "subscription" })
	if at < 0 {
		t.Fatalf("no line of the subscription among %+v", all)
	}
	if c := all[at]; c.Text == "" || c.TextEN == "" || c.Name == "" || c.NameEN == "" {
		t.Errorf("the line lacks words: %+v", c)
	}
	return all[at]
}

func TestLifecycle_subscribesChecksRenewsWithOverlapAndEnds(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		s, site, i, c := toyAt(t, database)
		began := c.now()
		i = s.step(i.ID)
		if living := site.living(); len(living) != 1 || living["sub-1"] != i.HookURL {
			t.Fatalf("there live %v, our address is %s", living, i.HookURL)
		}
		sub := i.Subscription
		if sub == nil || sub.State != client.SubscriptionOK || sub.Level != "ALL" || sub.Until == nil || !sub.Until.Equal(began.Add(time.Hour)) || !sub.RenewAt.Equal(began.Add(30*time.Minute)) || sub.LostAt != nil || sub.Error != "" {
			t.Fatalf("told as %+v", sub)
		}
		if line := subscriptionCheck(t, s, i.ID); line.State != client.CheckOK || !strings.Contains(line.Text, "Действует до") {
			t.Errorf("checked as %+v", line)
		}
		asked := site.requests("GET subscriptions")
		s.step(i.ID)
		if n := site.requests("GET subscriptions"); n != asked {
			t.Errorf("asked %d times within a moment", n-asked)
		}
		c.pass(3 * time.Minute)
		s.step(i.ID)
		if n := site.requests("GET subscriptions"); n != asked+1 {
			t.Errorf("asked %d times within three minutes", n-asked)
		}

		// At half-life the new one is made first; while the old one is being ended, both are ours.
		c.pass(27 * time.Minute)
		site.set(func(site *toySite) {
			site.unmaking = func(id string) {
				if living := site.living(); id != "sub-1" || living["sub-2"] == "" {
					t.Errorf("%s is ended while there live %v", id, living)
				}
				s.toyRings(i, "sub-1", "a", "+79000000501")
				s.toyRings(i, "sub-2", "b", "+79000000502")
			}
		})
		i = s.step(i.ID)
		if living := site.living(); len(living) != 1 || living["sub-2"] == "" || len(s.knownNumbers()) != 2 {
			t.Errorf("after the renewal there live %v, and calls of %v are known", living, s.knownNumbers())
		}
		// What was on its way when the old one ended still counts.
		s.toyRings(i, "sub-1", "c", "+79000000503")
		if len(s.knownNumbers()) != 3 {
			t.Errorf("known: %v", s.knownNumbers())
		}
		if !i.Subscription.Began.Equal(c.now()) || i.Subscription.State != client.SubscriptionOK {
			t.Errorf("renewed: %+v", i.Subscription)
		}

		if _, err := s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, i.ID, client.IntegrationInput{Active: ptr(false)}); err != nil {
			t.Fatal(err)
		}
		site.set(func(site *toySite) { site.unmaking = nil })
		i = s.step(i.ID)
		if living := site.living(); len(living) != 0 || i.Subscription.State != client.SubscriptionOff {
			t.Errorf("switched off there live %v; told as %+v", living, i.Subscription)
		}
		requests := site.requests("GET subscriptions") + site.requests("POST subscriptions") + site.requests("GET people") + site.requests("DELETE subscriptions")
		for range 5 {
			c.pass(2 * time.Hour)
			s.step(i.ID)
		}
		if n := site.requests("GET subscriptions") + site.requests("POST subscriptions") + site.requests("GET people") + site.requests("DELETE subscriptions"); n != requests {
			t.Errorf("%d requests though it is switched off", n-requests)
		}
		if _, err := s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, i.ID, client.IntegrationInput{Active: ptr(true)}); err != nil {
			t.Fatal(err)
		}
		if i = s.step(i.ID); i.Subscription.State != client.SubscriptionOK || len(site.living()) != 1 {
			t.Errorf("switched on again: %+v", i.Subscription)
		}
	})
}

func TestLifecycle_whatVanishedIsMadeAnewAndCompared(t *testing.T) {
	t.Parallel()
	s, site, i, c := toyAt(t, "")
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.parts.Reconciler.Run(ctx) })
	defer running.Wait()
	defer stop()
	eventually(t, "the comparison after the start", func() bool { return site.requests("GET history") == 1 })
	site.set(func(site *toySite) {
		clear(site.subs)
		site.history = []toyEvent{{Call: "missed-1", From: "+79000000509", Who: "101", At: c.now().UnixMilli()}}
	})
	c.pass(3 * time.Minute)
	i = s.step(i.ID)
	sub := i.Subscription
	if sub.State != client.SubscriptionOK || sub.LostAt == nil || sub.RestoredAt == nil || !slices.Equal(site.made, []string{"sub-1", "sub-2"}) {
		t.Fatalf("after it vanished: %+v, made %v", sub, site.made)
	}
	if n := site.requests("DELETE subscriptions"); n != 0 {
		t.Errorf("what had vanished was ended %d times", n)
	}
	eventually(t, "the call of the gap", func() bool { return slices.Equal(s.knownNumbers(), []string{"+79000000509"}) })
}

func TestLifecycle_theEndOfTheCurrentOneMakesANewOneAtOnce(t *testing.T) {
	t.Parallel()
	s, site, i, c := toyAt(t, "")
	over := func(sub string) {
		t.Helper()
		site.set(func(site *toySite) { delete(site.subs, sub) })
		if status, _, _ := s.send(http.MethodPost, hookPathOf(t, i), toyBody(toyEvent{Sub: sub, What: "over"}), nil); status != 202 {
			t.Fatalf("answered %d", status)
		}
	}
	c.pass(2 * time.Minute)
	over("sub-1")
	i = s.step(i.ID)
	if i.Subscription.State != client.SubscriptionOK || site.newest() != "sub-2" {
		t.Fatalf("after the end: %+v, the newest is %s", i.Subscription, site.newest())
	}
	over("sub-1") // told again, of one that is replaced
	over("sub-77")
	if s.step(i.ID); site.newest() != "sub-2" {
		t.Errorf("the end of a former one made %s", site.newest())
	}
	// One that ends as soon as it began is not asked for again and again.
	for n := range 4 {
		over(site.newest())
		made := len(site.made)
		s.step(i.ID)
		if n > 0 && len(site.made) != made {
			t.Errorf("made at once after the quick end %d", n)
		}
		c.pass(5*time.Second<<n + time.Second)
		s.step(i.ID)
		if len(site.made) != made+1 {
			t.Errorf("%d were made after the pause %d, want one", len(site.made)-made, n)
		}
	}
}

func TestLifecycle_whatComesByOthersChangesNothing(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		s, site, i, _ := toyAt(t, database)
		kept := s.raw()
		status, answer, _ := s.send(http.MethodPost, hookPathOf(t, i), toyBody(toyEvent{Sub: "sub-1", What: "lost"}), nil)
		if status != 202 || s.raw() != kept+1 {
			t.Fatalf("ours: answered %d", status)
		}
		before, asked := s.step(i.ID), site.requests("GET people")
		kept = s.raw()
		for _, sub := range []string{"", "sub-2", "SUB-1", "sub-1 "} {
			for _, what := range []string{"ring", "over", "lost"} {
				got, text, _ := s.send(http.MethodPost, hookPathOf(t, i), toyBody(toyEvent{Sub: sub, What: what, Call: "x", From: "+79000000501", Who: "u-nobody"}), nil)
				if got != status || text != answer {
					t.Errorf("%q %s: answered %d %q, ours is answered %d %q", sub, what, got, text, status, answer)
				}
			}
		}
		after := s.step(i.ID)
		if s.raw() != kept || len(s.knownNumbers()) != 0 || site.newest() != "sub-1" || site.requests("GET people") != asked || asJSON(t, before.LastEvent) != asJSON(t, after.LastEvent) {
			t.Errorf("%d raw, calls %v, made %v, the last event %v → %v", s.raw()-kept, s.knownNumbers(), site.made, before.LastEvent, after.LastEvent)
		}
	})
}

// TestLifecycle_whatComesBeforeTheAnswerIsNotLost: the PBX begins to send by a new subscription before
// it has told its id, and waits for our answer before it does. What others send meanwhile stays nobody's.
func TestLifecycle_whatComesBeforeTheAnswerIsNotLost(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		c := startClock()
		s, site := openToy(t, server.Config{Database: database, Now: c.now})
		var early, stranger int
		site.making = func(id, address string) {
			u, err := url.Parse(address)
			if err != nil {
				t.Error(err)
			}
			i := client.Integration{HookURL: u.String()}
			early, stranger = s.toyRings(i, id, "first", "+79000000501"), s.toyRings(i, "sub-77", "x", "+79000000599")
		}
		i := s.connectToy(site, nil)
		if early != 202 || stranger != 202 {
			t.Errorf("answered %d and %d", early, stranger)
		}
		if got := s.knownNumbers(); !slices.Equal(got, []string{"+79000000501"}) {
			t.Errorf("known are %v", got)
		}
		c.pass(2*time.Minute + time.Second)
		s.step(i.ID)
		if left, err := s.parts.Store.Parked(t.Context()); err != nil || len(left) != 0 || len(s.knownNumbers()) != 1 {
			t.Errorf("%d requests wait for ever, %v; known are %v", len(left), err, s.knownNumbers())
		}
	})
}

func TestLifecycle_failuresAreToldAndTriedMoreAndMoreSeldom(t *testing.T) {
	t.Parallel()
	c := startClock()
	s, site := openToy(t, server.Config{Now: c.now})
	site.fails = "услуга не оплачена"
	i := s.step(s.connectToy(site, nil).ID)
	if sub := i.Subscription; sub.State != client.SubscriptionEnded || !strings.Contains(sub.Error, "услуга не оплачена") || sub.ErrorEN == "" || sub.Began != nil {
		t.Errorf("told as %+v", sub)
	}
	if line := subscriptionCheck(t, s, i.ID); line.State != client.CheckFailed || !strings.Contains(line.Text, "услуга не оплачена") {
		t.Errorf("checked as %+v", line)
	}
	var pauses []time.Duration
	last, tries := c.now(), site.requests("POST subscriptions")
	for len(pauses) < 10 {
		c.pass(time.Second)
		s.parts.Lifecycle.Step(t.Context())
		if n := site.requests("POST subscriptions"); n != tries {
			pauses, last, tries = append(pauses, c.now().Sub(last)), c.now(), n
		}
	}
	want := []time.Duration{5, 10, 20, 40, 80, 160, 320, 600, 600, 600}
	for n := range want {
		if got := pauses[n]; got != want[n]*time.Second {
			t.Errorf("pause %d was %s, want %ds", n, got, want[n])
		}
	}
	// A person need not wait for that.
	site.set(func(site *toySite) { site.fails = "" })
	if err := s.api("105").RenewSubscription(t.Context(), i.ID); err != nil {
		t.Fatal(err)
	}
	if i = s.step(i.ID); i.Subscription.State != client.SubscriptionOK || i.Subscription.Error != "" {
		t.Errorf("renewed: %+v", i.Subscription)
	}
	if err := s.api("105").RenewSubscription(t.Context(), i.ID); err != nil {
		t.Fatal(err)
	}
	if s.step(i.ID); len(site.living()) != 1 || site.newest() != "sub-2" {
		t.Errorf("renewed though it lived: %v", site.living())
	}
	s.renewalsRefused(i)
}

// renewalsRefused are wishes for a subscription where none can be.
func (s *school) renewalsRefused(i client.Integration) {
	s.t.Helper()
	api := s.api("105")
	mango, err := api.CreateIntegration(s.t.Context(), client.IntegrationInput{APIKey: ptr(key), APISalt: ptr(salt), APIURL: ptr("http://127.0.0.1:1/"), Active: ptr(true)})
	if err != nil {
		s.t.Fatal(err)
	}
	if mango.Subscription != nil {
		s.t.Errorf("a Mango has a subscription: %+v", mango.Subscription)
	}
	if _, err := api.UpdateIntegration(s.t.Context(), i.ID, client.IntegrationInput{Active: ptr(false)}); err != nil {
		s.t.Fatal(err)
	}
	for id, want := range map[string]string{"none": "not_found", mango.ID: "no_integration", i.ID: "inactive"} {
		var p *client.Problem
		if err := api.RenewSubscription(s.t.Context(), id); !asProblem(err, &p) || p.Code != want {
			s.t.Errorf("refused with %v, want %s", err, want)
		}
	}
}

// TestLifecycle_anotherAccountOrNoneEndsWhatTheFormerOneMade: with the account that made it, and also
// when the PBX does not answer at first.
func TestLifecycle_anotherAccountOrNoneEndsWhatTheFormerOneMade(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		s, site, i, c := toyAt(t, database)
		site.set(func(site *toySite) { site.tokens["secret-token@78"] = true })
		if _, err := s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, i.ID, client.IntegrationInput{Credentials: map[string]string{"office": "78"}}); err != nil {
			t.Fatal(err)
		}
		if s.toyRings(i, "sub-1", "a", "+79000000501"); len(s.knownNumbers()) != 0 {
			t.Error("what came by the former account's subscription was taken")
		}
		s.step(i.ID)
		if living := site.living(); len(living) != 1 || living["sub-2"] == "" || site.madeBy["sub-2"] != "secret-token@78" {
			t.Errorf("with another account there live %v", living)
		}
		site.set(func(site *toySite) { site.fails = "занято" })
		if err := s.parts.Directory.DeleteIntegration(t.Context(), client.Employee{}, i.ID); err != nil {
			t.Fatal(err)
		}
		s.parts.Lifecycle.Step(t.Context())
		if len(site.living()) != 1 {
			t.Fatal("the PBX ended it although it refused")
		}
		site.set(func(site *toySite) { site.fails = "" })
		c.pass(5 * time.Second)
		s.parts.Lifecycle.Step(t.Context())
		if living := site.living(); len(living) != 0 {
			t.Errorf("after the deletion there live %v", living)
		}
		c.pass(time.Hour)
		s.parts.Lifecycle.Step(t.Context())
		left, err := s.parts.Store.Subscriptions(t.Context())
		healths, err2 := s.parts.Store.SubscriptionHealths(t.Context())
		if err != nil || err2 != nil || len(left) != 0 || len(healths) != 0 {
			t.Errorf("%+v and %+v are remembered for ever, %v, %v", left, healths, err, err2)
		}
	})
}

// TestLifecycle_whatPeopleMendIsTriedAtOnce: the pause after failures was for the account as it was.
func TestLifecycle_whatPeopleMendIsTriedAtOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		mend func(s *school, i client.Integration) error
	}{
		{"another token", func(s *school, i client.Integration) error {
			return s.saved(i.ID, client.IntegrationInput{Credentials: map[string]string{"api_key": "secret-token"}})
		}},
		{"switched off and on", func(s *school, i client.Integration) error {
			return errors.Join(s.saved(i.ID, client.IntegrationInput{Active: ptr(false)}), s.saved(i.ID, client.IntegrationInput{Active: ptr(true)}))
		}},
		{"deleted and connected again", func(s *school, i client.Integration) error {
			return errors.Join(s.parts.Directory.DeleteIntegration(context.Background(), client.Employee{}, i.ID), s.saved("", client.IntegrationInput{
				Kind: ptr(toyKind.Name), Active: ptr(true), APIURL: &i.APIURL, Credentials: map[string]string{"api_key": "wrong-token", "office": "77"},
			}))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			databases(t, func(t *testing.T, database string) {
				s, site, i, c := toyAt(t, database)
				site.set(func(site *toySite) { site.fails = "неверный ключ" })
				if err := s.saved(i.ID, client.IntegrationInput{Credentials: map[string]string{"api_key": "wrong-token"}}); err != nil {
					t.Fatal(err)
				}
				for range 8 { // the pause is ten minutes by now
					s.step(i.ID)
					c.pass(10 * time.Minute)
				}
				if i = s.step(i.ID); i.Subscription.Error == "" {
					t.Fatalf("told as %+v", i.Subscription)
				}
				c.pass(time.Second)
				if err := tt.mend(s, i); err != nil {
					t.Fatal(err)
				}
				all, err := s.parts.Directory.Integrations(t.Context())
				if err != nil || len(all) != 1 || all[0].Subscription.Error != "" {
					t.Fatalf("the former failure is told of what nobody has tried yet: %+v, %v", all, err)
				}
				site.set(func(site *toySite) { site.fails = ""; site.tokens["wrong-token@77"] = true })
				if i = s.step(all[0].ID); i.Subscription.State != client.SubscriptionOK {
					t.Errorf("not tried again: %+v", i.Subscription)
				}
			})
		})
	}
}

// TestLifecycle_theFailureOfAFormerAccountIsNotThisOnes: it was being tried while people mended it.
func TestLifecycle_theFailureOfAFormerAccountIsNotThisOnes(t *testing.T) {
	t.Parallel()
	s, site, i, c := toyAt(t, "")
	c.pass(31 * time.Minute)
	site.set(func(site *toySite) {
		site.tokens["secret-token@78"] = true
		site.making = func(id, _ string) {
			if id != "sub-2" {
				return
			}
			if err := s.saved(i.ID, client.IntegrationInput{Credentials: map[string]string{"office": "78"}}); err != nil {
				t.Error(err)
			}
			panic(http.ErrAbortHandler)
		}
	})
	s.parts.Lifecycle.Step(t.Context())
	if i = s.step(i.ID); i.Subscription.State != client.SubscriptionOK || i.Subscription.Error != "" {
		t.Errorf("the new account waits: %+v", i.Subscription)
	}
}

// saved changes an integration, or connects one.
func (s *school) saved(id string, in client.IntegrationInput) error {
	_, err := s.parts.Directory.SaveIntegration(context.Background(), client.Employee{}, id, in)
	return err
}

// TestLifecycle_theServersAddressMustBeKnown: else the PBX would be told to send to nowhere.
func TestLifecycle_theServersAddressMustBeKnown(t *testing.T) {
	t.Parallel()
	s, site := openToy(t, server.Config{PublicURL: "http://0.0.0.0:8420", AllowLocalPBX: true})
	i := s.step(s.connectToy(site, nil).ID)
	if len(site.made) != 0 || i.Subscription.State != client.SubscriptionOff || !strings.Contains(i.Subscription.Error, "--public-url") {
		t.Errorf("made %v, told as %+v", site.made, i.Subscription)
	}
	if line := subscriptionCheck(t, s, i.ID); line.State != client.CheckFailed || !strings.Contains(line.Text, "--public-url") {
		t.Errorf("checked as %+v", line)
	}
}

// TestLifecycle_oneOfTwoNodesKeepsTheSubscription: both look at once, again and again; each takes what
// comes by what the other one made.
func TestLifecycle_oneOfTwoNodesKeepsTheSubscription(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	s, site, i, c := toyAt(t, database)
	other := s.another(server.Config{Database: database, Now: c.now, Kinds: []pbx.Kind{quickKind, toyKind}})
	for n := range 5 {
		var both sync.WaitGroup
		for _, node := range []*school{s, other} {
			both.Go(func() { node.parts.Lifecycle.Step(t.Context()) })
		}
		both.Wait()
		if len(site.living()) != 1 || len(site.made) != n+1 {
			t.Fatalf("round %d: made %v, there live %v", n, site.made, site.living())
		}
		for m, node := range []*school{s, other} {
			if status := node.toyRings(i, site.newest(), fmt.Sprint(n, m), fmt.Sprintf("+7900000%02d%02d", n, m)); status != 202 {
				t.Errorf("answered %d", status)
			}
		}
		if got := len(s.knownNumbers()); got != 2*(n+1) {
			t.Errorf("round %d: %d calls are known", n, got)
		}
		c.pass(31 * time.Minute)
	}
	// A node that died while it was at it keeps nobody from going on.
	if ok, err := s.parts.Store.Claim(t.Context(), "subscription "+i.ID, "a dead node", 25*time.Second, false); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if other.parts.Lifecycle.Step(t.Context()); len(site.made) != 5 {
		t.Error("two nodes were at it")
	}
	c.pass(26 * time.Second)
	if other.parts.Lifecycle.Step(t.Context()); len(site.made) != 6 || len(site.living()) != 1 {
		t.Errorf("after a node died: made %v, there live %v", site.made, site.living())
	}
	s.otherNodeDeletes(other, site, i)
}

// otherNodeDeletes: what one node made, another one ends.
func (s *school) otherNodeDeletes(other *school, site *toySite, i client.Integration) {
	s.t.Helper()
	if err := s.parts.Directory.DeleteIntegration(s.t.Context(), client.Employee{}, i.ID); err != nil {
		s.t.Fatal(err)
	}
	other.parts.Lifecycle.Step(s.t.Context()) // it still believes in the integration
	if err := other.parts.Directory.Reload(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if other.parts.Lifecycle.Step(s.t.Context()); len(site.living()) != 0 {
		s.t.Errorf("there live %v", site.living())
	}
}

func TestLifecycle_aRestartGoesOnWithWhatLives(t *testing.T) {
	t.Parallel()
	c := startClock()
	site := openToySite(t)
	cfg := server.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", Version: "test", Now: c.now, Kinds: []pbx.Kind{quickKind, toyKind}, PublicURL: "http://127.0.0.1:8001"}
	open := func(step bool) *server.Parts {
		t.Helper()
		parts, err := server.Build(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if step {
			parts.Lifecycle.Step(t.Context())
		}
		return parts
	}
	parts := open(false)
	_, err := parts.Directory.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{
		Kind: ptr(toyKind.Name), Active: ptr(true), APIURL: ptr(site.URL + "/"), Credentials: map[string]string{"api_key": "secret-token", "office": "77"},
	})
	if err != nil {
		t.Fatal(err)
	}
	parts.Lifecycle.Step(t.Context())
	parts.Close()
	asked := site.requests("GET subscriptions")
	open(true).Close()
	if len(site.made) != 1 || site.requests("GET subscriptions") != asked+1 {
		t.Errorf("after a restart: made %v, asked %d times", site.made, site.requests("GET subscriptions")-asked)
	}
	cfg.PublicURL = "http://127.0.0.1:8002"
	open(true).Close()
	if living := site.living(); len(living) != 1 || !strings.HasPrefix(living["sub-2"], "http://127.0.0.1:8002/hook/") {
		t.Errorf("with another address of the server there live %v", living)
	}
}

func TestLifecycle_theDirectoryIsReadWhenItMayHaveChanged(t *testing.T) {
	t.Parallel()
	s, site, i, c := toyAt(t, "")
	reads := 0
	reread := func(what string, want int) {
		t.Helper()
		s.step(i.ID)
		if n := site.requests("GET people"); n-reads != want {
			t.Errorf("%s: read %d times, want %d", what, n-reads, want)
		}
		reads = site.requests("GET people")
	}
	reread("after the creation", 1)
	reread("a moment later", 0)
	ann := s.hire("ann", client.RoleOperator)
	if _, err := s.api("105").SetExtensions(t.Context(), i.ID, []client.ExtensionRow{{EmployeeID: ann.ID, Extension: "102"}}); err != nil {
		t.Fatal(err)
	}
	reread("after the table changed", 1)
	site.set(func(site *toySite) { site.people["u-new"] = "102" })
	stranger := func(call string) {
		s.send(http.MethodPost, hookPathOf(t, i), toyBody(toyEvent{Sub: "sub-1", What: "ring", Call: call, From: "+79000000501", Who: "u-new", At: c.now().UnixMilli()}), nil)
	}
	stranger("a")
	stranger("b")
	reread("strangers right after a reading", 0)
	c.pass(30 * time.Second)
	reread("when that may be again", 1)
	stranger("c")
	c.pass(30 * time.Second)
	reread("once they are known", 0)
	if calls := s.calls(); !slices.ContainsFunc(calls, func(c client.Call) bool { return slices.Contains(c.Ringing, ann.ID) }) {
		t.Errorf("the new employee's telephone rings for nobody: %+v", calls)
	}
	c.pass(time.Hour)
	reread("an hour later", 1)
	site.set(func(site *toySite) { clear(site.tokens) })
	c.pass(time.Hour)
	reread("refused", 1)
	reread("refused, at once", 0)
	c.pass(5 * time.Second)
	reread("refused, after the pause", 1)
	c.pass(5 * time.Second)
	reread("refused twice, the pause is longer", 0)
}

// TestLifecycle_anAnswerThatIsLostAsksForAComparison: the PBX has made a subscription and told nobody.
// What it sends by it is nobody's, so the statistics tells it.
func TestLifecycle_anAnswerThatIsLostAsksForAComparison(t *testing.T) {
	t.Parallel()
	s, site, i, c := toyAt(t, "")
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.parts.Reconciler.Run(ctx) })
	defer running.Wait()
	defer stop()
	eventually(t, "the comparison after the start", func() bool { return site.requests("GET history") == 1 })
	site.set(func(site *toySite) {
		clear(site.subs)
		site.history = []toyEvent{{Call: "g", From: "+79000000508", Who: "101", At: c.now().UnixMilli()}}
		site.making = func(id, _ string) {
			if id == "sub-2" {
				panic(http.ErrAbortHandler) // the connection breaks before the answer
			}
		}
	})
	c.pass(3 * time.Minute)
	if i = s.step(i.ID); i.Subscription.State != client.SubscriptionEnded || i.Subscription.Error == "" {
		t.Fatalf("told as %+v", i.Subscription)
	}
	c.pass(5 * time.Second)
	if i = s.step(i.ID); i.Subscription.State != client.SubscriptionOK || site.newest() != "sub-3" {
		t.Fatalf("told as %+v", i.Subscription)
	}
	eventually(t, "the call of the gap", func() bool { return slices.Equal(s.knownNumbers(), []string{"+79000000508"}) })
}

// TestLifecycle_aGapAsksForAComparison of what the PBX says was lost.
func TestLifecycle_aGapAsksForAComparison(t *testing.T) {
	t.Parallel()
	s, site, i, c := toyAt(t, "")
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.parts.Reconciler.Run(ctx) })
	defer running.Wait()
	defer stop()
	eventually(t, "the comparison after the start", func() bool { return site.requests("GET history") == 1 })
	site.set(func(site *toySite) {
		site.history = []toyEvent{{Call: "g", From: "+79000000508", Who: "101", At: c.now().UnixMilli()}}
	})
	s.send(http.MethodPost, hookPathOf(t, i), toyBody(toyEvent{Sub: "sub-1", What: "lost"}), nil)
	eventually(t, "the call of the gap", func() bool { return slices.Equal(s.knownNumbers(), []string{"+79000000508"}) })
}

// TestLifecycle_whatPeopleDoWhileItIsMadeHolds: a subscription whose integration was switched off,
// deleted or got another account before the PBX answered is ended again.
func TestLifecycle_whatPeopleDoWhileItIsMadeHolds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		do    func(s *school, id string) error
		lives int
	}{
		{"switched off", func(s *school, id string) error {
			_, err := s.parts.Directory.SaveIntegration(context.Background(), client.Employee{}, id, client.IntegrationInput{Active: ptr(false)})
			return err
		}, 0},
		{"deleted", func(s *school, id string) error {
			return s.parts.Directory.DeleteIntegration(context.Background(), client.Employee{}, id)
		}, 0},
		{"another account", func(s *school, id string) error {
			_, err := s.parts.Directory.SaveIntegration(context.Background(), client.Employee{}, id, client.IntegrationInput{Credentials: map[string]string{"office": "78"}})
			return err
		}, 1},
		{"deleted and connected again", func(s *school, id string) error {
			if err := s.parts.Directory.DeleteIntegration(context.Background(), client.Employee{}, id); err != nil {
				return err
			}
			kept := s.pbx.APIURL
			_, err := s.parts.Directory.SaveIntegration(context.Background(), client.Employee{}, "", client.IntegrationInput{
				Kind: ptr(toyKind.Name), Active: ptr(true), APIURL: &kept, Credentials: map[string]string{"api_key": "secret-token", "office": "77"},
			})
			return err
		}, 1},
		{"asked for anew", func(s *school, id string) error { return s.parts.Lifecycle.Renew(context.Background(), id) }, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, site, i, c := toyAt(t, "")
			s.pbx = i
			site.set(func(site *toySite) {
				site.tokens["secret-token@78"] = true
				site.making = func(id, _ string) {
					if id == "sub-2" {
						if err := tt.do(s, i.ID); err != nil {
							t.Error(err)
						}
					}
				}
			})
			c.pass(31 * time.Minute)
			for range 3 {
				s.parts.Lifecycle.Step(t.Context())
			}
			living := site.living()
			if len(living) != tt.lives || len(site.made) < 2 {
				t.Errorf("made %v, there live %v", site.made, living)
			}
			all, err := s.parts.Directory.Integrations(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for id, address := range living {
				if len(all) != 1 || address != all[0].HookURL || id != site.newest() || all[0].Subscription.State != client.SubscriptionOK {
					t.Errorf("%s sends to %s, the integrations are %+v", id, address, all)
				}
			}
		})
	}
}

// TestLifecycle_oneThatIsMadeLongerUnderItsIDIsNotEnded: whether a PBX gives a new id is its own affair.
func TestLifecycle_oneThatIsMadeLongerUnderItsIDIsNotEnded(t *testing.T) {
	t.Parallel()
	s, site, i, c := toyAt(t, "")
	site.set(func(site *toySite) { site.sameID = true })
	c.pass(31 * time.Minute)
	if i = s.step(i.ID); len(site.living()) != 1 || site.requests("DELETE subscriptions") != 0 || !i.Subscription.Began.Equal(c.now().UTC()) {
		t.Errorf("there live %v, told as %+v", site.living(), i.Subscription)
	}
}

// TestLifecycle_whatComesToAnotherNodeBeforeTheAnswerIsNotLost: the node that hears of an id is not the
// one that asked for it.
func TestLifecycle_whatComesToAnotherNodeBeforeTheAnswerIsNotLost(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	s, site, i, c := toyAt(t, database)
	other := s.another(server.Config{Database: database, Now: c.now, Kinds: []pbx.Kind{quickKind, toyKind}})
	site.set(func(site *toySite) {
		site.making = func(id, _ string) {
			for n, node := range []*school{other, s, other} {
				if status := node.toyRings(i, id, fmt.Sprint("early", n), fmt.Sprintf("+7900000060%d", n)); status != 202 {
					t.Errorf("answered %d", status)
				}
			}
		}
	})
	c.pass(31 * time.Minute)
	s.parts.Lifecycle.Step(t.Context())
	if got := s.knownNumbers(); len(got) != 3 {
		t.Errorf("known are %v", got)
	}
	other.parts.Lifecycle.Step(t.Context())
	if left, err := s.parts.Store.Parked(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("%d requests wait, %v", len(left), err)
	}
}

// TestLifecycle_askedForByManyAtOnceItIsMadeOnce: a person, or two nodes, may be quick.
func TestLifecycle_askedForByManyAtOnceItIsMadeOnce(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	s, site, i, c := toyAt(t, database)
	other := s.another(server.Config{Database: database, Now: c.now, Kinds: []pbx.Kind{quickKind, toyKind}})
	var all sync.WaitGroup
	for n := range 8 {
		node := []*school{s, other}[n%2]
		all.Go(func() {
			if err := node.parts.Lifecycle.Renew(t.Context(), i.ID); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for range 2 {
		for _, node := range []*school{s, other} {
			all.Go(func() { node.parts.Lifecycle.Step(t.Context()) })
		}
		all.Wait()
	}
	if len(site.made) != 2 || len(site.living()) != 1 {
		t.Errorf("made %v, there live %v", site.made, site.living())
	}
}

func TestLifecycle_forgottenSecretsForgetSubscriptionsToo(t *testing.T) {
	t.Parallel()
	s, site, i, _ := toyAt(t, "")
	if _, err := s.parts.Store.ForgetSecrets(t.Context()); err != nil {
		t.Fatal(err)
	}
	if i = s.step(i.ID); i.Active || i.Subscription.State != client.SubscriptionOff {
		t.Errorf("told as %+v", i)
	}
	if _, err := s.api("105").UpdateIntegration(t.Context(), i.ID, client.IntegrationInput{Active: ptr(true), Credentials: map[string]string{"api_key": "secret-token"}}); err != nil {
		t.Fatal(err)
	}
	if i = s.step(i.ID); i.Subscription.State != client.SubscriptionOK || site.newest() != "sub-2" {
		t.Errorf("entered again: %+v", i.Subscription)
	}
}

// TestLifecycle_aNodeThatIsTooSlowLeavesOneSubscription: another one goes on while it waits for the PBX,
// and then its answer comes after all.
func TestLifecycle_aNodeThatIsTooSlowLeavesOneSubscription(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	s, site, i, c := toyAt(t, database)
	other := s.another(server.Config{Database: database, Now: c.now, Kinds: []pbx.Kind{quickKind, toyKind}})
	var early, late int
	site.set(func(site *toySite) {
		site.making = func(id, _ string) {
			if id != "sub-2" {
				return
			}
			c.pass(20 * time.Second)
			other.parts.Lifecycle.Step(t.Context())
			early = len(site.madeIDs())
			c.pass(6 * time.Second)
			other.parts.Lifecycle.Step(t.Context())
			late = len(site.madeIDs())
		}
	})
	c.pass(31 * time.Minute)
	s.parts.Lifecycle.Step(t.Context())
	if early != 2 || late != 3 {
		t.Errorf("%d were made within the lease, %d after it", early, late)
	}
	for range 2 {
		other.parts.Lifecycle.Step(t.Context())
		i = s.step(i.ID)
	}
	living := site.living()
	if len(living) != 1 || i.Subscription.State != client.SubscriptionOK {
		t.Fatalf("there live %v, told as %+v", living, i.Subscription)
	}
	for id := range living {
		for n, node := range []*school{s, other} {
			node.toyRings(i, id, fmt.Sprint(n), fmt.Sprintf("+7900000070%d", n))
		}
	}
	if got := s.knownNumbers(); len(got) != 2 {
		t.Errorf("known are %v", got)
	}
}
