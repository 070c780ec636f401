package drill

import (
	"context"
	"log/slog"
	"time"

	"dozvon/app/practice"
	practised "dozvon/client/sandbox"
)

// at is the step of the moment.
func (s *school) at() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.step
}

func (s *school) turn(step string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.step = step
}

// lessons are the calls, in their order.
var lessons = []struct {
	step, from string
	outcome    string // of the telephone
}{
	{practised.Known, knownNumber, practice.Answers},
	{practised.Unknown, unknownNumber, practice.Answers},
	{practised.Missed, missedNumber, practice.NoAnswer},
}

// teach lets the callers call, waits for the call-back, and then for the end.
func (s *school) teach(ctx context.Context) {
	for _, lesson := range lessons {
		s.turn(lesson.step)
		after := s.pace.Ring
		if lesson.outcome == practice.NoAnswer {
			after = s.pace.NoAnswer
		}
		if !pause(ctx, s.pace.Pause) || !s.telephone(lesson.outcome, after) || !s.call(ctx, lesson.from) {
			return
		}
	}
	// Whoever calls back waits for the telephone that is rung first.
	if !s.telephone(practice.Answers, s.pace.Pause/2) {
		return
	}
	s.turn(practised.CallBack)
	for !s.calledBack() {
		if !pause(ctx, s.pace.Pause/4) {
			return
		}
	}
	s.turn(practised.Done)
}

// telephone says what the telephone of whoever practises does from now on, whatever takes a call to it.
func (s *school) telephone(outcome string, after time.Duration) bool {
	if err := s.pbx.SetPhone(s.extension, practice.Rule{Outcome: outcome, AfterMS: after.Milliseconds()}); err != nil {
		slog.Error("telephone of a practice not set", "err", err)
		return false
	}
	return true
}

// call lets somebody call whoever practises, and waits until that is over; false: the practice is.
func (s *school) call(ctx context.Context, from string) bool {
	id, err := s.pbx.Call(practice.CallRequest{From: from, To: s.extension, Line: lineNumber[1:], Scenario: "direct"})
	if err != nil {
		slog.Error("practice call not made", "err", err)
		return false
	}
	over, err := s.pbx.Ended(id)
	if err != nil {
		slog.Error("practice call lost", "err", err)
		return false
	}
	select {
	case <-over:
		return true
	case <-ctx.Done():
		return false
	}
}

// calledBack tells whether somebody has talked with the caller whom nobody answered.
func (s *school) calledBack() bool {
	for _, c := range s.pbx.List() {
		if c.Direction == practice.Outbound && c.Client == missedNumber && c.Answered {
			return true
		}
	}
	return false
}

func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
