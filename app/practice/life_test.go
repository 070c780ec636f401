package practice_test

import (
	"errors"
	"testing"
	"time"

	"dozvon/app/practice"
)

func TestLife_closeWaitsForWhatRunsAndTakesNothingMore(t *testing.T) {
	t.Parallel()
	life := practice.NewLife()
	ended := false
	if !life.Background(func() {
		<-life.Closed()
		ended = true
	}) {
		t.Fatal("nothing runs")
	}
	life.Close()
	if !ended {
		t.Error("Close did not wait")
	}
	if life.Background(func() {}) {
		t.Error("a closed life began something")
	}
	if life.Context().Err() == nil {
		t.Error("the context lives on")
	}
}

func TestRule_saysHowLongATelephoneRings(t *testing.T) {
	t.Parallel()
	timing := practice.Timing{Ring: 4 * time.Second, NoAnswer: 20 * time.Second, Outside: 3 * time.Second}
	for _, tt := range []struct {
		rule    practice.Rule
		outside bool
		want    time.Duration
	}{
		{practice.Rule{Outcome: practice.Answers}, false, 4 * time.Second},
		{practice.Rule{Outcome: practice.Answers}, true, 3 * time.Second},
		{practice.Rule{Outcome: practice.NoAnswer}, true, 20 * time.Second},
		{practice.Rule{Outcome: practice.Busy}, false, time.Second},
		{practice.Rule{Outcome: practice.NoAnswer, AfterMS: 70}, false, 70 * time.Millisecond},
	} {
		if got := tt.rule.After(timing, tt.outside); got != tt.want {
			t.Errorf("%+v rings %s, want %s", tt.rule, got, tt.want)
		}
	}
	for _, wrong := range []practice.Rule{{}, {Outcome: "sleeps"}, {Outcome: practice.Busy, AfterMS: -1}} {
		if err := wrong.Validate(); !errors.Is(err, practice.ErrRule) {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
}

func TestTiming_ofARequest(t *testing.T) {
	t.Parallel()
	usual := practice.Timing{Talk: time.Minute}.WithDefaults()
	if usual.Talk != time.Minute || usual.Ring != practice.DefaultTiming().Ring {
		t.Errorf("with defaults: %+v", usual)
	}
	asked := usual.Of(practice.CallRequest{RingMS: 5, TalkMS: 6})
	if asked.Ring != 5*time.Millisecond || asked.NoAnswer != asked.Ring || asked.Outside != asked.Ring || asked.Talk != 6*time.Millisecond {
		t.Errorf("as asked: %+v", asked)
	}
}
