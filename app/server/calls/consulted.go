package calls

import (
	"slices"

	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

// untoldJoins finds calls that are one though the PBX counts them as several and does not say so: one
// leg goes on under another key, or an employee whose client waits on hold calls a colleague to ask.
func (s *Merges) untoldJoins(tx *store.Tx, integration *directory.Integration, d pbx.Delivery) ([]pbx.Join, error) {
	if !consultsByTelephone(integration.Provider) || !slices.ContainsFunc(d.Events, isLeg) {
		return nil, nil
	}
	active, err := tx.ActiveCalls()
	if err != nil {
		return nil, err
	}
	active = slices.DeleteFunc(active, func(rec store.CallRecord) bool { return rec.IntegrationID != integration.ID || rec.Key == "" })
	var joins []pbx.Join
	for _, e := range d.Events {
		if !isLeg(e) || e.Key == "" {
			continue
		}
		root, err := tx.RootKey(integration.ID, e.Key)
		if err != nil {
			return nil, err
		}
		for _, rec := range active {
			j := pbx.Join{Key: rec.Key, Other: e.Key}
			if rec.Key != root && isOneWith(rec, e) && !slices.Contains(joins, j) {
				joins = append(joins, j)
			}
		}
	}
	return joins, nil
}

// consultsByTelephone: an employee begins a consultation on the telephone, and the PBX has no command
// for that but one to join it with the client.
func consultsByTelephone(p pbx.Provider) bool {
	_, connects := p.(pbx.Connecter)
	_, consults := p.(pbx.Consulter)
	return connects && !consults
}

func isLeg(e call.Event) bool { return e.Kind == call.KindLeg }

// isOneWith reports whether an event under another key is of an active call.
func isOneWith(rec store.CallRecord, e call.Event) bool {
	if slices.ContainsFunc(rec.Facts.Events, func(had call.Event) bool { return isLeg(had) && had.Leg == e.Leg }) {
		return true
	}
	asker := asksColleague(e)
	if asker == "" || e.At.Before(rec.View.StartedAt) {
		return false
	}
	v := rec.Facts.View()
	return v.TalkState == call.Held && v.TalkExtension == asker && v.Direction != call.Internal
}

// asksColleague is the employee on whose own half of a call a colleague is called; empty: nobody's.
func asksColleague(e call.Event) string {
	if e.State == call.LegEnded || e.From.Device == "" || e.To.Extension == "" {
		return ""
	}
	return e.From.Extension
}
