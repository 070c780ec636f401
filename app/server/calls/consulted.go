package calls

import (
	"slices"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/directory"
	"dozvon/app/server/match"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

// longestBefore is how long before a question about him a client's call may have begun: callers wait in
// queues, and talk.
const longestBefore = 2 * time.Hour

// untoldJoins finds calls that are one though the PBX counts them as several and does not say so: one
// leg goes on under another key, or an employee whose client waits on hold calls a colleague to ask.
// Events come in any order, so it looks from both sides, and by when things happened.
func (s *Merges) untoldJoins(tx *store.Tx, integration *directory.Integration, d pbx.Delivery) ([]pbx.Join, error) {
	if !consultsByTelephone(integration.Provider) || !slices.ContainsFunc(d.Events, isLeg) {
		return nil, nil
	}
	told, err := toldOf(tx, integration, d)
	if err != nil {
		return nil, err
	}
	var joins []pbx.Join
	for _, t := range told {
		others, err := beside(tx, integration, t)
		if err != nil {
			return nil, err
		}
		for _, keys := range match.Joins(match.Call{Key: t.key, Facts: t.facts}, others) {
			joins = append(joins, pbx.Join{Key: keys[0], Other: keys[1]})
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

// told is all that is known of a call with what a delivery tells of it.
type told struct {
	key   string // the one under which the delivery tells of it
	root  string
	facts call.Call
}

// toldOf lists the calls that a delivery tells of.
func toldOf(tx *store.Tx, integration *directory.Integration, d pbx.Delivery) ([]told, error) {
	var all []told
	for _, e := range d.Events {
		if !isLeg(e) || e.Key == "" {
			continue
		}
		root, err := tx.RootKey(integration.ID, e.Key)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(all, func(t told) bool { return t.root == root })
		if at < 0 {
			rec, err := found(tx.CallOfRoot(integration.ID, root))
			if err != nil {
				return nil, err
			}
			at = len(all)
			all = append(all, told{key: e.Key, root: root})
			if rec != nil {
				all[at].facts = rec.Facts
			}
		}
		all[at].facts = call.Fold(all[at].facts, e)
	}
	return all, nil
}

// beside lists the calls with which a call may be one: those that go on, and those of its time, because
// what is told late is of calls that have ended.
func beside(tx *store.Tx, integration *directory.Integration, t told) ([]match.Call, error) {
	from, to := match.Span(t.facts)
	from = from.Add(-lateLimit)
	if match.IsQuestion(t.facts) {
		from = from.Add(-longestBefore)
	}
	all, err := tx.CallsWithin(integration.ID, from, to.Add(match.ClockSkew))
	if err != nil {
		return nil, err
	}
	active, err := tx.ActiveCalls()
	if err != nil {
		return nil, err
	}
	var others []match.Call
	had := map[string]bool{}
	for _, rec := range append(all, active...) {
		if !had[rec.ID] && rec.IntegrationID == integration.ID && rec.Key != "" && rec.Key != t.root {
			others = append(others, match.Call{Key: rec.Key, Facts: rec.Facts})
		}
		had[rec.ID] = true
	}
	return others, nil
}
