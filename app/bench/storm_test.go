//go:build linux

package bench

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/demo"
)

const (
	// stormCalls ring at once on one screen.
	stormCalls = 30
	// Storms break loose so often, twice. While the last one lasts, who waits longest goes and another comes, so often.
	stormRounds, stormMoves = 10, 50
	// stormTarget is how long a ringing card may take meanwhile, in 99 of 100 cases.
	stormTarget = 150 * time.Millisecond
	// stormGrowth is how much more the second time may leave behind than the first.
	stormGrowth = 1.05
)

// stormed measures the call card while 30 calls ring at once: from the sending of a webhook to the pixels
// of the name of who waits longest, nearest to the corner. It does so for the first call of a storm that
// breaks loose, and for the next in the corner whenever the one that waited longest goes. The callers take
// turns with two names, so that a name is never that of the card before.
func stormed(t *testing.T, b *bench) {
	s := &storm{desk: openDesk(t), numbers: [2]string{strings.TrimPrefix(demo.KnownNumber, "+"), strings.TrimPrefix(demo.UnknownNumber, "+")}}
	s.learnBoth(t)
	before := s.memory(t, s.AppPID())
	s.rage(t, stormRounds, stormMoves)
	once := s.memory(t, s.AppPID())
	s.rage(t, stormRounds, stormMoves)
	twice, calls := s.memory(t, s.AppPID()), stormRounds*stormCalls+stormMoves
	first, next := s.first, s.following
	worst := max(first.p99(), next.p99())
	b.add(t, row{
		fmt.Sprintf("%d ring at once → who waits longest drawn in the corner", stormCalls), fmt.Sprintf("the first: %s; the next when it goes: %s", first, next),
		"one call alone: see the call card", factor(over(worst, stormTarget)), "p99 ≤ " + ms(stormTarget), worst <= stormTarget,
	})
	b.add(t, row{
		fmt.Sprintf("memory of the app after %d calls, %d at once, and the same again", calls, stormCalls), megabytes(twice),
		fmt.Sprintf("after the first of both: %s, before any: %s", megabytes(once), megabytes(before)),
		factor(float64(twice) / float64(once)), "≤ " + factor(stormGrowth), float64(twice) <= stormGrowth*float64(once),
	})
}

// storm is a desk on which many calls ring.
type storm struct {
	*desk
	numbers [2]string
	names   [2]*picture
	turn    int // whose turn it is to call
	ringing []inbound
	gone    []inbound // on to a colleague, whose telephone rings

	first, following times // how long the cards took
}

// learnBoth looks where and how the names stand now: calls that ended have made the cards higher.
func (s *storm) learnBoth(t *testing.T) {
	t.Helper()
	for i, number := range s.numbers {
		s.names[i] = s.learn(t, number)
	}
}

// rage lets storms break loose, moves the last one on, and ends all calls.
func (s *storm) rage(t *testing.T, rounds, moves int) {
	t.Helper()
	s.learnBoth(t)
	for range rounds - 1 {
		s.first = append(s.first, s.breaks(t))
		s.passes(t)
	}
	s.first = append(s.first, s.breaks(t))
	for range moves {
		s.following = append(s.following, s.moves(t))
	}
	s.passes(t)
	s.end(t)
}

// calls makes the next call, which is not sent yet.
func (s *storm) calls() (inbound, []byte) {
	s.next++
	c := inbound{n: s.next, number: s.numbers[s.turn%2], at: time.Now().Unix()}
	s.turn++
	s.ringing = append(s.ringing, c)
	return c, callEvent(c.n, 1, "101", c.number, 1, mango.StateAppeared, c.at, 0).request()
}

// breaks lets the storm break loose, and returns how long the first card took.
func (s *storm) breaks(t *testing.T) time.Duration {
	t.Helper()
	name := s.names[s.turn%2]
	var requests [][]byte
	for range stormCalls {
		_, request := s.calls()
		requests = append(requests, request)
	}
	sent, failed := time.Now(), make(chan error, 1)
	go func() {
		for _, r := range requests {
			if err := s.pbx.send(r); err != nil {
				failed <- err
				return
			}
		}
		failed <- nil
	}()
	taken := s.until(t, name, true).Sub(sent)
	if err := <-failed; err != nil {
		t.Fatal(err)
	}
	return taken
}

// moves lets another call come and the one that waited longest go on to a colleague, and returns how long
// the next card in the corner took.
func (s *storm) moves(t *testing.T) time.Duration {
	t.Helper()
	_, request := s.calls()
	oldest := s.ringing[0]
	s.ringing, s.gone = s.ringing[1:], append(s.gone, oldest)
	goes := func(extension string, leg, seq int, state mango.Text, reason int) []byte {
		return callEvent(oldest.n, leg, extension, oldest.number, seq, state, oldest.at+1, reason).request()
	}
	for _, r := range [][]byte{request, goes("102", 2, 1, mango.StateAppeared, 0)} {
		if err := s.pbx.send(r); err != nil {
			t.Fatal(err)
		}
	}
	last, sent := goes("101", 1, 2, mango.StateDisconnected, 1110), time.Now()
	if err := s.pbx.send(last); err != nil {
		t.Fatal(err)
	}
	return s.until(t, s.nameOf(s.ringing[0]), true).Sub(sent)
}

func (s *storm) nameOf(c inbound) *picture {
	if c.number == s.numbers[0] {
		return s.names[0]
	}
	return s.names[1]
}

// passes takes all calls away. From the last, so that the corner changes once.
func (s *storm) passes(t *testing.T) {
	t.Helper()
	stood := s.nameOf(s.ringing[0])
	for i := len(s.ringing) - 1; i >= 0; i-- {
		s.takeAway(t, s.ringing[i])
	}
	s.ringing, s.gone = nil, append(s.gone, s.ringing...)
	s.until(t, stood, false)
}

// end lets the colleague answer each call, and end it.
func (s *storm) end(t *testing.T) {
	t.Helper()
	for _, c := range s.gone {
		s.hangUp(t, c)
	}
	s.gone = nil
}

func megabytes(n int64) string { return fmt.Sprintf("%d MB", n>>20) }
