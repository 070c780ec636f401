//go:build linux

package stage

import (
	"context"
	"fmt"
	"slices"

	"dozvon/app/server/demo"
	"dozvon/client"
)

// secondPBX is a call that comes by the school's other PBX: the same card, and in the feed it stands
// beside those of the first.
func secondPBX(ctx context.Context, t *Tour) error {
	if err := t.noCards(ctx); err != nil {
		return err
	}
	if err := t.CallBeeline(ctx, demo.KnownNumber, "answered", "--to", "101", "--ring", "3s", "--talk", "3s"); err != nil {
		return err
	}
	if err := t.untilCard(ctx, "ringing"); err != nil {
		return err
	}
	if err := t.shot(ctx, "17-second-pbx-rings"); err != nil {
		return err
	}
	if err := t.untilCard(ctx, "talking"); err != nil {
		return err
	}
	s, err := t.Status(ctx)
	if err != nil || len(s.Cards) != 1 {
		return fmt.Errorf("no card: %+v, %w", s.Cards, err)
	}
	id := s.Cards[0].CallID
	err = Until(ctx, "the call of the second PBX to end", func() bool {
		c, err := t.api.Call(ctx, id)
		return err == nil && c.State == client.StateEnded && c.Result == client.Answered
	})
	if err != nil {
		return err
	}
	page, err := t.api.Feed(ctx, client.FeedQuery{Type: "call_in", Limit: 10})
	if err != nil {
		return err
	}
	by := map[string]bool{}
	for _, e := range page.Items {
		by[e.Source] = true
	}
	i := slices.IndexFunc(page.Items, func(e client.FeedEntry) bool { return e.CallID == id })
	if i < 0 || page.Items[i].SourceName != "Виртуальная АТС от Билайн" || len(by) < 2 {
		return fmt.Errorf("the calls of two PBXs do not stand side by side: %+v", page.Items)
	}
	if err := t.Do(ctx, "page", "feed"); err != nil {
		return err
	}
	// Opened, it says whose call it is.
	if err := Until(ctx, "the call's entry to open", func() bool { return t.Do(ctx, "expand", id) == nil }); err != nil {
		return err
	}
	return t.shot(ctx, "17-two-pbxs")
}
