package model

import (
	"context"

	"dozvon/client"
)

// SchoolSource reads what the school has chosen.
type SchoolSource interface {
	Settings(ctx context.Context) (client.School, error)
}

// ReloadSchool reads what the school has chosen anew.
func (m *Model) ReloadSchool(ctx context.Context, from SchoolSource) error {
	school, err := from.Settings(ctx)
	if err != nil {
		return err
	}
	m.mu.Lock()
	m.school = school
	m.mu.Unlock()
	m.changed()
	return nil
}

// School is what the school has chosen; zero until it is known.
func (m *Model) School() client.School {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.school
}
