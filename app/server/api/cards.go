package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/crm"
	"dozvon/app/server/revision"
	"dozvon/app/server/search"
	"dozvon/app/server/store"
	"dozvon/client"
)

type cardQuery struct {
	Paging
	Q             string `query:"q" maxLength:"200"`
	Status        string `query:"status"`
	Tag           string `query:"tag" maxLength:"60"`
	ResponsibleID string `query:"responsible_id"`
	ClientID      string `query:"client_id" doc:"Contracts of one client"`
	Kind          string `query:"kind" enum:"lead,client," doc:"Leads or clients"`
	Deleted       bool   `query:"deleted" doc:"The deleted ones instead"`
}

// filter refuses what the other kind of card has: left out, it would give everything.
func (q *cardQuery) filter(kind client.SubjectKind) (store.CardFilter, error) {
	f := store.CardFilter{
		Query: search.Parse(q.Q), Status: q.Status, Tag: q.Tag, Responsible: q.ResponsibleID, ClientID: q.ClientID,
		LeadKind: q.Kind, Deleted: q.Deleted,
	}
	switch {
	case kind == client.KindClient && q.ClientID != "":
		return f, &crm.Invalid{Faults: []string{"client_id: it picks contracts, a client has none"}}
	case kind == client.KindContract && q.Kind != "":
		return f, &crm.Invalid{Faults: []string{"kind: it picks clients and leads, a contract has none"}}
	}
	return f, nil
}

func (s *Server) clientRoutes() {
	huma.Register(s.api, op("list-clients", http.MethodGet, "/clients", "Clients and leads, newest first"),
		func(ctx context.Context, in *cardQuery) (*body[client.Page[client.Client]], error) {
			return listCards(ctx, s, client.KindClient, in, func(c crm.Card) client.Client { return *c.Client })
		})
	create := op("create-client", http.MethodPost, "/clients", "Make a client or lead; earlier calls of its numbers bind to it")
	create.DefaultStatus = http.StatusCreated
	huma.Register(s.api, create, func(ctx context.Context, in *body[client.ClientInput]) (*tagged[client.Client], error) {
		c, err := s.Switchboard.SaveClient(ctx, who(ctx), "", in.Body)
		return &tagged[client.Client]{c.ETag, c}, fail(ctx, err)
	})
	huma.Register(s.api, op("get-client", http.MethodGet, "/clients/{id}", "One client"), func(ctx context.Context, in *byID) (*tagged[client.Client], error) {
		c, err := s.Store.Client(ctx, in.ID)
		return &tagged[client.Client]{c.ETag, c}, fail(ctx, err)
	})
	huma.Register(s.api, op("update-client", http.MethodPatch, "/clients/{id}", "Change the given fields"),
		func(ctx context.Context, in *changeOf[client.ClientInput]) (*tagged[client.Client], error) {
			c, err := s.Switchboard.SaveClient(revision.Expect(ctx, in.IfMatch.IfMatch), who(ctx), in.ID, in.Body)
			return &tagged[client.Client]{c.ETag, c}, fail(ctx, err)
		})
	cardActs(s, client.KindClient, "client", "/clients/{id}", func(c crm.Card) client.Client { return *c.Client })
}

