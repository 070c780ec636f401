package beeline

import (
	"dozvon/app/practice"
	"dozvon/app/practice/beeline/records"
	"dozvon/app/practice/beeline/xsi"
)

// record begins the recording of a leg that talks to a client.
func (c *call) record(l *leg) {
	if !c.pbx.cabinet.recorded(l.extension) || l.record != nil {
		return
	}
	r := &records.Record{
		Tracking: l.Tracking, Extension: l.extension, CallID: l.ID, Client: c.client,
		Inbound: c.direction == practice.Inbound, Start: c.now(),
		Never:  c.pbx.luck.Strikes("recording", func(f Faults) float64 { return f.NeverRecorded }),
		Failed: c.pbx.luck.Strikes("failed", func(f Faults) float64 { return f.RecordingFailed }),
	}
	l.record = r
	c.recordings = append(c.recordings, r)
	if !r.Failed {
		return
	}
	c.pbx.mu.Lock()
	l.RecordingControls, l.RecordingState = "none", "Failed"
	e := xsi.Event{Type: xsi.RecordingStopped, Target: l.target, Calls: []xsi.Call{l.Call}, Reason: "Failure"}
	c.pbx.mu.Unlock()
	c.tell(e)
}

// DeleteRecording removes a recording, as somebody may in the cabinet.
func (p *PBX) DeleteRecording(id string) error {
	if !p.archive.Remove(id) {
		return practice.ErrRecording
	}
	return nil
}
