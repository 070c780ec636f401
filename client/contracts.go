package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Statuses of a contract; a lookup finds the active ones first.
const (
	StatusActive    = "active"
	StatusFinished  = "finished"
	StatusCancelled = "cancelled"
)

// Contract is the school's contract with a student; Name is the student's full name.
type Contract struct {
	ID          string    `json:"id"`
	Number      string    `json:"number"`
	Name        string    `json:"name"`
	Phones      []string  `json:"phones"`
	ClientID    string    `json:"client_id,omitempty"`
	Category    string    `json:"category,omitempty"`
	Group       string    `json:"group,omitempty"`
	SignedOn    string    `json:"signed_on,omitempty" doc:"YYYY-MM-DD"`
	Note        string    `json:"note,omitempty"`
	PhoneList   []Phone   `json:"phone_list" doc:"The numbers with their labels, and what could not be read as a number"`
	Tags        []string  `json:"tags"`
	Status      string    `json:"status" enum:"active,finished,cancelled"`
	ExternalID  string    `json:"external_id,omitempty" doc:"The contract's id in another CRM"`
	Responsible *Person   `json:"responsible,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	// ETag goes into If-Match of a change, see API.IfMatch.
	ETag string `json:"etag,omitempty"`
	Removed
}

// ContractInput creates or changes a contract; on a change, absent fields stay.
type ContractInput struct {
	Number        *string   `json:"number,omitempty" maxLength:"64"`
	Name          *string   `json:"name,omitempty" maxLength:"300"`
	Phones        *[]string `json:"phones,omitempty" doc:"In any spelling; what is no number is kept as typed and marked"`
	PhoneList     *[]Phone  `json:"phone_list,omitempty" doc:"Instead of phones, with labels"`
	Tags          *[]string `json:"tags,omitempty"`
	Status        *string   `json:"status,omitempty" enum:"active,finished,cancelled"`
	ExternalID    *string   `json:"external_id,omitempty" maxLength:"200"`
	ClientID      *string   `json:"client_id,omitempty"`
	Category      *string   `json:"category,omitempty" maxLength:"32"`
	Group         *string   `json:"group,omitempty" maxLength:"64"`
	SignedOn      *string   `json:"signed_on,omitempty" maxLength:"10"`
	Note          *string   `json:"note,omitempty" maxLength:"10000"`
	ResponsibleID *string   `json:"responsible_id,omitempty"`
}

// Contracts lists contracts, newest first; q filters by name, number or phone.
func (a *API) Contracts(ctx context.Context, q, cursor string) (Page[Contract], error) {
	return send[Page[Contract]](ctx, a, http.MethodGet, listPath("/contracts", q, cursor), nil)
}

// FindContracts reads a page of the contracts that a filter lets through, newest first.
func (a *API) FindContracts(ctx context.Context, q CardQuery) (Page[Contract], error) {
	return send[Page[Contract]](ctx, a, http.MethodGet, "/contracts?"+q.Values().Encode(), nil)
}

// ContractsOf lists the contracts of one client.
func (a *API) ContractsOf(ctx context.Context, clientID string) (Page[Contract], error) {
	return send[Page[Contract]](ctx, a, http.MethodGet, "/contracts?client_id="+url.QueryEscape(clientID), nil)
}

// Contract reads one contract.
func (a *API) Contract(ctx context.Context, id string) (Contract, error) {
	return send[Contract](ctx, a, http.MethodGet, "/contracts/"+url.PathEscape(id), nil)
}

// CreateContract makes a contract; earlier calls of its numbers bind to it.
func (a *API) CreateContract(ctx context.Context, in ContractInput) (Contract, error) {
	return send[Contract](ctx, a, http.MethodPost, "/contracts", in)
}

// UpdateContract changes the given fields.
func (a *API) UpdateContract(ctx context.Context, id string, in ContractInput) (Contract, error) {
	return send[Contract](ctx, a, http.MethodPatch, "/contracts/"+url.PathEscape(id), in)
}
