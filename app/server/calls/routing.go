package calls

import (
	"context"
	"log/slog"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

// routeFresh is how old a ringing leg may be to be routed: an event that the PBX delivers again
// after an outage tells of calls that are long over.
const routeFresh = 2 * time.Minute

// Router sends ringing calls to whom they concern.
type Router struct{ calls *Service }

// route asks the PBX to show the caller's name, and to ring the responsible employee where the
// integration forwards. It is called after every change of a call and returns at once: what is no
// longer wanted is withdrawn.
func (s *Router) route(integration *directory.Integration, rec store.CallRecord, v call.View) {
	router, ok := integration.Provider.(pbx.Router)
	if !ok || v.Direction != call.In {
		return
	}
	o, why, ok := s.routeOf(integration, rec, v)
	if !ok {
		router.Withdraw(rec.Key)
		return
	}
	o.Turn = func(ctx context.Context) (pbx.RouteTurn, error) { return s.routeTurn(ctx, integration, rec.ID, o.Leg) }
	o.Done = func(out pbx.RouteOutcome) { s.routed(integration, rec, out, why) }
	router.Route(o)
}

// routeReason is why a call is sent to somebody, and their name: it is told as it was then.
type routeReason struct {
	of   call.RouteReason
	whom string
}

// routeOf decides. A call goes to the responsible employee if the integration forwards, they have
// an extension and do not talk; else its own way, with the name where that is possible: the PBX
// takes a name only together with a number to ring, so not in a voice menu or a queue, whose next
// step only the PBX knows.
func (s *Router) routeOf(integration *directory.Integration, rec store.CallRecord, v call.View) (pbx.RouteOrder, routeReason, bool) {
	if v.State != call.Ringing || v.RouteLeg == "" || v.Routed != nil {
		return pbx.RouteOrder{}, routeReason{}, false
	}
	if s.calls.Now().Sub(v.RouteAt).Abs() > routeFresh {
		return pbx.RouteOrder{}, routeReason{}, false
	}
	o := pbx.RouteOrder{Call: rec.Key, Leg: v.RouteLeg, Command: s.calls.NewID(), Name: string(v.Phone)}
	if rec.View.Subject != nil {
		o.Name = rec.View.Subject.Name
	}
	if to, whom := s.calleeExtension(integration, v.Phone); to != "" && to != v.RouteExtension {
		o.To, o.Forward = to, true
		return o, routeReason{call.RoutedForTask, whom}, true
	}
	subject := rec.View.Subject
	if subject == nil {
		return pbx.RouteOrder{}, routeReason{}, false
	}
	if to := s.responsibleExtension(integration, subject); to != "" && to != v.RouteExtension {
		o.To, o.Forward = to, true
		why := routeReason{call.RoutedForClient, subject.Responsible.Name}
		if subject.Kind == client.KindContract {
			why.of = call.RoutedForContract
		}
		return o, why, true
	}
	o.To = ownWay(v)
	return o, routeReason{}, o.To != ""
}

// calleeExtension is the extension and the name of whoever was asked to call this number back: until that is
// done the client's calls are theirs, whatever the switch of the forwarding says. Empty when nobody was
// asked, or they talk.
func (s *Router) calleeExtension(integration *directory.Integration, number phone.Number) (extension, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), writeLimit)
	defer cancel()
	asked, err := s.calls.callbacks.AskedFor(ctx, number)
	if err != nil {
		slog.Error("tasks of a caller not read", "err", err)
		return "", ""
	}
	if asked == "" || s.talks(asked) {
		return "", ""
	}
	return s.calls.Directory.Snapshot().Rings(integration, asked), s.calls.Directory.EmployeeName(asked)
}

// responsibleExtension is the extension to forward to; empty when the call keeps its own way.
func (s *Router) responsibleExtension(integration *directory.Integration, subject *client.Subject) string {
	if !integration.Forwarding || subject.Responsible == nil {
		return ""
	}
	if s.talks(subject.Responsible.ID) {
		return ""
	}
	return s.calls.Directory.Snapshot().Rings(integration, subject.Responsible.ID)
}

// talks tells whether an employee talks now, on whatever node that was told. Who cannot be asked about
// is not disturbed.
func (s *Router) talks(employeeID string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), writeLimit)
	defer cancel()
	state, err := s.calls.Store.Presence(ctx, employeeID)
	if err != nil {
		slog.Error("presence not read", "err", err)
	}
	return err != nil || state == client.PresenceTalking
}

