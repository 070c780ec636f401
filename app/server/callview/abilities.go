package callview

import (
	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// abilities lists what can be done with a living call now, on this PBX.
func abilities(p pbx.Provider, v call.View) []client.Ability {
	if v.State == call.Ended || v.TalkLeg == "" || p == nil {
		return nil
	}
	var can []client.Ability
	add := func(ok bool, a ...client.Ability) {
		if ok {
			can = append(can, a...)
		}
	}
	_, hangs := p.(pbx.Hanger)
	holder, holds := p.(pbx.Holder)
	_, moves := p.(pbx.Transferrer)
	_, asks := p.(pbx.Consulter)
	_, connects := p.(pbx.Connecter)
	_, records := p.(pbx.RecordStarter)
	talks := v.TalkState == call.Talking && v.State == call.Talking
	add(hangs, client.CanHangup)
	add(holds && talks, client.CanHold)
	add(holds && v.TalkState == call.Held && v.Consulting == nil && holder.Resumes(), client.CanResume)
	add(moves && talks, client.CanTransfer)
	add(asks && talks, client.CanConsult)
	if v.Consulting != nil {
		add(connects && v.Consulting.State == call.Talking, client.CanConnect)
		add(asks, client.CanReturn)
	}
	add(records && talks && !recordingNow(v), client.CanRecord)
	return can
}

func recordingNow(v call.View) bool {
	for _, r := range v.Recordings {
		if r.Ended.IsZero() && !r.Ready {
			return true
		}
	}
	return false
}
