package outbound

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"time"
)

// Meter is told of every request to a PBX. Safe for concurrent use.
type Meter interface {
	// Request is told of one to a PBX of a kind: how it ended, and how long the head of the answer took.
	Request(kind, outcome string, took time.Duration)
}

// Outcomes of a request as a Meter is told them.
const (
	Answered    = "answered"
	Throttled   = "throttled"   // 429
	Refused     = "refused"     // any other 4xx
	Failed      = "failed"      // 5xx
	Forbidden   = "forbidden"   // the address is not one that we connect to
	TimedOut    = "timed_out"   // no answer in time
	Cancelled   = "cancelled"   // nobody waited any more
	Unreachable = "unreachable" // no connection, or it broke
)

// Outcomes are all of them.
var Outcomes = []string{Answered, Throttled, Refused, Failed, Forbidden, TimedOut, Cancelled, Unreachable}

// For is the policy for the requests to PBXs of a kind.
func (p Policy) For(kind string) Policy {
	p.kind = kind
	return p
}

// RoundTripper makes connections as Transport does, and tells the policy's meter of each request.
func (p Policy) RoundTripper() http.RoundTripper {
	if p.Meter == nil {
		return p.Transport()
	}
	return metered{next: p.Transport(), kind: p.kind, meter: p.Meter}
}

type metered struct {
	next  http.RoundTripper
	kind  string
	meter Meter
}

func (m metered) RoundTrip(req *http.Request) (*http.Response, error) {
	began := time.Now()
	resp, err := m.next.RoundTrip(req)
	m.meter.Request(m.kind, outcomeOf(resp, err), time.Since(began))
	return resp, err
}

// CloseIdleConnections lets http.Client's reach the connections.
func (m metered) CloseIdleConnections() { closeIdle(m.next) }

func closeIdle(t http.RoundTripper) {
	if c, ok := t.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

func outcomeOf(resp *http.Response, err error) string {
	var slow net.Error
	switch {
	case err == nil && resp.StatusCode == http.StatusTooManyRequests:
		return Throttled
	case err == nil && resp.StatusCode >= http.StatusInternalServerError:
		return Failed
	case err == nil && resp.StatusCode >= http.StatusBadRequest:
		return Refused
	case err == nil:
		return Answered
	case errors.Is(err, ErrForbidden):
		return Forbidden
	case errors.Is(err, context.Canceled):
		return Cancelled
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return TimedOut
	}
	return Unreachable
}
