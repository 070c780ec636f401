package api

import (
	"context"

	"dozvon/app/server/crm"
	"dozvon/app/server/exports"
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

// cardAPI is one kind of card, Record, which Input makes or changes.
type cardAPI[Record, Input any] struct {
	*Server
	kind   client.SubjectKind
	record func(crm.Card) Record
	etag   func(Record) string
	read   func(ctx context.Context, id string) (Record, error)
	// save changes a card; id is empty for a new one.
	save func(ctx context.Context, by client.Employee, id string, in Input) (Record, error)
	// heading names the columns of a file in a language.
	heading func(language string) []string
}

func clientsAPI(s *Server) cardAPI[client.Client, client.ClientInput] {
	return cardAPI[client.Client, client.ClientInput]{
		Server:  s,
		kind:    client.KindClient,
		record:  func(c crm.Card) client.Client { return *c.Client },
		etag:    func(c client.Client) string { return c.ETag },
		read:    s.Store.Client,
		save:    s.Cards.SaveClient,
		heading: exports.ClientHeading,
	}
}

func contractsAPI(s *Server) cardAPI[client.Contract, client.ContractInput] {
	return cardAPI[client.Contract, client.ContractInput]{
		Server:  s,
		kind:    client.KindContract,
		record:  func(c crm.Card) client.Contract { return *c.Contract },
		etag:    func(c client.Contract) string { return c.ETag },
		read:    s.Store.Contract,
		save:    s.Cards.SaveContract,
		heading: exports.ContractHeading,
	}
}

func (s cardAPI[Record, Input]) ref(id string) client.SubjectRef {
	return client.SubjectRef{Kind: s.kind, ID: id}
}

func (s cardAPI[Record, Input]) tag(record Record, err error) (*tagged[Record], error) {
	return &tagged[Record]{s.etag(record), record}, err
}

func (s cardAPI[Record, Input]) list(ctx context.Context, in *cardQuery) (*body[client.Page[Record]], error) {
	cursor, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	filter, err := in.filter(s.kind)
	if err != nil {
		return nil, err
	}
	cards, next, err := s.Store.CardPage(ctx, s.kind, filter, cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	items := make([]Record, len(cards))
	for i, c := range cards {
		items[i] = s.record(c)
	}
	return page(items, next, nil)
}

func (s cardAPI[Record, Input]) create(ctx context.Context, in *body[Input]) (*tagged[Record], error) {
	return s.tag(s.save(ctx, who(ctx), "", in.Body))
}

func (s cardAPI[Record, Input]) get(ctx context.Context, in *byID) (*tagged[Record], error) {
	return s.tag(s.read(ctx, in.ID))
}

func (s cardAPI[Record, Input]) update(ctx context.Context, in *changeOf[Input]) (*tagged[Record], error) {
	return s.tag(s.save(in.expect(ctx), who(ctx), in.ID, in.Body))
}

func (s cardAPI[Record, Input]) remove(ctx context.Context, in *removal) error {
	return s.Cards.Delete(in.expect(ctx), who(ctx), s.ref(in.ID))
}

func (s cardAPI[Record, Input]) restore(ctx context.Context, in *byID) (*body[Record], error) {
	c, err := s.Cards.Restore(ctx, who(ctx), s.ref(in.ID))
	if err != nil {
		return nil, err
	}
	return one(s.record(c), nil)
}

func (s cardAPI[Record, Input]) merge(ctx context.Context, in *withBody[client.Merge]) (*body[Record], error) {
	c, err := s.Cards.Merge(ctx, who(ctx), s.ref(in.ID), in.Body.From)
	if err != nil {
		return nil, err
	}
	return one(s.record(c), nil)
}

func (s cardAPI[Record, Input]) history(ctx context.Context, in *pageOf) (*body[client.Page[client.Change]], error) {
	cursor, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	return page(s.Store.History(ctx, s.ref(in.ID), cursor, in.Limit))
}
