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
	"dozvon/client"
)

// weakWords say why a password is not taken, by cause.
var weakWords = map[string]words{
	access.PasswordShort: {
		ru: "Пароль слишком короткий: нужно не меньше 8 знаков. Возьмите несколько слов, которые легко запомнить.",
		en: "The password is too short: at least 8 characters are needed. Take several words that are easy to remember.",
	},
	access.PasswordLong: {ru: "Пароль длиннее 1000 знаков.", en: "The password is longer than 1000 characters."},
	access.PasswordCommon: {
		ru: "Такой пароль подбирают первым: он из списка частых или состоит из повторов. Возьмите несколько слов, которые легко запомнить.",
		en: "This password is tried first: it is a common one, or made of repeats. Take several words that are easy to remember.",
	},
	access.PasswordLogin: {ru: "Пароль совпадает с логином. Придумайте другой.", en: "The password is the login itself. Choose another."},
}

// accessProblem tells what is wrong with a password, or for how long none is checked; nil when err
// is something else.
func accessProblem(err error, language string) error {
	var weak *access.WeakPassword
	if errors.As(err, &weak) {
		p := problem("weak_password", language)
		p.Detail = weakWords[weak.Cause].in(language)
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

func (w words) in(language string) string {
	if language == "en" {
		return w.en
	}
	return w.ru
}

// later says in a header after how long to try again.
func later(p *client.Problem, wait time.Duration) error {
	seconds := max(1, int(math.Ceil(wait.Seconds())))
	return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {strconv.Itoa(seconds)}})
}

// storable reports whether a text of an address can stand in the database: PostgreSQL takes neither
// NUL nor what is no UTF-8, so no record has such an id.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }
