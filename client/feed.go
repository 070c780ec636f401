package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// EntryType is what a feed entry tells of.
type EntryType string

// Feed entry types; a call has exactly one entry.
const (
	EntryCallIn          EntryType = "call_in"
	EntryCallMissed      EntryType = "call_missed"
	EntryCallOut         EntryType = "call_out"
	EntryNote            EntryType = "note"
	EntrySMS             EntryType = "sms"
	EntryClientCreated   EntryType = "client_created"
	EntryContractCreated EntryType = "contract_created"
)

// EntryTypes are all of them.
func EntryTypes() []EntryType {
	return []EntryType{EntryCallIn, EntryCallMissed, EntryCallOut, EntryNote, EntrySMS, EntryClientCreated, EntryContractCreated}
}

// FeedEntry is one row of the feed.
type FeedEntry struct {
	ID          string    `json:"id"`
	Type        EntryType `json:"type" enum:"call_in,call_missed,call_out,note,sms,client_created,contract_created"`
	At          time.Time `json:"at"`
	Phone       string    `json:"phone,omitempty"`
	Subject     *Subject  `json:"subject"`
	Employee    *Person   `json:"employee"`
	Description string    `json:"description"`
	// DescriptionEN is Description in English, for what the server itself wrote.
	DescriptionEN string `json:"description_en,omitempty"`
	// Practice says that it is an entry of somebody's practice.
	Practice      bool   `json:"practice,omitempty" doc:"Of a practice, seen by whoever practises alone"`
	Result        Result `json:"result,omitempty"`
	Source        string `json:"source,omitempty"`
	SourceName    string `json:"source_name,omitempty"`
	CallID        string `json:"call_id,omitempty"`
	TalkSeconds   *int   `json:"talk_seconds,omitempty"`
	WaitSeconds   *int   `json:"wait_seconds,omitempty" doc:"How long the caller waited, for calls nobody answered"`
	AnswerSeconds *int   `json:"answer_seconds,omitempty" doc:"How long it rang before somebody answered"`
	Line          string `json:"line,omitempty" doc:"Our line"`
	// Shared says that the number is on this card too, but the call belongs to Subject.
	Shared bool `json:"shared,omitempty"`
	// ByHand says that a person chose whose it is.
	ByHand bool `json:"by_hand,omitempty"`
	// EditedAt is when the text of a note was changed last; its former texts are kept.
	EditedAt   *time.Time      `json:"edited_at,omitempty"`
	Outcome    string          `json:"outcome,omitempty" doc:"What a call came to, e.g. enrolled"`
	Recording  *Recording      `json:"recording,omitempty"`
	Recordings []RecordingPart `json:"recordings,omitempty"`
	Flags      []Flag          `json:"flags,omitempty" doc:"What people marked in the recordings, in their order; for those who may hear them"`
	Restored   bool            `json:"restored,omitempty" doc:"From the PBX's statistics, not from its webhooks"`
	Delivery   SMSState        `json:"delivery,omitempty" enum:"sending,sent,delivered,failed"`
	Why        string          `json:"why,omitempty"`
	WhyEN      string          `json:"why_en,omitempty"`
	// Settled names who talked with a missed caller later, if anyone did.
	Settled *Settled `json:"settled,omitempty"`
	// ETag, of notes alone, goes into If-Match of a change, see API.IfMatch.
	ETag string `json:"etag,omitempty"`
}

// SMSState is how far a message has come.
type SMSState string

// States of a message.
const (
	SMSSending   SMSState = "sending"
	SMSSent      SMSState = "sent"
	SMSDelivered SMSState = "delivered"
	SMSFailed    SMSState = "failed"
)

// Settled tells which later conversation closed a missed call.
type Settled struct {
	By     *Person   `json:"by,omitempty"`
	At     time.Time `json:"at"`
	CallID string    `json:"call_id"`
}

