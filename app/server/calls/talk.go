package calls

import (
	"context"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// Hangup ends a call that concerns the employee.
func (s *Commands) Hangup(ctx context.Context, by client.Employee, id string) error {
	return s.command(ctx, by, id, "hangup", func(o order) error {
		hanger, ok := o.integration.Provider.(pbx.Hanger)
		if !ok {
			return directory.ErrNoIntegration
		}
		return hanger.Hangup(ctx, o.shown.TalkLeg, o.id)
	})
}

// Transfer hands a talking call to a colleague, at once or after asking while the client waits.
func (s *Commands) Transfer(ctx context.Context, by client.Employee, id string, in client.Transfer) error {
	kind := "transfer"
	if in.Consult {
		kind = "consult"
	}
	// A transfer to an outside number is paid for as a call is; abroad it is no colleague's extension.
	if to, err := phone.Parse(in.Extension); err == nil && !s.calls.Directory.Snapshot().HomeCountries()[to.Country()] {
		return &Limit{Kind: LimitAbroad}
	}
	return s.command(ctx, by, id, kind, func(o order) error {
		if o.shown.TalkState != call.Talking {
			return ErrNotNow
		}
		to := in.Extension
		if in.EmployeeID != "" {
			if to = s.calls.Directory.Snapshot().Rings(o.integration, in.EmployeeID); to == "" {
				return directory.ErrColleagueWithoutExtension
			}
		}
		move := pbx.TransferOrder{Command: o.id, Leg: o.shown.TalkLeg, From: o.shown.TalkExtension, To: to}
		if in.Consult {
			if c, ok := o.integration.Provider.(pbx.Consulter); ok {
				return c.Consult(ctx, move)
			}
			return directory.ErrNoIntegration
		}
		if m, ok := o.integration.Provider.(pbx.Transferrer); ok {
			return m.Transfer(ctx, move)
		}
		return directory.ErrNoIntegration
	})
}

// Connect joins the client with the colleague who was asked.
func (s *Commands) Connect(ctx context.Context, by client.Employee, id string) error {
	return consultation(ctx, s, by, id, "connect", func(c pbx.Connecter, o order) error {
		return c.Connect(ctx, o.id, *o.shown.Consulting)
	})
}

// Return gives a consultation up and goes back to the client.
func (s *Commands) Return(ctx context.Context, by client.Employee, id string) error {
	return consultation(ctx, s, by, id, "return", func(c pbx.Consulter, o order) error {
		return c.Return(ctx, o.id, *o.shown.Consulting)
	})
}

func consultation[T any](ctx context.Context, s *Commands, by client.Employee, id, kind string, send func(T, order) error) error {
	return s.command(ctx, by, id, kind, func(o order) error {
		c, ok := o.integration.Provider.(T)
		switch {
		case !ok:
			return directory.ErrNoIntegration
		case o.shown.Consulting == nil:
			return ErrNotNow
		}
		return send(c, o)
	})
}

// Hold puts the client on hold; Resume takes them back.
func (s *Commands) Hold(ctx context.Context, by client.Employee, id string) error {
	return s.command(ctx, by, id, "hold", func(o order) error {
		return onLeg(o, call.Talking, func(h pbx.Holder, leg pbx.LegOrder) error { return h.Hold(ctx, leg) })
	})
}

// Resume takes the client back from hold.
func (s *Commands) Resume(ctx context.Context, by client.Employee, id string) error {
	return s.command(ctx, by, id, "resume", func(o order) error {
		return onLeg(o, call.Held, func(h pbx.Holder, leg pbx.LegOrder) error { return h.Resume(ctx, leg) })
	})
}

// Record begins to record a talk that the PBX does not record by itself.
func (s *Commands) Record(ctx context.Context, by client.Employee, id string) error {
	return s.command(ctx, by, id, "record", func(o order) error {
		return onLeg(o, call.Talking, func(r pbx.RecordStarter, leg pbx.LegOrder) error { return r.StartRecording(ctx, leg) })
	})
}

// onLeg addresses the leg on which the employee talks, if it is in the wanted state and the PBX
// can do it.
func onLeg[T any](o order, want call.State, send func(T, pbx.LegOrder) error) error {
	able, ok := o.integration.Provider.(T)
	switch {
	case !ok:
		return directory.ErrNoIntegration
	case o.shown.TalkState != want || o.shown.TalkExtension == "":
		return ErrNotNow
	}
	return send(able, pbx.LegOrder{Command: o.id, Leg: o.shown.TalkLeg, Extension: o.shown.TalkExtension})
}
