// Package connectivity tests the way from us to a PBX and back, as far as the server sees it: it rings the
// employee who asks and follows the call through command, webhook, signature and journal. Whatever node
// the webhook comes to, the node that waits hears of it.
package connectivity

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/calls"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/client"
)

const (
	// webhookWait is how long the connectivity test waits for the PBX's first webhook.
	webhookWait = 10 * time.Second
	// ringsFor is how long the telephone may ring before the test hangs up.
	ringsFor = 4 * time.Second
)

// Test rings the employee's own telephone and follows the call on its way: command, webhook,
// signature, journal. The last stage, the employee's screen, only the app can see. The PBX rings
// the employee first, so nobody else's telephone rings: the test hangs up before. With a PBX that cannot
// hang up the telephone rings until its employee declines, or the PBX gives up.
func (c *Tests) Test(ctx context.Context, by client.Employee, id string) (client.BellTest, error) {
	integration := c.Directory.Snapshot().Integration(id)
	if integration == nil {
		return client.BellTest{}, fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
	}
	ext := integration.ExtensionOf(by.ID)
	dialler, dials := integration.Provider.(pbx.Dialler)
	switch {
	case !integration.Active:
		return client.BellTest{}, directory.ErrInactive
	case ext == "":
		return client.BellTest{}, directory.ErrNoExtension
	case !dials:
		return client.BellTest{}, directory.ErrNoIntegration
	}
	callID := c.NewID()
	test := client.BellTest{CallID: callID, Hops: connectivityStages()}
	number, err := c.ownNumber(ctx, integration)
	if err != nil {
		test.Hops[0] = stageFailed(test.Hops[0], refusalWords(integration.Provider, "command", err))
		return test, nil
	}
	if err := c.begin(ctx, integration, callID, ext, number); err != nil {
		return test, err
	}
	rung, forget, err := c.await(ctx, callID, integration.ID)
	if err != nil {
		return test, err
	}
	defer forget()
	began := c.Now()
	key, err := dialler.Dial(ctx, pbx.DialOrder{Command: callID, Extension: ext, Number: number})
	if err == nil {
		c.Commands.DialAnswered(ctx, integration, callID, key)
	}
	if err != nil {
		test.Hops[0] = stageFailed(test.Hops[0], refusalWords(integration.Provider, "command", err))
		return test, c.Commands.Refuse(context.WithoutCancel(ctx), integration, callID, err)
	}
	test.Hops[0] = stageDone(test.Hops[0], c.Now().Sub(began))
	if _, hangsUp := integration.Provider.(pbx.Hanger); hangsUp {
		defer c.hangUpLater(ctx, by, callID)
	}
	timer := time.NewTimer(webhookWait)
	defer timer.Stop()
	select {
	case r := <-rung:
		// Another node's clock may be a little behind.
		arrived := max(r.Arrived.Sub(began), 0)
		test.Hops[1] = stageDone(test.Hops[1], arrived)
		if r.Forged {
			test.Hops[2] = stageFailed(test.Hops[2], switchWords(integration.Provider, "signature"))
			break
		}
		test.Hops[2] = stageDone(test.Hops[2], arrived)
		test.Hops[3] = stageDone(test.Hops[3], max(r.Committed.Sub(began), arrived))
	case <-timer.C:
		test.Hops[1] = stageUnknown(test.Hops[1], switchWords(integration.Provider, "webhook"))
	case <-ctx.Done():
		return test, ctx.Err()
	}
	return test, nil
}

// begin writes the test's call. It is marked, so that it gets no entry in the feed.
func (c *Tests) begin(ctx context.Context, integration *directory.Integration, callID, ext string, number phone.Number) error {
	e := call.Event{
		Kind: call.KindDialled, At: c.Now().UTC().Truncate(time.Second), Command: callID, Test: true,
		From: call.Party{Extension: ext}, To: call.Party{Number: number},
	}
	_, _, err := c.Commands.Begin(ctx, integration, client.Employee{}, store.CallRecord{ID: callID, IntegrationID: integration.ID, Command: callID, Facts: call.FoldAll([]call.Event{e})}, calls.DialOrder{})
	return err
}

// ownNumber is a line of the school: whom the PBX would call next, had the test not hung up.
func (c *Tests) ownNumber(ctx context.Context, integration *directory.Integration) (phone.Number, error) {
	numbers, err := c.ownNumbers(ctx, integration)
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
func (c *Tests) ownNumbers(ctx context.Context, integration *directory.Integration) ([]string, error) {
	var numbers []string
	lister, ok := integration.Provider.(pbx.LineLister)
	if !ok {
		lines, err := c.Directory.Lines(ctx)
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

func (c *Tests) hangUpLater(ctx context.Context, by client.Employee, callID string) {
	ctx = context.WithoutCancel(ctx)
	c.timers.After(ringsFor, func() {
		if err := c.Commands.Hangup(ctx, by, callID); err != nil && !isOver(err) {
			slog.WarnContext(ctx, "the connectivity test did not hang up", "call", callID, "err", err)
		}
	})
}

// isOver reports whether there was nothing to hang up any more, by our own knowledge or by the PBX's.
func isOver(err error) bool {
	var refused *pbx.Refused
	return errors.Is(err, calls.ErrEnded) || errors.As(err, &refused) && refused.Over
}

func connectivityStages() []client.Check {
	var stages []client.Check
	for _, id := range []string{"command", "webhook", "signature", "journal"} {
		name := texts.Of("stage." + id).Both()
		stages = append(stages, client.Check{ID: id, Name: name.RU, NameEN: name.EN, State: client.CheckUnknown})
	}
	return stages
}

func stageDone(s client.Check, took time.Duration) client.Check {
	ms := float64(took.Microseconds()) / 1000
	s.State, s.MS = client.CheckOK, &ms
	text := texts.Of("stage.took", texts.Args{"ms": fmt.Sprintf("%.0f", ms)}).Both()
	s.Text, s.TextEN = text.RU, text.EN
	return s
}

func stageFailed(s client.Check, w bilingual.Text) client.Check {
	s.State, s.Text, s.TextEN = client.CheckFailed, w.RU, w.EN
	return s
}

func stageUnknown(s client.Check, w bilingual.Text) client.Check {
	s.Text, s.TextEN = w.RU, w.EN
	return s
}

// refusalWords says what the PBX answered, and where it did not, which switch is off.
func refusalWords(p pbx.Provider, stage string, err error) bilingual.Text {
	var refused *pbx.Refused
	var blocked *pbx.Blocked
	if errors.As(err, &refused) || errors.As(err, &blocked) {
		return pbx.SentenceOf(err)
	}
	return switchWords(p, stage)
}

func switchWords(p pbx.Provider, stage string) bilingual.Text {
	if c, ok := p.(pbx.Checker); ok {
		return c.Switch(stage)
	}
	return bilingual.Text{}
}
