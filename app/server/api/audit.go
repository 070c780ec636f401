package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// AuditFilter is what the audit can be narrowed by; exported because the router reads it by reflection.
type AuditFilter struct {
	From     time.Time `query:"from"`
	To       time.Time `query:"to" doc:"The first moment that does not belong"`
	Employee string    `query:"employee" maxLength:"64" doc:"An id, or console for the commands of the server's own machine"`
	Action   string    `query:"action" maxLength:"1000" doc:"One or several actions, with commas between"`
	Target   string    `query:"target" maxLength:"200" doc:"kind:id"`
}

func (s schoolAPI) audit(ctx context.Context, in *struct {
	Paging
	AuditFilter
},
) (*body[client.Page[client.AuditEntry]], error) {
	cursor, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	return page(s.Audit.Page(ctx, s.Directory, filter, cursor, in.Limit))
}

func (q *AuditFilter) filter() (store.AuditFilter, error) {
	f := store.AuditFilter{From: q.From, To: q.To, EmployeeID: q.Employee, Target: q.Target}
	if q.Action == "" {
		return f, nil
	}
	f.Actions = strings.Split(q.Action, ",")
	for _, action := range f.Actions {
		if !slices.Contains(access.Actions, action) {
			return f, crm.Wrong("action", texts.Of("fault.one_of", texts.Args{"values": strings.Join(access.Actions, ", ")}))
		}
	}
	return f, nil
}

// withCaller notes for whom and from where every request comes: for the router, for the audit and for whatever counts by
// address.
func (s *Server) withCaller(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := access.Caller{}
		if at := s.Sources.Of(r); at.IsValid() {
			from.Address = at.String()
		}
		next.ServeHTTP(w, r.WithContext(access.WithCaller(context.WithValue(r.Context(), serverKey{}, s), from)))
	})
}

// withSession notes in which session a request is made.
func withSession(ctx context.Context, session string) context.Context {
	if session == "" {
		return ctx
	}
	from := access.CallerOf(ctx)
	from.Session = session
	return access.WithCaller(ctx, from)
}
