package api

import (
	"context"

	"dozvon/app/server/crm"
	"dozvon/app/server/revision"
	"dozvon/app/server/search"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/app/server/wire"
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
		return f, crm.Wrong("client_id", texts.Of("fault.picks_contracts"))
	case kind == client.KindContract && q.Kind != "":
		return f, crm.Wrong("kind", texts.Of("fault.picks_clients"))
	}
	return f, nil
}

// cardAPI is one kind of card, Record, which Input makes or changes.
type cardAPI[Record, Input any] struct {
	*Server
	kind   client.SubjectKind
	record func(crm.Card) Record
	input  func(Input) crm.Input
}

func clientsAPI(s *Server) cardAPI[client.Client, client.ClientInput] {
	return cardAPI[client.Client, client.ClientInput]{Server: s, kind: client.KindClient, record: wire.Client, input: wire.ClientInput}
}

func contractsAPI(s *Server) cardAPI[client.Contract, client.ContractInput] {
	return cardAPI[client.Contract, client.ContractInput]{Server: s, kind: client.KindContract, record: wire.Contract, input: wire.ContractInput}
}

func (s cardAPI[Record, Input]) ref(id string) client.SubjectRef {
	return client.SubjectRef{Kind: s.kind, ID: id}
}

func (s cardAPI[Record, Input]) tag(c crm.Card, err error) (*tagged[Record], error) {
	if err != nil {
		return nil, err
	}
	return &tagged[Record]{revision.Version(c.Version), s.record(c)}, nil
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

func (s cardAPI[Record, Input]) tags(ctx context.Context, _ *struct{}) (*body[client.Page[client.TagUse]], error) {
	tags, err := s.Store.CardTags(ctx, s.kind)
	return page(tags, nil, err)
}

func (s cardAPI[Record, Input]) create(ctx context.Context, in *body[Input]) (*tagged[Record], error) {
	return s.tag(s.Cards.Save(ctx, who(ctx), s.ref(""), s.input(in.Body)))
}

func (s cardAPI[Record, Input]) get(ctx context.Context, in *byID) (*tagged[Record], error) {
	return s.tag(s.Store.LivingCard(ctx, s.ref(in.ID)))
}

func (s cardAPI[Record, Input]) update(ctx context.Context, in *changeOf[Input]) (*tagged[Record], error) {
	return s.tag(s.Cards.Save(in.expect(ctx), who(ctx), s.ref(in.ID), s.input(in.Body)))
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
	steps, next, err := s.Store.History(ctx, s.ref(in.ID), cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	changes := make([]client.Change, len(steps))
	for i, step := range steps {
		changes[i] = wire.Change(step)
	}
	return page(changes, next, nil)
}
