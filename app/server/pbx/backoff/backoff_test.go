package backoff_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pbx/backoff"
)

func answer(status int, retryAfter string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {retryAfter}}}
}

func newBackoff(toldFrom time.Duration) *backoff.Backoff {
	return backoff.New(backoff.Config{
		First: 2 * time.Second, Longest: time.Minute, State: pbx.Degraded, Words: bilingual.Same("подождите"), ToldFrom: toldFrom, Now: time.Now,
	})
}

// TestBackoff_growsIsBoundedAndEndsWithAGoodAnswer: the library spreads pauses by a half to either side.
func TestBackoff_growsIsBoundedAndEndsWithAGoodAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBackoff(0)
		for _, status := range []int{200, 204, 301, 400, 401, 404} {
			b.Note(answer(status, "30"))
			if left := b.Left(); left > 0 || b.Blocked() != nil || b.Health().State != pbx.Healthy {
				t.Errorf("after %d a pause of %s", status, left)
			}
		}
		for n, want := range []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second} {
			b.Note(answer([]int{429, 500, 503, 429, 502}[n], ""))
			if left := b.Left(); left < want/2 || left > want+want/2 {
				t.Errorf("pause %d lasts %s, want about %s", n, left, want)
			}
		}
		for range 20 {
			b.Note(answer(503, ""))
			if left := b.Left(); left > time.Minute {
				t.Errorf("a pause of %s", left)
			}
		}
		b.Note(answer(200, ""))
		b.Note(answer(429, ""))
		if left := b.Left(); left > 3*time.Second {
			t.Errorf("after a good answer the first pause lasts %s", left)
		}
	})
}

func TestBackoff_believesWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for asked, want := range map[string]time.Duration{
			"20": 20 * time.Second, " 20 ": 20 * time.Second, "86400": time.Minute, "99999999999999999999": 0, "-5": 0, "soon": 0, "1": 0,
			time.Now().Add(25 * time.Second).UTC().Format(http.TimeFormat): 25 * time.Second,
			time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat):       0,
		} {
			b := newBackoff(0)
			b.Note(answer(429, asked))
			if left := b.Left(); want > 0 && left != want || want == 0 && (left < time.Second || left > 3*time.Second) {
				t.Errorf("%q: a pause of %s, want %s", asked, left, want)
			}
		}
	})
}

func TestBackoff_isWaitedForOrRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBackoff(10 * time.Second)
		b.Note(answer(429, ""))
		if h := b.Health(); h.State != pbx.Healthy {
			t.Errorf("a short pause is told: %+v", h)
		}
		b.Note(answer(503, "20"))
		h := b.Health()
		if h.State != pbx.Degraded || h.Code != 503 || h.Words.RU != "подождите" || !h.Until.Equal(time.Now().Add(20*time.Second)) {
			t.Errorf("health %+v", h)
		}
		var blocked *pbx.Blocked
		short, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		if err := b.Wait(short); !errors.As(err, &blocked) || !blocked.Until.Equal(h.Until) || blocked.Code != 503 || time.Since(began) != 0 {
			t.Errorf("who cannot wait so long: %v after %s", err, time.Since(began))
		}
		ended, end := context.WithCancel(t.Context())
		end()
		if err := b.Wait(ended); !errors.Is(err, context.Canceled) {
			t.Errorf("who has gone: %v", err)
		}
		if err := b.Wait(t.Context()); err != nil || time.Since(began) != 20*time.Second || b.Blocked() != nil || b.Health().State != pbx.Healthy {
			t.Errorf("after the pause: %v after %s, %+v", err, time.Since(began), b.Health())
		}
	})
}
