package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
	"dozvon/app/server/revision"
	"dozvon/app/server/search"
	"dozvon/app/server/store"
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

func (s *Server) feedRoutes() {
	huma.Register(s.api, op("list-feed", http.MethodGet, "/feed", "The feed, newest first"), s.listFeed)
	note := op("create-note", http.MethodPost, "/feed", "A note on a contract or client")
	note.DefaultStatus = http.StatusCreated
	huma.Register(s.api, note, func(ctx context.Context, in *body[client.NewNote]) (*body[client.FeedEntry], error) {
		e, err := s.Switchboard.AddNote(ctx, who(ctx), in.Body)
		return &body[client.FeedEntry]{e}, fail(ctx, err)
	})
	huma.Register(s.api, op("update-note", http.MethodPatch, "/feed/{id}", "Change a note; its former text is kept"), func(ctx context.Context, in *changeOf[client.EditNote]) (*tagged[client.FeedEntry], error) {
		e, err := s.Switchboard.EditNote(revision.Expect(ctx, in.IfMatch.IfMatch), who(ctx), in.ID, in.Body.Text)
		return &tagged[client.FeedEntry]{e.ETag, e}, fail(ctx, err)
	})
	huma.Register(s.api, op("list-note-versions", http.MethodGet, "/feed/{id}/versions", "Former texts of a note, newest first"), func(ctx context.Context, in *byID) (*body[client.Page[client.NoteVersion]], error) {
		all, err := s.Switchboard.NoteVersions(ctx, who(ctx), in.ID)
		return pageBody(all, nil), fail(ctx, err)
	})
	huma.Register(s.api, op("feed-health", http.MethodGet, "/feed/health", "What the feed knows of a period, and what it does not"), func(ctx context.Context, in *struct {
		From time.Time `query:"from" required:"true"`
		To   time.Time `query:"to" required:"true"`
	},
	) (*body[client.FeedHealth], error) {
		if to := in.From.AddDate(0, 0, healthDays); in.To.After(to) {
			in.To = to
		}
		h, err := s.Switchboard.FeedHealth(ctx, in.From, in.To)
		return &body[client.FeedHealth]{h}, fail(ctx, err)
	})
	huma.Register(s.api, op("list-lines", http.MethodGet, "/lines", "The school's trunk lines, for filters"), func(ctx context.Context, _ *empty) (*body[client.Page[client.Line]], error) {
		all, err := s.Switchboard.Lines(ctx)
		return pageBody(all, nil), fail(ctx, err)
	})
}

// healthDays bounds the period of which the feed is asked what it knows.
const healthDays = 31

func (s *Server) listFeed(ctx context.Context, in *feedQuery) (*body[client.Page[client.FeedEntry]], error) {
	cursor, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, fail(ctx, err)
	}
	filter, err := in.filter(s.Switchboard.Numbers())
	if err != nil {
		return nil, fail(ctx, err)
	}
	entries, next, err := s.Feed.Page(ctx, who(ctx), filter, cursor, in.Limit)
	return pageBody(entries, next), fail(ctx, err)
}

func (q *feedQuery) filter(numbers phone.Reader) (store.FeedFilter, error) {
	f := store.FeedFilter{Query: search.Parse(q.Q), Employee: q.Employee, From: q.From, To: q.To, Line: q.Line, Result: q.Result}
	if q.Type != "" {
		f.Types = strings.Split(q.Type, ",")
	}
	if q.Subject != "" {
		kind, id, ok := strings.Cut(q.Subject, ":")
		if !ok {
			return f, &crm.Invalid{Faults: []string{"subject: kind:id expected"}}
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
