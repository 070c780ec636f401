package mango

import (
	"fmt"

	"dozvon/app/mango"
	"dozvon/app/practice/mango/cast"
)

// recording is one file of a call; a call has several when the command or the configuration says so.
type recording struct {
	id        string
	seq       mango.Int
	extension string
	completed bool
	never     bool // it will not become ready
}

// record starts the recording on the first talk, and carries it on to a later leg.
func (c *call) record(l *leg, extension string) {
	if c.pbx.config.Recordings != RecordAll {
		if r := c.recorder(); r != nil {
			c.carryOn(r, l, extension)
		}
		return
	}
	r := c.recorder()
	each := c.script.recordEach || c.pbx.config.RecordEachEmployee
	if r != nil && (!each || r.extension == extension) {
		c.carryOn(r, l, extension)
		return
	}
	if r != nil {
		c.complete(r)
	}
	c.begin(l, extension, "")
}

// recorder is the recording that runs.
func (c *call) recorder() *recording {
	for _, r := range c.recordings {
		if !r.completed {
			return r
		}
	}
	return nil
}

func (c *call) begin(l *leg, extension string, commandID mango.Text) {
	r := &recording{
		id: encodeID(fmt.Sprintf("1:%d:%d:%d", cast.Product, c.number, len(c.recordings))), extension: extension,
		never: c.pbx.luck.Strikes("recording", func(f Faults) float64 { return f.NeverRecorded }),
	}
	c.recordings = append(c.recordings, r)
	c.onLeg(r, l)
	c.postRecording(r, mango.RecordingEvent{
		State: mango.RecordingStarted, CallID: l.event.CallID, Extension: mango.Text(extension), CommandID: commandID,
	})
}

func (c *call) carryOn(r *recording, l *leg, extension string) {
	c.onLeg(r, l)
	c.postRecording(r, mango.RecordingEvent{
		State: mango.RecordingContinued, CallID: l.event.CallID, Extension: mango.Text(extension),
	})
}

func (c *call) complete(r *recording) {
	r.completed = true
	c.postRecording(r, mango.RecordingEvent{
		State: mango.RecordingCompleted, CallID: c.lastLeg.event.CallID, Extension: mango.Text(r.extension),
		CompletionCode: mango.CodeDone, Recipient: "Cloud",
	})
}

// onLeg lets the statistics list a recording with the leg it is of.
func (c *call) onLeg(r *recording, l *leg) {
	c.pbx.mu.Lock()
	defer c.pbx.mu.Unlock()
	l.records = append(l.records, r.id)
}

// mayRecord judges commands/recording/start (section 3.2.5).
func (c *call) mayRecord(l *leg, cmd command) mango.Int {
	e := l.event
	owner, known := c.pbx.staff.Owner(cmd.Party)
	switch {
	case !known || owner.Extension != string(e.To.Extension) && owner.Extension != string(e.From.Extension):
		return mango.CodeNumberNotFound
	case c.pbx.config.Recordings == RecordNone, e.State != mango.StateConnected && e.State != mango.StateOnHold:
		return mango.CodeImpossible
	case c.recorder() != nil:
		return codeAlreadyRecording
	}
	return mango.CodeDone
}

func (c *call) recordOnCommand(cmd command) {
	c.pbx.mu.Lock()
	l := find(c.legs, cmd.Leg)
	c.pbx.mu.Unlock()
	owner, _ := c.pbx.staff.Owner(cmd.Party)
	c.begin(l, owner.Extension, cmd.ID)
}

// stopRecording ends what runs; without a talk there is nothing to end.
func (c *call) stopRecording() {
	if r := c.recorder(); r != nil {
		c.complete(r)
	}
}

func (c *call) postRecording(r *recording, e mango.RecordingEvent) {
	r.seq++
	e.RecordingID, e.EntryID = mango.Text(r.id), mango.Text(c.entryID)
	e.Seq, e.Timestamp = r.seq, c.now()
	c.post(mango.PathRecording, e)
}

// recordedFirst draws whether the files are ready before the summary (oddity 18 of the reference).
func (c *call) recordedFirst() bool {
	return len(c.recordings) > 0 && c.pbx.luck.Strikes("early", func(f Faults) float64 { return f.RecordedFirst })
}

// addRecordings makes the files downloadable after a while and says so.
func (c *call) addRecordings() {
	if len(c.recordings) == 0 {
		return
	}
	if cmd, _ := c.wait(c.timing.RecordingDelay, func(command) mango.Int { return mango.CodeCallEnded }); cmd.stop {
		return
	}
	for _, r := range c.recordings {
		if r.never {
			continue
		}
		c.pbx.files.Add(r.id)
		user := int64(-1)
		if e, ok := c.pbx.staff.Employee(r.extension); ok {
			user = e.UserID
		}
		c.post(mango.PathRecordAdded, mango.RecordAdded{
			EntryID: mango.Text(c.entryID), ProductID: cast.Product, UserID: mango.Int(user),
			Timestamp: c.now(), RecordingID: mango.Text(r.id),
		})
	}
}
