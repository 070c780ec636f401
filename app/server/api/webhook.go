package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/otel/trace"

	"dozvon/app/server/directory"
	"dozvon/app/server/hookbody"
	"dozvon/app/server/metrics"
	"dozvon/app/server/pbx"
	"dozvon/app/server/requestid"
	"dozvon/app/server/tracing"
)

// hookRoutes are the addresses that PBXs send their requests to: each integration's own, and those
// that kinds share among their accounts.
func (r *Router) hookRoutes(kinds []pbx.Kind) {
	r.mux.HandleFunc("POST "+directory.HookPath, webhook((*Server).receiveOwn))
	r.mux.HandleFunc("GET "+directory.HookPath, webhook((*Server).probeOwn)) // and HEAD
	for _, kind := range kinds {
		if kind.Shared == nil {
			continue
		}
		receive := webhook(func(s *Server, w http.ResponseWriter, r *http.Request) (string, pbx.Answer, error) {
			answer, err := s.receiveShared(w, r, kind)
			return kind.Name, answer, err
		})
		r.mux.HandleFunc("POST "+kind.Shared.Path, receive)
		r.mux.HandleFunc("POST "+kind.Shared.Path+"/", receive)
		for _, glued := range kind.Shared.Glued {
			r.mux.HandleFunc("POST "+kind.Shared.Path+glued, receive)
		}
	}
}

// isHook tells the address of a webhook.
func (s *Server) isHook(path string) bool {
	return strings.HasPrefix(path, directory.HookPath) || slices.ContainsFunc(s.Directory.Kinds(), func(k pbx.Kind) bool {
		return k.Shared != nil && strings.HasPrefix(path, k.Shared.Path)
	})
}

// receiver makes what a PBX tells durable and says what to answer. Nothing but an answer without an error
// says that all of the request is durable. kind is whose request it is, as far as its address tells.
type receiver func(*Server, http.ResponseWriter, *http.Request) (kind string, answer pbx.Answer, err error)

// webhook takes what a PBX sends, if it comes from where it may. No path is logged: it may hold the
// secret word of the address.
func webhook(receive receiver) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s := serverOf(r.Context())
		began := time.Now()
		ctx, span := s.tracer.Start(r.Context(), "webhook", trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		r = r.WithContext(ctx)
		kind, outcome, answer := metrics.Unknown, "foreign_source", pbx.Answer{Status: metrics.Outcomes["foreign_source"]}
		if from, ok := s.Sources.Allow(r); ok {
			kind, outcome, answer = s.answerTo(w, r, receive)
		} else {
			slog.WarnContext(r.Context(), "webhook refused", "why", "its address is not in the allow-list", "from", from)
		}
		s.Metrics.Webhook(kind, outcome, answer.Status, time.Since(began))
		span.SetAttributes(tracing.Kind.String(kind), tracing.Outcome.String(outcome), tracing.Status.Int(answer.Status), tracing.Request.String(requestid.Of(ctx)))
		if answer.ContentType != "" {
			w.Header().Set("Content-Type", answer.ContentType)
		}
		w.WriteHeader(answer.Status)
		if _, err := w.Write(answer.Body); err != nil && len(answer.Body) > 0 {
			slog.WarnContext(r.Context(), "the PBX did not wait for its answer", "err", err)
		}
	}
}

func (s *Server) answerTo(w http.ResponseWriter, r *http.Request, receive receiver) (kind, outcome string, answer pbx.Answer) {
	kind, answer, err := receive(s, w, r)
	kind = cmp.Or(kind, metrics.Unknown)
	if err == nil {
		answer.Status = cmp.Or(answer.Status, http.StatusOK)
		if r.Method != http.MethodPost {
			return kind, "probe", answer
		}
		return kind, metrics.Accepted, answer
	}
	outcome = outcomeOf(err)
	status := metrics.Outcomes[outcome]
	if status >= 500 {
		slog.ErrorContext(r.Context(), "webhook not stored", "err", err)
	} else {
		slog.WarnContext(r.Context(), "webhook refused", "from", r.RemoteAddr, "type", r.Header.Get("Content-Type"), "why", err)
	}
	return kind, outcome, pbx.Answer{Status: status}
}

