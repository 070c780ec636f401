package api

import (
	"context"

	"dozvon/client"
)

// taskAPI is reminders and calls to give back.
type taskAPI struct{ *Server }

func (s taskAPI) list(ctx context.Context, in *struct {
	State     string `query:"state" enum:"open,done" default:"open"`
	Everybody bool   `query:"everybody" doc:"Everybody's, for managers"`
},
) (*body[client.Page[client.Task]], error) {
	return all(s.Followup.Tasks(ctx, who(ctx), in.State, in.Everybody))
}

func (s taskAPI) add(ctx context.Context, in *body[client.NewTask]) (*body[client.Task], error) {
	return one(s.Followup.AddTask(ctx, who(ctx), in.Body))
}

func (s taskAPI) change(ctx context.Context, in *changeOf[client.TaskChange]) (*tagged[client.Task], error) {
	t, err := s.Followup.ChangeTask(in.expect(ctx), who(ctx), in.ID, in.Body)
	return &tagged[client.Task]{t.ETag, t}, err
}

// undoAPI takes back what somebody did a moment ago.
type undoAPI struct{ *Server }

func (s undoAPI) list(ctx context.Context, _ *empty) (*body[client.Page[client.Undo]], error) {
	return all(s.Undo.Open(ctx, who(ctx)))
}

func (s undoAPI) undo(ctx context.Context, in *byID) error {
	return s.Undo.Revert(ctx, who(ctx), in.ID)
}