// NoteVersion is a former text of a note.
type NoteVersion struct {
	Version int       `json:"version"`
	At      time.Time `json:"at" doc:"When this text was written"`
	By      *Person   `json:"by,omitempty"`
	Text    string    `json:"text"`
}

// FeedHealth says what the feed knows of a day.
type FeedHealth struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to" doc:"Up to which moment our calls and the PBX's statistics were compared"`
	// Calls is how many external calls we have in the time, Confirmed how many of them the PBX's own
	// statistics told of, too.
	Calls     int      `json:"calls"`
	Confirmed int      `json:"confirmed"`
	Restored  int      `json:"restored" doc:"Calls of which no webhook had told"`
	Outages   []Outage `json:"outages"`
}

// Outage is a time without events.
type Outage struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Cause    string    `json:"cause" enum:"server,pbx" doc:"The server was away, or the PBX sent nothing"`
	Restored int       `json:"restored" doc:"Calls of this time that were restored from the statistics"`
}

// FeedQuery filters the feed; zero fields do not filter.
type FeedQuery struct {
	Type     string
	Subject  string // "contract:ID" or "client:ID"
	Q        string
	Employee string
	Phone    string
	From, To string // RFC 3339
	Bound    string // "true" or "false"
	Line     string
	Result   string
	Cursor   string
	Limit    int
}

// NewNote is a note on a contract or client.
type NewNote struct {
	Subject SubjectRef `json:"subject"`
	Text    string     `json:"text" minLength:"1" maxLength:"4000"`
	NoteID  string     `json:"note_id,omitempty" maxLength:"64" pattern:"^[A-Za-z0-9-]*$" doc:"Makes a repeat harmless: the same id of the same employee gives the note that exists already"`
}

// EditNote changes the text of a note; the former text is kept.
type EditNote struct {
	Text string `json:"text" minLength:"1" maxLength:"4000"`
}

// Values are the filters as the server takes them.
func (q FeedQuery) Values() url.Values {
	v := url.Values{}
	for key, value := range map[string]string{
		"type": q.Type, "subject": q.Subject, "q": q.Q, "employee": q.Employee, "phone": q.Phone,
		"from": q.From, "to": q.To, "bound": q.Bound, "cursor": q.Cursor, "line": q.Line, "result": q.Result,
	} {
		if value != "" {
			v.Set(key, value)
		}
	}
	if q.Limit > 0 {
		v.Set("limit", strconv.Itoa(q.Limit))
	}
	return v
}

// Feed reads a page, newest first.
func (a *API) Feed(ctx context.Context, q FeedQuery) (Page[FeedEntry], error) {
	return send[Page[FeedEntry]](ctx, a, http.MethodGet, "/feed?"+q.Values().Encode(), nil)
}

// FeedHealth says what the feed knows of a period, and what it does not.
func (a *API) FeedHealth(ctx context.Context, from, to time.Time) (FeedHealth, error) {
	q := url.Values{"from": {from.UTC().Format(time.RFC3339)}, "to": {to.UTC().Format(time.RFC3339)}}
	return send[FeedHealth](ctx, a, http.MethodGet, "/feed/health?"+q.Encode(), nil)
}

// AddNote writes a note on a contract or client.
func (a *API) AddNote(ctx context.Context, in NewNote) (FeedEntry, error) {
	return send[FeedEntry](ctx, a, http.MethodPost, "/feed", in)
}

// EditNote changes the text of a note; its former text is kept.
func (a *API) EditNote(ctx context.Context, id, text string) (FeedEntry, error) {
	return send[FeedEntry](ctx, a, http.MethodPatch, "/feed/"+url.PathEscape(id), EditNote{Text: text})
}

// NoteVersions lists the former texts of a note, newest first.
func (a *API) NoteVersions(ctx context.Context, id string) ([]NoteVersion, error) {
	page, err := send[Page[NoteVersion]](ctx, a, http.MethodGet, "/feed/"+url.PathEscape(id)+"/versions", nil)
	return page.Items, err
}
