package pbx

import (
	"context"
	"io"
	"time"

	"dozvon/app/server/call"
)

// Historian tells from the PBX's own statistics what calls there were.
type Historian interface {
	// History gives every ended call that began in [from, to). They are the same however often they
	// are asked for.
	History(ctx context.Context, from, to time.Time, take func(HistoryCall) error) error
}

// HistoryCall is one call of the PBX's own record: KindHistory, KindHistoryLeg and recordings.
type HistoryCall struct {
	Events []call.Event
	// Unnamed says that the record does not name the call: its events have no Key. It is matched with
	// a call of the same employee, direction and number that began within Tolerance of it, each row with
	// another one; where none is, the call is new and MadeKey is its key, the same at every reading.
	Unnamed   bool
	Tolerance time.Duration
	MadeKey   string
	// Formerly are made keys under which rows of this call may have been told before the PBX named it.
	Formerly []string
}

// Recorder lets recordings be fetched.
type Recorder interface {
	// Recording opens a recording's MP3 from byte offset on; the PBX may begin earlier.
	// ErrNoRecording, also when the PBX is not ready with it yet.
	Recording(ctx context.Context, id string, offset int64) (Sound, error)
}

// Sound is a recording on its way.
type Sound struct {
	Body io.ReadCloser
	From int64 // the offset at which Body begins
	Size int64 // of the whole recording in bytes; -1 when unknown
}

// RecordingFinder looks for the recording of a talk that no event announces, at the times after its
// end that the kind's FindAfter tells.
type RecordingFinder interface {
	// FindRecording gives the recording of the employee's talk as KindRecording with RecordingReady, of
	// the call's Key. ErrNotReady: ask again later. ErrNoRecording: there will be none.
	FindRecording(ctx context.Context, key, extension string) (call.Event, error)
}

// Directory tells what the PBX itself knows of employees.
type Directory interface {
	Extensions(ctx context.Context) ([]Extension, error)
}

// LineLister tells what trunk lines the PBX has.
type LineLister interface {
	Lines(ctx context.Context) ([]Line, error)
}

// Extension is an employee in the PBX's own list.
type Extension struct {
	Number, Name string
	ID           string // by which events name the employee, where that is not the extension
	Phone        string // the employee's own outside number, a mobile that rings with the extension
}

// Line is a trunk line in the PBX's own list.
type Line struct{ Number, Name string }

// Refresher keeps a directory of its own in memory, because events name employees by another id than
// their extension. It is refreshed when the integration is created, when the table of extensions
// changes, after a Delivery with Stranger, and every hour. What it read is kept in Account.Shared, so that
// Decode knows it from the first event after a start.
type Refresher interface {
	Refresh(ctx context.Context) error
}
