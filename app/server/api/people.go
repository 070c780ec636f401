package api

import (
	"context"

	"dozvon/client"
)

// peopleAPI is the school's people and their accounts.
type peopleAPI struct{ *Server }

func (s peopleAPI) list(ctx context.Context, _ *Paging) (*body[client.Page[client.Employee]], error) {
	people, err := s.Store.Employees(ctx)
	for i, e := range people {
		people[i].Callable = s.Directory.Snapshot().Calls(who(ctx).ID, e.ID)
	}
	return all(people, err)
}

func (s peopleAPI) create(ctx context.Context, in *body[client.EmployeeInput]) (*tagged[client.Employee], error) {
	e, err := s.Staff.SaveEmployeeBy(ctx, who(ctx), "", in.Body)
	return &tagged[client.Employee]{e.ETag, e}, err
}

func (s peopleAPI) get(ctx context.Context, in *byID) (*tagged[client.Employee], error) {
	e, err := s.Store.Employee(ctx, in.ID)
	e.Callable = s.Directory.Snapshot().Calls(who(ctx).ID, e.ID)
	return &tagged[client.Employee]{e.ETag, e}, err
}

func (s peopleAPI) update(ctx context.Context, in *changeOf[client.EmployeeInput]) (*tagged[client.Employee], error) {
	e, err := s.Staff.SaveEmployeeBy(in.expect(ctx), who(ctx), in.ID, in.Body)
	s.streams.check()
	return &tagged[client.Employee]{e.ETag, e}, err
}
