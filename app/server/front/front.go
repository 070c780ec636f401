// Package front stands before an installation that holds several schools: it finds whose a request is, has that
// school opened and hands the request on. It keeps one school from using up what all share. What a request wants it
// does not know, and no school sees a request that is another's.
package front

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jellydator/ttlcache/v3"
	"golang.org/x/time/rate"

	"dozvon/app/server/api"
	"dozvon/app/server/deadline"
	"dozvon/app/server/origin"
	"dozvon/app/server/pbx"
	"dozvon/app/server/requestid"
	"dozvon/app/server/schools"
	"dozvon/client"
)

// Config is what a Front cannot do without. All fields but BaseHost, BodyIdle and Meter are required.
type Config struct {
	// Mirror knows which schools there are.
	Mirror *Mirror
	// Use gives a school until done is called; mayOpen is asked before a closed one is opened.
	Use func(ctx context.Context, name string, mayOpen func() error) (school http.Handler, done func(), err error)
	// BaseHost is the host whose subdomains are the schools' names; empty: none is.
	BaseHost string
	// Kinds are the PBXs that can be connected: some share an address among their accounts.
	Kinds []pbx.Kind
	// Sources tell where requests come from.
	Sources origin.Sources
	// Ready tells whether schools can be served.
	Ready http.Handler
	// BodyIdle is how long the body of a sign-in may stand still; zero means 15 s.
	BodyIdle time.Duration
	// Meter counts refusals; nil: nobody does.
	Meter Meter
}

// Meter counts requests that get to no school. Safe for concurrent use.
type Meter interface {
	// Refused is told of one by the code of its refusal, and whether it was a PBX's.
	Refused(code string, pbx bool)
}

const (
	// requestsMost and hooksMost bound what goes on for one school at once, beside its streams.
	requestsMost = 64
	hooksMost    = 128
	// openingsASecond is how many closed schools strangers may have opened: who has no password yet is one, and so
	// is a whole school after the server was restarted.
	openingsASecond, openingsBurst = 50, 200
	// openingsOfOne is the same for one address, a minute.
	openingsOfOne = 20
	// addressesKept bounds the addresses that are counted.
	addressesKept = 20_000
	// openLimit is how long a request waits for its school to be opened, which goes on without it.
	openLimit = 8 * time.Second
	// retryAfter is when it is worth asking again, in seconds.
	retryAfter = 2
)

// Front finds whose a request is. Safe for concurrent use.
type Front struct {
	Config
	handler  http.Handler
	going    sync.Map // school → *load
	openings *rate.Limiter
	of       *ttlcache.Cache[string, *rate.Limiter]
}

// load is what goes on for one school.
type load struct{ requests, hooks atomic.Int64 }

// New returns a Front.
func New(cfg Config) *Front {
	cfg.BodyIdle = cmp.Or(cfg.BodyIdle, deadline.Idle)
	f := &Front{
		Config: cfg, openings: rate.NewLimiter(openingsASecond, openingsBurst),
		of: ttlcache.New(ttlcache.WithTTL[string, *rate.Limiter](2*time.Minute), ttlcache.WithCapacity[string, *rate.Limiter](addressesKept)),
	}
	f.handler = requestid.Handler(uuid.NewString, http.HandlerFunc(f.serve))
	return f
}

// errStranger says that strangers have had enough schools opened for now.
var errStranger = errors.New("strangers have had many schools opened")

// ServeHTTP hands a request to its school.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.handler.ServeHTTP(w, r) }

func (f *Front) serve(w http.ResponseWriter, r *http.Request) {
	r.Header.Set(requestid.Header, requestid.Of(r.Context())) // the school takes the same
	path := plainPath(r.URL.Path)
	switch path {
	case "/healthz":
		w.Write([]byte("ok\n"))
		return
	case "/readyz":
		f.Ready.ServeHTTP(w, r)
		return
	}
	found, code := f.find(w, r, path)
	switch {
	case code != "":
		f.refuse(w, r, found, code)
	case len(found.schools) == 0 && path == welcomePath && r.Method == http.MethodGet:
		f.greet(w)
	case len(found.schools) == 0 && found.probe:
		w.WriteHeader(http.StatusOK)
	case len(found.schools) == 0:
		f.refuse(w, r, found, "no_school")
	case len(found.schools) == 1:
		if code := f.hand(w, r, found.schools[0], found); code != "" {
			f.refuse(w, r, found, code)
		}
	default:
		f.offer(w, r, found)
	}
}

// plainPath is a path without doubled slashes, which PBXs make of an address and the path of an event.
func plainPath(path string) string {
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	return path
}

// refuse answers a request that gets to no school. No path is logged: it may hold the secret word of an address.
func (f *Front) refuse(w http.ResponseWriter, r *http.Request, found finding, code string) {
	level := slog.LevelDebug
	if found.hook {
		level = slog.LevelWarn
	}
	slog.Log(r.Context(), level, "request refused", "why", code, "from", f.Sources.Of(r), "schools", found.schools)
	if f.Meter != nil {
		f.Meter.Refused(code, found.hook)
	}
	if strings.HasPrefix(code, "school_") {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	}
	w.Header().Set("Cache-Control", "no-store")
	api.Refuse(w, r, code)
}

// greet tells a stranger that a school must be named.
func (f *Front) greet(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	told := struct {
		Product      string `json:"product"`
		FirstAccount bool   `json:"first_account"`
		Schools      bool   `json:"schools"`
	}{Product: client.ProductName, Schools: true}
	if err := json.NewEncoder(w).Encode(told); err != nil {
		slog.Debug("welcome not sent", "err", err)
	}
}

// hand lets a school answer; else it returns the code of the refusal, and nothing was answered.
func (f *Front) hand(w http.ResponseWriter, r *http.Request, name string, found finding) (refusal string) {
	leave, ok := f.join(name, found, r)
	if !ok {
		return "school_busy"
	}
	defer leave()
	mayOpen := func() error { return nil }
	if !found.hook {
		mayOpen = func() error { return f.strangerMay(r) }
	}
	waiting, cancel := context.WithTimeout(r.Context(), openLimit)
	defer cancel()
	school, done, err := f.Use(waiting, name, mayOpen)
	switch {
	case err == nil:
	case errors.Is(err, schools.ErrBarred):
		return "school_suspended"
	case errors.Is(err, schools.ErrFull), errors.Is(err, errStranger):
		return "school_busy"
	case waiting.Err() != nil:
		return "school_away" // it is still being opened, perhaps brought up to date; or nobody is there to read this
	default:
		slog.WarnContext(r.Context(), "a school is not served", "school", name, "err", err)
		return "school_away"
	}
	defer done()
	school.ServeHTTP(w, r.WithContext(requestid.WithSchool(r.Context(), name)))
	return ""
}

// join counts a request among those of its school that go on; false: there are too many. Streams last for hours and
// cost little, so they are not counted.
func (f *Front) join(name string, found finding, r *http.Request) (leave func(), ok bool) {
	if found.lasting(r) {
		return func() {}, true
	}
	one, _ := f.going.LoadOrStore(name, new(load))
	count, most := &one.(*load).requests, int64(requestsMost)
	if found.hook {
		count, most = &one.(*load).hooks, hooksMost
	}
	if count.Add(1) > most {
		count.Add(-1)
		return nil, false
	}
	return func() { count.Add(-1) }, true
}

// strangerMay tells whether a closed school may be opened for somebody who has proved nothing yet.
func (f *Front) strangerMay(r *http.Request) error {
	from := f.Sources.Of(r).String()
	item, _ := f.of.GetOrSetFunc(from, func() *rate.Limiter { return rate.NewLimiter(rate.Every(time.Minute/openingsOfOne), openingsOfOne) })
	if !item.Value().Allow() || !f.openings.Allow() {
		return errStranger
	}
	return nil
}
