package directory

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/subscription"
	"dozvon/app/server/texts"
	"dozvon/client"
)

const (
	// checkBack is how far a check looks back for recordings and routes.
	checkBack = 7 * 24 * time.Hour
	// checkCalls bounds how many calls it counts.
	checkCalls = 2000
)

// Check tells in words what of an integration works and what does not, and what to do.
func (d *Directory) Check(ctx context.Context, id string) ([]client.Check, error) {
	integration := d.Snapshot().byID[id]
	if integration == nil {
		return nil, fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
	}
	if integration.sealed != nil {
		return []client.Check{checkSecret()}, nil
	}
	out := []client.Check{checkActive(integration)}
	if line, ok := subscription.Check(d.shown(integration).Subscription); ok {
		out = append(out, line)
	}
	checker, ok := integration.Provider.(pbx.Checker)
	if !ok {
		return out, nil
	}
	facts, err := d.facts(ctx, integration)
	if err != nil {
		return nil, err
	}
	for _, f := range checker.Check(ctx, facts) {
		out = append(out, client.Check{
			ID: f.ID, State: client.CheckState(f.State),
			Name: f.Name.RU, NameEN: f.Name.EN, Text: f.Words.RU, TextEN: f.Words.EN,
		})
	}
	return out, nil
}

func checkActive(integration *Integration) client.Check {
	if !integration.Active {
		return checked("active", client.CheckFailed, texts.Of("check.active"), texts.Of("check.active_off"))
	}
	return checked("active", client.CheckOK, texts.Of("check.active"), texts.Of("check.active_on"))
}

// checkSecret tells of a secret that the key of this server does not open. Whoever has one with
// another key is not asked for it at the start, when the rest of them opens.
func checkSecret() client.Check {
	return checked("secret", client.CheckFailed, texts.Of("check.secret"), texts.Of("check.secret_sealed"))
}

func checked(id string, state client.CheckState, name, text texts.Message) client.Check {
	n, t := name.Both(), text.Both()
	return client.Check{ID: id, State: state, Name: n.RU, NameEN: n.EN, Text: t.RU, TextEN: t.EN}
}

func (d *Directory) facts(ctx context.Context, integration *Integration) (pbx.CheckFacts, error) {
	snapshot := d.Snapshot()
	shown := d.shown(integration)
	f := pbx.CheckFacts{HookURL: shown.HookURL, Now: d.cfg.Now(), Owners: map[string]string{}, Forwarding: integration.Forwarding}
	for ext, id := range integration.owners {
		if p := snapshot.Person(id); p != nil {
			f.Owners[ext] = p.Name
		}
	}
	if shown.LastEvent != nil {
		f.LastEvent = *shown.LastEvent
	}
	f.Delay = integration.LastDelay
	if last, ok := d.seen.Load(integration.ID); ok && f.LastEvent.Equal(last.(lastSeen).at) {
		f.Delay = last.(lastSeen).delay
	}
	since := d.cfg.Now().Add(-checkBack)
	calls, err := d.cfg.Store.CallsSince(ctx, integration.ID, since, checkCalls)
	if err != nil {
		return f, err
	}
	for _, rec := range calls {
		if rec.View.AnsweredAt == nil || rec.View.Direction == client.Internal {
			continue
		}
		f.Answered++
		if len(rec.View.Recordings) > 0 {
			f.Recorded++
		}
	}
	last, n, err := d.cfg.Store.LastCommand(ctx, integration.ID, store.CommandRoute, since)
	if errors.Is(err, store.ErrNotFound) {
		return f, nil
	}
	f.Routes = n
	f.Routed = &pbx.RouteOutcome{Shown: last.Note}
	if last.State == client.CommandRefused {
		f.Routed.Err = pbx.RefusalOf(integration.Provider, last.Code, last.Said)
	}
	return f, err
}