// ownWay is whom the PBX rings by itself, if it can be told to go on doing that with a name: one
// employee, or a group that has no queue.
func ownWay(v call.View) string {
	switch {
	case v.RoutePlace != call.PlaceEmployee || v.Queued:
		return ""
	case v.RouteGroup != "":
		return v.RouteGroup
	case len(v.Ringing) > 1:
		return ""
	}
	return v.RouteExtension
}

const (
	// turnHold is for how long a node may keep the account's turn: longer than a route takes, and not
	// for ever when the node dies.
	turnHold = 10 * time.Second
	// routedFor is how long it is known that some node has sent a call's route; nothing rings that long.
	routedFor = 10 * time.Minute
)

// routeTurn decides, once for all nodes, whether a route may go out now: the PBX takes one at a time of
// the account, each call is routed once, and only while it still rings on that leg. This node may not
// have heard what has become of it.
func (s *Router) routeTurn(ctx context.Context, integration *directory.Integration, callID, leg string) (pbx.RouteTurn, error) {
	turn, claim := "route of "+integration.ID, "route "+callID
	var out pbx.RouteTurn
	err := s.calls.Store.Write(ctx, func(tx *store.Tx) error {
		out = pbx.RouteTurn{}
		rec, err := tx.Call(callID)
		if err != nil {
			return err
		}
		if v := rec.Facts.View(); v.State != call.Ringing || v.RouteLeg != leg || v.Routed != nil {
			return nil
		}
		if out.Wait, err = tx.TakeTurn(turn, s.calls.Node, turnHold); err != nil || out.Wait > 0 {
			return err
		}
		ours, err := tx.Claim(claim, s.calls.Node, routedFor, false)
		if err == nil && !ours {
			ours, err = tx.Owns(claim, s.calls.Node)
		}
		if err != nil {
			return err
		}
		if !ours {
			return tx.EndTurn(turn, s.calls.Node, 0)
		}
		out.Go = true
		return nil
	})
	out.End = func(pause time.Duration) {
		ctx, cancel := context.WithTimeout(context.Background(), writeLimit)
		defer cancel()
		if err := s.calls.Store.Write(ctx, func(tx *store.Tx) error { return tx.EndTurn(turn, s.calls.Node, pause) }); err != nil {
			slog.WarnContext(ctx, "the turn of a route was not given back", "err", err) // it ends by itself
		}
	}
	return out, err
}

// routed writes down what became of a route.
func (s *Router) routed(integration *directory.Integration, rec store.CallRecord, out pbx.RouteOutcome, why routeReason) {
	ctx, cancel := context.WithTimeout(context.Background(), writeLimit)
	defer cancel()
	cmd := store.Command{
		Command:       client.Command{ID: out.Order.Command, Kind: store.CommandRoute, CallID: rec.ID, State: client.CommandAccepted},
		IntegrationID: integration.ID, At: s.calls.Now(), Note: out.Shown,
	}
	e := routedEvent(rec.Key, out.Order, out.Shown, s.calls.Now())
	e.RoutedFor, e.RoutedTo = why.of, why.whom
	if out.Err != nil {
		cmd.State, cmd.Code, cmd.Said = client.CommandRefused, pbx.CodeOf(out.Err), pbx.SaidOf(out.Err)
		e.Cause, e.Said = max(cmd.Code, 1), cmd.Said
		slog.Warn("the name was not sent to the telephone", "call", rec.ID, "code", cmd.Code, "err", out.Err)
	}
	err := s.calls.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveCommand(cmd); err != nil {
			return err
		}
		_, err := s.calls.applyEvent(tx, integration, e)
		return err
	})
	if err != nil {
		slog.Error("a route was not noted", "call", rec.ID, "err", err)
	}
}

// writeLimit bounds a write that no request waits for.
const writeLimit = 10 * time.Second

func routedEvent(key string, o pbx.RouteOrder, shown string, at time.Time) call.Event {
	e := call.Event{
		Kind: call.KindRouted, Key: key, At: at.UTC().Truncate(time.Second), Leg: o.Leg, Command: o.Command, Name: shown,
	}
	if o.Forward {
		e.To.Extension = o.To
	}
	return e
}
