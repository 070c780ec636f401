package api

import (
	"context"

	"dozvon/app/server/revision"
	"dozvon/app/server/store"
	"dozvon/client"
)

// What requests and answers are made of.

type empty struct{}

type body[T any] struct {
	Body T
}

// tagged is a record with its ETag.
type tagged[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

// Paging is how far into a list; exported because the router reads it by reflection.
type Paging struct {
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"500"`
	Cursor string `query:"cursor"`
}

type byID struct {
	ID string `path:"id"`
}

type pageOf struct {
	Paging
	ID string `path:"id"`
}

type withBody[T any] struct {
	ID   string `path:"id"`
	Body T
}

// IfMatch is the record that a change expects; exported because the router reads it by reflection.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of the record that is changed; when it stands otherwise by now, the answer is 409 conflict"`
}

// expect notes what the change expects, for whoever carries it out.
func (m IfMatch) expect(ctx context.Context) context.Context { return revision.Expect(ctx, m.IfMatch) }

// changeOf changes the given fields of a record.
type changeOf[T any] struct {
	IfMatch
	ID   string `path:"id"`
	Body T
}

// removal takes a record away.
type removal struct {
	IfMatch
	ID string `path:"id"`
}

// one is an answer with one record.
func one[T any](record T, err error) (*body[T], error) { return &body[T]{record}, err }

// all is a list that comes whole.
func all[T any](items []T, err error) (*body[client.Page[T]], error) { return page(items, nil, err) }

// page is one page of a list; next is nil on the last.
func page[T any](items []T, next *store.Cursor, err error) (*body[client.Page[T]], error) {
	if items == nil {
		items = []T{}
	}
	p := client.Page[T]{Items: items}
	if next != nil {
		p.NextCursor = next.String()
	}
	return &body[client.Page[T]]{p}, err
}
