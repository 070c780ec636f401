package server_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dozvon/app/server/pbx"
	pbxbeeline "dozvon/app/server/pbx/beeline"
	"dozvon/app/server/store"
)

// leak makes a subscription at the PBX of which no server was told.
func (s *toySite) leak(id, address string) {
	s.set(func(s *toySite) { s.subs[id], s.madeBy[id] = address, "secret-token@77" })
}

// TestLifecycle_aSubscriptionThatLeakedIsFoundAndEnded: the server died between its request and the answer. By
// its events it is found; one that sends elsewhere is nobody's business.
func TestLifecycle_aSubscriptionThatLeakedIsFoundAndEnded(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		s, site, i, c := toyAt(t, database)
		i = s.step(i.ID)
		// Its events came while a subscription was being made.
		err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error {
			return tx.SubscriptionPending(i.ID, c.now().Add(35*time.Second))
		})
		if err != nil {
			t.Fatal(err)
		}
		site.leak("early", i.HookURL)
		s.toyRings(i, "early", "a", "+79000000501")
		s.step(i.ID)
		if ended := site.endedIDs(); len(ended) > 0 {
			t.Errorf("ended while its answer may come: %v", ended)
		}
		c.pass(36 * time.Second)
		s.step(i.ID)
		s.step(i.ID)
		if got := s.knownNumbers(); !slices.Equal(got, []string{"+79000000501"}) {
			t.Errorf("what came by it is lost: %v", got)
		}
		// It is heard of long after.
		site.leak("late", i.HookURL)
		for range 3 {
			s.toyRings(i, "late", "b", "+79000000502")
			s.step(i.ID)
		}
		if ended := site.endedIDs(); !slices.Equal(ended, []string{"early", "late"}) || len(site.living()) != 1 || site.living()["sub-1"] == "" {
			t.Errorf("ended were %v, there live %v", ended, site.living())
		}
		if status := s.toyRings(i, "sub-1", "c", "+79000000503"); status != 202 || !slices.Contains(s.knownNumbers(), "+79000000503") {
			t.Errorf("the current one: %d, known are %v", status, s.knownNumbers())
		}
	})
}

// TestLifecycle_unknownSubscriptionsOfOthersCostLittle: it is asked about each once, about few, and none is
// ended or believed.
func TestLifecycle_unknownSubscriptionsOfOthersCostLittle(t *testing.T) {
	t.Parallel()
	s, site, i, c := toyAt(t, "")
	i = s.step(i.ID)
	site.leak("theirs", "http://elsewhere.test/k-theirs")
	asked := site.requests("GET subscriptions")
	for n := range 30 {
		s.toyRings(i, "theirs", fmt.Sprint("a", n), "+79000000501")
		s.step(i.ID)
	}
	if n := site.requests("GET subscriptions") - asked; n != 1 {
		t.Errorf("asked %d times about one", n)
	}
	for n := range 50 {
		s.toyRings(i, fmt.Sprint("made-up-", n), "x", "+79000000502")
		s.step(i.ID)
	}
	if n := site.requests("GET subscriptions") - asked; n > 10 {
		t.Errorf("asked %d times about 51", n)
	}
	if len(site.endedIDs()) > 0 || site.living()["theirs"] == "" || len(s.knownNumbers()) > 0 {
		t.Errorf("ended were %v, there live %v, known are %v", site.endedIDs(), site.living(), s.knownNumbers())
	}
	c.pass(time.Hour + time.Second)
	site.leak("ours", i.HookURL)
	s.step(i.ID)
	s.toyRings(i, "ours", "y", "+79000000503")
	s.step(i.ID)
	if ended := site.endedIDs(); !slices.Contains(ended, "ours") {
		t.Errorf("an hour later: ended were %v", ended)
	}
}

var _ pbx.SubscriptionFinder = (*pbxbeeline.Provider)(nil)

// endedIDs are the ids of the subscriptions that were ended on request, in order.
func (s *toySite) endedIDs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ended)
}
