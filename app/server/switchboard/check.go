package switchboard

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
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
func (s *Switchboard) Check(ctx context.Context, id string) ([]client.Check, error) {
	t := s.office.Load().byID[id]
	if t == nil {
		return nil, fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
	}
	if t.sealed != nil {
		return []client.Check{checkSecret()}, nil
	}
	out := []client.Check{checkActive(t)}
	checker, ok := t.provider.(pbx.Checker)
	if !ok {
		return out, nil
	}
	facts, err := s.facts(ctx, t)
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

func checkActive(t *trunk) client.Check {
	if !t.Active {
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

func (s *Switchboard) facts(ctx context.Context, t *trunk) (pbx.CheckFacts, error) {
	o := s.office.Load()
	shown := s.shown(t)
	f := pbx.CheckFacts{HookURL: shown.HookURL, Now: s.Now(), Owners: map[string]string{}, Forwarding: t.Forwarding}
	for ext, id := range t.owners {
		if p := o.person(id); p != nil {
			f.Owners[ext] = p.Name
		}
	}
	if shown.LastEvent != nil {
		f.LastEvent = *shown.LastEvent
	}
	f.Delay = t.LastDelay
	if last, ok := s.seen.Load(t.ID); ok && f.LastEvent.Equal(last.(lastSeen).at) {
		f.Delay = last.(lastSeen).delay
	}
	since := s.Now().Add(-checkBack)
	calls, err := s.Store.CallsSince(ctx, t.ID, since, checkCalls)
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
	last, n, err := s.Store.LastCommand(ctx, t.ID, kindRoute, since)
	if errors.Is(err, store.ErrNotFound) {
		return f, nil
	}
	f.Routes = n
	f.Routed = &pbx.RouteOutcome{Shown: last.Note}
	if last.State == client.CommandRefused {
		f.Routed.Err = refusal(t.provider, last.Code)
	}
	return f, err
}

func refusal(p pbx.Provider, code int) error {
	if code == 0 {
		return pbx.ErrUnreachable
	}
	r := &pbx.Refused{Code: code, Words: p.Explain(code)}
	if a, ok := p.(pbx.Adviser); ok {
		r.Advice = a.Advise(code)
	}
	return r
}
