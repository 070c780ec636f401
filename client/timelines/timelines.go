// Package timelines reads the course of calls. It is apart from the client, which would be too large with it, and
// carries as that does.
package timelines

import (
	"context"
	"net/url"
	"time"

	"dozvon/client"
)

// Timeline is a call's course: who rang, talked and waited when, what the PBX told of it, and how soon the server had
// each event. All times are milliseconds since From.
type Timeline struct {
	Call client.Call `json:"call"`
	From time.Time   `json:"from"`
	// Lanes are in the order in which they began.
	Lanes      []TimelineLane      `json:"lanes"`
	Moves      []TimelineMove      `json:"moves,omitempty"`
	Events     []TimelineEvent     `json:"events"`
	Recordings []TimelineRecording `json:"recordings,omitempty"`
	// Whole says that the PBX has told nothing but the whole: the one lane is that.
	Whole   bool            `json:"whole,omitempty" doc:"The PBX told only the whole call, not its legs"`
	Checked TimelineChecked `json:"checked,omitempty" doc:"What comparing with the PBX's own list came to; empty: not compared yet"`
	// LagMS is the least time between an event's own time and its coming: where it is much, the PBX's clock is
	// behind or its events are late; where it is negative, its clock is ahead.
	LagMS *int64 `json:"lag_ms,omitempty" doc:"The least time between an event's own time, by the PBX's clock, and its coming; negative: that clock is ahead"`
}

// TimelineChecked is what comparing with the PBX's own list of calls came to.
type TimelineChecked string

// What comparing came to.
const (
	CheckedAgrees   TimelineChecked = "agrees"
	CheckedRestored TimelineChecked = "restored" // the list told what no event had
)

// TimelineLane is what one place went through.
type TimelineLane struct {
	Place     LanePlace      `json:"place"`
	Extension string         `json:"extension,omitempty"`
	Employee  *client.Person `json:"employee,omitempty"`
	Phone     string         `json:"phone,omitempty" doc:"Of a lane without an extension"`
	Spans     []TimelineSpan `json:"spans"`
	// Reason is why its last leg ended without a talk, in the PBX's words.
	Reason *client.Reason `json:"reason,omitempty"`
}

// LanePlace is where in the PBX a lane stays.
type LanePlace string

// Places of a lane.
const (
	LaneMenu     LanePlace = "menu"
	LaneQueue    LanePlace = "queue"
	LaneEmployee LanePlace = "employee"
	LaneOther    LanePlace = "other"
)

// TimelineSpan is a part of a lane.
type TimelineSpan struct {
	State  client.CallState `json:"state" doc:"ringing, talking or held; of a menu or queue: ringing, it waits"`
	FromMS int64            `json:"from_ms"`
	ToMS   *int64           `json:"to_ms,omitempty" doc:"Absent while it lasts"`
	// Outward says that the other side's telephone rings.
	Outward    bool `json:"outward,omitempty" doc:"The other side's telephone rings"`
	Unanswered bool `json:"unanswered,omitempty" doc:"It rang and nobody picked up"`
}

// TimelineMove is a call that went from one lane to another.
type TimelineMove struct {
	AtMS  int64 `json:"at_ms"`
	From  int   `json:"from" doc:"Place in lanes"`
	To    int   `json:"to" doc:"Place in lanes"`
	Asked bool  `json:"asked,omitempty" doc:"The colleague was asked while the client waited"`
}

// TimelineEvent is one event of a call, with how soon the server had it.
type TimelineEvent struct {
	AtMS      int64          `json:"at_ms" doc:"By the PBX's clock; its times may be whole seconds"`
	Kind      string         `json:"kind" doc:"leg, summary, recording, digits, dialled, refused, routed, closed, over, history or history_leg"`
	State     string         `json:"state,omitempty" doc:"Of a leg: ringing, talking, held or ended; of a recording: started, completed, ready, gone or dropped"`
	Place     LanePlace      `json:"place,omitempty"`
	Extension string         `json:"extension,omitempty"`
	Employee  *client.Person `json:"employee,omitempty"`
	Phone     string         `json:"phone,omitempty"`
	Outward   bool           `json:"outward,omitempty"`
	End       string         `json:"end,omitempty" doc:"by_caller, by_called, moved, no_answer, busy, declined or failed"`
	Digits    string         `json:"digits,omitempty" doc:"What the caller pressed in the menu"`
	// ReceivedMS, StoredMS and ShownMS are absent where the server did not note them: it was told by the
	// PBX's own list, or by a former version.
	ReceivedMS *int64 `json:"received_ms,omitempty" doc:"When the PBX's request came"`
	StoredMS   *int64 `json:"stored_ms,omitempty" doc:"When it was in the journal"`
	ShownMS    *int64 `json:"shown_ms,omitempty" doc:"When it was handed to the screens; absent where it changed nothing that they show"`
}

// TimelineRecording tells where a recording lies in the call.
type TimelineRecording struct {
	Part   int   `json:"part"`
	FromMS int64 `json:"from_ms"`
}

// Read reads a call's course.
func Read(ctx context.Context, api *client.API, callID string) (Timeline, error) {
	return client.Get[Timeline](ctx, api, "/calls/"+url.PathEscape(callID)+"/timeline")
}
