package api

import (
	"context"

	"dozvon/client"
)

// schoolAPI is what the school has chosen, and its audit.
type schoolAPI struct{ *Server }

func (s schoolAPI) settings(context.Context, *empty) (*tagged[client.School], error) {
	school := s.Directory.School()
	return &tagged[client.School]{school.ETag, school}, nil
}

func (s schoolAPI) updateSettings(ctx context.Context, in *struct {
	IfMatch
	Body client.SchoolInput
},
) (*tagged[client.School], error) {
	school, err := s.Directory.SaveSchool(in.expect(ctx), who(ctx), in.Body)
	return &tagged[client.School]{school.ETag, school}, err
}
