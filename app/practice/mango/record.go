package mango

import (
	"fmt"

	"dozvon/app/mango"
	"dozvon/app/practice"
	"dozvon/app/practice/mango/cast"
)

// recording is one file of a call; a call has several when the command or the configuration says so.
type recording struct {
	id        string
	seq       mango.Int
	extension string
	completed bool
	never     bool               // it will not become ready
	said      practice.Recording // what real telephones said; nil: it is played
}

// recorder is the part of a call that keeps what is said.
type recorder struct{ *call }

// record starts the recording on the first talk, and carries it on to a later leg.
func (c recorder) record(l *leg, extension string) {
	if c.pbx.config.Recordings != RecordAll {
		if r := c.running(); r != nil {
			c.carryOn(r, l, extension)
		}
		return
	}
	r := c.running()
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

// running is the recording that runs.
func (c recorder) running() *recording {
	for _, r := range c.recordings {
		if !r.completed {
			return r
		}
	}
	return nil
}

func (c recorder) begin(l *leg, extension string, commandID mango.Text) {
	r := &recording{
		id: encodeID(fmt.Sprintf("1:%d:%d:%d", cast.Product, c.number, len(c.recordings))), extension: extension,
		never: c.pbx.luck.Strikes("recording", func(f Faults) float64 { return f.NeverRecorded }),
	}
	if c.sound != nil {
		r.said = c.sound.Record()
	}
	c.recordings = append(c.recordings, r)
	c.onLeg(r, l)
	c.post(r, mango.RecordingEvent{
		State: mango.RecordingStarted, CallID: l.event.CallID, Extension: mango.Text(extension), CommandID: commandID,
	})
}

func (c recorder) carryOn(r *recording, l *leg, extension string) {
	c.onLeg(r, l)
	c.post(r, mango.RecordingEvent{
		State: mango.RecordingContinued, CallID: l.event.CallID, Extension: mango.Text(extension),
	})
}

func (c recorder) complete(r *recording) {
	r.completed = true
	if r.said != nil {
		r.said.Stop()
	}
	c.post(r, mango.RecordingEvent{
		State: mango.RecordingCompleted, CallID: c.lastLeg.event.CallID, Extension: mango.Text(r.extension),
		CompletionCode: mango.CodeDone, Recipient: "Cloud",
	})
}

// onLeg lets the statistics list a recording with the leg it is of.
func (c recorder) onLeg(r *recording, l *leg) {
	c.pbx.mu.Lock()
	defer c.pbx.mu.Unlock()
	l.records = append(l.records, r.id)
}

// may judges commands/recording/start (section 3.2.5).
func (c recorder) may(l *leg, cmd command) mango.Int {
	e := l.event
	owner, known := c.pbx.staff.Owner(cmd.Party)
	switch {
	case !known || owner.Extension != string(e.To.Extension) && owner.Extension != string(e.From.Extension):
		return mango.CodeNumberNotFound
	case c.pbx.config.Recordings == RecordNone, e.State != mango.StateConnected && e.State != mango.StateOnHold:
		return mango.CodeImpossible
	case c.running() != nil:
		return codeAlreadyRecording
	}
	return mango.CodeDone
}

func (c recorder) onCommand(cmd command) {
	c.pbx.mu.Lock()
	l := find(c.legs, cmd.Leg)
	c.pbx.mu.Unlock()
	owner, _ := c.pbx.staff.Owner(cmd.Party)
	c.begin(l, owner.Extension, cmd.ID)
}

// stop ends what runs; without a talk there is nothing to end.
func (c recorder) stop() {
	if r := c.running(); r != nil {
		c.complete(r)
	}
}

func (c recorder) post(r *recording, e mango.RecordingEvent) {
	r.seq++
	e.RecordingID, e.EntryID = mango.Text(r.id), mango.Text(c.entryID)
	e.Seq, e.Timestamp = r.seq, c.now()
	c.call.post(mango.PathRecording, e)
}

// readyFirst draws whether the files are ready before the summary (oddity 18 of the reference).
func (c recorder) readyFirst() bool {
	return len(c.recordings) > 0 && c.pbx.luck.Strikes("early", func(f Faults) float64 { return f.RecordedFirst })
}

// add makes the files downloadable after a while and says so.
func (c recorder) add() {
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
		if !c.pbx.keep(r) {
			continue
		}
		user := int64(-1)
		if e, ok := c.pbx.staff.Employee(r.extension); ok {
			user = e.UserID
		}
		c.call.post(mango.PathRecordAdded, mango.RecordAdded{
			EntryID: mango.Text(c.entryID), ProductID: cast.Product, UserID: mango.Int(user),
			Timestamp: c.now(), RecordingID: mango.Text(r.id),
		})
	}
}

// keep makes a recording downloadable; it reports false if what was said is lost.
func (p *PBX) keep(r *recording) bool {
	if r.said == nil {
		p.files.Add(r.id)
		return true
	}
	mp3, ok := r.said.Sound()
	if ok {
		p.files.AddSaid(r.id, mp3)
	}
	return ok
}
