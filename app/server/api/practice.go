package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/access"
	practised "dozvon/client/sandbox"
)

func describePractice(o *huma.Operation) {
	o.Responses = map[string]*huma.Response{"101": {Description: "Upgrade: " + practised.Protocol + "; then HTTP/2 with prior knowledge: this API, of a school that lives as long as the connection"}}
}

// practise serves a practice on the connection of the request. It ends as a stream does when its session ends.
func (s *Server) practise(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	open := &openStream{session: access.CallerOf(ctx).Session, employee: who(ctx), end: cancel}
	defer s.streams.add(open)()
	defer context.AfterFunc(s.closing, cancel)()
	if err := s.Sandboxes.Serve(ctx, w, r, open.employee); err != nil {
		refuseRequest(w, r, err)
	}
}
