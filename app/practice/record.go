package practice

import (
	"time"

	"dozvon/app/mango"
)

// record starts the recording on the first talk, and carries it on to a later leg.
func (c *call) record(l *leg, extension string) {
	state := mango.RecordingContinued
	if c.recordSeq == 0 {
		state = mango.RecordingStarted
		c.recorded = extension
	}
	c.postRecording(mango.RecordingEvent{
		State: state, CallID: l.event.CallID, Extension: mango.Text(extension),
	})
}

// stopRecording ends what record began; without a talk there is nothing to end.
func (c *call) stopRecording() {
	if c.recordSeq == 0 {
		return
	}
	c.postRecording(mango.RecordingEvent{
		State: mango.RecordingCompleted, CallID: c.lastLeg.event.CallID, Extension: mango.Text(c.recorded),
		CompletionCode: mango.CodeDone, Recipient: "Cloud",
	})
}

func (c *call) postRecording(e mango.RecordingEvent) {
	c.recordSeq++
	e.RecordingID, e.EntryID = mango.Text(c.recording), mango.Text(c.entryID)
	e.Seq, e.Timestamp = c.recordSeq, c.now()
	c.pbx.post(mango.PathRecording, e)
}

// addRecording makes the file downloadable after a while and says so. The call has ended by then.
func (c *call) addRecording() {
	if c.recordSeq == 0 {
		return
	}
	timer := time.NewTimer(c.timing.RecordingDelay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.pbx.ctx.Done():
		return
	}
	c.pbx.files.add(c.recording)
	user := int64(-1)
	if e, ok := employee(c.recorded); ok {
		user = e.UserID
	}
	c.pbx.post(mango.PathRecordAdded, mango.RecordAdded{
		EntryID: mango.Text(c.entryID), ProductID: product, UserID: mango.Int(user),
		Timestamp: c.now(), RecordingID: mango.Text(c.recording),
	})
}
