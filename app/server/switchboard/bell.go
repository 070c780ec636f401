package switchboard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

const (
	// bellWait is how long the bell test waits for the PBX's first webhook.
	bellWait = 10 * time.Second
	// bellRings is how long the telephone may ring before the test hangs up.
	bellRings = 4 * time.Second
)

// Bell rings the employee's own telephone and follows the call on its way: command, webhook,
// signature, journal. The last hop, the employee's screen, only the app can see. The PBX rings
// the employee first, so nobody else's telephone rings: the test hangs up before.
func (s *Switchboard) Bell(ctx context.Context, by client.Employee, id string) (client.BellTest, error) {
	t := s.office.Load().byID[id]
	if t == nil {
		return client.BellTest{}, fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
	}
	ext := t.desks[by.ID]
	dialler, dials := t.provider.(pbx.Dialler)
	switch {
	case !t.Active:
		return client.BellTest{}, directory.ErrInactive
	case ext == "":
		return client.BellTest{}, directory.ErrNoExtension
	case !dials:
		return client.BellTest{}, directory.ErrNoIntegration
	}
	callID := s.NewID()
	test := client.BellTest{CallID: callID, Hops: bellHops()}
	number, err := s.ownNumber(ctx, t)
	if err != nil {
		test.Hops[0] = hopFailed(test.Hops[0], bellWords(t.provider, "command", err))
		return test, nil
	}
	if err := s.beginBell(ctx, t, callID, ext, number); err != nil {
		return test, err
	}
	rung, forget, err := s.awaitRing(ctx, callID, t.ID)
	if err != nil {
		return test, err
	}
	defer forget()
	began := s.Now()
	if _, err := dialler.Dial(ctx, pbx.DialOrder{Command: callID, Extension: ext, Number: number}); err != nil {
		test.Hops[0] = hopFailed(test.Hops[0], bellWords(t.provider, "command", err))
		return test, s.refuse(context.WithoutCancel(ctx), t, callID, err)
	}
	test.Hops[0] = hopGreen(test.Hops[0], s.Now().Sub(began))
	defer s.hangBell(ctx, by, callID)
	timer := time.NewTimer(bellWait)
	defer timer.Stop()
	select {
	case r := <-rung:
		// Another node's clock may be a little behind.
		arrived := max(r.Arrived.Sub(began), 0)
		test.Hops[1] = hopGreen(test.Hops[1], arrived)
		if r.Forged {
			test.Hops[2] = hopFailed(test.Hops[2], switchWords(t.provider, "signature"))
			break
		}
		test.Hops[2] = hopGreen(test.Hops[2], arrived)
		test.Hops[3] = hopGreen(test.Hops[3], max(r.Committed.Sub(began), arrived))
	case <-timer.C:
		test.Hops[1] = hopGrey(test.Hops[1], switchWords(t.provider, "webhook"))
	case <-ctx.Done():
		return test, ctx.Err()
	}
	return test, nil
}

// beginBell writes the test's call. It is marked, so that it gets no entry in the feed.
func (s *Switchboard) beginBell(ctx context.Context, t *trunk, callID, ext string, number phone.Number) error {
	e := call.Event{
		Kind: call.KindDialled, At: s.Now().UTC().Truncate(time.Second), Command: callID, Test: true,
		From: call.Party{Extension: ext}, To: call.Party{Number: number},
	}
	_, _, err := s.begin(ctx, t, client.Employee{}, store.CallRecord{ID: callID, IntegrationID: t.ID, Command: callID, Facts: call.FoldAll([]call.Event{e})}, DialOrder{})
	return err
}

// ownNumber is a line of the school: whom the PBX would call next, had the test not hung up.
func (s *Switchboard) ownNumber(ctx context.Context, t *trunk) (phone.Number, error) {
	numbers, err := s.ownNumbers(ctx, t)
	if err != nil {
		return "", err
	}
	for _, number := range numbers {
		if n, err := phone.Parse(number); err == nil {
			return n, nil
		}
	}
	return "", errors.New("no line with a number is known")
}

// ownNumbers are the PBX's lines, or, where it does not tell them, those on which calls came.
func (s *Switchboard) ownNumbers(ctx context.Context, t *trunk) ([]string, error) {
	var numbers []string
	lister, ok := t.provider.(pbx.LineLister)
	if !ok {
		lines, err := s.Lines(ctx)
		for _, l := range lines {
			numbers = append(numbers, l.Number)
		}
		return numbers, err
	}
	lines, err := lister.Lines(ctx)
	for _, l := range lines {
		numbers = append(numbers, l.Number)
	}
	return numbers, err
}

func (s *Switchboard) hangBell(ctx context.Context, by client.Employee, callID string) {
	ctx = context.WithoutCancel(ctx)
	s.timers.after(bellRings, func() {
		if err := s.Hangup(ctx, by, callID); err != nil && !errors.Is(err, ErrEnded) {
			slog.Warn("the bell test did not hang up", "call", callID, "err", err)
		}
	})
}

func bellHops() []client.Check {
	hop := func(id, ru, en string) client.Check {
		return client.Check{ID: id, Name: ru, NameEN: en, State: client.CheckUnknown}
	}
	return []client.Check{
		hop("command", "Команда принята АТС", "The PBX took the command"), hop("webhook", "Событие пришло", "The event came"),
		hop("signature", "Подпись верна", "The signature is right"), hop("journal", "Записано в журнал", "Written to the journal"),
	}
}

func hopGreen(h client.Check, took time.Duration) client.Check {
	ms := float64(took.Microseconds()) / 1000
	h.State, h.MS = client.CheckOK, &ms
	h.Text = strings.Replace(fmt.Sprintf("%.0f мс", ms), ".", ",", 1)
	h.TextEN = fmt.Sprintf("%.0f ms", ms)
	return h
}

func hopFailed(h client.Check, w pbx.Words) client.Check {
	h.State, h.Text, h.TextEN = client.CheckFailed, w.RU, w.EN
	return h
}

func hopGrey(h client.Check, w pbx.Words) client.Check {
	h.Text, h.TextEN = w.RU, w.EN
	return h
}

// bellWords says what the PBX answered, and where it did not, which switch is off.
func bellWords(p pbx.Provider, hop string, err error) pbx.Words {
	var refused *pbx.Refused
	var blocked *pbx.Blocked
	if errors.As(err, &refused) || errors.As(err, &blocked) {
		return sentence(err)
	}
	return switchWords(p, hop)
}

func switchWords(p pbx.Provider, hop string) pbx.Words {
	if c, ok := p.(pbx.Checker); ok {
		return c.Switch(hop)
	}
	return pbx.Words{}
}
