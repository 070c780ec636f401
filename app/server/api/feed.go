package api

import (
	"context"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
	"dozvon/app/server/entry"
	"dozvon/app/server/search"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/app/server/wire"
	"dozvon/client"
)

type feedQuery struct {
	Paging
	Type     string    `query:"type" doc:"One or several types, with commas between"`
	Subject  string    `query:"subject" doc:"kind:id"`
	Q        string    `query:"q" maxLength:"200"`
	Employee string    `query:"employee"`
	Phone    string    `query:"phone"`
	From     time.Time `query:"from"`
	To       time.Time `query:"to"`
	Bound    string    `query:"bound" enum:"true,false,"`
	Line     string    `query:"line"`
	Result   string    `query:"result" enum:"answered,missed,no_answer,busy,declined,failed,not_started,"`
}

// feedAPI is the feed and its notes.
type feedAPI struct{ *Server }

func (s feedAPI) list(ctx context.Context, in *feedQuery) (*body[client.Page[client.FeedEntry]], error) {
	cursor, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	filter, err := in.filter(s.Directory.Numbers())
	if err != nil {
		return nil, err
	}
	entries, next, err := s.Feed.Page(ctx, who(ctx), filter, cursor, in.Limit)
	return page(wire.Entries(entries), next, err)
}

func (s feedAPI) addNote(ctx context.Context, in *body[client.NewNote]) (*body[client.FeedEntry], error) {
	return entryBody(s.Followup.AddNote(ctx, who(ctx), in.Body))
}

func (s feedAPI) editNote(ctx context.Context, in *changeOf[client.EditNote]) (*tagged[client.FeedEntry], error) {
	e, err := s.Followup.EditNote(in.expect(ctx), who(ctx), in.ID, in.Body.Text)
	return &tagged[client.FeedEntry]{wire.NoteTag(e), wire.Entry(e)}, err
}

func (s feedAPI) noteVersions(ctx context.Context, in *byID) (*body[client.Page[client.NoteVersion]], error) {
	return all(s.Followup.NoteVersions(ctx, who(ctx), in.ID))
}

// healthDays bounds the period of which the feed is asked what it knows.
const healthDays = 31

func (s feedAPI) health(ctx context.Context, in *struct {
	From time.Time `query:"from" required:"true"`
	To   time.Time `query:"to" required:"true"`
},
) (*body[client.FeedHealth], error) {
	if to := in.From.AddDate(0, 0, healthDays); in.To.After(to) {
		in.To = to
	}
	return one(s.Coverage.FeedHealth(ctx, in.From, in.To))
}

func (s feedAPI) lines(ctx context.Context, _ *empty) (*body[client.Page[client.Line]], error) {
	return all(s.Directory.Lines(ctx))
}

func (q *feedQuery) filter(numbers phone.Reader) (store.FeedFilter, error) {
	f := store.FeedFilter{Query: search.Parse(q.Q), Employee: q.Employee, From: q.From, To: q.To, Line: q.Line, Result: q.Result}
	if q.Type != "" {
		f.Types = strings.Split(q.Type, ",")
	}
	if q.Subject != "" {
		kind, id, ok := strings.Cut(q.Subject, ":")
		if !ok {
			return f, crm.Wrong("subject", texts.Of("fault.subject"))
		}
		f.Subject = client.SubjectRef{Kind: client.SubjectKind(kind), ID: id}
	}
	if q.Phone != "" {
		n, err := numbers.Parse(q.Phone)
		if err != nil {
			return f, err
		}
		f.Phone = n
	}
	if q.Bound != "" {
		bound := q.Bound == "true"
		f.Bound = &bound
	}
	return f, nil
}

// entryBody answers with an entry of the feed.
func entryBody(e entry.Entry, err error) (*body[client.FeedEntry], error) {
	return one(wire.Entry(e), err)
}
