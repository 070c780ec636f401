package calls

import (
	"errors"

	"dozvon/app/server/crm"
	"dozvon/app/server/directory"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// Colleague is an employee whom another one calls: by id, or by extension.
type Colleague struct{ Employee, Extension string }

// ErrColleagueNotCalled says that no PBX calls this colleague by a click.
var ErrColleagueNotCalled = errors.New("no PBX calls this colleague by a click")

// reaches finds the first PBX over which an employee can call a colleague. Only who stands in the table of extensions
// is called: any other number would be paid for, and counts for the school's limits.
func (s *Commands) reaches(by client.Employee, o DialOrder) (dials, error) {
	snapshot := s.calls.Directory.Snapshot()
	last := directory.ErrNoIntegration
	for _, i := range snapshot.Integrations() {
		if !i.Active || i.Provider == nil || o.Integration != "" && o.Integration != i.ID {
			continue
		}
		whom := o.Colleague.Employee
		if whom == "" {
			whom = i.Owners()[o.Colleague.Extension]
		}
		if whom == by.ID {
			return dials{}, crm.Wrong("employee_id", texts.Of("fault.oneself"))
		}
		ext, dialler := i.ExtensionOf(by.ID), snapshot.CallsColleague(i, whom)
		switch {
		case ext == "" && !errors.Is(last, ErrColleagueNotCalled):
			last = directory.ErrNoExtension
		case ext == "" || dialler == nil:
			last = ErrColleagueNotCalled
		default:
			return dials{integration: i, extension: ext, colleague: snapshot.Rings(i, whom), dial: dialler.DialColleague}, nil
		}
	}
	return dials{}, last
}

// askedBefore finds the call that the same click has ordered already; store.ErrNotFound.
func askedBefore(tx *store.Tx, rec store.CallRecord) (store.CallRecord, error) {
	to, since := rec.Facts.OrderedTo(), rec.Asked.At.Add(-sameClick)
	if to.Extension == "" || rec.Asked.Request != "" {
		return tx.AskedCall(rec.Asked, to.Number, since)
	}
	all, err := tx.AskedColleagues(rec.Asked.By, since)
	if err != nil {
		return store.CallRecord{}, err
	}
	for _, had := range all {
		if had.IntegrationID == rec.IntegrationID && had.Facts.OrderedTo().Extension == to.Extension {
			return had, nil
		}
	}
	return store.CallRecord{}, store.ErrNotFound
}
