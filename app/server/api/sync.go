package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/crm"
	"dozvon/app/server/report"
	"dozvon/client"
)

// card shortens what exports are made of.
type card = crm.Card

var badZone = &crm.Invalid{Faults: []string{report.ErrZone.Error()}}

// put is the answer of a card that another CRM has sent: 201 when it was made, else 200.
type put[T any] struct {
	Status int
	Body   T
}

func putAnswer[T any](r client.SyncResult, record T) *put[T] {
	status := http.StatusOK
	if r.Outcome == client.SyncCreated {
		status = http.StatusCreated
	}
	return &put[T]{Status: status, Body: record}
}

func (s *Server) syncRoutes() {
	huma.Register(s.api, op("put-contract", http.MethodPut, "/contracts/by-number/{number}", "Make or change the contract with this number; the same again changes nothing"),
		func(ctx context.Context, in *struct {
			Number string `path:"number" maxLength:"64"`
			Body   client.ContractInput
		},
		) (*put[client.Contract], error) {
			in.Body.Number = &in.Number
			r, c, err := s.Switchboard.PutContract(ctx, who(ctx), in.Body)
			if err != nil {
				return nil, fail(ctx, err)
			}
			return putAnswer(r, c), nil
		})
	huma.Register(s.api, op("put-client", http.MethodPut, "/clients/by-external-id/{id}", "Make or change the client with this id in another CRM; the same again changes nothing"),
		func(ctx context.Context, in *struct {
			ID   string `path:"id" maxLength:"200"`
			Body client.ClientInput
		},
		) (*put[client.Client], error) {
			in.Body.ExternalID = &in.ID
			r, c, err := s.Switchboard.PutClient(ctx, who(ctx), in.Body)
			if err != nil {
				return nil, fail(ctx, err)
			}
			return putAnswer(r, c), nil
		})
	contracts := op("sync-contracts", http.MethodPost, "/sync/contracts", "Many contracts by number; each tells what became of it, one that is refused does not stop the others")
	contracts.MaxBodyBytes = syncBody
	huma.Register(s.api, contracts, func(ctx context.Context, in *body[client.SyncContracts]) (*body[client.SyncResults], error) {
		all, err := s.Switchboard.SyncContracts(ctx, who(ctx), in.Body.Items)
		return &body[client.SyncResults]{client.SyncResults{Items: all}}, fail(ctx, err)
	})
	clients := op("sync-clients", http.MethodPost, "/sync/clients", "Many clients by external id")
	clients.MaxBodyBytes = syncBody
	huma.Register(s.api, clients, func(ctx context.Context, in *body[client.SyncClients]) (*body[client.SyncResults], error) {
		all, err := s.Switchboard.SyncClients(ctx, who(ctx), in.Body.Items)
		return &body[client.SyncResults]{client.SyncResults{Items: all}}, fail(ctx, err)
	})
}

// syncBody bounds a batch: a thousand cards with long notes.
const syncBody = 16 << 20
