package api

import (
	"context"

	"dozvon/client"
)

// peopleAPI is the school's people and their accounts.
type peopleAPI struct{ *Server }

func (s peopleAPI) list(ctx context.Context, _ *Paging) (*body[client.Page[client.Employee]], error) {
	return all(s.Staff.Employees(ctx, who(ctx)))
}

func (s peopleAPI) create(ctx context.Context, in *body[client.EmployeeInput]) (*tagged[client.Employee], error) {
	e, err := s.Staff.SaveEmployeeBy(ctx, who(ctx), "", in.Body)
	return &tagged[client.Employee]{e.ETag, e}, err
}

func (s peopleAPI) get(ctx context.Context, in *byID) (*tagged[client.Employee], error) {
	e, err := s.Staff.Employee(ctx, who(ctx), in.ID)
	return &tagged[client.Employee]{e.ETag, e}, err
}

func (s peopleAPI) update(ctx context.Context, in *changeOf[client.EmployeeInput]) (*tagged[client.Employee], error) {
	e, err := s.Staff.SaveEmployeeBy(in.expect(ctx), who(ctx), in.ID, in.Body)
	s.streams.check()
	return &tagged[client.Employee]{e.ETag, e}, err
}
