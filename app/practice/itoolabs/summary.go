package itoolabs

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"dozvon/app/itoolabs"
	"dozvon/app/practice/sim"
)

// newUID is what the listing calls a call: another id than its callid (section 4).
func (*PBX) newUID() string { return uuid.NewString() }

// comesEarly draws whether a history comes before the last events of what it sums up.
func (c *call) comesEarly() bool {
	return c.pbx.luck.Strikes("history early", func(f Faults) float64 { return f.HistoryEarly })
}

// finish sums up what was not summed up yet, and lets the recordings appear: history has linked them
// before (section 8).
func (c *call) finish() {
	ctx := c.pbx.life.Context()
	if ctx.Err() != nil {
		close(c.ended)
		return
	}
	c.finished = c.clock.Now()
	for _, p := range c.parts {
		if p.end.IsZero() {
			p.end = c.finished
		}
		c.record(p)
	}
	if late := c.pbx.luck.Get().HistoryLateMS; late > 0 && !c.wait(time.Duration(late)*time.Millisecond) {
		close(c.ended)
		return
	}
	for _, p := range c.parts {
		if !p.summed {
			c.sumUp(p)
		}
	}
	close(c.ended)
	if slices.ContainsFunc(c.parts, func(p *part) bool { return p.file != "" }) && sim.Sleep(ctx, c.clock, c.timing.RecordingDelay) {
		for _, p := range c.parts {
			c.appears(p)
		}
	}
}

// record names the recording of a part on which somebody talked with the outside.
func (c *call) record(p *part) {
	if p.talk.IsZero() || c.client == "" && c.line == "" || p.file != "" {
		return
	}
	p.file, p.listFile = p.callID, p.uid
}

func (c *call) appears(p *part) {
	if p.file == "" || c.pbx.luck.Strikes("never recorded", func(f Faults) float64 { return f.NeverRecorded }) {
		return
	}
	c.pbx.recordings.Add(p.file)
	c.pbx.recordings.Add(p.listFile)
}

// link is the address of a recording.
func (p *PBX) link(file string) string {
	if file == "" {
		return ""
	}
	return fmt.Sprintf("%s/mp3/%s.mp3", p.config.Address, file)
}

// sumUp posts the history of a part (section 3.2). Numbers come as text; a missed call's duration is its
// ringing.
func (c *call) sumUp(p *part) {
	p.summed = true
	c.record(p)
	h := itoolabs.History{
		Type: p.direction, Status: string(p.result), CallID: p.callID, Phone: p.phone, User: p.user, Ext: p.ext, Diversion: c.line,
		Start: p.start, Duration: p.end.Sub(p.start), Link: c.pbx.link(p.file), Group: p.group,
	}
	fields := h.Fields()
	if !p.talk.IsZero() {
		fields["duration"] = strconv.Itoa(int(p.talked().Seconds()))
		if !c.pbx.config.NoWait {
			fields["wait"] = strconv.Itoa(int(p.waited().Seconds())) // also a wait of no second
		}
	}
	copies := 1
	if c.pbx.luck.Strikes("history twice", func(f Faults) float64 { return f.HistoryTwice }) {
		copies = 2
	}
	if c.pbx.luck.Strikes("history lost", func(f Faults) float64 { return f.HistoryLost }) {
		copies = 0
	}
	for range copies {
		c.send(fields)
	}
}

// waited and talked are in whole seconds, cut from one beginning, so that they add up.
func (p *part) waited() time.Duration {
	return p.talk.Truncate(time.Second).Sub(p.start.Truncate(time.Second))
}

func (p *part) talked() time.Duration {
	if p.talk.IsZero() {
		return 0
	}
	return p.end.Truncate(time.Second).Sub(p.talk.Truncate(time.Second))
}

// row is a part in the listing (section 9).
func (p *PBX) row(c *call, part *part) itoolabs.Row {
	r := itoolabs.Row{
		UID: part.uid, Type: part.direction, Result: part.result, Client: part.phone, User: part.user, Line: c.line,
		Start: part.start, Duration: part.talked(), Record: p.link(part.listFile), Wait: part.waited(),
	}
	if part.talk.IsZero() {
		r.Wait = part.end.Truncate(time.Second).Sub(part.start.Truncate(time.Second))
		if part.direction == itoolabs.DirectionIn {
			r.Type = itoolabs.TypeMissed
		}
	}
	return r
}
