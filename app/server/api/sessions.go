package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/access"
	"dozvon/client"
)

type body[T any] struct {
	Body T
}

type empty struct{}

// signInLimit bounds the body of a sign-in, in bytes: it is read for anybody, and what JSON makes of
// it can be many times as large.
const signInLimit = 16 << 10

func (s *Server) sessionRoutes() {
	create := op("create-session", http.MethodPost, "/sessions", "Sign in")
	create.DefaultStatus = http.StatusCreated
	create.MaxBodyBytes = signInLimit
	huma.Register(s.api, create, func(ctx context.Context, in *body[client.SignIn]) (*body[client.SignedIn], error) {
		out, err := s.Sessions.SignIn(ctx, in.Body)
		return &body[client.SignedIn]{out}, fail(ctx, err)
	})

	huma.Register(s.api, op("list-sessions", http.MethodGet, "/sessions", "Who is signed in where: oneself, or, for directors, an employee"),
		func(ctx context.Context, in *struct {
			Employee string `query:"employee" maxLength:"64" doc:"An employee's id; empty: oneself"`
		},
		) (*body[client.Page[client.Session]], error) {
			all, err := s.Sessions.List(ctx, who(ctx), in.Employee)
			return &body[client.Page[client.Session]]{client.Page[client.Session]{Items: all}}, fail(ctx, err)
		})

	sign := op("delete-session", http.MethodDelete, "/sessions/current", "Sign out")
	sign.DefaultStatus = http.StatusNoContent
	huma.Register(s.api, sign, func(ctx context.Context, _ *empty) (*empty, error) {
		return nil, s.endSession(ctx, access.CallerOf(ctx).Session)
	})
	end := op("end-session", http.MethodDelete, "/sessions/{id}", "End a session: one's own, or, for directors, of anybody not above them")
	end.DefaultStatus = http.StatusNoContent
	huma.Register(s.api, end, func(ctx context.Context, in *byID) (*empty, error) {
		return nil, s.endSession(ctx, in.ID)
	})

	huma.Register(s.api, op("get-me", http.MethodGet, "/me", "Who am I"), func(ctx context.Context, _ *empty) (*body[client.Employee], error) {
		return &body[client.Employee]{who(ctx)}, nil
	})
	huma.Register(s.api, op("update-me", http.MethodPatch, "/me", "Change one's own password; all other sessions of oneself end"),
		func(ctx context.Context, in *body[client.OwnPassword]) (*body[client.Employee], error) {
			if err := s.Sessions.ChangePassword(ctx, who(ctx), in.Body); err != nil {
				return nil, fail(ctx, err)
			}
			s.streams.check()
			return &body[client.Employee]{who(ctx)}, nil
		})
}

// endSession ends a session and, at once on this node, its streams.
func (s *Server) endSession(ctx context.Context, id string) error {
	err := s.Sessions.End(ctx, who(ctx), id)
	s.streams.check()
	return fail(ctx, err)
}
