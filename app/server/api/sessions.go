package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/access"
	"dozvon/app/server/store"
	"dozvon/client"
)

type body[T any] struct {
	Body T
}

type empty struct{}

func (s *Server) sessionRoutes() {
	create := op("create-session", http.MethodPost, "/sessions", "Sign in")
	create.DefaultStatus = http.StatusCreated
	huma.Register(s.api, create, s.signIn)

	end := op("delete-session", http.MethodDelete, "/sessions/current", "Sign out")
	end.DefaultStatus = http.StatusNoContent
	huma.Register(s.api, end, func(ctx context.Context, _ *empty) (*empty, error) {
		token, _ := ctx.Value(tokenKey{}).(string)
		err := s.Store.Write(ctx, func(tx *store.Tx) error { return tx.EndSession(access.HashToken(token)) })
		return nil, fail(ctx, err)
	})

	huma.Register(s.api, op("get-me", http.MethodGet, "/me", "Who am I"), func(ctx context.Context, _ *empty) (*body[client.Employee], error) {
		return &body[client.Employee]{who(ctx)}, nil
	})
}

func (s *Server) signIn(ctx context.Context, in *body[client.SignIn]) (*body[client.SignedIn], error) {
	limiter := s.tryLimiter(in.Body.Login)
	if limiter.Tokens() < 1 {
		return nil, problem("too_many_tries", languageOf(ctx))
	}
	account, err := s.Store.AccountByLogin(ctx, in.Body.Login)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, fail(ctx, err)
	}
	if !access.CheckPassword(in.Body.Password, account.PasswordHash) {
		limiter.Allow()
		slog.Warn("sign-in refused", "device", in.Body.Device)
		return nil, problem("wrong_password", languageOf(ctx))
	}
	token, hash := access.NewToken()
	err = s.Store.Write(ctx, func(tx *store.Tx) error { return tx.AddSession(hash, account.ID, in.Body.Device) })
	if err != nil {
		return nil, fail(ctx, err)
	}
	slog.Info("signed in", "employee", account.ID, "device", in.Body.Device)
	return &body[client.SignedIn]{client.SignedIn{Token: token, Employee: account.Employee}}, nil
}
