// Package api is HTTP: the REST calls, the event stream, the PBX's webhooks and the
// recordings, with OpenAPI made from the code. It translates and nothing else; what may be
// done stands in its table of routes, what happens is in the rooms (directory, calls, cards, …).
package api

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"go.opentelemetry.io/otel/trace"

	"dozvon/app/server/access"
	"dozvon/app/server/addressbook"
	"dozvon/app/server/audit"
	"dozvon/app/server/calls"
	"dozvon/app/server/cards"
	"dozvon/app/server/connectivity"
	"dozvon/app/server/deadline"
	"dozvon/app/server/directory"
	"dozvon/app/server/feed"
	"dozvon/app/server/flags"
	"dozvon/app/server/followup"
	"dozvon/app/server/imports/run"
	"dozvon/app/server/lifecycle"
	"dozvon/app/server/metrics"
	"dozvon/app/server/morning"
	"dozvon/app/server/origin"
	"dozvon/app/server/presence"
	"dozvon/app/server/reconcile"
	"dozvon/app/server/recordings"
	"dozvon/app/server/requestid"
	"dozvon/app/server/sandbox"
	"dozvon/app/server/sessions"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/texts"
	"dozvon/app/server/timeline"
	"dozvon/app/server/tracing"
	"dozvon/app/server/undo"
	"dozvon/app/server/welcome"
	"dozvon/client"
)

// Config is what the API serves. All fields but PingEvery, StreamsOfSession, BodyIdle and Router are required.
type Config struct {
	Store        *store.Store
	Hub          *stream.Hub
	Calls        *calls.Service
	Coverage     *reconcile.Coverage
	Reconciler   *reconcile.Reconciler
	Presence     *presence.Board
	Connectivity *connectivity.Tests
	Lifecycle    *lifecycle.Keeper
	Feed         *feed.Reader
	Flags        *flags.Service
	Timeline     *timeline.Service
	Directory    *directory.Directory
	Staff        *directory.Staff
	Reports      *feed.Reports
	Cards        *cards.Service
	Addressbook  *addressbook.Keeper
	Followup     *followup.Service
	Recordings   *recordings.Keeper
	Morning      *morning.Reader
	Imports      *run.Runner
	Undo         *undo.Offers
	Audit        *audit.Log
	Now          func() time.Time
	Sessions     *sessions.Sessions
	Welcome      *welcome.Service
	Sandboxes    *sandbox.Sandboxes
	Metrics      *metrics.Metrics
	// Traces follow webhooks on their way; the zero value does not.
	Traces tracing.Provider
	// Ready tells whether requests are answered and what the PBX sends is kept.
	Ready http.Handler
	// Sources are the addresses that webhooks may come from; the zero value takes them from anywhere.
	Sources origin.Sources
	// Version is the server's; AppURL is where people get the app from, empty: the app does not say.
	Version, AppURL string
	// Encrypted says that people reach the server by https, be it through a proxy.
	Encrypted bool
	// PingEvery is how often an idle stream says that it lives; zero means 15 s.
	PingEvery time.Duration
	// StreamsOfSession is how many streams one session may have open; zero means 16.
	StreamsOfSession int
	// BodyIdle is how long a request's body or its answer may stand still; zero means 15 s.
	BodyIdle time.Duration
	// Router is the one that servers of the same version and the same kinds of PBXs share; nil: an own one.
	Router *Router
}

// Server is the whole HTTP surface.
type Server struct {
	Config
	handlers []any // by the place of their line in routes
	streams  *openStreams
	tracer   trace.Tracer
	closing  context.Context // done when the streams must end
	close    context.CancelFunc
}

const pingEvery = 15 * time.Second