func (s *Server) receiveShared(w http.ResponseWriter, r *http.Request, kind pbx.Kind) (pbx.Answer, error) {
	path, ok := hookPath(r, kind.Shared.Path)
	if !ok {
		return pbx.Answer{}, errHookPath
	}
	return s.deliver(w, r, path, func(ctx context.Context, req pbx.Request) (pbx.Answer, error) {
		return s.Calls.Deliver(ctx, kind.Name, req)
	})
}

func (s *Server) receiveOwn(w http.ResponseWriter, r *http.Request) (kind string, answer pbx.Answer, err error) {
	id, path, err := s.ownHook(r)
	if err != nil {
		return "", pbx.Answer{}, err
	}
	answer, err = s.deliver(w, r, path, func(ctx context.Context, req pbx.Request) (pbx.Answer, error) {
		answer, err := s.Calls.DeliverTo(ctx, id, req)
		if errors.Is(err, directory.ErrUnknownKey) { // disconnected meanwhile
			err = errNoHook
		}
		return answer, err
	})
	return s.kindOf(id), answer, err
}

// kindOf is the kind of an integration; empty when it is no more.
func (s *Server) kindOf(id string) string {
	if integration := s.Directory.Snapshot().Integration(id); integration != nil {
		return integration.KindOfPBX().Name
	}
	return ""
}

// probeOwn answers who looks whether the address is there, as PBXs do before they use it.
func (s *Server) probeOwn(_ http.ResponseWriter, r *http.Request) (kind string, answer pbx.Answer, err error) {
	id, _, err := s.ownHook(r)
	return s.kindOf(id), pbx.Answer{}, err
}

// ownHook finds the integration whose own address a request came to; errNoHook.
func (s *Server) ownHook(r *http.Request) (id, path string, err error) {
	path, ok := hookPath(r, directory.HookPath)
	if !ok {
		return "", "", errHookPath
	}
	ctx, cancel := context.WithTimeout(r.Context(), deliverLimit)
	defer cancel()
	id, path, err = s.Directory.Hooks.HookOf(ctx, path)
	if errors.Is(err, directory.ErrUnknownKey) {
		return "", "", errNoHook
	}
	return id, path, err
}

// deliverLimit is how long a PBX waits for us at most: a database that hangs must not keep it from
// sending again. What was begun may still become durable, and its repeat is then known.
const deliverLimit = 10 * time.Second

var (
	errDeliverSlow = errors.New("nothing was durable in time")
	// errHookPath says that a path is no text, or longer than any PBX's.
	errHookPath = errors.New("the path is no text, or too long")
	// errNoHook says that no integration has this word.
	errNoHook = errors.New("no integration has this address")
)

// deliver reads a request and hands it over, with an end.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, path string, hand func(context.Context, pbx.Request) (pbx.Answer, error)) (pbx.Answer, error) {
	body, err := hookbody.Read(w, r)
	if err != nil {
		return pbx.Answer{}, err
	}
	req := pbx.Request{Method: r.Method, Path: path, Query: r.URL.Query(), Header: r.Header, Body: body}
	ctx, cancel := context.WithTimeout(r.Context(), deliverLimit)
	defer cancel()
	type outcome struct {
		answer pbx.Answer
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				slog.ErrorContext(ctx, "webhook panicked", "panic", fmt.Sprint(r))
				done <- outcome{err: errors.New("internal error")}
			}
		}()
		answer, err := hand(ctx, req)
		done <- outcome{answer, err}
	}()
	select {
	case out := <-done:
		return out.answer, out.err
	case <-ctx.Done():
		return pbx.Answer{}, errDeliverSlow
	}
}

// outcomeOf is what became of a webhook that was not taken, one of metrics.Outcomes.
func outcomeOf(err error) string {
	switch {
	case errors.Is(err, errNoHook):
		return "unknown_address"
	case errors.Is(err, pbx.ErrForged):
		return "forged"
	case errors.Is(err, directory.ErrUnknownKey), errors.Is(err, directory.ErrHookSecret):
		return "unknown_account"
	case errors.Is(err, directory.ErrInactive):
		return "switched_off"
	case errors.Is(err, hookbody.ErrTooBig):
		return "too_big"
	case errors.Is(err, hookbody.ErrForeign), errors.Is(err, pbx.ErrForeign):
		return "foreign_form"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "slow_body"
	case errors.Is(err, hookbody.ErrBroken), errors.Is(err, errHookPath), errors.Is(err, pbx.ErrUnreadable):
		return "unreadable"
	case errors.Is(err, errDeliverSlow):
		return "not_in_time"
	}
	return "failed"
}
