package client

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// MissedState is where a missed caller stands.
type MissedState string

// States of a missed caller: nobody has cared yet, somebody took it, a talk settled it, somebody
// said that no call-back is needed.
const (
	MissedWaiting   MissedState = "waiting"
	MissedTaken     MissedState = "taken"
	MissedSettled   MissedState = "settled"
	MissedDismissed MissedState = "dismissed"
)

// MissedCaller is one row of the queue of missed calls: a caller, not a call.
type MissedCaller struct {
	Phone   string      `json:"phone"`
	State   MissedState `json:"state" enum:"waiting,taken,settled,dismissed"`
	Subject *Subject    `json:"subject"`
	// Rings counts the tries since the last talk; short ones right after each other are one.
	Rings    int        `json:"rings"`
	FirstAt  time.Time  `json:"first_at"`
	LastAt   time.Time  `json:"last_at"`
	RedAt    *time.Time `json:"red_at,omitempty" doc:"When it has waited for too long"`
	Line     string     `json:"line,omitempty"`
	LineName string     `json:"line_name,omitempty"`
	TakenBy  *Person    `json:"taken_by,omitempty"`
	TakenAt  *time.Time `json:"taken_at,omitempty"`
	ClosedAt *time.Time `json:"closed_at,omitempty"`
	ClosedBy *Person    `json:"closed_by,omitempty" doc:"Who talked with the caller, or said that no call-back is needed"`
	CallID   string     `json:"call_id,omitempty" doc:"The talk that settled it"`
	Reason   string     `json:"reason,omitempty" doc:"Why no call-back is needed"`
}

// DismissMissed says why a missed caller needs no call-back.
type DismissMissed struct {
	Reason string `json:"reason,omitempty" maxLength:"300"`
}

// Missed reads a page of the queue of missed callers in some states; none are those that wait.
func (a *API) Missed(ctx context.Context, cursor string, states ...MissedState) (Page[MissedCaller], error) {
	q := url.Values{"limit": {"200"}}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	var names []string
	for _, s := range states {
		names = append(names, string(s))
	}
	if len(names) > 0 {
		q.Set("state", strings.Join(names, ","))
	}
	return send[Page[MissedCaller]](ctx, a, http.MethodGet, "/missed?"+q.Encode(), nil)
}

// TakeMissed says that oneself will call back.
func (a *API) TakeMissed(ctx context.Context, phone string) (MissedCaller, error) {
	return send[MissedCaller](ctx, a, http.MethodPost, "/missed/"+url.PathEscape(phone)+"/take", struct{}{})
}

// ReleaseMissed gives a caller back to the queue.
func (a *API) ReleaseMissed(ctx context.Context, phone string) (MissedCaller, error) {
	return send[MissedCaller](ctx, a, http.MethodPost, "/missed/"+url.PathEscape(phone)+"/release", struct{}{})
}

// DismissMissed says that no call-back is needed.
func (a *API) DismissMissed(ctx context.Context, phone, reason string) (MissedCaller, error) {
	return send[MissedCaller](ctx, a, http.MethodPost, "/missed/"+url.PathEscape(phone)+"/dismiss", DismissMissed{Reason: reason})
}
