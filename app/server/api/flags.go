package api

import (
	"context"

	"dozvon/app/server/wire"
	"dozvon/client"
	"dozvon/client/timelines"
)

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

func (s callAPI) timeline(ctx context.Context, in *byID) (*body[timelines.Timeline], error) {
	return one(s.Timeline.Of(ctx, who(ctx), in.ID))
}
