package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/client"
)

func (s *Server) schoolRoutes() {
	huma.Register(s.api, op("get-settings", http.MethodGet, "/settings", "What the school has chosen for everybody"),
		func(context.Context, *empty) (*body[client.School], error) {
			return &body[client.School]{s.Switchboard.School()}, nil
		})
	huma.Register(s.api, op("update-settings", http.MethodPatch, "/settings", "Change the given fields"),
		func(ctx context.Context, in *body[client.SchoolInput]) (*body[client.School], error) {
			school, err := s.Switchboard.SaveSchool(ctx, who(ctx), in.Body)
			return &body[client.School]{school}, fail(ctx, err)
		})
}
