package calls

import (
	"errors"

	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Colleague is an employee whom another one calls: by id, or by extension.
type Colleague struct{ Employee, Extension string }

var (
	// ErrColleagueNotCalled says that no PBX calls this colleague by a click.
	ErrColleagueNotCalled = errors.New("no PBX calls this colleague by a click")
	// ErrOneself says that somebody would be called by themselves.
	ErrOneself = errors.New("it is one's own extension")
)

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
			return dials{}, ErrOneself
		}
		ext, dialler := i.ExtensionOf(by.ID), snapshot.CallsColleague(i, whom)
		switch {
		case ext == "":
			last = nearest(last, directory.ErrNoExtension)
		case dialler == nil:
			last = ErrColleagueNotCalled
		default:
			return dials{integration: i, extension: ext, colleague: snapshot.Rings(i, whom), dial: dialler.DialColleague}, nil
		}
	}
	return dials{}, last
}

// nearest is the reason that came nearer to a call.
func nearest(last, next error) error {
	if errors.Is(last, ErrColleagueNotCalled) {
		return last
	}
	return next
}

// askedBefore finds the call that the same click has ordered already; store.ErrNotFound.
func askedBefore(tx *store.Tx, rec store.CallRecord) (store.CallRecord, error) {
	to, since := orderedParty(rec.Facts), rec.Asked.At.Add(-sameClick)
	if to.Extension == "" || rec.Asked.Request != "" {
		return tx.AskedCall(rec.Asked, to.Number, since)
	}
	all, err := tx.AskedColleagues(rec.Asked.By, since)
	if err != nil {
		return store.CallRecord{}, err
	}
	for _, had := range all {
		if had.IntegrationID == rec.IntegrationID && orderedParty(had.Facts).Extension == to.Extension {
			return had, nil
		}
	}
	return store.CallRecord{}, store.ErrNotFound
}

// orderedParty is whom a click-to-call is for; the zero value of another call.
func orderedParty(c call.Call) call.Party {
	for _, e := range c.Events {
		if e.Kind == call.KindDialled {
			return e.To
		}
	}
	return call.Party{}
}

// sideOf is the extension in whose name an employee's command goes: on an internal call whichever end is theirs.
func sideOf(v call.View, integration *directory.Integration, employeeID string) string {
	own := integration.ExtensionOf(employeeID)
	if v.Direction == call.Internal && own != "" && (own == v.Caller || own == v.Called) {
		return own
	}
	return v.TalkExtension
}
