package api

import (
	"context"

	"dozvon/app/server/wire"
	"dozvon/client"
)

// flagOf is one flag of a call.
type flagOf struct {
	ID   string `path:"id"`
	Flag string `path:"flag"`
}

func (s callAPI) setFlag(ctx context.Context, in *withBody[client.NewFlag]) (*body[client.Flag], error) {
	f, err := s.Flags.Set(ctx, who(ctx), in.ID, in.Body)
	return one(wire.Flag(f), err)
}

func (s callAPI) deleteFlag(ctx context.Context, in *flagOf) error {
	return s.Flags.Delete(ctx, who(ctx), in.ID, in.Flag)
}
