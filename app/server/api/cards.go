package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/client"
)

type cardQuery struct {
	Paging
	Q string `query:"q" maxLength:"200"`
}

func (s *Server) clientRoutes() {
	huma.Register(s.api, op("list-clients", http.MethodGet, "/clients", "Clients and leads, newest first"),
		func(ctx context.Context, in *cardQuery) (*body[client.Page[client.Client]], error) {
			return listCards(ctx, in, s.Store.Clients, func(c client.Client) store.Cursor {
				return store.Cursor{At: c.CreatedAt.UnixMilli(), ID: c.ID}
			})
		})
	create := op("create-client", http.MethodPost, "/clients", "Make a client or lead; earlier calls of its numbers bind to it")
	create.DefaultStatus = http.StatusCreated
	huma.Register(s.api, create, func(ctx context.Context, in *body[client.ClientInput]) (*body[client.Client], error) {
		c, err := s.Switchboard.SaveClient(ctx, who(ctx), "", in.Body)
		return &body[client.Client]{c}, fail(ctx, err)
	})
	huma.Register(s.api, op("get-client", http.MethodGet, "/clients/{id}", "One client"), func(ctx context.Context, in *byID) (*body[client.Client], error) {
		c, err := s.Store.Client(ctx, in.ID)
		return &body[client.Client]{c}, fail(ctx, err)
	})
	huma.Register(s.api, op("update-client", http.MethodPatch, "/clients/{id}", "Change the given fields"),
		func(ctx context.Context, in *withBody[client.ClientInput]) (*body[client.Client], error) {
			c, err := s.Switchboard.SaveClient(ctx, who(ctx), in.ID, in.Body)
			return &body[client.Client]{c}, fail(ctx, err)
		})
	s.deleteCard("delete-client", "/clients/{id}", client.KindClient)
}

func (s *Server) contractRoutes() {
	huma.Register(s.api, op("list-contracts", http.MethodGet, "/contracts", "Contracts, newest first"),
		func(ctx context.Context, in *cardQuery) (*body[client.Page[client.Contract]], error) {
			return listCards(ctx, in, s.Store.Contracts, func(c client.Contract) store.Cursor {
				return store.Cursor{At: c.CreatedAt.UnixMilli(), ID: c.ID}
			})
		})
	create := op("create-contract", http.MethodPost, "/contracts", "Make a contract; earlier calls of its numbers bind to it")
	create.DefaultStatus = http.StatusCreated
	huma.Register(s.api, create, func(ctx context.Context, in *body[client.ContractInput]) (*body[client.Contract], error) {
		c, err := s.Switchboard.SaveContract(ctx, who(ctx), "", in.Body)
		return &body[client.Contract]{c}, fail(ctx, err)
	})
	huma.Register(s.api, op("get-contract", http.MethodGet, "/contracts/{id}", "One contract"), func(ctx context.Context, in *byID) (*body[client.Contract], error) {
		c, err := s.Store.Contract(ctx, in.ID)
		return &body[client.Contract]{c}, fail(ctx, err)
	})
	huma.Register(s.api, op("update-contract", http.MethodPatch, "/contracts/{id}", "Change the given fields"),
		func(ctx context.Context, in *withBody[client.ContractInput]) (*body[client.Contract], error) {
			c, err := s.Switchboard.SaveContract(ctx, who(ctx), in.ID, in.Body)
			return &body[client.Contract]{c}, fail(ctx, err)
		})
	s.deleteCard("delete-contract", "/contracts/{id}", client.KindContract)
}

func (s *Server) deleteCard(id, path string, kind client.SubjectKind) {
	o := op(id, http.MethodDelete, path, "Delete")
	o.DefaultStatus = http.StatusNoContent
	huma.Register(s.api, o, func(ctx context.Context, in *byID) (*empty, error) {
		return nil, fail(ctx, s.Switchboard.DeleteCard(ctx, who(ctx), client.SubjectRef{Kind: kind, ID: in.ID}))
	})
}

func listCards[T any](ctx context.Context, in *cardQuery, list func(context.Context, string, store.Cursor, int) ([]T, error), at func(T) store.Cursor) (*body[client.Page[T]], error) {
	cursor, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, fail(ctx, err)
	}
	items, err := list(ctx, crm.FoldNeedle(in.Q), cursor, in.Limit)
	if err != nil {
		return nil, fail(ctx, err)
	}
	page := client.Page[T]{Items: items}
	if len(items) == in.Limit {
		page.NextCursor = at(items[len(items)-1]).String()
	}
	return &body[client.Page[T]]{page}, nil
}
