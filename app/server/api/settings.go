package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/revision"
	"dozvon/app/server/switchboard"
	"dozvon/client"
)

func (s *Server) employeeRoutes() {
	huma.Register(s.api, op("list-employees", http.MethodGet, "/employees", "The school's people"),
		func(ctx context.Context, _ *Paging) (*body[client.Page[client.Employee]], error) {
			all, err := s.Store.Employees(ctx)
			return &body[client.Page[client.Employee]]{client.Page[client.Employee]{Items: all}}, fail(ctx, err)
		})
	create := op("create-employee", http.MethodPost, "/employees", "Add somebody, with an account when a login is given")
	create.DefaultStatus = http.StatusCreated
	huma.Register(s.api, create, func(ctx context.Context, in *body[client.EmployeeInput]) (*tagged[client.Employee], error) {
		e, err := s.Switchboard.SaveEmployeeBy(ctx, who(ctx), "", in.Body)
		return &tagged[client.Employee]{e.ETag, e}, fail(ctx, err)
	})
	huma.Register(s.api, op("get-employee", http.MethodGet, "/employees/{id}", "One of the school's people"), func(ctx context.Context, in *byID) (*tagged[client.Employee], error) {
		e, err := s.Store.Employee(ctx, in.ID)
		return &tagged[client.Employee]{e.ETag, e}, fail(ctx, err)
	})
	huma.Register(s.api, op("update-employee", http.MethodPatch, "/employees/{id}", "Change the given fields"),
		func(ctx context.Context, in *changeOf[client.EmployeeInput]) (*tagged[client.Employee], error) {
			e, err := s.Switchboard.SaveEmployeeBy(revision.Expect(ctx, in.IfMatch.IfMatch), who(ctx), in.ID, in.Body)
			s.streams.check()
			return &tagged[client.Employee]{e.ETag, e}, fail(ctx, err)
		})
}

func (s *Server) integrationRoutes() {
	huma.Register(s.api, op("list-integrations", http.MethodGet, "/integrations", "Connected PBXs, without their secrets"),
		func(ctx context.Context, _ *empty) (*body[client.Page[client.Integration]], error) {
			all, err := s.Switchboard.Integrations(ctx)
			return &body[client.Page[client.Integration]]{client.Page[client.Integration]{Items: all}}, fail(ctx, err)
		})
	create := op("create-integration", http.MethodPost, "/integrations", "Connect a PBX")
	create.DefaultStatus = http.StatusCreated
	huma.Register(s.api, create, func(ctx context.Context, in *body[client.IntegrationInput]) (*tagged[client.Integration], error) {
		i, err := s.Switchboard.SaveIntegration(ctx, who(ctx), "", in.Body)
		return &tagged[client.Integration]{i.ETag, i}, fail(ctx, err)
	})
	huma.Register(s.api, op("update-integration", http.MethodPatch, "/integrations/{id}", "Change the given fields"),
		func(ctx context.Context, in *changeOf[client.IntegrationInput]) (*tagged[client.Integration], error) {
			i, err := s.Switchboard.SaveIntegration(revision.Expect(ctx, in.IfMatch.IfMatch), who(ctx), in.ID, in.Body)
			return &tagged[client.Integration]{i.ETag, i}, fail(ctx, err)
		})
	huma.Register(s.api, op("get-integration", http.MethodGet, "/integrations/{id}", "One connected PBX, without its secrets"),
		func(ctx context.Context, in *byID) (*tagged[client.Integration], error) {
			i, err := s.Switchboard.Integration(ctx, in.ID)
			return &tagged[client.Integration]{i.ETag, i}, fail(ctx, err)
		})
	remove := op("delete-integration", http.MethodDelete, "/integrations/{id}", "Disconnect a PBX; its calls stay")
	remove.DefaultStatus = http.StatusNoContent
	huma.Register(s.api, remove, func(ctx context.Context, in *removal) (*empty, error) {
		return nil, fail(ctx, s.Switchboard.DeleteIntegration(revision.Expect(ctx, in.IfMatch.IfMatch), who(ctx), in.ID))
	})
	huma.Register(s.api, op("get-extensions", http.MethodGet, "/integrations/{id}/extensions", "The table of employees' extensions"),
		func(ctx context.Context, in *byID) (*tagged[[]client.ExtensionRow], error) {
			rows, err := s.Store.Extensions(ctx, in.ID)
			return &tagged[[]client.ExtensionRow]{switchboard.ExtensionsTag(rows), rows}, fail(ctx, err)
		})
	huma.Register(s.api, op("set-extensions", http.MethodPut, "/integrations/{id}/extensions", "Replace the table of employees' extensions"),
		func(ctx context.Context, in *changeOf[[]client.ExtensionRow]) (*tagged[[]client.ExtensionRow], error) {
			rows, err := s.Switchboard.SetExtensions(revision.Expect(ctx, in.IfMatch.IfMatch), who(ctx), in.ID, in.Body)
			return &tagged[[]client.ExtensionRow]{switchboard.ExtensionsTag(rows), rows}, fail(ctx, err)
		})
	huma.Register(s.api, op("check-integration", http.MethodPost, "/integrations/{id}/check", "What works and what does not, in words"),
		func(ctx context.Context, in *byID) (*body[client.Page[client.Check]], error) {
			all, err := s.Switchboard.Check(ctx, in.ID)
			return &body[client.Page[client.Check]]{client.Page[client.Check]{Items: all}}, fail(ctx, err)
		})
	huma.Register(s.api, op("list-pbx-extensions", http.MethodGet, "/integrations/{id}/pbx-extensions", "The PBX's own list of employees, with who of ours has each"),
		func(ctx context.Context, in *byID) (*body[client.Page[client.PBXExtension]], error) {
			all, err := s.Switchboard.PBXExtensions(ctx, in.ID)
			return &body[client.Page[client.PBXExtension]]{client.Page[client.PBXExtension]{Items: all}}, fail(ctx, err)
		})
	huma.Register(s.api, op("bell-test", http.MethodPost, "/integrations/{id}/bell", "Ring your own telephone and follow the call on its way"),
		func(ctx context.Context, in *byID) (*body[client.BellTest], error) {
			test, err := s.Switchboard.Bell(ctx, who(ctx), in.ID)
			return &body[client.BellTest]{test}, fail(ctx, err)
		})
	reconcile := op("reconcile-integration", http.MethodPost, "/integrations/{id}/reconcile", "Compare our calls with the PBX's statistics now")
	reconcile.DefaultStatus = http.StatusAccepted
	huma.Register(s.api, reconcile, func(ctx context.Context, in *byID) (*empty, error) {
		return nil, fail(ctx, s.Switchboard.ReconcileSoon(in.ID))
	})
	huma.Register(s.api, op("plan-address-book", http.MethodPost, "/integrations/{id}/address-book/plan", "What keeping our cards in the PBX's address book would change"),
		func(ctx context.Context, in *byID) (*body[client.BookPlan], error) {
			plan, err := s.Switchboard.PlanBook(ctx, in.ID)
			return &body[client.BookPlan]{plan}, fail(ctx, err)
		})
}
