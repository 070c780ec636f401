package client

import (
	"context"
	"net/http"
	"net/url"
)

// What became of a card that another CRM has sent.
const (
	SyncCreated   = "created"
	SyncChanged   = "changed"
	SyncUnchanged = "unchanged"
	SyncRefused   = "refused"
)

// SyncContracts are contracts of another CRM; each needs its number.
type SyncContracts struct {
	Items []ContractInput `json:"items" minItems:"1" maxItems:"1000"`
}

// SyncClients are clients of another CRM; each needs its external id.
type SyncClients struct {
	Items []ClientInput `json:"items" minItems:"1" maxItems:"1000"`
}

// SyncResults tells of each card of a batch, in its order.
type SyncResults struct {
	Items []SyncResult `json:"items"`
}

// SyncResult is what became of one card.
type SyncResult struct {
	Outcome string   `json:"outcome" enum:"created,changed,unchanged,refused"`
	ID      string   `json:"id,omitempty"`
	Fields  []string `json:"fields,omitempty" doc:"Why it was refused"`
}

// PutContract makes or changes the contract with a number; the same again changes nothing.
func (a *API) PutContract(ctx context.Context, number string, in ContractInput) (Contract, error) {
	return send[Contract](ctx, a, http.MethodPut, "/contracts/by-number/"+url.PathEscape(number), in)
}

// PutClient makes or changes the client with an id in another CRM.
func (a *API) PutClient(ctx context.Context, externalID string, in ClientInput) (Client, error) {
	return send[Client](ctx, a, http.MethodPut, "/clients/by-external-id/"+url.PathEscape(externalID), in)
}

// SyncContracts sends many contracts at once.
func (a *API) SyncContracts(ctx context.Context, items []ContractInput) ([]SyncResult, error) {
	out, err := send[SyncResults](ctx, a, http.MethodPost, "/sync/contracts", SyncContracts{Items: items})
	return out.Items, err
}

// SyncClients sends many clients at once.
func (a *API) SyncClients(ctx context.Context, items []ClientInput) ([]SyncResult, error) {
	out, err := send[SyncResults](ctx, a, http.MethodPost, "/sync/clients", SyncClients{Items: items})
	return out.Items, err
}
