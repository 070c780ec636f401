package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/pbx"
)

// historyCalls is how many calls the last four days had.
const historyCalls = 48

// history delivers the calls of the last days as the PBX would have sent them, so that the feed
// of the demo is made by the same code as every other.
//
// Every fourth call came by the second PBX, if there is one.
func history(ctx context.Context, in Rooms, cfg Config, second *beelinePast) error {
	r := rand.New(rand.NewPCG(2, 2026))
	began := cfg.Clock.now.Add(-4 * 24 * time.Hour)
	for i := range historyCalls {
		at := began.Add(time.Duration(i) * 119 * time.Minute)
		cfg.Clock.set(at)
		err := error(nil)
		if second != nil && i%4 == 3 {
			err = second.call(ctx, in, r, i, at)
		} else {
			err = pastCall(ctx, in, cfg, r, i, at)
		}
		if err != nil {
			return fmt.Errorf("making call %d of the past: %w", i, err)
		}
	}
	return nil
}

// caller is whom a call of the past was with: mostly somebody of the school's cards.
func caller(r *rand.Rand, i int) string {
	number := fmt.Sprintf("7916000%04d", 1000+r.IntN(120))
	if i%7 == 3 {
		number = fmt.Sprintf("7914000%04d", 1000+r.IntN(9))
	}
	return number
}

func pastCall(ctx context.Context, in Rooms, cfg Config, r *rand.Rand, i int, at time.Time) error {
	extension := []string{"101", "102", "103"}[r.IntN(3)]
	outside, inside := mango.Party{Number: mango.Text(caller(r, i))}, mango.Party{Extension: mango.Text(extension)}
	from, to, direction := outside, inside, mango.DirectionInbound
	if i%3 == 1 {
		from, to, direction = inside, outside, mango.DirectionOutbound
	}
	key := mango.Text(fmt.Sprintf("demo-%d", i))
	start := mango.Int(at.Unix())
	end, talk, cause := start+mango.Int(12+r.IntN(30)), mango.Int(0), mango.Int(mango.CodeNoAnswer)
	if i%5 != 2 {
		talk, end, cause = start+8, start+8+mango.Int(40+r.IntN(400)), mango.CodeEndedByCaller
	}
	rings := mango.CallEvent{EntryID: key, CallID: key + "-leg", Timestamp: start, Seq: 1, State: "Appeared", Location: "abonent", From: from, To: to}
	ends := rings
	ends.Timestamp, ends.Seq, ends.State, ends.DisconnectReason = end, 3, "Disconnected", cause
	summary := mango.Summary{
		EntryID: key, Direction: direction, From: from, To: to, LineNumber: "74951234567",
		CreateTime: start, ForwardTime: start, TalkTime: talk, EndTime: end, DisconnectReason: cause,
	}
	for _, e := range []struct {
		path    string
		payload any
	}{{mango.PathCall, rings}, {mango.PathCall, ends}, {mango.PathSummary, summary}} {
		raw, err := json.Marshal(e.payload)
		if err != nil {
			return err
		}
		form := mango.NewForm(cfg.Key, cfg.Salt, string(raw)).Values().Encode()
		if _, err := in.Calls.Deliver(ctx, "mango", pbx.Request{Method: "POST", Path: e.path, Body: []byte(form)}); err != nil {
			return err
		}
	}
	return nil
}
