package client

import (
	"context"
	"net/http"
	"net/url"
)

// CardQuery filters the list of clients or contracts; zero fields do not filter.
type CardQuery struct {
	Q           string
	Status, Tag string
	Responsible string // employee id
	ClientID    string // contracts of one client
	Kind        string // clients: lead or client
	Deleted     bool   // the deleted ones instead
	Cursor      string
}

// Values is the filter as the lists and their exports take it.
func (q CardQuery) Values() url.Values {
	v := url.Values{}
	for key, value := range map[string]string{
		"q": q.Q, "status": q.Status, "tag": q.Tag, "responsible_id": q.Responsible, "client_id": q.ClientID,
		"kind": q.Kind, "cursor": q.Cursor,
	} {
		if value != "" {
			v.Set(key, value)
		}
	}
	if q.Deleted {
		v.Set("deleted", "true")
	}
	return v
}

// FindClients reads a page of the clients that a filter lets through, newest first.
func (a *API) FindClients(ctx context.Context, q CardQuery) (Page[Client], error) {
	return send[Page[Client]](ctx, a, http.MethodGet, "/clients?"+q.Values().Encode(), nil)
}

// FindContracts reads a page of the contracts that a filter lets through, newest first.
func (a *API) FindContracts(ctx context.Context, q CardQuery) (Page[Contract], error) {
	return send[Page[Contract]](ctx, a, http.MethodGet, "/contracts?"+q.Values().Encode(), nil)
}
