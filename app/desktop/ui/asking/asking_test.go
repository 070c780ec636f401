package asking_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/asking"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/client"
)

// clock is a program whose waits are noted.
type clock struct {
	*uitest.Host
	waits []time.Duration
}

func (c *clock) After(wait time.Duration, do func()) {
	c.waits = append(c.waits, wait)
	c.Host.After(wait, do)
}

// TestUntil_asksASilentServerEverMoreSeldom, and one that answers again as before.
func TestUntil_asksASilentServerEverMoreSeldom(t *testing.T) {
	h := &clock{Host: uitest.NewHost(t, i18n.Russian)}
	away, over, asked := errors.New("away"), false, 0
	var failed error = away
	var last asking.Answer
	asking.Until(t.Context(), h, func(context.Context, *client.API) (bool, error) {
		asked++
		return over, failed
	}, func(a asking.Answer) { last = a })
	for range 20 {
		h.Passes()
	}
	if asked != 21 || last.Last || !errors.Is(last.Err, away) {
		t.Fatalf("asked %d times, told %+v", asked, last)
	}
	for i, wait := range h.waits {
		if wait > 30*time.Second || wait < 500*time.Millisecond || i > 12 && wait < 5*time.Second {
			t.Errorf("wait %d is %s", i, wait)
		}
	}
	failed = nil
	h.Passes()
	if got := h.waits[len(h.waits)-1]; got > time.Second || last.Err != nil {
		t.Errorf("it answers again, and is asked after %s, told %+v", got, last)
	}
	over = true
	h.Passes()
	if !last.Over || !last.Last || len(h.Later) > 0 {
		t.Errorf("at the end it tells %+v, and %d wait", last, len(h.Later))
	}
}

// TestUntil_asksNoMoreWhereItIsRefusedOrLeft: nobody is signed in, it is not there, or nobody waits.
func TestUntil_asksNoMoreWhereItIsRefusedOrLeft(t *testing.T) {
	for _, tt := range []struct {
		err  error
		more int
	}{
		{&client.Problem{Status: 401, Code: "unauthorized"}, 0},
		{&client.Problem{Status: 403, Code: "forbidden"}, 0},
		{&client.Problem{Status: 404, Code: "not_found"}, 0},
		{client.ErrSignedOut, 0},
		{&client.Problem{Status: 429, Code: "busy"}, 1},
		{&client.Problem{Status: 503, Code: "database_away"}, 1},
		{context.DeadlineExceeded, 1},
	} {
		h := uitest.NewHost(t, i18n.Russian)
		var last asking.Answer
		asking.Until(t.Context(), h, func(context.Context, *client.API) (bool, error) { return false, tt.err }, func(a asking.Answer) { last = a })
		if len(h.Later) != tt.more || last.Last != (tt.more == 0) || !errors.Is(last.Err, tt.err) {
			t.Errorf("%v: %d questions wait, told %+v", tt.err, len(h.Later), last)
		}
	}
	h := uitest.NewHost(t, i18n.Russian)
	shown, left := context.WithCancel(t.Context())
	asked := 0
	asking.Until(shown, h, func(context.Context, *client.API) (bool, error) { asked++; return false, nil }, func(asking.Answer) {})
	left()
	h.Passes()
	if asked != 1 || len(h.Later) > 0 {
		t.Errorf("left, it was asked %d times", asked)
	}
}