// New builds the server's handler.
func New(cfg Config) *Server {
	if cfg.PingEvery == 0 {
		cfg.PingEvery = pingEvery
	}
	if cfg.StreamsOfSession == 0 {
		cfg.StreamsOfSession = streamsOfSession
	}
	cfg.BodyIdle = cmp.Or(cfg.BodyIdle, deadline.Idle)
	if cfg.Router == nil {
		cfg.Router = new(Router)
	}
	s := &Server{Config: cfg, streams: newOpenStreams(cfg.StreamsOfSession), tracer: cfg.Traces.Tracer()}
	s.closing, s.close = context.WithCancel(context.Background())
	routes := s.routes()
	for _, r := range routes {
		s.handlers = append(s.handlers, r.handler)
	}
	s.Router.once.Do(func() { s.Router.lay(cfg.Version, routes, s.Directory.Kinds()) })
	return s
}

// Handler is what an http.Server serves.
func (s *Server) Handler() http.Handler {
	return s.Timed(requestid.Handler(uuid.NewString, s.hookSlashes(s.guarded(s.withCaller(s.Router.mux)))))
}

// Timed puts the server's deadlines before another handler.
func (s *Server) Timed(next http.Handler) http.Handler { return deadline.Handler(s.BodyIdle, next) }

// OpenAPI is the description that /openapi.json serves.
func (s *Server) OpenAPI() *huma.OpenAPI { return s.Router.api.OpenAPI() }

// CloseStreams ends every open stream, so that a graceful stop need not wait for them.
func (s *Server) CloseStreams() { s.close() }

type ctxKey struct{}

// authenticate is admit as the router's middleware.
func authenticate(ctx huma.Context, next func(huma.Context)) {
	s := serverOf(ctx.Context())
	language := texts.Match(ctx.Header("Accept-Language"))
	ctx = huma.WithValue(ctx, langKey{}, language)
	e, session, code := s.admit(ctx.Context(), ctx.Operation().OperationID, ctx.Header("Authorization"))
	if code != "" {
		s.refuse(ctx, problem(code, language))
		return
	}
	ctx = huma.WithValue(ctx, ctxKey{}, e)
	next(huma.WithContext(ctx, aboutCall(withSession(ctx.Context(), session), ctx.Operation().Path, ctx.Param("id"))))
}

// nameRequest tells in a refusal which request was refused.
func nameRequest(ctx huma.Context, _ string, v any) (any, error) {
	if p, ok := v.(*client.Problem); ok {
		p.RequestID = requestid.Of(ctx.Context())
	}
	return v, nil
}

// aboutCall notes of a request to a call's address which call it is about.
func aboutCall(ctx context.Context, path, id string) context.Context {
	if strings.Contains(path, "/calls/{id}") && requestid.IsID(id) {
		return requestid.WithCall(ctx, id)
	}
	return ctx
}

// admit finds whose token it is, of which session, and whether their role may do the operation, by
// its line in routes. A refusal is the code of a problem.
func (s *Server) admit(ctx context.Context, operation, authorization string) (e client.Employee, session, refusal string) {
	need := s.Router.needs[operation] // none: nobody's
	if need == anybody {
		return e, "", ""
	}
	token, ok := strings.CutPrefix(authorization, "Bearer ")
	if !ok || token == "" {
		return e, "", "unauthorized"
	}
	of, e, err := s.Sessions.Of(ctx, token)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return e, "", "unauthorized"
	case err != nil:
		slog.ErrorContext(ctx, "session not read", "err", err)
		return e, "", inside(err)
	case !access.AtLeast(e.Role, need):
		return e, "", "forbidden"
	}
	return e, of.ID, ""
}

func (s *Server) refuse(ctx huma.Context, p *client.Problem) {
	p.RequestID = requestid.Of(ctx.Context())
	ctx.SetHeader("Content-Type", "application/problem+json")
	ctx.SetStatus(p.Status)
	s.Router.api.Marshal(ctx.BodyWriter(), "application/json", p)
}

func who(ctx context.Context) client.Employee {
	e, _ := ctx.Value(ctxKey{}).(client.Employee)
	return e
}
