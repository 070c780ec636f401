package present

import (
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// Parts lists the recordings of an entry's call; a server that knows of one only tells of it
// as a whole.
func Parts(e client.FeedEntry) []client.RecordingPart {
	if len(e.Recordings) > 0 || e.Recording == nil {
		return e.Recordings
	}
	return []client.RecordingPart{{Part: 1, Ready: e.Recording.Ready, Seconds: e.Recording.Seconds}}
}

// FirstPlayable is the place of the first recording that can be heard now, else 0.
func FirstPlayable(parts []client.RecordingPart) int {
	for n, part := range parts {
		if part.Ready && !part.Gone {
			return n
		}
	}
	return 0
}

// Goes tells whether the call of an entry goes on: how long people talked is only known at its end.
func Goes(e client.FeedEntry) bool {
	return (e.Type == client.EntryCallIn || e.Type == client.EntryCallOut) && e.TalkSeconds == nil
}

// recorded sums up what can be done with an entry's recordings.
func (r *Row) recorded(text *i18n.Text) string {
	parts := Parts(r.Entry)
	waits := 0
	for _, part := range parts {
		switch {
		case part.Gone:
		case part.Ready:
			r.CanPlay = true
		default:
			waits++
		}
	}
	r.Preparing = waits > 0 && !r.CanPlay
	r.Gone = len(parts) > 0 && !r.CanPlay && waits == 0
	switch {
	case r.Preparing && Goes(r.Entry):
		return text.T("feed.recording")
	case r.Preparing:
		return text.T("feed.preparing")
	case r.Gone:
		return text.T("feed.gone")
	case len(parts) > 1:
		return text.N("feed.recordings", len(parts))
	}
	return ""
}

// Unrecorded tells whether nothing is known of a recording of a talk.
func Unrecorded(e client.FeedEntry) bool {
	talked := (e.Type == client.EntryCallIn || e.Type == client.EntryCallOut) && e.CallID != "" && e.TalkSeconds != nil && *e.TalkSeconds > 0
	return talked && len(Parts(e)) == 0
}

// recordingComes is how long after a talk its recording may be announced.
const recordingComes = 3 * time.Minute

// NotRecorded tells whether a talk has no recording, and none will come.
func NotRecorded(e client.FeedEntry, now time.Time) bool {
	return Unrecorded(e) && now.Sub(e.At) > time.Duration(*e.TalkSeconds)*time.Second+recordingComes
}

// RecordingHidden tells whether the school keeps the recordings of such a call from an employee: then nobody tells
// them of any.
func RecordingHidden(e client.FeedEntry, me client.Employee, school client.School) bool {
	mine := e.Employee != nil && e.Employee.ID == me.ID
	return school.RecordingsFor == client.ForParticipants && me.Role == client.RoleOperator && !mine
}
