package faults_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dozvon/app/practice/faults"
)

type own struct {
	seed uint64
	rain float64
}

func draws(l *faults.Luck[own], kind string, n int) (struck []bool) {
	for range n {
		struck = append(struck, l.Strikes(kind, func(o own) float64 { return o.rain }))
	}
	return struck
}

// TestLuck_isItsSeed: the same seed strikes the same draws, another kind of misfortune moves nothing.
func TestLuck_isItsSeed(t *testing.T) {
	t.Parallel()
	seed := func(o own) uint64 { return o.seed }
	one, two := faults.NewLuck(own{7, 0.5}, seed), faults.NewLuck(own{7, 0.5}, seed)
	draws(two, "another", 50)
	first, second := draws(one, "rain", 200), draws(two, "rain", 200)
	hits := 0
	for i := range first {
		if first[i] != second[i] {
			t.Fatalf("draw %d differs", i)
		}
		if first[i] {
			hits++
		}
	}
	if hits < 60 || hits > 140 {
		t.Errorf("%d of 200 struck, want about a half", hits)
	}
	one.Set(own{7, 0.5})
	if again := draws(one, "rain", 1); again[0] != first[0] {
		t.Error("setting the faults does not begin their seed anew")
	}
	one.Set(own{7, 0})
	if one.Get().rain != 0 || draws(one, "rain", 1)[0] {
		t.Error("what never happens happened")
	}
}

func TestCheck_namesEveryWrongField(t *testing.T) {
	t.Parallel()
	invalid := errors.New("invalid")
	err := faults.Check(invalid, map[string]float64{"drop": 1.5, "cut": 1}, map[string]int64{"slow_ms": -1, "delay_ms": 1 << 40})
	for _, want := range []string{"drop is 1.5", "slow_ms is -1", "delay_ms is"} {
		if !errors.Is(err, invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "cut") || faults.Check(invalid, nil, nil) != nil {
		t.Errorf("what is right is named: %v", err)
	}
}

func TestSpoil_letsTheAPIMisbehave(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults  faults.API
		status  int
		carried bool
		whole   bool
	}{
		"nothing":  {faults.API{}, 200, true, true},
		"error":    {faults.API{Error: 1}, 503, false, true},
		"too many": {faults.API{Limit: 1}, 429, false, true},
		"cut":      {faults.API{Cut: 1}, 200, true, false},
		"slow":     {faults.API{SlowMS: 1}, 200, true, true},
	} {
		carried := false
		say := func(status int) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
		}
		luck := faults.NewLuck(tt.faults, func(f faults.API) uint64 { return f.Seed })
		server := httptest.NewServer(faults.Spoil(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			carried = true
			_, _ = io.WriteString(w, "a whole answer")
		}), luck, faults.Answers{Error: say(503), Limit: say(429)}, nil))
		response, err := http.Get(server.URL)
		if err != nil {
			t.Fatal(name, err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		server.Close()
		if response.StatusCode != tt.status || carried != tt.carried || (err == nil) != tt.whole {
			t.Errorf("%s: %s %q %v, carried out %v", name, response.Status, body, err, carried)
		}
	}
}
