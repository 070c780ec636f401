package client

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Problem is an error answer of the API (RFC 9457) with a stable code.
type Problem struct {
	Type    string   `json:"type,omitempty"`
	Title   string   `json:"title"`
	Status  int      `json:"status"`
	Code    string   `json:"code"`
	Detail  string   `json:"detail"`
	PBXCode int      `json:"pbx_code,omitempty" doc:"The PBX's own result code, with code pbx_refused"`
	Fields  []string `json:"fields,omitempty" doc:"Which fields were wrong, and why"`
	// ChangedBy and ChangedAt tell, with code conflict, who changed the record meanwhile; ChangedBy is
	// absent when a program did. ETag is the record's present one.
	ChangedBy *Person    `json:"changed_by,omitempty"`
	ChangedAt *time.Time `json:"changed_at,omitempty"`
	ETag      string     `json:"etag,omitempty"`
	RequestID string     `json:"request_id,omitempty" doc:"The request's X-Request-Id, by which the server's log is searched"`
}

func (p *Problem) Error() string {
	if p.Detail == "" {
		return fmt.Sprintf("%s (%s)", p.Title, p.Code)
	}
	return fmt.Sprintf("%s (%s)", p.Detail, p.Code)
}

// RefusesField tells whether a request was refused for one of its fields, as a server does that does not know it yet: it
// has done nothing, and takes the request without.
func RefusesField(err error, field string) bool {
	var refused *Problem
	return errors.As(err, &refused) && refused.Status == http.StatusUnprocessableEntity &&
		slices.ContainsFunc(refused.Fields, func(fault string) bool { return strings.Contains(fault, field) })
}

// GetStatus tells the HTTP status; the server's router asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType keeps the answer application/problem+json.
func (p *Problem) ContentType(string) string { return "application/problem+json" }
