package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Statuses of a client's card, in the order in which a client goes through them.
const (
	StatusNew       = "new"
	StatusContacted = "contacted"
	StatusThinking  = "thinking"
	StatusEnrolled  = "enrolled"
	StatusRefused   = "refused"
)

// Client is a card of the CRM: a lead, or a client.
type Client struct {
	ID          string    `json:"id"`
	Kind        string    `json:"kind" enum:"lead,client"`
	Name        string    `json:"name"`
	Phones      []string  `json:"phones"`
	PhoneList   []Phone   `json:"phone_list" doc:"The numbers with their labels, and what could not be read as a number"`
	Email       string    `json:"email,omitempty"`
	Note        string    `json:"note,omitempty"`
	Tags        []string  `json:"tags"`
	Status      string    `json:"status" enum:"new,contacted,thinking,enrolled,refused"`
	ExternalID  string    `json:"external_id,omitempty" doc:"The client's id in another CRM"`
	Responsible *Person   `json:"responsible,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	// ETag goes into If-Match of a change, see API.IfMatch.
	ETag string `json:"etag,omitempty"`
	Removed
}

// ClientInput creates or changes a client; on a change, absent fields stay.
type ClientInput struct {
	Kind          *string   `json:"kind,omitempty" enum:"lead,client"`
	Name          *string   `json:"name,omitempty" maxLength:"300"`
	Phones        *[]string `json:"phones,omitempty" doc:"In any spelling; what is no number is kept as typed and marked"`
	PhoneList     *[]Phone  `json:"phone_list,omitempty" doc:"Instead of phones, with labels"`
	Tags          *[]string `json:"tags,omitempty"`
	Status        *string   `json:"status,omitempty" enum:"new,contacted,thinking,enrolled,refused"`
	ExternalID    *string   `json:"external_id,omitempty" maxLength:"200"`
	Email         *string   `json:"email,omitempty" maxLength:"300"`
	Note          *string   `json:"note,omitempty" maxLength:"10000"`
	ResponsibleID *string   `json:"responsible_id,omitempty"`
}

// Clients lists clients and leads by name; q filters by name or number.
func (a *API) Clients(ctx context.Context, q, cursor string) (Page[Client], error) {
	return send[Page[Client]](ctx, a, http.MethodGet, listPath("/clients", q, cursor), nil)
}

// FindClients reads a page of the clients that a filter lets through, newest first.
func (a *API) FindClients(ctx context.Context, q CardQuery) (Page[Client], error) {
	return send[Page[Client]](ctx, a, http.MethodGet, "/clients?"+q.Values().Encode(), nil)
}

// DeletedClients lists the clients that can be restored.
func (a *API) DeletedClients(ctx context.Context, cursor string) (Page[Client], error) {
	q := url.Values{"deleted": {"true"}}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	return send[Page[Client]](ctx, a, http.MethodGet, "/clients?"+q.Encode(), nil)
}

// Client reads one client.
func (a *API) Client(ctx context.Context, id string) (Client, error) {
	return send[Client](ctx, a, http.MethodGet, "/clients/"+url.PathEscape(id), nil)
}

// CreateClient makes a lead or client; earlier calls of its numbers bind to it.
func (a *API) CreateClient(ctx context.Context, in ClientInput) (Client, error) {
	return send[Client](ctx, a, http.MethodPost, "/clients", in)
}

// UpdateClient changes the given fields.
func (a *API) UpdateClient(ctx context.Context, id string, in ClientInput) (Client, error) {
	return send[Client](ctx, a, http.MethodPatch, "/clients/"+url.PathEscape(id), in)
}

// DeleteClient hides a client; its calls go to whom the lookup finds then.
func (a *API) DeleteClient(ctx context.Context, id string) error {
	_, err := send[struct{}](ctx, a, http.MethodDelete, "/clients/"+url.PathEscape(id), nil)
	return err
}
