package api

import (
	"context"

	"dozvon/app/server/access"
	"dozvon/client"
)

// signInLimit bounds the body of a sign-in, in bytes: it is read for anybody, and what JSON makes of
// it can be many times as large.
const signInLimit = 16 << 10

// sessionAPI is signing in and out, and oneself.
type sessionAPI struct{ *Server }

func (s sessionAPI) signIn(ctx context.Context, in *body[client.SignIn]) (*body[client.SignedIn], error) {
	return one(s.Sessions.SignIn(ctx, in.Body))
}

func (s sessionAPI) welcome(ctx context.Context, _ *empty) (*body[client.Welcome], error) {
	return one(s.Welcome.Greet(ctx))
}

func (s sessionAPI) firstAccount(ctx context.Context, in *body[client.FirstAccount]) (*body[client.SignedIn], error) {
	return one(s.Welcome.Begin(ctx, in.Body))
}

func (s sessionAPI) sessions(ctx context.Context, in *struct {
	Employee string `query:"employee" maxLength:"64" doc:"An employee's id; empty: oneself"`
},
) (*body[client.Page[client.Session]], error) {
	return all(s.Sessions.List(ctx, who(ctx), in.Employee))
}

func (s sessionAPI) signOut(ctx context.Context, _ *empty) error {
	return s.endSession(ctx, access.CallerOf(ctx).Session)
}

func (s sessionAPI) end(ctx context.Context, in *byID) error { return s.endSession(ctx, in.ID) }

// endSession ends a session and, at once on this node, its streams.
func (s sessionAPI) endSession(ctx context.Context, id string) error {
	err := s.Sessions.End(ctx, who(ctx), id)
	s.streams.check()
	return err
}

func (s sessionAPI) get(ctx context.Context, _ *empty) (*body[client.Employee], error) {
	return one(who(ctx), nil)
}

func (s sessionAPI) changePassword(ctx context.Context, in *body[client.OwnPassword]) (*body[client.Employee], error) {
	if err := s.Sessions.ChangePassword(ctx, who(ctx), in.Body); err != nil {
		return nil, err
	}
	s.streams.check()
	return one(who(ctx), nil)
}
