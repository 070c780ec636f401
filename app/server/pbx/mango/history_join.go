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
		case row.FromExtension != "" && row.ToExtension == "":
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
	for i, l := range flat {
		if ext := r.roster.of(l); !used[i] && ext != "" && len(r.rows) == 0 {
			out = append(out, r.alone(l, ext, direction))
		}
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
			if !asked || held.Answered.IsZero() || held.At.Before(l.Answered) || !held.At.Before(l.At) {
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
		To:   party(mango.Party{Extension: mango.Text(row.ToExtension), Number: mango.Text(row.ToNumber)}, row.Line),
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

// alone is a leg that only the extended statistics tells of.
func (r *record) alone(l mango.StatsLeg, ext string, direction call.Direction) call.Event {
	employee := call.Party{Extension: ext, Device: string(l.AbonentNumber)}
	e := call.Event{
		Kind: call.KindHistoryLeg, Key: r.id, Leg: string(l.CallID), At: seconds(l.End), Began: seconds(l.Start),
		Place: call.PlaceEmployee, Cause: int(l.EndReason), End: endOf(int(l.EndReason), call.PlaceEmployee),
		From: call.Party{Number: number(string(r.call.CallerNumber))}, To: employee,
	}
	if direction != call.In {
		e.From, e.To = employee, call.Party{Number: number(string(r.call.CalledNumber))}
	}
	if l.Answer > 0 {
		e.Answered = seconds(l.Answer)
	}
	return e
}

// firstOfCallback: in an outgoing call, a leg from the client to the employee is the one on which
// the PBX rang the employee first (section 9.9).
func firstOfCallback(direction call.Direction, e call.Event) bool {
	return direction == call.Out && e.From.Outside() && e.To.Extension != ""
}

// whole says of the call what its summary would have.
func (r *record) whole(direction call.Direction, legs []call.Event) call.Event {
	e := call.Event{Kind: call.KindHistory, Key: r.id, Direction: direction, Began: time.Unix(r.began(), 0).UTC()}
	var last call.Event
	for _, l := range legs {
		if !l.At.Before(last.At) {
			last = l
		}
		conversation := l.Place == call.PlaceEmployee && !l.Callback && (direction == call.Internal || l.From.Outside() || l.To.Outside())
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
