package api

import (
	"context"
	"net/http"

	"dozvon/app/server/crm"
	"dozvon/app/server/wire"
	"dozvon/client"
)

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

// syncAPI takes cards from another CRM.
type syncAPI struct{ *Server }

func (s syncAPI) putContract(ctx context.Context, in *struct {
	Number string `path:"number" maxLength:"64"`
	Body   client.ContractInput
},
) (*put[client.Contract], error) {
	in.Body.Number = &in.Number
	r, c, err := s.Cards.Put(ctx, who(ctx), client.KindContract, wire.ContractInput(in.Body))
	if err != nil {
		return nil, err
	}
	return putAnswer(r, wire.Contract(c)), nil
}

func (s syncAPI) putClient(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"200"`
	Body client.ClientInput
},
) (*put[client.Client], error) {
	in.Body.ExternalID = &in.ID
	r, c, err := s.Cards.Put(ctx, who(ctx), client.KindClient, wire.ClientInput(in.Body))
	if err != nil {
		return nil, err
	}
	return putAnswer(r, wire.Client(c)), nil
}

// syncLimit bounds the body of a batch, in bytes: a thousand cards with long notes.
const syncLimit = 16 << 20

func (s syncAPI) contracts(ctx context.Context, in *body[client.SyncContracts]) (*body[client.SyncResults], error) {
	results, err := s.Cards.Sync(ctx, who(ctx), client.KindContract, inputs(in.Body.Items, wire.ContractInput))
	return one(client.SyncResults{Items: results}, err)
}

func (s syncAPI) clients(ctx context.Context, in *body[client.SyncClients]) (*body[client.SyncResults], error) {
	results, err := s.Cards.Sync(ctx, who(ctx), client.KindClient, inputs(in.Body.Items, wire.ClientInput))
	return one(client.SyncResults{Items: results}, err)
}

func inputs[T any](items []T, input func(T) crm.Input) []crm.Input {
	all := make([]crm.Input, len(items))
	for i, item := range items {
		all[i] = input(item)
	}
	return all
}
