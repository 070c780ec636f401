package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// AuditEntry is one thing that somebody did, heard, exported or changed.
type AuditEntry struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	// Employee is absent for commands of the server's own machine (Login is "console" then) and for a
	// sign-in with a login that nobody has.
	Employee *Person `json:"employee,omitempty"`
	Login    string  `json:"login,omitempty" doc:"As it was then"`
	Action   string  `json:"action" doc:"A fixed word, e.g. listen, export, role"`
	// Target is what it was done to, kind:id or a bare name; TargetName is what people call it today.
	Target     string            `json:"target,omitempty"`
	TargetName string            `json:"target_name,omitempty"`
	Detail     map[string]string `json:"detail,omitempty" doc:"A few short values, never a secret"`
	Address    string            `json:"address,omitempty" doc:"IP address of the asking program"`
	SessionID  string            `json:"session_id,omitempty"`
}

// AuditQuery filters the audit; zero fields do not filter.
type AuditQuery struct {
	From, To time.Time
	Employee string
	Actions  []string
	Target   string
	Cursor   string
	Limit    int
}

// Audit reads a page of who did what, newest first.
func (a *API) Audit(ctx context.Context, q AuditQuery) (Page[AuditEntry], error) {
	v := url.Values{}
	for key, value := range map[string]string{
		"employee": q.Employee, "action": strings.Join(q.Actions, ","), "target": q.Target, "cursor": q.Cursor,
	} {
		if value != "" {
			v.Set(key, value)
		}
	}
	for key, at := range map[string]time.Time{"from": q.From, "to": q.To} {
		if !at.IsZero() {
			v.Set(key, at.UTC().Format(time.RFC3339Nano))
		}
	}
	if q.Limit > 0 {
		v.Set("limit", strconv.Itoa(q.Limit))
	}
	return send[Page[AuditEntry]](ctx, a, http.MethodGet, "/audit?"+v.Encode(), nil)
}
