package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/revision"
	"dozvon/client"
)

func (s *Server) schoolRoutes() {
	huma.Register(s.api, op("get-settings", http.MethodGet, "/settings", "What the school has chosen for everybody"),
		func(context.Context, *empty) (*tagged[client.School], error) {
			school := s.Switchboard.School()
			return &tagged[client.School]{school.ETag, school}, nil
		})
	huma.Register(s.api, op("update-settings", http.MethodPatch, "/settings", "Change the given fields"),
		func(ctx context.Context, in *struct {
			IfMatch
			Body client.SchoolInput
		},
		) (*tagged[client.School], error) {
			school, err := s.Switchboard.SaveSchool(revision.Expect(ctx, in.IfMatch.IfMatch), who(ctx), in.Body)
			return &tagged[client.School]{school.ETag, school}, fail(ctx, err)
		})
}
