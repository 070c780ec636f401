package directory

import (
	"context"
	"errors"
	"slices"

	"dozvon/app/server/crm"
	"dozvon/app/server/pbx"
	"dozvon/app/server/texts"
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

// Colleague is an employee whom another one calls: by id, or by extension.
type Colleague struct{ Employee, Extension string }

// ErrColleagueNotCalled says that no PBX calls this colleague by a click.
var ErrColleagueNotCalled = errors.New("no PBX calls this colleague by a click")

// Reaches finds the first PBX, or the one of an id, over which an employee can call a colleague, and the extensions of
// both. Only who stands in the table of extensions is called: any other number would be paid for, and counts for the
// school's limits.
func (snapshot *Snapshot) Reaches(by client.Employee, id string, to Colleague) (over *Integration, own, theirs string, err error) {
	last := ErrNoIntegration
	for _, i := range snapshot.integrations {
		if !i.Active || i.Provider == nil || id != "" && id != i.ID {
			continue
		}
		whom := to.Employee
		if whom == "" {
			whom = i.owners[to.Extension]
		}
		if whom == by.ID {
			return nil, "", "", crm.Wrong("employee_id", texts.Of("fault.oneself"))
		}
		own = i.extensions[by.ID]
		switch {
		case own == "" && !errors.Is(last, ErrColleagueNotCalled):
			last = ErrNoExtension
		case own == "" || snapshot.CallsColleague(i, whom) == nil:
			last = ErrColleagueNotCalled
		default:
			return i, own, snapshot.Rings(i, whom), nil
		}
	}
	return nil, "", "", last
}
