// Package requestid gives every request an id, and log lines the ids of the request and of the call that they are
// about, and the name of the school where there are several: so a complaint with an id leads to its lines, and a call to
// all that was done for it.
package requestid

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"
)

// Header is where a request's id comes from, if a proxy or a program before us has given one, and goes to.
const Header = "X-Request-Id"

// wellFormed is what we take of others: it stands in logs and answers as it came.
var wellFormed = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:=/-]{0,127}$`)

// IsID tells whether a text may be one of our own ids, and no number that somebody has put in its place.
func IsID(text string) bool { return len(text) >= idLength && wellFormed.MatchString(text) }

// idLength is the least that an id of ours has; no telephone number is as long.
const idLength = 32

type (
	requestKey struct{}
	callKey    struct{}
	schoolKey  struct{}
)

// With notes which request a context is of.
func With(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// Of is the id of the request that a context is of; empty: it is of none.
func Of(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// WithCall notes which call a context is about.
func WithCall(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, callKey{}, id)
}

// WithSchool notes which of several schools a context is of.
func WithSchool(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, schoolKey{}, name)
}

// Handler gives every request an id: the one that it came with if that is well formed, else a new one. It is told
// in the answer.
func Handler(newID func() string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(Header)
		if !wellFormed.MatchString(id) {
			id = newID()
		}
		w.Header().Set(Header, id)
		next.ServeHTTP(w, r.WithContext(With(r.Context(), id)))
	})
}

const (
	requestAttr = "request"
	callAttr    = "call"
	schoolAttr  = "school"
)

// Logs adds the ids and the school in a line's context to the line.
func Logs(next slog.Handler) slog.Handler { return logs{next} }

type logs struct{ slog.Handler }

// Handle is slog.Handler's.
func (l logs) Handle(ctx context.Context, r slog.Record) error {
	if id := Of(ctx); id != "" {
		r.AddAttrs(slog.String(requestAttr, id))
	}
	if id, ok := ctx.Value(callKey{}).(string); ok && !has(r, callAttr) {
		r.AddAttrs(slog.String(callAttr, id))
	}
	if name, ok := ctx.Value(schoolKey{}).(string); ok && !has(r, schoolAttr) {
		r.AddAttrs(slog.String(schoolAttr, name))
	}
	return l.Handler.Handle(ctx, r)
}

// has tells whether a line names something itself.
func has(r slog.Record, key string) (found bool) {
	r.Attrs(func(a slog.Attr) bool {
		found = found || a.Key == key
		return !found
	})
	return found
}

// WithAttrs is slog.Handler's.
func (l logs) WithAttrs(attrs []slog.Attr) slog.Handler { return logs{l.Handler.WithAttrs(attrs)} }

// WithGroup is slog.Handler's.
func (l logs) WithGroup(name string) slog.Handler { return logs{l.Handler.WithGroup(name)} }