func (s *Server) contractRoutes() {
	huma.Register(s.api, op("list-contracts", http.MethodGet, "/contracts", "Contracts, newest first"),
		func(ctx context.Context, in *cardQuery) (*body[client.Page[client.Contract]], error) {
			return listCards(ctx, s, client.KindContract, in, func(c crm.Card) client.Contract { return *c.Contract })
		})
	create := op("create-contract", http.MethodPost, "/contracts", "Make a contract; earlier calls of its numbers bind to it")
	create.DefaultStatus = http.StatusCreated
	huma.Register(s.api, create, func(ctx context.Context, in *body[client.ContractInput]) (*tagged[client.Contract], error) {
		c, err := s.Switchboard.SaveContract(ctx, who(ctx), "", in.Body)
		return &tagged[client.Contract]{c.ETag, c}, fail(ctx, err)
	})
	huma.Register(s.api, op("get-contract", http.MethodGet, "/contracts/{id}", "One contract"), func(ctx context.Context, in *byID) (*tagged[client.Contract], error) {
		c, err := s.Store.Contract(ctx, in.ID)
		return &tagged[client.Contract]{c.ETag, c}, fail(ctx, err)
	})
	huma.Register(s.api, op("update-contract", http.MethodPatch, "/contracts/{id}", "Change the given fields"),
		func(ctx context.Context, in *changeOf[client.ContractInput]) (*tagged[client.Contract], error) {
			c, err := s.Switchboard.SaveContract(revision.Expect(ctx, in.IfMatch.IfMatch), who(ctx), in.ID, in.Body)
			return &tagged[client.Contract]{c.ETag, c}, fail(ctx, err)
		})
	cardActs(s, client.KindContract, "contract", "/contracts/{id}", func(c crm.Card) client.Contract { return *c.Contract })
}

type pageOf struct {
	Paging
	ID string `path:"id"`
}

// cardActs are what can be done with either kind of card.
func cardActs[T any](s *Server, kind client.SubjectKind, name, path string, record func(crm.Card) T) {
	ref := func(id string) client.SubjectRef { return client.SubjectRef{Kind: kind, ID: id} }
	remove := op("delete-"+name, http.MethodDelete, path, "Delete; it can be restored")
	remove.DefaultStatus = http.StatusNoContent
	huma.Register(s.api, remove, func(ctx context.Context, in *removal) (*empty, error) {
		return nil, fail(ctx, s.Switchboard.DeleteCard(revision.Expect(ctx, in.IfMatch.IfMatch), who(ctx), ref(in.ID)))
	})
	huma.Register(s.api, op("restore-"+name, http.MethodPost, path+"/restore", "Take a deletion back"), func(ctx context.Context, in *byID) (*body[T], error) {
		c, err := s.Switchboard.RestoreCard(ctx, who(ctx), ref(in.ID))
		if err != nil {
			return nil, fail(ctx, err)
		}
		return &body[T]{record(c)}, nil
	})
	huma.Register(s.api, op("merge-"+name, http.MethodPost, path+"/merge", "Join another card into this one"), func(ctx context.Context, in *withBody[client.Merge]) (*body[T], error) {
		c, err := s.Switchboard.MergeCards(ctx, who(ctx), ref(in.ID), in.Body.From)
		if err != nil {
			return nil, fail(ctx, err)
		}
		return &body[T]{record(c)}, nil
	})
	huma.Register(s.api, op("list-"+name+"-history", http.MethodGet, path+"/history", "Who changed what, newest first"), func(ctx context.Context, in *pageOf) (*body[client.Page[client.Change]], error) {
		cursor, err := store.ParseCursor(in.Cursor)
		if err != nil {
			return nil, fail(ctx, err)
		}
		items, next, err := s.Store.History(ctx, ref(in.ID), cursor, in.Limit)
		return pageBody(items, next), fail(ctx, err)
	})
}

func listCards[T any](ctx context.Context, s *Server, kind client.SubjectKind, in *cardQuery, record func(crm.Card) T) (*body[client.Page[T]], error) {
	cursor, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, fail(ctx, err)
	}
	filter, err := in.filter(kind)
	if err != nil {
		return nil, fail(ctx, err)
	}
	cards, next, err := s.Store.CardPage(ctx, kind, filter, cursor, in.Limit)
	if err != nil {
		return nil, fail(ctx, err)
	}
	items := make([]T, len(cards))
	for i, c := range cards {
		items[i] = record(c)
	}
	return pageBody(items, next), nil
}

// pageBody is a page as it travels.
func pageBody[T any](items []T, next *store.Cursor) *body[client.Page[T]] {
	if items == nil {
		items = []T{}
	}
	page := client.Page[T]{Items: items}
	if next != nil {
		page.NextCursor = next.String()
	}
	return &body[client.Page[T]]{page}
}
