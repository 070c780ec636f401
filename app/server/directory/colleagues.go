package directory

import (
	"context"
	"slices"

	"dozvon/app/server/pbx"
	"dozvon/client"
)

// Employees lists everybody by name, with whom the one who asks can call by a click.
func (s *Staff) Employees(ctx context.Context, by client.Employee) ([]client.Employee, error) {
	all, err := s.directory.cfg.Store.Employees(ctx)
	for i, e := range all {
		all[i].Callable = s.directory.Snapshot().calls(by.ID, e.ID)
	}
	return all, err
}

// Employee reads one, with whether the one who asks can call them by a click; store.ErrNotFound.
func (s *Staff) Employee(ctx context.Context, by client.Employee, id string) (client.Employee, error) {
	e, err := s.directory.cfg.Store.Employee(ctx, id)
	e.Callable = s.directory.Snapshot().calls(by.ID, e.ID)
	return e, err
}

// calls tells whether an employee can call another one by a click.
func (snapshot *Snapshot) calls(employeeID, colleagueID string) bool {
	return employeeID != colleagueID && slices.ContainsFunc(snapshot.integrations, func(i *Integration) bool {
		return i.extensions[employeeID] != "" && snapshot.CallsColleague(i, colleagueID) != nil
	})
}

// CallsColleague is who calls a colleague over a PBX, at the extension that Rings tells; nil where it cannot.
func (snapshot *Snapshot) CallsColleague(i *Integration, colleagueID string) pbx.ColleagueDialler {
	dialler, can := i.Provider.(pbx.ColleagueDialler)
	if ext := snapshot.Rings(i, colleagueID); !can || !i.Active || ext == "" || !dialler.CallsColleague(ext) {
		return nil
	}
	return dialler
}
