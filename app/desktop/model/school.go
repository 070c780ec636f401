package model

import (
	"context"

	"dozvon/app/phone"
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

// Numbers reads telephones as people of this school write them.
func (m *Model) Numbers() phone.Reader { return phone.Reader{CityCode: m.School().CityCode} }

// School is what the school has chosen; zero until it is known.
func (m *Model) School() client.School {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.school
}
