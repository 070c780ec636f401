package client

import (
	"context"
	"net/http"
	"net/url"
)

// SubjectKind tells which register a subject stands in.
type SubjectKind string

// A number belongs to a contract first, else to a client.
const (
	KindContract SubjectKind = "contract"
	KindClient   SubjectKind = "client"
)

// Subject is who a number belongs to.
type Subject struct {
	Kind        SubjectKind `json:"kind" enum:"contract,client"`
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Detail      string      `json:"detail,omitempty" doc:"Contract: its number, category and group. Client: lead or client"`
	DetailEN    string      `json:"detail_en,omitempty" doc:"The same in English"`
	Responsible *Person     `json:"responsible,omitempty"`
	// Status of a contract: active, finished or cancelled; of a client: new, contacted, thinking,
	// enrolled or refused.
	Status string `json:"status,omitempty"`
}

// SubjectRef points at a contract or client.
type SubjectRef struct {
	Kind SubjectKind `json:"kind" enum:"contract,client"`
	ID   string      `json:"id" minLength:"1"`
}

// Lookup finds whom a number belongs to, contract first.
func (a *API) Lookup(ctx context.Context, phone string) ([]Subject, error) {
	out, err := send[struct {
		Matches []Subject `json:"matches"`
	}](ctx, a, http.MethodGet, "/lookup?phone="+url.QueryEscape(phone), nil)
	return out.Matches, err
}
