package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
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
}

func (s *Server) feedRoutes() {
	huma.Register(s.api, op("list-feed", http.MethodGet, "/feed", "The feed, newest first"), s.listFeed)
	note := op("create-note", http.MethodPost, "/feed", "A note on a contract or client")
	note.DefaultStatus = http.StatusCreated
	huma.Register(s.api, note, func(ctx context.Context, in *body[client.NewNote]) (*body[client.FeedEntry], error) {
		e, err := s.Switchboard.AddNote(ctx, who(ctx), in.Body)
		return &body[client.FeedEntry]{e}, fail(ctx, err)
	})
}

func (s *Server) listFeed(ctx context.Context, in *feedQuery) (*body[client.Page[client.FeedEntry]], error) {
	cursor, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, fail(ctx, err)
	}
	filter, err := in.filter()
	if err != nil {
		return nil, fail(ctx, err)
	}
	entries, err := s.Store.Feed(ctx, filter, cursor, in.Limit)
	if err != nil {
		return nil, fail(ctx, err)
	}
	page := client.Page[client.FeedEntry]{Items: entries}
	if n := len(entries); n == in.Limit {
		page.NextCursor = store.Cursor{At: entries[n-1].At.UnixMilli(), ID: entries[n-1].ID}.String()
	}
	return &body[client.Page[client.FeedEntry]]{page}, nil
}

func (q *feedQuery) filter() (store.FeedFilter, error) {
	f := store.FeedFilter{Needle: crm.FoldNeedle(q.Q), Employee: q.Employee, From: q.From, To: q.To}
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
		n, err := phone.Parse(q.Phone)
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
