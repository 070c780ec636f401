package model

import (
	"cmp"
	"context"
	"slices"

	"dozvon/client"
)

// PBXSource reads the integrations; only «Бухгалтер и выше» may.
type PBXSource interface {
	Integrations(ctx context.Context) ([]client.Integration, error)
}

// ReloadIntegrations reads the integrations anew; without the right to, it does nothing.
func (m *Model) ReloadIntegrations(ctx context.Context, from PBXSource) error {
	if !MayIntegrate(m.Me().Role) {
		return nil
	}
	all, err := from.Integrations(ctx)
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.pbx = map[string]client.Integration{}
	for _, it := range all {
		m.pbx[it.ID] = it
	}
	m.mu.Unlock()
	m.changed()
	return nil
}

// Troubled lists the active PBXs that take no commands, or only the necessary ones, by name; of is how many
// there are in all.
func (m *Model) Troubled() (troubled []client.Integration, of int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, it := range m.pbx {
		if it.Active && (it.Health.State == client.HealthCareful || it.Health.State == client.HealthBlocked) {
			troubled = append(troubled, it)
		}
	}
	slices.SortFunc(troubled, func(a, b client.Integration) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return troubled, len(m.pbx)
}
