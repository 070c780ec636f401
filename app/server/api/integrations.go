package api

import (
	"context"

	"dozvon/app/server/access"
	"dozvon/app/server/directory"
	"dozvon/client"
)

// integrationAPI is the connected PBXs.
type integrationAPI struct{ *Server }

func (s integrationAPI) list(ctx context.Context, _ *empty) (*body[client.Page[client.Integration]], error) {
	return all(s.Directory.Integrations(ctx))
}

func (s integrationAPI) create(ctx context.Context, in *body[client.IntegrationInput]) (*tagged[client.Integration], error) {
	i, err := s.Directory.SaveIntegration(ctx, who(ctx), "", in.Body)
	return &tagged[client.Integration]{i.ETag, i}, err
}

func (s integrationAPI) get(ctx context.Context, in *byID) (*tagged[client.Integration], error) {
	i, err := s.Directory.Integration(ctx, in.ID)
	return &tagged[client.Integration]{i.ETag, i}, err
}

func (s integrationAPI) update(ctx context.Context, in *changeOf[client.IntegrationInput]) (*tagged[client.Integration], error) {
	i, err := s.Directory.SaveIntegration(in.expect(ctx), who(ctx), in.ID, in.Body)
	return &tagged[client.Integration]{i.ETag, i}, err
}

func (s integrationAPI) remove(ctx context.Context, in *removal) error {
	return s.Directory.DeleteIntegration(in.expect(ctx), who(ctx), in.ID)
}

func (s integrationAPI) extensions(ctx context.Context, in *byID) (*tagged[[]client.ExtensionRow], error) {
	rows, err := s.Store.Extensions(ctx, in.ID)
	return &tagged[[]client.ExtensionRow]{directory.ExtensionsTag(rows), rows}, err
}

func (s integrationAPI) setExtensions(ctx context.Context, in *changeOf[[]client.ExtensionRow]) (*tagged[[]client.ExtensionRow], error) {
	rows, err := s.Directory.SetExtensions(in.expect(ctx), who(ctx), in.ID, in.Body)
	return &tagged[[]client.ExtensionRow]{directory.ExtensionsTag(rows), rows}, err
}

func (s integrationAPI) check(ctx context.Context, in *byID) (*body[client.Page[client.Check]], error) {
	return all(s.Directory.Check(ctx, in.ID))
}

func (s integrationAPI) pbxExtensions(ctx context.Context, in *byID) (*body[client.Page[client.PBXExtension]], error) {
	return all(s.Directory.PBXExtensions(ctx, in.ID))
}

func (s integrationAPI) testConnectivity(ctx context.Context, in *byID) (*body[client.BellTest], error) {
	test, err := s.Connectivity.Test(ctx, who(ctx), in.ID)
	return &body[client.BellTest]{test}, s.asked(ctx, err, access.ActionConnectivity, in.ID)
}

func (s integrationAPI) reconcile(ctx context.Context, in *byID) (*empty, error) {
	return nil, s.asked(ctx, s.Reconciler.ReconcileSoon(in.ID), access.ActionReconcile, in.ID)
}

func (s integrationAPI) renewSubscription(ctx context.Context, in *byID) (*empty, error) {
	return nil, s.asked(ctx, s.Lifecycle.Renew(ctx, in.ID), access.ActionSubscription, in.ID)
}

// asked notes what was asked of a PBX, unless it was refused.
func (s integrationAPI) asked(ctx context.Context, err error, action, id string) error {
	if err != nil {
		return err
	}
	return s.Audit.Asked(ctx, who(ctx), action, "integration:"+id)
}

func (s integrationAPI) planAddressBook(ctx context.Context, in *byID) (*body[client.BookPlan], error) {
	return one(s.Addressbook.Plan(ctx, in.ID))
}
