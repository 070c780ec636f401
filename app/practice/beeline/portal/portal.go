// Package portal is how the practice PBX of Beeline says things over HTTP: its refusals, its page for
// people, its way of writing numbers and dates. What it answers is elsewhere.
package portal

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"dozvon/app/practice/control"
)

// Words for what is refused. Only BadRequest was seen; the other words, and all HTTP statuses, are
// those of the samples (inferred).
const (
	BadRequest           = "BadRequest"
	Unauthorized         = "Unauthorized"
	NotFound             = "NotFound"
	AbonentNotFound      = "AbonentNotFound"
	SubscriptionNotFound = "SubscriptionNotFound"
	RecordNotFound       = "RecordNotFound"
	TooManyRequests      = "TooManyRequests"
	Unavailable          = "ServiceUnavailable"
)

// Refusal is an answer that says no.
type Refusal struct {
	Code        string `json:"errorCode"`
	Description string `json:"description"`
}

// Refuse answers with a refusal.
func Refuse(w http.ResponseWriter, status int, code, description string) {
	control.JSON(w, status, Refusal{Code: code, Description: description})
}

// RefuseBad refuses a request that makes no sense.
func RefuseBad(w http.ResponseWriter, description string) {
	Refuse(w, http.StatusBadRequest, BadRequest, description)
}

// ReadJSON reads a request's body; it reports false once it has refused it.
func ReadJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		RefuseBad(w, "Некорректный запрос")
		return false
	}
	return true
}

// Page answers with the portal's page for people.
func Page(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, "<!DOCTYPE html><html><head><title>Облачная АТС</title></head><body>Вход</body></html>\n")
}

// BareString answers with a JSON string and nothing around it.
func BareString(w http.ResponseWriter, value string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `"`+value+`"`) // a client that went away needs no answer
}

// Ten writes a number as most answers do: ten digits of +7, else all of them with a plus.
func Ten(digits string) string {
	if rest, ok := strings.CutPrefix(digits, "7"); ok && len(rest) == 10 {
		return rest
	}
	if digits == "" {
		return ""
	}
	return "+" + digits
}

// Span is a part of time in ms since the epoch; 0 is open.
type Span struct{ From, To int64 }

// Has reports whether a moment is in the span.
func (s Span) Has(ms int64) bool { return ms >= s.From && (s.To == 0 || ms <= s.To) }

// SpanOf reads the dates of a query in every form that was seen: with or without ms, with or without
// zone (UTC then).
func SpanOf(from, to string) (s Span, ok bool) {
	if s.From, ok = dateOf(from); !ok {
		return s, false
	}
	s.To, ok = dateOf(to)
	return s, ok
}

func dateOf(text string) (ms int64, ok bool) {
	if text == "" {
		return 0, true
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UnixMilli(), true
		}
	}
	return 0, false
}
