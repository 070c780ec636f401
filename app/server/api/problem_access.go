package api

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/access"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// accessProblem tells what is wrong with a password, or for how long none is checked; nil when err
// is something else.
func accessProblem(err error, language string) error {
	var weak *access.WeakPassword
	if errors.As(err, &weak) {
		p := problem("weak_password", language)
		p.Detail = texts.Of("password." + weak.Cause).In(language)
		p.Fields = []string{"password: " + weak.Cause}
		return p
	}
	var empty *store.NoTries
	if errors.As(err, &empty) {
		return later(problem("too_many_tries", language), empty.Wait)
	}
	if errors.Is(err, access.ErrBusy) {
		return later(problem("busy", language), access.BusyFor)
	}
	return nil
}

// later says in a header after how long to try again.
func later(p *client.Problem, wait time.Duration) error {
	seconds := max(1, int(math.Ceil(wait.Seconds())))
	return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {strconv.Itoa(seconds)}})
}

// storable reports whether a text of an address can stand in the database: PostgreSQL takes neither
// NUL nor what is no UTF-8, so no record has such an id.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }
