package mango

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/call"
)

func jsonUnmarshal(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("reading the PBX's statistics: %w", err)
	}
	return nil
}

// record is one call in both statistics.
type record struct {
	id     string
	rows   []mango.StatsRow
	call   *mango.StatsCall
	roster roster
}

// join puts both statistics together, in the order in which the calls began.
func join(rows []mango.StatsRow, calls []mango.StatsCall, who roster) []*record {
	byID := map[string]*record{}
	var all []*record
	of := func(id string) *record {
		r := byID[id]
		if r == nil {
			r = &record{id: id, roster: who}
			byID[id] = r
			all = append(all, r)
		}
		return r
	}
	for _, row := range rows {
		// Without its call a row says nothing; one without an end still goes on.
		if row.EntryID != "" && row.Finish > 0 {
			r := of(row.EntryID)
			r.rows = append(r.rows, row)
		}
	}
	for i, c := range calls {
		if c.EntryID != "" {
			of(string(c.EntryID)).call = &calls[i]
		}
	}
	slices.SortStableFunc(all, func(a, b *record) int { return cmp.Compare(a.began(), b.began()) })
	return all
}

func (r *record) began() int64 {
	if r.call != nil {
		return int64(r.call.Start)
	}
	began := r.rows[0].Start
	for _, row := range r.rows {
		began = min(began, row.Start)
	}
	return began
}

// events are the call's record, its legs' and its recordings'. They depend on nothing but the
// statistics, so that reading it again adds nothing.
func (r *record) events() []call.Event {
	direction := r.direction()
	legs := r.legs(direction)
	out := []call.Event{r.whole(direction, legs)}
	out = append(out, legs...)
	seen := map[string]bool{}
	add := func(id, extension string, at int64) {
		if id == "" || seen[id] {
			return
		}
		seen[id] = true
		out = append(out, call.Event{
			Kind: call.KindRecording, Key: r.id, At: time.Unix(at, 0).UTC(), Recording: id,
			RecordingState: call.RecordingReady, To: call.Party{Extension: extension},
		})
	}
	for _, row := range r.rows {
		for _, id := range row.Records {
			add(id, cmp.Or(row.ToExtension, row.FromExtension), row.Finish)
		}
	}
	for _, l := range r.flat() {
		for _, id := range l.Records {
			add(string(id), r.roster.of(l), int64(l.End))
		}
	}
	return out
}

// direction of the call; without the extended statistics an employee who calls out gives it away.
func (r *record) direction() call.Direction {
	if r.call != nil {
		switch r.call.Type {
		case mango.ContextIn:
			return call.In
		case mango.ContextOut:
			return call.Out
		case mango.ContextInternal:
			return call.Internal
		}
	}
	direction := call.Internal
	for _, row := range r.rows {
		switch {
		case row.FromExtension != "" && (row.ToExtension == "" || rowTo(row).Number != ""):
			return call.Out
		case row.FromExtension == "":
			direction = call.In
		}
	}
	return direction
}

// flat lists the legs of the extended statistics, a group's employees in the group's place.
func (r *record) flat() []mango.StatsLeg {
	if r.call == nil {
		return nil
	}
	var all []mango.StatsLeg
	for _, l := range r.call.Legs {
		if len(l.Members) > 0 {
			all = append(all, l.Members...)
			continue
		}
		all = append(all, l)
	}
	return all
}

// of is the extension of a leg's employee.
func (r roster) of(l mango.StatsLeg) string {
	if ext := r.extension[l.AbonentID]; ext != "" && l.Type != "number" {
		return ext
	}
	return r.device[string(l.AbonentNumber)]
}

func (r *record) legs(direction call.Direction) []call.Event {
	flat := r.flat()
	used := make([]bool, len(flat))
	var out []call.Event
	for _, row := range r.rows {
		e := r.leg(row, direction)
		for i, l := range flat {
			if !used[i] && r.same(l, row) {
				used[i], e.Leg = true, string(l.CallID)
				break
			}
		}
		out = append(out, e)
	}
	if len(r.rows) == 0 {
		out = r.aloneAll(flat, direction)
	}
	return append(out, joined(out)...)
}

// joined finds the legs of a consultation that outlived the client's own leg: the client was
// joined with the colleague there, which the statistics, one row a leg, does not say.
func joined(legs []call.Event) []call.Event {
	var out []call.Event
	for _, l := range legs {
		if l.From.Extension == "" || l.To.Extension == "" || l.Answered.IsZero() {
			continue
		}
		for _, held := range legs {
			client, asked := clientOf(held, l.From.Extension)
			if !asked || hungUp(held, client) || held.Answered.IsZero() || held.At.Before(l.Answered) || !held.At.Before(l.At) {
				continue
			}
			talk := l
			talk.From, talk.Began, talk.Answered = client, held.At, held.At
			out = append(out, talk)
			break
		}
	}
	return out
}

// hungUp reports whether the client hung up while he waited: then the two go on talking without him.
func hungUp(held call.Event, client call.Party) bool {
	return held.From == client && mango.Class(held.Cause) == mango.CodeEndedByCaller
}

// clientOf is the outside party of an employee's leg.
func clientOf(e call.Event, extension string) (call.Party, bool) {
	switch {
	case e.Place != call.PlaceEmployee:
		return call.Party{}, false
	case e.To.Extension == extension && e.From.Outside():
		return e.From, true
	case e.From.Extension == extension && e.To.Outside():
		return e.To, true
	}
	return call.Party{}, false
}

// same: the same telephone at the same time.
func (r *record) same(l mango.StatsLeg, row mango.StatsRow) bool {
	if int64(l.Start) != row.Start || int64(l.End) != row.Finish {
		return false
	}
	ext, number := r.roster.of(l), string(l.AbonentNumber)
	return (ext != "" && (ext == row.ToExtension || ext == row.FromExtension)) || number == row.ToNumber || number == row.FromNumber
}

func (r *record) leg(row mango.StatsRow, direction call.Direction) call.Event {
	e := call.Event{
		Kind: call.KindHistoryLeg, Key: r.id, At: time.Unix(row.Finish, 0).UTC(), Began: time.Unix(row.Start, 0).UTC(),
		From: party(mango.Party{Extension: mango.Text(row.FromExtension), Number: mango.Text(row.FromNumber)}, ""),
		To:   rowTo(row),
		Line: lineOf(row.Line), Cause: row.Reason,
	}
	e.Place = place(row.Location, e)
	if e.Place != call.PlaceEmployee {
		e.To = call.Party{}
	}
	if row.Answer > 0 {
		e.Answered = time.Unix(row.Answer, 0).UTC()
	}
	e.End = endOf(row.Reason, e.Place)
	e.Callback = firstOfCallback(direction, e)
	return e
}

func rowTo(row mango.StatsRow) call.Party {
	return called(mango.Party{Extension: mango.Text(row.FromExtension)},
		mango.Party{Extension: mango.Text(row.ToExtension), Number: mango.Text(row.ToNumber)}, row.Line)
}

// aloneAll are the legs where only the extended statistics tells of them. It names who was called
// on each, and who calls only for the whole call.
func (r *record) aloneAll(flat []mango.StatsLeg, direction call.Direction) []call.Event {
	var out []call.Event
	talks := r.roster.extension[r.call.CallerID] // who talks with the client when a colleague is asked
	for _, l := range flat {
		e := call.Event{
			Kind: call.KindHistoryLeg, Key: r.id, Leg: string(l.CallID), At: seconds(l.End), Began: seconds(l.Start),
			Place: call.PlaceEmployee, Cause: int(l.EndReason), End: endOf(int(l.EndReason), call.PlaceEmployee),
		}
		var known bool
		if e.From, e.To, known = r.ends(l, direction, talks); !known {
			continue
		}
		e.Callback = firstOfCallback(direction, e)
		if l.Answer > 0 {
			e.Answered = seconds(l.Answer)
		}
		if l.Answer > 0 && !l.Consult && e.To.Extension != "" {
			talks = e.To.Extension
		}
		out = append(out, e)
	}
	return out
}

// ends are the two parties of a leg that only the extended statistics tells of. In a consultation
// the colleague was called by whoever talked with the client, and not by the client.
func (r *record) ends(l mango.StatsLeg, direction call.Direction, talks string) (from, to call.Party, known bool) {
	ext := r.roster.of(l)
	caller := r.roster.extension[r.call.CallerID]
	employee := call.Party{Extension: ext, Device: string(l.AbonentNumber)}
	outside := call.Party{Number: number(string(r.call.CallerNumber))}
	dialled := call.Party{Number: number(string(r.call.CalledNumber))}
	switch {
	case bool(l.Consult) && ext != "" && talks != "":
		return call.Party{Extension: talks}, employee, true
	case direction == call.In:
		return outside, employee, ext != ""
	case direction == call.Out && ext == "":
		return call.Party{Extension: talks}, dialled, talks != ""
	case direction == call.Out && ext != caller && bool(l.Blind || l.Taken):
		return dialled, employee, true // the client was handed over
	case direction == call.Out && ext == caller && r.rangOutside():
		return dialled, employee, true // the first leg of a callback
	case direction == call.Out && caller != "":
		return call.Party{Extension: caller}, dialled, true
	case direction == call.Internal && caller != "" && ext != "":
		return call.Party{Extension: caller}, employee, true
	}
	return employee, dialled, ext != ""
}

// rangOutside reports whether a leg went to an outside number.
func (r *record) rangOutside() bool {
	return slices.ContainsFunc(r.flat(), func(l mango.StatsLeg) bool { return r.roster.of(l) == "" })
}

// firstOfCallback: in an outgoing call, a leg from the client to the employee is the one on which
// the PBX rang the employee first (section 9.9). A client who is a colleague has an extension there;
// that the leg ended well, and not by anybody, tells it then.
func firstOfCallback(direction call.Direction, e call.Event) bool {
	return direction == call.Out && e.To.Extension != "" && (e.From.Outside() || e.Cause == mango.CodeDone)
}

// whole says of the call what its summary would have.
func (r *record) whole(direction call.Direction, legs []call.Event) call.Event {
	e := call.Event{Kind: call.KindHistory, Key: r.id, Direction: direction, Began: time.Unix(r.began(), 0).UTC()}
	var last call.Event
	for _, l := range legs {
		if !l.At.Before(last.At) {
			last = l
		}
		conversation := l.Place == call.PlaceEmployee && !l.Callback && (direction == call.Internal || l.From.Outside() || l.To.Outside() || direction == call.Out && l.To.Number != "")
		if conversation && !l.Answered.IsZero() && (e.Answered.IsZero() || l.Answered.Before(e.Answered)) {
			e.Answered = l.Answered
		}
		if e.Line == "" {
			e.Line = l.Line
		}
	}
	e.At, e.Cause, e.End = last.At, last.Cause, last.End
	if len(legs) > 0 {
		first := legs[0]
		e.From, e.To = first.From, first.To
	}
	if c := r.call; c != nil {
		e.At = seconds(c.Start + c.Duration)
		if direction == call.In {
			e.From = call.Party{Number: number(string(c.CallerNumber))}
		}
		if direction == call.Out {
			e.To = call.Party{Number: number(string(c.CalledNumber))}
		}
		if ext := r.roster.extension[c.CallerID]; ext != "" && direction != call.In {
			e.From = call.Party{Extension: ext}
		}
		switch {
		case c.Status == 0 && c.Talk == 0:
			e.Answered = time.Time{}
		case e.Answered.IsZero() && c.Talk > 0:
			e.Answered = e.At.Add(-time.Duration(c.Talk) * time.Second)
		}
	}
	e.From.Device, e.To.Device = "", ""
	return e
}
