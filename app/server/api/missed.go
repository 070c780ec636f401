package api

import (
	"context"
	"strings"

	"dozvon/app/phone"
	"dozvon/app/server/store"
	"dozvon/client"
)

// missedAPI is the callers whom nobody answered.
type missedAPI struct{ *Server }

type byPhone struct {
	Phone string `path:"phone" maxLength:"64"`
}

func (s missedAPI) list(ctx context.Context, in *struct {
	Paging
	State string `query:"state" default:"waiting,taken" doc:"One or several states, with commas between"`
},
) (*body[client.Page[client.MissedCaller]], error) {
	cursor, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	var states []client.MissedState
	for state := range strings.SplitSeq(in.State, ",") {
		states = append(states, client.MissedState(strings.TrimSpace(state)))
	}
	return page(s.Followup.CallbackList(ctx, states, cursor, in.Limit))
}

// act is what needs nothing but the caller.
func (s missedAPI) act(do func(context.Context, client.Employee, phone.Number) (client.MissedCaller, error)) func(context.Context, *byPhone) (*body[client.MissedCaller], error) {
	return func(ctx context.Context, in *byPhone) (*body[client.MissedCaller], error) {
		number, err := s.Directory.Numbers().Parse(in.Phone)
		if err != nil {
			return nil, err
		}
		return one(do(ctx, who(ctx), number))
	}
}

func (s missedAPI) dismiss(ctx context.Context, in *struct {
	Phone string `path:"phone" maxLength:"64"`
	Body  client.DismissMissed
},
) (*body[client.MissedCaller], error) {
	number, err := s.Directory.Numbers().Parse(in.Phone)
	if err != nil {
		return nil, err
	}
	return one(s.Followup.DismissMissed(ctx, who(ctx), number, in.Body.Reason))
}
